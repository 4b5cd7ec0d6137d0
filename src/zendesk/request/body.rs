//! The body of an update: `{"id": 4}`.

use axum::body::{Body, Bytes};
use serde_json::Value;

use super::context::RequestContext;
use crate::config::Validation;
use crate::incoming::{self, Received, Unreadable};
use crate::world::StatusId;
use crate::zendesk::error::{ApiError, Code, Problem, Source};
use crate::zendesk::hint::{did_you_mean, nearest, quoted, unknown};

/// The largest body.
const MAX_BYTES: usize = 1024 * 1024;

/// Receives the body of a request. A fault may have received it before: then this is that body.
pub(crate) async fn receive(context: &RequestContext, body: Body) -> Result<&Bytes, Unreadable> {
    if context.received.get().is_none() {
        let received = incoming::receive(&context.headers, body, MAX_BYTES).await;
        let _ = context.received.set(received);
    }
    context
        .received
        .get()
        .map_or(Err(Unreadable::Broken), Received::whole)
}

/// Receives the body like [`receive`]. Whether it ended early or came too late.
pub(crate) async fn is_cut_short(context: &RequestContext, body: Body) -> bool {
    matches!(
        receive(context, body).await,
        Err(Unreadable::Broken | Unreadable::Late)
    )
}

/// Reads the status that an update asks for.
pub(crate) async fn status_id(context: &RequestContext, body: Body) -> Result<StatusId, ApiError> {
    let RequestContext {
        headers,
        hints,
        metadata,
        ..
    } = context;
    incoming::check_type(headers, &["application/json", "application/vnd.api+json"])?;
    let bytes = receive(context, body).await?;
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| invalid(format!("The request body is not JSON: {error}.")))?;
    let mut problems = Vec::new();
    let id = find_id(&value, &mut problems);
    if let Some(fields) = value.as_object() {
        let unread = || fields.keys().filter(|field| *field != "id");
        if unread().next().is_some() {
            let _ = metadata
                .unread_fields
                .set(unread().map(|field| pointer(field).into()).collect());
        }
        for field in unread() {
            let near = nearest(field, ["id"]);
            match context.settings().validation {
                Validation::Off => {}
                Validation::Warn => {
                    hints.add(format!(
                        "ignored the unknown field {}{}",
                        quoted(field),
                        did_you_mean(near)
                    ));
                }
                Validation::Strict => {
                    let problem = Problem::new(Code::UnknownField, unknown(field, near));
                    problems.push(problem.at(Source::Pointer(pointer(field))));
                }
            }
        }
    }
    id.filter(|_| problems.is_empty())
        .ok_or(ApiError::Problems(problems))
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

impl From<Unreadable> for ApiError {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::Type => Self::UnsupportedMediaType,
            Unreadable::Large => Self::PayloadTooLarge,
            Unreadable::Late => Self::RequestTimeout,
            Unreadable::Broken => invalid("The request body ended early."),
        }
    }
}

fn invalid(detail: impl Into<String>) -> ApiError {
    Problem::new(Code::InvalidRequestBody, detail).into()
}

/// The JSON pointer to a field of the body.
fn pointer(field: &str) -> String {
    format!("/{}", field.replace('~', "~0").replace('/', "~1"))
}
