//! The form in which an answer goes out: errors as the account has them, JSON:API's media type for
//! clients that accept nothing else, and the hints in their header.

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::zendesk::error;
use crate::zendesk::hint::HINT;
use crate::zendesk::request::context::RequestContext;
use crate::zendesk::response::JSON;

const JSON_API: HeaderValue = HeaderValue::from_static("application/vnd.api+json");

pub(crate) fn represent(context: &RequestContext, response: Response) -> Response {
    let mut response = error::write_out(response, context.settings(), &context.hints);
    let headers = response.headers_mut();
    if !context.is_control
        && accepts_json_api_only(&context.headers)
        && headers.get(CONTENT_TYPE).is_some_and(|value| value == JSON)
    {
        headers.insert(CONTENT_TYPE, JSON_API);
    }
    headers.extend(context.hints.header().map(|hint| (HINT, hint)));
    response
}

fn accepts_json_api_only(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.next().is_some_and(|value| value == JSON_API) && accepted.next().is_none()
}
