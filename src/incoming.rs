//! Incoming requests of both APIs: their bodies, what makes no difference in their paths, and a mark
//! for requests of the emulator's own handle.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// What paths of Zendesk's API begin with.
pub(crate) const ZENDESK_API: &str = "/api/v2/";

/// What a path of Zendesk's API may end with.
const SUFFIX: &str = ".json";

/// The time limit for a body, in real time.
const ARRIVAL: Duration = Duration::from_secs(30);

/// Marks a request of the emulator's own handle, which needs no token. No request from a socket can
/// have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByOwner;

/// Why a body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It has another content type.
    Type,
    /// It is larger than allowed.
    Large,
    /// It did not arrive in time.
    Late,
    /// It ended early.
    Broken,
}

/// Refuses a body with another type than these. A body without a type counts as the first.
pub(crate) fn check_type(headers: &HeaderMap, allowed: &[&str]) -> Result<(), Unreadable> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let value = value.to_str().map_err(|_| Unreadable::Type)?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    let known = allowed
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known));
    if known { Ok(()) } else { Err(Unreadable::Type) }
}

/// Whether the headers of a body have this content type.
pub(crate) fn is_of_type(headers: &HeaderMap, kind: &str) -> bool {
    headers.contains_key(CONTENT_TYPE) && check_type(headers, &[kind]).is_ok()
}

/// A body as far as it was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub(crate) bytes: Bytes,
    /// Why it is not complete, if it is not.
    pub(crate) cut_by: Option<Unreadable>,
}

impl Received {
    /// All of it.
    pub(crate) fn whole(&self) -> Result<&Bytes, Unreadable> {
        self.cut_by.map_or(Ok(&self.bytes), Err)
    }
}

/// Reads a body of at most `most` bytes, as far as possible.
pub(crate) async fn receive(headers: &HeaderMap, mut body: Body, most: usize) -> Received {
    if let Err(why) = refuse_announced(headers, most) {
        return Received {
            bytes: Bytes::new(),
            cut_by: Some(why),
        };
    }
    let (mut first, mut all) = (Bytes::new(), Vec::new());
    let reading = async {
        while let Some(frame) = body.frame().await {
            // Trailers come after the data and are ignored.
            let Ok(mut data) = frame.map_err(|_| Unreadable::Broken)?.into_data() else {
                continue;
            };
            let room = most - first.len().max(all.len());
            let is_too_much = data.len() > room;
            data.truncate(room);
            // Most bodies arrive in one piece, which is not copied.
            if first.is_empty() {
                first = data;
            } else {
                if all.is_empty() {
                    all.extend_from_slice(&first);
                }
                all.extend_from_slice(&data);
            }
            if is_too_much {
                return Err(Unreadable::Large);
            }
        }
        Ok(())
    };
    let read = tokio::time::timeout(ARRIVAL, reading)
        .await
        .unwrap_or(Err(Unreadable::Late));
    Received {
        bytes: if all.is_empty() { first } else { all.into() },
        cut_by: read.err(),
    }
}

/// Reads a large body of at most `most` bytes into one piece of memory.
pub(crate) async fn read_large(
    headers: &HeaderMap,
    body: Body,
    most: usize,
) -> Result<Vec<u8>, Unreadable> {
    let mut body = Arriving::new(headers, body, most)?;
    let mut bytes = Vec::new();
    let whole = async {
        while let Some(piece) = body.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(())
    };
    tokio::time::timeout(ARRIVAL, whole)
        .await
        .map_err(|_| Unreadable::Late)??;
    Ok(bytes)
}

/// A body of at most `most` bytes, in pieces as it arrives. The reader sets the time limit.
pub(crate) struct Arriving(Limited<Body>);

impl Arriving {
    pub(crate) fn new(headers: &HeaderMap, body: Body, most: usize) -> Result<Self, Unreadable> {
        refuse_announced(headers, most)?;
        Ok(Self(Limited::new(body, most)))
    }

    /// The next piece; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Unreadable> {
        while let Some(frame) = self.0.frame().await {
            // Trailers come after the data and are ignored.
            if let Ok(data) = frame.map_err(|error| reason(&*error))?.into_data() {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }
}

fn refuse_announced(headers: &HeaderMap, most: usize) -> Result<(), Unreadable> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > most as u64) {
        Err(Unreadable::Large)
    } else {
        Ok(())
    }
}

fn reason(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Unreadable {
    if error.is::<LengthLimitError>() {
        Unreadable::Large
    } else {
        Unreadable::Broken
    }
}

/// The path with each run of slashes as one slash. None if it has no run, as nearly every path.
pub(crate) fn collapse(path: &str) -> Option<String> {
    if !path.contains("//") {
        return None;
    }
    let mut collapsed = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !collapsed.ends_with('/') {
            collapsed.push(character);
        }
    }
    Some(collapsed)
}

/// The path without slashes at its end, and without `.json` there if it is of Zendesk's API.
pub(crate) fn without_end(path: &str, is_of_zendesk: impl Fn(&str) -> bool) -> &str {
    let trimmed = path.trim_end_matches('/');
    trimmed
        .strip_suffix(SUFFIX)
        .filter(|path| is_of_zendesk(path))
        .unwrap_or(trimmed)
}
