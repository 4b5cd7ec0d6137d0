//! The answers of rules. A rule is chosen where [faults](super::faults) are. It stands in for the route
//! here, behind role and scope, so a caller that may not call the route is refused as without the
//! rule. A path that only a rule knows has no operation, and is open to every user.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};

use super::faults::{DeliveredFault, name_rule};
use super::{Answers, Intercept, call, context};
use crate::account::FaultMatch;
use crate::zendesk::request::context::RequestContext;
use crate::zendesk::rule_answer;

/// The layer answers if the rule that was chosen asks for authentication. Others have answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleAnswers;

impl Intercept for RuleAnswers {
    type Reason = (FaultMatch, Arc<RequestContext>);

    fn reason(self, request: &Request) -> Option<Self::Reason> {
        let context = context(request)?;
        let chosen = context.chosen_rule.get()?;
        let is_applied_here = chosen.rule.answer()?.authenticate;
        is_applied_here.then(|| (chosen.clone(), Arc::clone(context)))
    }

    async fn answer<S>(
        self,
        (chosen, context): Self::Reason,
        request: Request,
        inner: S,
    ) -> Response
    where
        S: Answers<Future: Send> + Send + 'static,
    {
        answer(chosen, &context, request, inner).await
    }
}

/// The answer of a rule, in place of what is inside or changed from it. The headers of the rule are set
/// now, because the journal reads some of them, and again when the layers have written theirs.
pub(super) async fn answer<S: Answers>(
    chosen: FaultMatch,
    context: &RequestContext,
    request: Request,
    inner: S,
) -> Response {
    let FaultMatch { rule, hit, .. } = chosen;
    let Some(answer) = rule.answer() else {
        return call(inner, request).await;
    };
    name_rule("answer", &rule, context);
    let answered = if answer.content.needs_the_call() {
        let response = call(inner, request).await;
        Ok(rule_answer::changed(context, answer, response).await)
    } else {
        if !answer.authenticate {
            // As a fault, it comes before the limit.
            context.leave_uncounted(context.uncounted());
        }
        rule_answer::in_place(context, answer, hit, request.into_body()).await
    };
    let mut response = match answered {
        Ok(response) => response,
        Err(unreadable) => return unreadable.into_response(),
    };
    answer.headers.apply(response.headers_mut());
    let delivered = DeliveredFault {
        rule,
        latency: Duration::ZERO,
        has_left: false,
        has_answer: true,
        unread: None,
    };
    delivered.put_into(&mut response);
    response
}
