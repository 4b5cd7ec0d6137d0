//! Calls from pages in a browser, as Zendesk answers them: with an OAuth token and not otherwise.
//!
//! tower-http's layer has other rules. It takes every OPTIONS for a preflight, which here are 405s
//! but for real ones; it marks every answer, where Zendesk marks those of some statuses to one kind
//! of credential; and it adds `Vary`, which Zendesk does not.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    CONTENT_LENGTH, ORIGIN,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::zendesk::request::context::{API, RequestContext};

const ANY: HeaderValue = HeaderValue::from_static("*");
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
/// In seconds: as long as Chromium remembers one at most.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// Whether a browser asks what a page may send. It does so without the page's credentials.
pub(super) fn is_preflight(context: &RequestContext, method: &Method) -> bool {
    let is_there = |name| context.headers.contains_key(name);
    // Nonsense for a host is refused first, as it is in any other call.
    *method == Method::OPTIONS
        && is_of_the_api(context)
        && context.base_url.is_ok()
        && is_there(ORIGIN)
        && is_there(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Allows whatever is asked for. Whether the call is allowed is another matter.
pub(super) fn preflight(context: &RequestContext) -> Response {
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

/// Lets pages of any origin read the answer, if they may.
pub(super) fn allow(context: &RequestContext, response: &mut Response) {
    let is_readable = matches!(
        response.status(),
        StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT | StatusCode::NOT_FOUND
    );
    if is_readable && context.has_good_oauth_token() && is_of_the_api(context) {
        response
            .headers_mut()
            .insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    }
}

/// Neither the control API nor what is below `/oauth/`.
fn is_of_the_api(context: &RequestContext) -> bool {
    context.uri.path().starts_with(API)
}
