//! Calls from pages in a browser. As with Zendesk, a page may read answers to calls that have an
//! OAuth token, and no others.
//!
//! tower-http's layer has other rules. It answers every OPTIONS as a preflight, where Zendesk's 405
//! is right for most; it marks every answer, where Zendesk marks some statuses and one kind of
//! credential; and it adds `Vary`, which Zendesk does not.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    CONTENT_LENGTH, ORIGIN,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;

use super::context;
use crate::incoming::ZENDESK_API;
use crate::zendesk::request::context::RequestContext;

const ANY: HeaderValue = HeaderValue::from_static("*");
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
/// In seconds: the longest time that Chromium remembers a preflight.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// The answer to a preflight.
pub(crate) fn preflight(request: &Request) -> Option<Response> {
    context(request)
        .filter(|context| is_preflight(context))
        .map(|context| allow_all(context))
}

/// Whether a browser asks what a page may send. Preflights carry no credentials.
fn is_preflight(context: &RequestContext) -> bool {
    let is_there = |name| context.headers.contains_key(name);
    context.method == Method::OPTIONS
        && is_of_zendesk(context)
        && is_there(ORIGIN)
        && is_there(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Allows all that is asked for. The call itself may still be refused.
fn allow_all(context: &RequestContext) -> Response {
    context.leave_uncounted(context.uncounted());
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    for asked in context.headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.append(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    response
}

/// Lets pages of any origin read an answer to a call with an OAuth token.
pub(crate) fn allow(context: &RequestContext, mut response: Response) -> Response {
    let is_readable = matches!(
        response.status(),
        StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT | StatusCode::NOT_FOUND
    );
    if is_readable && context.has_good_oauth_token() && is_of_zendesk(context) {
        response
            .headers_mut()
            .insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    }
    response
}

/// Not the control API, and not what is below `/oauth/`.
fn is_of_zendesk(context: &RequestContext) -> bool {
    context.uri.path().starts_with(ZENDESK_API)
}
