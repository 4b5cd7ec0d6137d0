//! The body of an update: `{"id": 4}`.

use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use super::error::{ApiError, Code, Problem, Source};
use super::hint::{Hints, did_you_mean, nearest, quoted, unknown};
use crate::config::Validation;
use crate::world::StatusId;

/// The largest body.
const MAX_BYTES: usize = 1024 * 1024;
/// How long a body may take to arrive. This is about the socket, so it is real time.
const ARRIVAL: Duration = Duration::from_secs(30);

/// Reads the status that an update asks for.
pub(super) async fn status_id(
    headers: &HeaderMap,
    body: Body,
    validation: Validation,
    hints: &Hints,
) -> Result<StatusId, ApiError> {
    check_type(headers)?;
    let bytes = read(headers, body).await?;
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| invalid(format!("The request body is not JSON: {error}.")))?;
    let mut problems = Vec::new();
    let id = find_id(&value, &mut problems);
    if let Some(fields) = value.as_object() {
        let unread = fields.keys().filter(|field| *field != "id");
        for field in unread {
            let near = nearest(field, ["id"]);
            match validation {
                Validation::Off => {}
                Validation::Warn => {
                    hints.add(format!("ignored the unknown field {}{}", quoted(field), did_you_mean(near)));
                }
                Validation::Strict => {
                    let problem = Problem::new(Code::UnknownField, unknown(field, near));
                    problems.push(problem.at(Source::Pointer(pointer(field))));
                }
            }
        }
    }
    id.filter(|_| problems.is_empty()).ok_or(ApiError::Problems(problems))
}

fn find_id(value: &Value, problems: &mut Vec<Problem>) -> Option<StatusId> {
    let (detail, place) = match value {
        Value::Object(fields) => match fields.get("id") {
            Some(id) if id.is_u64() => return id.as_u64().map(StatusId),
            Some(_) => ("The id is not the number of a unified status.", "/id"),
            None => ("The id of a unified status is missing.", ""),
        },
        _ => ("The request body is not an object such as {\"id\": 4}.", ""),
    };
    problems.push(Problem::new(Code::RecordInvalid, detail).at(Source::Pointer(place.to_owned())));
    None
}

/// A body without a type is taken for JSON.
fn check_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let value = value.to_str().map_err(|_| ApiError::UnsupportedMediaType)?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    let known =
        ["application/json", "application/vnd.api+json"].iter().any(|known| essence.eq_ignore_ascii_case(known));
    if known { Ok(()) } else { Err(ApiError::UnsupportedMediaType) }
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, ApiError> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > MAX_BYTES as u64) {
        return Err(ApiError::PayloadTooLarge);
    }
    let collected = tokio::time::timeout(ARRIVAL, Limited::new(body, MAX_BYTES).collect()).await;
    match collected.map_err(|_| ApiError::RequestTimeout)? {
        Ok(collected) => Ok(collected.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::PayloadTooLarge),
        Err(_) => Err(invalid("The request body ended early.")),
    }
}

fn invalid(detail: impl Into<String>) -> ApiError {
    Problem::new(Code::InvalidRequestBody, detail).into()
}

/// The JSON pointer to a field of the body.
fn pointer(field: &str) -> String {
    format!("/{}", field.replace('~', "~0").replace('/', "~1"))
}
