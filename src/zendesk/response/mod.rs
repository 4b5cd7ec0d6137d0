//! Answers with a body.

pub(crate) mod cache;
pub(crate) mod cursor_pages;
pub(crate) mod json;
pub(crate) mod ticketing_pages;
pub(crate) mod time;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::zendesk::error::ApiError;

/// Some clients take only this for JSON.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
pub(crate) const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
pub(crate) const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

pub(crate) fn ok(body: &impl Serialize) -> Response {
    json(StatusCode::OK, body)
}

/// An answer with JSON that has been written. A layer adds its content type with the other headers.
pub(crate) fn written(body: impl Into<Body>) -> Response {
    Response::new(body.into())
}

pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, written(bytes)).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            ApiError::Internal.into_response()
        }
    }
}

pub(crate) fn with_type(status: StatusCode, content_type: HeaderValue, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
