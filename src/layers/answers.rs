//! The answers of rules. A rule is chosen where [faults](super::faults) are, and stands in for the
//! route: a caller that may not call the route is refused as without the rule, unless the rule says
//! otherwise. A path that only a rule knows has no operation, and is open to every user.
//!
//! This is no layer of its own, because that would cost each call of each account.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};

use super::faults::{DeliveredFault, call, name_rule};
use super::{Answers, admission};
use crate::account::{FaultMatch, Rule, RuleAnswer};
use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;
use crate::zendesk::rule_answer;

pub(super) async fn answer<S: Answers>(
    found: FaultMatch,
    answer: &RuleAnswer,
    context: &RequestContext,
    request: Request,
    inner: S,
) -> Response {
    let FaultMatch { rule, hit, .. } = found;
    if answer.content.needs_the_call() {
        let response = call(inner, request).await;
        let is_of_the_route = context.admitted.get().is_some();
        if answer.authenticate && !is_of_the_route {
            return response;
        }
        name_rule("answer", &rule, context);
        let changed = rule_answer::changed(context, answer, response).await;
        return finish(rule, answer, changed);
    }
    if let Err(refusal) = admit(answer, context) {
        return refusal.into_response();
    }
    name_rule("answer", &rule, context);
    match rule_answer::in_place(context, answer, hit, request.into_body()).await {
        Ok(response) => finish(rule, answer, response),
        Err(unreadable) => unreadable.into_response(),
    }
}

/// Asks what is asked before a route answers.
fn admit(answer: &RuleAnswer, context: &RequestContext) -> Result<(), ApiError> {
    if context.operation.is_none() {
        let _ = context.known_by_rule.set(());
    }
    if answer.authenticate {
        admission::admit(context)
    } else {
        context.leave_uncounted(context.uncounted());
        Ok(())
    }
}

/// Sets the headers of the rule: now, because the journal reads some of them, and again when the
/// layers have written theirs.
fn finish(rule: Arc<Rule>, answer: &RuleAnswer, mut response: Response) -> Response {
    answer.headers.apply(response.headers_mut());
    let delivered = DeliveredFault {
        rule,
        latency: Duration::ZERO,
        has_left: false,
        unread: None,
    };
    delivered.put_into(&mut response);
    response
}
