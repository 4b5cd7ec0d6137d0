//! Puts a call into the journal of its account, once it is over.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::account::{CallerThen, Entry, Head, kept_body};
use crate::clock::Stopwatch;
use crate::zendesk::request::context::RequestContext;

/// Notes the call. One that is not for Zendesk's API, or got to no account, is in no
/// journal.
pub(super) fn note(
    context: &RequestContext,
    method: &Method,
    response: &Response,
    hint: Option<&HeaderValue>,
) {
    let account = context
        .account
        .as_ref()
        .filter(|_| context.is_zendesks() && context.base_url.is_ok());
    let Some(account) = account else { return };
    if !account.journal.holds_any() {
        return account.journal.pass();
    }
    let caller = context
        .identity
        .as_ref()
        .and_then(|identity| identity.as_ref().ok());
    let target = context
        .uri
        .path_and_query()
        .map_or("", PathAndQuery::as_str);
    let metadata = &context.metadata;
    let (body, is_complete) = context.body();
    let (body, is_body_complete) = kept_body(body, is_complete, context.headers.get(CONTENT_TYPE));
    account.journal.add(|old| Entry {
        time: context.now,
        began: context.began,
        request_id: context.request_id,
        operation: context.operation.get().copied(),
        template: metadata.template.get().copied(),
        method: method.clone(),
        head: Head::copy(
            old,
            target,
            context.user().map(|user| user.email.as_str()),
            &context.headers,
            &body,
        ),
        is_body_complete,
        caller: caller.map(|caller| CallerThen {
            user: caller.user,
            role: caller.role,
        }),
        status: response.status().as_u16(),
        retry_after: retry_after(response.status(), response.headers()),
        hint: hint.cloned(),
        fault: context.fault.get().cloned(),
        duration: context
            .stopwatch
            .as_ref()
            .map_or(Duration::ZERO, Stopwatch::elapsed),
        stopwatch: context.stopwatch.clone(),
        parameters: metadata.parameters.get().cloned(),
        unread_fields: metadata.unread_fields.get().cloned(),
        has_more: metadata.has_more(),
        is_wrong_role: metadata.is_wrong_role(),
        is_too_many_jobs: metadata.is_too_many_jobs(),
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
