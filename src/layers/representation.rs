//! The form in which an answer goes out: errors as the account has them, JSON:API's media type for
//! clients that accept nothing else, and the hints in their header.

use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::zendesk::error;
use crate::zendesk::hint::HINT;
use crate::zendesk::request::context::RequestContext;
use crate::zendesk::response::JSON;

const JSON_API: HeaderValue = HeaderValue::from_static("application/vnd.api+json");

pub(crate) fn represent(context: &RequestContext, response: Response) -> Response {
    let mut response = error::write_out(
        response,
        || context.errors_form(),
        context.settings(),
        &context.hints,
    );
    let hint = context.hints.header().map(|hint| (HINT, hint));
    response.headers_mut().extend(hint);
    response
}

/// The content type of an answer: JSON, unless its handler gave another or it has no body.
pub(super) fn content_type(
    context: &RequestContext,
    given: Option<HeaderValue>,
    has_body: bool,
) -> Option<HeaderValue> {
    let is_json = given.as_ref().map_or(has_body, |given| given == JSON);
    if !is_json {
        return given;
    }
    let is_json_api = !context.is_control() && accepts_json_api_only(&context.headers);
    Some(if is_json_api { JSON_API } else { JSON })
}

fn accepts_json_api_only(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.next().is_some_and(|value| value == JSON_API) && accepted.next().is_none()
}
