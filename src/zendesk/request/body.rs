//! The bodies of updates, and that of an update of a unified status: `{"id": 4}`.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use serde_json::{Map, Value};

use super::context::RequestContext;
use crate::config::Validation;
use crate::incoming::{self, Received, Unreadable};
use crate::world::StatusId;
use crate::zendesk::error::{ApiError, Code, Problem, Source};
use crate::zendesk::hint::{ignored, nearest, unknown};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
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

/// Receives the body like [`receive`], and returns whether it ended early or came too late.
pub(crate) async fn is_cut_short(context: &RequestContext, body: Body) -> bool {
    matches!(
        receive(context, body).await,
        Err(Unreadable::Broken | Unreadable::Late)
    )
}

/// Receives a body of JSON.
pub(super) async fn receive_json(context: &RequestContext, body: Body) -> Result<Value, ApiError> {
    let types = ["application/json", "application/vnd.api+json"];
    incoming::check_type(&context.headers, &types)?;
    let bytes = receive(context, body).await?;
    serde_json::from_slice(bytes)
        .map_err(|error| invalid(format!("The request body is not JSON: {error}.")))
}

/// Reads a body as a form. One without content is an empty form, whatever its type.
pub(super) fn form<'a>(
    context: &RequestContext,
    body: &'a Bytes,
) -> Result<Cow<'a, str>, Unreadable> {
    if !body.is_empty() {
        incoming::check_type(&context.headers, &[FORM]).inspect_err(|_| {
            context.hints.add(format!("this call takes a form: {FORM}"));
        })?;
    }
    Ok(String::from_utf8_lossy(body))
}

/// Reads the status that an update asks for.
pub(crate) fn status_id(context: &RequestContext, value: &Value) -> Result<StatusId, ApiError> {
    let mut problems = Vec::new();
    let id = find_id(value, &mut problems);
    let unread = unread_members(value, "", &["id"]);
    note_unread(context, &unread, &mut problems);
    id.filter(|_| problems.is_empty())
        .ok_or(ApiError::Problems(problems))
}

/// A member of the body that nothing reads.
pub(super) struct Unread<'a> {
    name: &'a str,
    pointer: String,
    /// The member that was probably meant.
    near: Option<&'static str>,
}

/// The members of the object at a pointer that are none of those that are read.
pub(super) fn unread_members<'a>(
    object: &'a Value,
    at: &str,
    read: &[&'static str],
) -> Vec<Unread<'a>> {
    let members = object.as_object().into_iter().flat_map(Map::keys);
    let unread = members.filter(|name| !read.contains(&name.as_str()));
    let unread = unread.map(|name| Unread {
        name,
        pointer: format!("{at}{}", pointer(name)),
        near: nearest(name, read.iter().copied()),
    });
    unread.collect()
}

/// Notes unread members for the journal, and as hints or problems, as the account wants it.
pub(super) fn note_unread(
    context: &RequestContext,
    unread: &[Unread<'_>],
    problems: &mut Vec<Problem>,
) {
    if unread.is_empty() {
        return;
    }
    let pointers = unread.iter().map(|member| member.pointer.as_str().into());
    let _ = context.metadata.unread_fields.set(pointers.collect());
    for Unread {
        name,
        pointer,
        near,
    } in unread
    {
        match context.settings().validation {
            Validation::Off => {}
            Validation::Warn => context.hints.add(ignored("field", name, *near)),
            Validation::Strict => {
                let problem = Problem::new(Code::UnknownField, unknown(name, *near));
                problems.push(problem.at(Source::Pointer(pointer.clone())));
            }
        }
    }
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
pub(super) fn pointer(field: &str) -> String {
    format!("/{}", field.replace('~', "~0").replace('/', "~1"))
}
