//! The body of a control call: JSON, or YAML where a call allows it. All its problems are named at
//! once.

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use serde::Serialize;

use super::error::ControlError;
use crate::document::json::{Document, RawJson};
use crate::document::merge::{merge, removals};
use crate::document::reader::{self, Node};
use crate::document::{syntax, yaml};
use crate::incoming::{self, Unreadable};

pub(super) const JSON: &str = "application/json";

/// The largest body: a seed of some ten thousand agents.
pub(super) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The most lists, mappings and scalars in a body of YAML: enough for such a seed.
const MOST_NODES: usize = 1_000_000;

/// A document of at most this size may be larger than its YAML by any factor.
const SMALL: usize = 64 * 1024;

/// How the bytes of a body are read.
pub(super) type Parse = fn(Vec<u8>) -> Result<Document<'static>, ControlError>;

/// Receives a body of at most `most` bytes. Unless it is empty, its type must be one of `types`.
pub(super) async fn receive(
    request: Request,
    types: &[&str],
    most: usize,
) -> Result<Vec<u8>, ControlError> {
    let (head, body) = request.into_parts();
    incoming::check_type(&head.headers, types)?;
    let bytes = incoming::read_large(&head.headers, body, most).await?;
    // A page of another site can send a body without a type, but not one with a type of JSON or
    // YAML.
    if !bytes.is_empty() && !head.headers.contains_key(CONTENT_TYPE) {
        return Err(Unreadable::Type.into());
    }
    Ok(bytes)
}

/// Parses a body. An empty body counts as an empty object.
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

/// Parses a body of JSON.
pub(super) fn parse(bytes: Vec<u8>) -> Result<Document<'static>, ControlError> {
    let text = String::from_utf8(bytes)
        .map_err(|_| ControlError::Syntax("not JSON: not UTF-8".to_owned()))?;
    syntax::parse_json(text).map_err(ControlError::Syntax)
}

/// Parses a body of YAML. With its aliases expanded it may be as large as any body. Without aliases
/// it is at most twice as large as it was, unless most of it is escapes.
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

/// Reads a body with `read`, which notes problems.
pub(super) fn read<T>(
    document: &Document<'_>,
    read: impl FnOnce(&Node<'_>) -> Option<T>,
) -> Result<T, ControlError> {
    reader::read(document.value(), read).map_err(ControlError::Problems)
}

/// Applies a JSON merge patch to a document and reads the result. `read_removed` checks the members
/// that the patch removes, which are not in the result. All problems are named.
pub(super) fn read_patched<T>(
    document: &impl Serialize,
    patch: RawJson<'_>,
    read_removed: impl FnOnce(&Node<'_>) -> Option<()>,
    read: impl FnOnce(&Node<'_>) -> Option<T>,
) -> Result<T, ControlError> {
    let removed = removals(patch).map_or(Ok(()), |removals| {
        reader::read(removals.value(), read_removed)
    });
    let merged = merge(Document::of(document).value(), patch);
    match (removed, reader::read(merged.value(), read)) {
        (Ok(()), read) => read,
        (Err(problems), Ok(_)) => Err(problems),
        (Err(mut problems), Err(others)) => {
            problems.extend(others);
            Err(problems)
        }
    }
    .map_err(ControlError::Problems)
}
