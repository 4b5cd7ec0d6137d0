//! Single criteria of a request: patterns, and JSON compared with JSON.

use std::cmp::Ordering;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::wire::criteria::StatusPattern;
use crate::world::{AgentId, UserId};

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) enum CallerPattern {
    User(UserId),
    /// Case-insensitive.
    Email(String),
}

impl StatusPattern {
    pub(super) fn includes(self, status: u16) -> bool {
        match self {
            Self::Exactly(expected) => expected == status,
            Self::Class(first) => u16::from(first) == status / 100,
        }
    }

    pub(super) fn to_value(self) -> Value {
        match self {
            Self::Exactly(status) => status.into(),
            Self::Class(_) => self.to_string().into(),
        }
    }
}

/// A path in which `*` stands for any characters, or for none.
#[derive(Clone, Debug)]
pub(crate) struct PathPattern(pub(crate) String);

impl PathPattern {
    pub(crate) fn matches(&self, path: &str) -> bool {
        let mut pieces = self.0.split('*');
        let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else {
            return false;
        };
        let Some(last) = pieces.next_back() else {
            return rest.is_empty();
        };
        // The first place of each piece leaves the longest rest for the pieces after it.
        for piece in pieces {
            let Some((_, behind)) = rest.split_once(piece) else {
                return false;
            };
            rest = behind;
        }
        rest.ends_with(last)
    }
}

/// The value of a header as text. Several values of one name are joined with commas.
pub(crate) fn header_text<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Option<String> {
    let values: Vec<_> = values.into_iter().map(String::from_utf8_lossy).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// The longest body that is read as JSON. The journal keeps this much of a longer one.
pub(crate) const MOST_OF_A_BODY: usize = 16 * 1024;

/// What a body says: its JSON, or the parameters of a form as an object of texts, with the last value of
/// each name. None if it is longer than [`MOST_OF_A_BODY`], or neither of the two.
pub(crate) fn body_value(body: &[u8]) -> Option<Value> {
    if body.len() > MOST_OF_A_BODY {
        return None;
    }
    let json = serde_json::from_slice(body).ok();
    json.or_else(|| form_value(body))
}

fn form_value(body: &[u8]) -> Option<Value> {
    let is_form = body.contains(&b'=') && body.iter().all(u8::is_ascii_graphic);
    let pairs = is_form.then(|| form_urlencoded::parse(body))?;
    let texts = pairs.map(|(name, value)| (name.into_owned(), value.into()));
    Some(Value::Object(texts.collect()))
}

/// Calls `note` for each place where JSON is not as expected, with the expected and the found
/// value. An object may have more members than expected. Any other value, also a list, has to be
/// [equal](are_equal).
pub(crate) fn differences(
    place: &str,
    expected: &Value,
    found: Option<&Value>,
    note: &mut impl FnMut(&str, &Value, Option<&Value>),
) {
    match (expected, found) {
        (Value::Object(expected), Some(Value::Object(found))) => {
            for (name, expected) in expected {
                differences(&format!("{place}.{name}"), expected, found.get(name), note);
            }
        }
        _ if found.is_some_and(|found| are_equal(expected, found)) => {}
        _ => note(place, expected, found),
    }
}

/// Whether two values are equal. Numbers are compared by value: 124 is 124.0. If one of them is not an
/// integer of 64 bits, both are rounded to `f64` first.
fn are_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => {
            one.as_f64().partial_cmp(&other.as_f64()) == Some(Ordering::Equal)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| are_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_there = |(name, value): (&String, &Value)| {
                other.get(name).is_some_and(|other| are_equal(value, other))
            };
            one.len() == other.len() && one.iter().all(is_there)
        }
        _ => one == other,
    }
}

/// The agent in a path, which is where the template has `{agent_id}`.
pub(crate) fn agent_in(template: &str, path: &str) -> Option<AgentId> {
    let (_, found) = template
        .split('/')
        .zip(path.split('/'))
        .find(|(part, _)| *part == "{agent_id}")?;
    let id = percent_decode_str(found).decode_utf8().ok()?;
    // Rust also reads a sign.
    id.parse()
        .ok()
        .filter(|_| id.bytes().all(|byte| byte.is_ascii_digit()))
        .map(AgentId)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: a star stands for any run of characters, also an empty one. Every other character
    /// stands for itself.
    #[test]
    fn a_star_is_any_run_of_characters() {
        for (pattern, path, expected) in [
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/a*", "/a", true),
            ("/a*", "/ab/c", true),
            ("*", "", true),
            ("*", "/a", true),
            ("*/c", "/a/b/c", true),
            ("*/c", "/a/c/b", false),
            ("/a/*/c", "/a/b/c", true),
            ("/a/*/c", "/a/c", false),
            ("/a*b*b", "/ab", false),
            ("/a*b*b", "/abb", true),
            ("/a**b", "/ab", true),
            ("*aab", "/aaab", true),
            ("/*a*a", "/a", false),
            ("/.", "/a", false),
            ("/☃*", "/☃☃", true),
        ] {
            assert_eq!(
                PathPattern(pattern.to_owned()).matches(path),
                expected,
                "{pattern} {path}"
            );
        }
    }

    /// Assumed: JSON has one kind of number.
    #[test]
    fn numbers_are_equal_by_their_values() {
        let differs = |expected: &str, found: &str| {
            let [expected, found] = [expected, found].map(|json| body_value(json.as_bytes()));
            let mut count = 0;
            differences(
                "body",
                &expected.unwrap_or_default(),
                found.as_ref(),
                &mut |_, _, _| count += 1,
            );
            count > 0
        };
        for (expected, found, is_equal) in [
            ("124", "124.0", true),
            ("124.0", "1.24e2", true),
            (r#"{"a":{"b":1}}"#, r#"{"a":{"b":1.0,"c":2}}"#, true),
            (r#"[1,{"a":[2.0]}]"#, r#"[1.0,{"a":[2]}]"#, true),
            ("-0.0", "0", true),
            ("124", "124.5", false),
            ("9007199254740993", "9007199254740992", false),
            ("[1]", "[1,2]", false),
            (r#"[{"a":1}]"#, r#"[{"a":1,"b":2}]"#, false),
            ("1", r#""1""#, false),
        ] {
            assert_ne!(differs(expected, found), is_equal, "{expected} {found}");
        }
    }

    /// Assumed: the agent is a number in digits, encoded or not, as for the call itself.
    #[test]
    fn an_agent_in_a_path_is_a_number() {
        let template = "/api/{agent_id}/channels/{channel}";
        for (path, agent) in [
            ("/api/7/channels/talk", Some(7)),
            ("/api/%37/channels/talk", Some(7)),
            ("/api/+7/channels/talk", None),
            ("/api//channels/talk", None),
            ("/api/me/channels/7", None),
            ("/api/%FF/channels/talk", None),
            ("/api/18446744073709551616/channels/talk", None),
        ] {
            assert_eq!(agent_in(template, path), agent.map(AgentId), "{path}");
        }
        assert_eq!(agent_in("/me", "/7"), None);
    }
}
