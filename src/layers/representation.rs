//! The form in which an answer goes out: errors as the account has them, JSON:API's media type for
//! clients that accept nothing else, and no body in answers to HEAD.

use axum::body::{Body, HttpBody};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;

use crate::zendesk::error;
use crate::zendesk::request::context::RequestContext;
use crate::zendesk::response::JSON;

const JSON_API: HeaderValue = HeaderValue::from_static("application/vnd.api+json");

pub(crate) fn represent(context: &RequestContext, response: Response) -> Response {
    let mut response = error::write_out(response, context.settings(), &context.hints);
    let length = response.body().size_hint().exact();
    let headers = response.headers_mut();
    if !context.is_control()
        && accepts_json_api_only(&context.headers)
        && headers.get(CONTENT_TYPE).is_some_and(|value| value == JSON)
    {
        headers.insert(CONTENT_TYPE, JSON_API);
    }
    // The length is that of the answer to a GET.
    if let Some(length) = length
        && !headers.contains_key(CONTENT_LENGTH)
    {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    if context.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

fn accepts_json_api_only(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.next().is_some_and(|value| value == JSON_API) && accepted.next().is_none()
}
