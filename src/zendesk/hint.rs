//! Hints: what a developer needs to know about an answer whose body has to be Zendesk's. They are
//! in the `X-Emulator-Hint` header and in the log, for errors and for requests of which a part was
//! ignored or changed.

use axum::http::{HeaderName, HeaderValue};
use parking_lot::Mutex;

use crate::account::masked;
pub(crate) use crate::names::{nearest, similarity};

/// The header of an answer that has its hints.
pub(crate) const HINT: HeaderName = HeaderName::from_static("x-emulator-hint");

/// The longest value of the header, in bytes.
const LONGEST: usize = 512;
/// How much of a text from the request a hint quotes, in characters.
const LONGEST_QUOTE: usize = 60;

/// The hints of one answer.
#[derive(Debug, Default)]
pub(crate) struct Hints(Mutex<Vec<String>>);

impl Hints {
    /// Adds a hint, unless it is there already. A check that runs twice adds its hint once.
    pub(crate) fn add(&self, hint: impl Into<String>) {
        let (mut hints, hint) = (self.0.lock(), hint.into());
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }

    /// All hints in one line of visible ASCII, if there are any.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let hints = self.0.lock();
        if hints.is_empty() {
            return None;
        }
        HeaderValue::from_str(&visible(&hints.join("; "))).ok()
    }
}

/// Visible ASCII of at most [`LONGEST`] bytes: other characters are escaped, and a longer text ends
/// in dots.
fn visible(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        let start = line.len();
        match character {
            ' '..='~' => line.push(character),
            other => line.extend(other.escape_default()),
        }
        if line.len() > LONGEST - "...".len() {
            line.truncate(start);
            line.push_str("...");
            break;
        }
    }
    line
}

/// A quote of a text from the request, shortened. Names and paths have no `=`: after one, the text
/// may be a parameter whose value is a token. So the quote ends there.
pub(crate) fn quoted(text: &str) -> String {
    let text = &*masked(text);
    let value = ["=", "%3D", "%3d"]
        .iter()
        .filter_map(|sign| Some(text.find(sign)? + sign.len()))
        .min();
    let shown: String = text[..value.unwrap_or(text.len())]
        .chars()
        .take(LONGEST_QUOTE)
        .collect();
    let dots = if shown.len() < text.len() { "..." } else { "" };
    format!("`{shown}{dots}`")
}

/// `, did you mean …?`, or an empty text.
pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest
        .map(|nearest| format!(", did you mean `{nearest}`?"))
        .unwrap_or_default()
}

/// The hint about an unknown field or parameter that was ignored.
pub(crate) fn ignored(kind: &str, name: &str, nearest: Option<&str>) -> String {
    let (name, meant) = (quoted(name), did_you_mean(nearest));
    format!("ignored the unknown {kind} {name}{meant}")
}

/// The sentence about an unknown name.
pub(crate) fn unknown(name: &str, nearest: Option<&str>) -> String {
    let end = if nearest.is_some() {
        did_you_mean(nearest)
    } else {
        ".".to_owned()
    };
    format!("{} is not known{end}", quoted(name))
}
