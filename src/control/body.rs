//! The body of a control call: JSON, or YAML where a call says so, read piece by piece so that every problem is named at once.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use super::error::ControlError;
use crate::incoming::{self, Unreadable};
use crate::seed::SeedProblem;
use crate::seed::reader::{self, Node};
use crate::seed::syntax;

pub(super) const JSON: &str = "application/json";

/// The largest body: a seed of some ten thousand agents.
pub(super) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The most lists, mappings and scalars of a body in YAML: as many as such a seed has.
const MOST_NODES: usize = 1_000_000;

/// Reads the body. An empty one is an object without anything in it.
pub(super) async fn receive(request: Request) -> Result<Value, ControlError> {
    let bytes = receive_bytes(request, MAX_BYTES).await?;
    parse_if_any(&bytes, parse)
}

/// Reads what was received. Nothing is an object without anything in it.
pub(super) fn parse_if_any(
    bytes: &[u8],
    parse: fn(&[u8]) -> Result<Value, ControlError>,
) -> Result<Value, ControlError> {
    if bytes.is_empty() { Ok(Value::Object(serde_json::Map::new())) } else { parse(bytes) }
}

/// Receives a body of at most `most` bytes; if it is not empty, its type has to be JSON.
pub(super) async fn receive_bytes(request: Request, most: usize) -> Result<Bytes, ControlError> {
    receive_any_of(request, &[JSON], most).await
}

/// Receives a body of at most `most` bytes; if it is not empty, its type has to be one of these.
pub(super) async fn receive_any_of(request: Request, types: &[&str], most: usize) -> Result<Bytes, ControlError> {
    let (head, body) = request.into_parts();
    incoming::check_type(&head.headers, types)?;
    let bytes = incoming::read(&head.headers, body, most).await?;
    // A page of another site can send a body without a type, and cannot say that it is JSON or YAML.
    if !bytes.is_empty() && !head.headers.contains_key(CONTENT_TYPE) {
        return Err(Unreadable::Type.into());
    }
    Ok(bytes)
}

/// Reads what was received.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, ControlError> {
    value(bytes).map_err(ControlError::Syntax)
}

/// Reads what was received as YAML.
pub(super) fn parse_yaml(bytes: &[u8]) -> Result<Value, ControlError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ControlError::Syntax("not YAML: not UTF-8".to_owned()))?;
    syntax::parse_yaml(text, MOST_NODES).map_err(ControlError::Syntax)
}

/// The JSON value that these bytes are, or why they are none.
pub(super) fn value(bytes: &[u8]) -> Result<Value, String> {
    syntax::parse_json(std::str::from_utf8(bytes).map_err(|_| "not JSON: not UTF-8".to_owned())?)
}

/// What `read` makes of the body, unless it notes problems.
pub(super) fn read<T>(value: &Value, read: impl FnOnce(&Node<'_>) -> Option<T>) -> Result<T, ControlError> {
    reader::read(value, read).map_err(ControlError::Problems)
}

/// What was read, unless it or what was looked at beside it has problems: all of them are named.
pub(super) fn both<T>(beside: Result<(), Vec<SeedProblem>>, read: Result<T, ControlError>) -> Result<T, ControlError> {
    match (beside, read) {
        (Ok(()), read) => read,
        (Err(mut problems), read) => {
            if let Err(ControlError::Problems(others)) = read {
                problems.extend(others);
            }
            Err(ControlError::Problems(problems))
        }
    }
}
