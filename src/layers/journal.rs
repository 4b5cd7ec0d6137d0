//! Puts a call into the journal of its account, once it is over.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::account::{CallerThen, Entry, Head, RequestJournal, kept_body};
use crate::clock::Stopwatch;
use crate::zendesk::request::context::RequestContext;

/// Adds the call to the journal. Control calls, and calls that got to no account, are in none.
pub(crate) fn record(context: &RequestContext, response: Response) -> Response {
    let is_kept = !context.is_control() && context.base_url.is_ok();
    if let Some(account) = context.account.as_ref().filter(|_| is_kept) {
        if account.journal.holds_any() {
            add(&account.journal, context, &response);
        } else {
            account.journal.skip();
        }
    }
    response
}

fn add(journal: &RequestJournal, context: &RequestContext, response: &Response) {
    let caller = context.caller().ok();
    let operation = context.operation.as_deref();
    let metadata = &context.metadata;
    let (body, is_complete) = context.body();
    let (body, is_body_complete) = kept_body(body, is_complete, &context.headers);
    journal.add(|old| Entry {
        time: context.now,
        began: context.began,
        request_id: context.request_id,
        operation: operation.map(|operation| operation.id),
        template: operation.map(|operation| operation.path),
        method: context.method.clone(),
        head: Head::copy(
            old,
            context.target(),
            context.user().map(|user| user.email.as_str()),
            &context.headers,
            &body,
        ),
        is_body_complete,
        caller: caller.map(|caller| CallerThen {
            user: caller.user,
            role: caller.role,
        }),
        credential: context.credential(),
        status: response.status().as_u16(),
        retry_after: retry_after(response.status(), response.headers()),
        hint: context.hints.header(),
        fault: context.deciding_rule.get().cloned(),
        is_damaged: metadata.is_damaged(),
        grant: metadata.grant.get().cloned(),
        duration: context
            .stopwatch
            .as_ref()
            .map_or(Duration::ZERO, Stopwatch::elapsed),
        stopwatch: context.stopwatch.clone(),
        parameters: metadata.parameters.get().cloned(),
        unread_fields: metadata.unread_fields.get().cloned(),
        has_more: metadata.has_more(),
        refusal: metadata.refusal(),
    });
}

/// How long the client was told to wait, if it was told in seconds.
fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<u32> {
    let is_wait = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    );
    headers
        .get(RETRY_AFTER)
        .filter(|_| is_wait)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
