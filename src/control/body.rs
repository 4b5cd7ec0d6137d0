//! The body of a control call: JSON, or YAML where a call says so, read piece by piece so that
//! every problem is named at once.

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;

use super::error::ControlError;
use crate::document::json::Document;
use crate::document::reader::{self, Node};
use crate::document::{SeedProblems, syntax, yaml};
use crate::incoming::{self, Unreadable};

pub(super) const JSON: &str = "application/json";

/// The largest body: a seed of some ten thousand agents.
pub(super) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The most lists, mappings and scalars of a body in YAML: as many as such a seed has.
const MOST_NODES: usize = 1_000_000;

/// What is so small may be written in any way.
const SMALL: usize = 64 * 1024;

/// How the bytes of a body are read.
pub(super) type Parse = fn(Vec<u8>) -> Result<Document<'static>, ControlError>;

/// Receives a body of at most `most` bytes; if it is not empty, its type has to be one of these.
pub(super) async fn receive(
    request: Request,
    types: &[&str],
    most: usize,
) -> Result<Vec<u8>, ControlError> {
    let (head, body) = request.into_parts();
    incoming::check_type(&head.headers, types)?;
    let bytes = incoming::read_large(&head.headers, body, most).await?;
    // A page of another site can send a body without a type, and cannot say that it is JSON or
    // YAML.
    if !bytes.is_empty() && !head.headers.contains_key(CONTENT_TYPE) {
        return Err(Unreadable::Type.into());
    }
    Ok(bytes)
}

/// Reads what was received. Nothing is an object without anything in it.
pub(super) fn parse_if_any(
    bytes: Vec<u8>,
    parse: Parse,
) -> Result<Document<'static>, ControlError> {
    if bytes.is_empty() {
        Ok(Document::empty())
    } else {
        parse(bytes)
    }
}

/// Reads what was received.
pub(super) fn parse(bytes: Vec<u8>) -> Result<Document<'static>, ControlError> {
    let text = String::from_utf8(bytes)
        .map_err(|_| ControlError::Syntax("not JSON: not UTF-8".to_owned()))?;
    syntax::parse_json(text).map_err(ControlError::Syntax)
}

/// Reads what was received as YAML. With all that its aliases stand for, it may be as large as any
/// body; without any, it is not twice as large as it was unless most of it is escapes.
pub(super) fn parse_yaml(bytes: Vec<u8>) -> Result<Document<'static>, ControlError> {
    let text = String::from_utf8(bytes)
        .map_err(|_| ControlError::Syntax("not YAML: not UTF-8".to_owned()))?;
    let most = if text.contains('*') {
        MAX_BYTES
    } else {
        MAX_BYTES.min(SMALL + 2 * text.len())
    };
    yaml::parse(&text, MOST_NODES, most).map_err(ControlError::Syntax)
}

/// What `read` makes of the body, unless it notes problems.
pub(super) fn read<T>(
    document: &Document<'_>,
    read: impl FnOnce(&Node<'_>) -> Option<T>,
) -> Result<T, ControlError> {
    reader::read(document.value(), read).map_err(ControlError::Problems)
}

/// What was read, unless it or what was looked at beside it has problems: all of them are named.
pub(super) fn both<T>(
    beside: Result<(), SeedProblems>,
    read: Result<T, ControlError>,
) -> Result<T, ControlError> {
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
