//! Faults: the rules of the account are asked about each request, and a rule that matches takes the
//! place of the call, damages its answer, or [answers](rule_answers) itself. What takes time, or
//! happens to the connection, is left to the server, which does it when the call is over and in log
//! and journal.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;

use super::{Answers, Intercept, call, context, rule_answers};
use crate::account::{Effect, FaultEffect, FaultMatch, Outcome, Rule};
use crate::zendesk::fault;
use crate::zendesk::request::body;
use crate::zendesk::request::context::RequestContext;

/// What is still to happen to an answer, among its extensions, which have to be cloneable. It is
/// there once.
#[derive(Clone)]
pub(crate) struct PendingFault(Arc<Mutex<Option<DeliveredFault>>>);

impl PendingFault {
    pub(crate) fn take(&self) -> Option<DeliveredFault> {
        self.0.lock().take()
    }
}

/// A fault, or the answer of a rule, on its way to the client.
pub(crate) struct DeliveredFault {
    pub(crate) rule: Arc<Rule>,
    pub(crate) latency: Duration,
    /// Whether the client left before its request had come.
    pub(crate) has_left: bool,
    /// Whether there is an answer to send.
    pub(crate) has_answer: bool,
    /// The body of a request that gets no answer.
    pub(crate) unread: Option<Body>,
}

impl DeliveredFault {
    /// Leaves what is still to happen to the server.
    pub(super) fn put_into(self, response: &mut Response) {
        let pending = PendingFault(Arc::new(Mutex::new(Some(self))));
        response.extensions_mut().insert(pending);
    }
}

/// The layer asks the rules of an account that has any. Control calls never have faults, and neither
/// has CONNECT: hyper takes a 2xx as the beginning of a tunnel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Faults;

impl Intercept for Faults {
    type Reason = Arc<RequestContext>;

    fn reason(self, request: &Request) -> Option<Arc<RequestContext>> {
        context(request)
            .filter(|context| context.has_fault_rules && !context.is_control())
            .filter(|context| context.method != Method::CONNECT)
            .cloned()
    }

    async fn answer<S>(
        self,
        context: Arc<RequestContext>,
        mut request: Request,
        inner: S,
    ) -> Response
    where
        S: Answers<Future: Send> + Send + 'static,
    {
        if awaits_body(&context) {
            // What is wrong with the body is for the handler to say.
            let _ = body::receive(&context, std::mem::take(request.body_mut())).await;
        }
        let Some(found) = find_match(&context) else {
            return call(inner, request).await;
        };
        match &Arc::clone(&found.rule).effect {
            Effect::Fault(fault) => inject(found, fault, &context, request, inner).await,
            Effect::Answer(answer) => {
                let _ = context.chosen_rule.set(found.clone());
                if !answer.authenticate {
                    return rule_answers::answer(found, &context, request, inner).await;
                }
                let response = call(inner, request).await;
                if context.deciding_rule.get().is_none() {
                    let label = &found.rule.label;
                    let hint = format!("answer: {label} is not used, because the call is refused");
                    context.hints.add(hint);
                }
                response
            }
        }
    }
}

/// Whether rules that could match the request have to know its body.
fn awaits_body(context: &RequestContext) -> bool {
    let account = context.account.as_ref().filter(|_| context.has_body);
    account.is_some_and(|account| {
        account
            .faults
            .needs_body(&fault::subject(context), context.now)
    })
}

/// The rule that matches the request, whose hits count this one.
fn find_match(context: &RequestContext) -> Option<FaultMatch> {
    let faults = &context.account.as_ref()?.faults;
    faults.hit(&fault::subject(context), context.now)
}

/// Says in hint and journal which rule decided the answer. `what` it did is the start of the hint.
pub(super) fn name_rule(what: &str, rule: &Rule, context: &RequestContext) {
    context.hints.add(format!("{what}: {}", rule.label));
    let _ = context.deciding_rule.set(Arc::clone(&rule.label));
}

async fn inject<S: Answers>(
    found: FaultMatch,
    fault: &FaultEffect,
    context: &RequestContext,
    mut request: Request,
    inner: S,
) -> Response {
    let FaultMatch { rule, latency, .. } = found;
    let outcome = &fault.outcome;
    name_rule("fault", &rule, context);
    context.metadata.set_damaged();
    // What takes time begins when the whole request is there. A client that left in the middle of
    // it gets its answer at once, since nothing tells later that it has left.
    let takes_time = !latency.is_zero() || outcome.is_slow();
    let has_left = context.has_body
        && takes_time
        && body::is_cut_short(context, std::mem::take(request.body_mut())).await;
    let (mut has_answer, mut unread) = (true, None);
    let mut response = match outcome {
        Outcome::Answered(_) => call(inner, request).await,
        Outcome::EmptyBody => {
            call(inner, request).await;
            fault::empty_body()
        }
        Outcome::Refused(refusal, _) => fault::refusal(context, *refusal).into_response(),
        Outcome::ExpiredCursor => fault::expired_cursor(context).into_response(),
        Outcome::Reset | Outcome::Silence => {
            has_answer = false;
            unread = Some(request.into_body());
            fault::no_answer(context)
        }
        Outcome::LostAnswer => {
            let answered = call(inner, request).await;
            if answered.status().is_success() {
                has_answer = false;
                fault::no_answer(context)
            } else {
                let hint = "the call did not succeed, so its answer is not lost";
                context.hints.add(hint);
                answered
            }
        }
    };
    let delivered = DeliveredFault {
        rule,
        latency,
        has_left,
        has_answer,
        unread,
    };
    delivered.put_into(&mut response);
    response
}
