//! Puts a call into the journal of its account, once it is over.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::account::{CallerThen, Entry, Head, kept_body};
use crate::clock::Stopwatch;
use crate::zendesk::exchange::Exchange;

/// Notes the call. One that is not for Zendesk's face, or got to no account, is in no journal.
pub(super) fn note(exchange: &Exchange, method: &Method, response: &Response, hint: Option<&HeaderValue>) {
    let account = exchange.account.as_ref().filter(|_| exchange.is_zendesks() && exchange.base_url.is_ok());
    let Some(account) = account else { return };
    if !account.journal.holds_any() {
        return account.journal.pass();
    }
    let caller = exchange.identity.as_ref().and_then(|identity| identity.as_ref().ok());
    let target = exchange.uri.path_and_query().map_or("", PathAndQuery::as_str);
    let notes = &exchange.notes;
    let (body, is_complete) = exchange.body();
    let (body, is_body_complete) = kept_body(body, is_complete, exchange.headers.get(CONTENT_TYPE));
    account.journal.add(|old| Entry {
        time: exchange.now,
        began: exchange.began,
        request_id: exchange.request_id,
        operation: exchange.operation.get().copied(),
        template: notes.template.get().copied(),
        method: method.clone(),
        head: Head::copy(old, target, exchange.user().map(|user| user.email.as_str()), &exchange.headers, &body),
        is_body_complete,
        caller: caller.map(|caller| CallerThen { user: caller.user, role: caller.role }),
        status: response.status().as_u16(),
        retry_after: retry_after(response.status(), response.headers()),
        hint: hint.cloned(),
        fault: exchange.fault.get().cloned(),
        duration: exchange.stopwatch.as_ref().map_or(Duration::ZERO, Stopwatch::elapsed),
        stopwatch: exchange.stopwatch.clone(),
        fates: notes.fates.get().cloned(),
        unread_fields: notes.unread_fields.get().cloned(),
        has_more: notes.has_more(),
        is_wrong_role: notes.is_wrong_role(),
        is_too_many_jobs: notes.is_too_many_jobs(),
    });
}

/// How long the client was told to wait, if it was told in seconds.
fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<u32> {
    let is_wait = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    headers.get(RETRY_AFTER).filter(|_| is_wait)?.to_str().ok()?.parse().ok()
}
