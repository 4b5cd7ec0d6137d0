//! From YAML to JSON, which is then read in place.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Options, UserMessageFormatter};

use super::json::{Document, RawJson};
use super::syntax::{hash, is_there_twice, repeated};

/// The most keys of a mapping. The parser keeps much more than the text of each. No valid object
/// has as many.
const MOST_KEYS: usize = 1_000;

/// The longest text, which the parser keeps a second time in memory.
const LONGEST_TEXT: usize = 1024 * 1024;

/// Reads YAML of at most `most_nodes` lists, mappings and scalars, and at most `most_bytes` as
/// JSON. A short text can exceed both, since an alias repeats a part of it.
pub(crate) fn parse(
    text: &str,
    most_nodes: usize,
    most_bytes: usize,
) -> Result<Document<'static>, String> {
    // Enough for a text without many escapes. Memory that is not written to costs nothing, and
    // growing copies everything.
    let json = Vec::with_capacity(text.len().saturating_mul(2).min(most_bytes));
    let mut written = Written {
        json,
        most: most_bytes,
        keys: Vec::new(),
    };
    let read = serde_saphyr::with_deserializer_from_str_with_options(
        text,
        options(most_nodes),
        |deserializer| Write(&mut written).deserialize(deserializer),
    );
    read.map_err(|error| format!("not YAML: {}", explain(&error)))?;
    let json = String::from_utf8(written.json).map_err(|_| "not YAML: not UTF-8".to_owned())?;
    Ok(Document::new(json))
}

/// The same values as in JSON: only `true` and `false` are booleans, so that `validation: off` is a
/// word. A seed may have any size, and any number of agents may use an anchor. Only what aliases
/// add is limited, since they multiply.
fn options(most_nodes: usize) -> Options {
    const MOST_FROM_ALIASES: usize = 1_000_000;

    serde_saphyr::options! {
        strict_booleans: true,
        // It shows one line, and needs an index of all lines.
        with_snippet: false,
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: most_nodes.min(MOST_FROM_ALIASES),
        },
        budget: serde_saphyr::budget! {
            max_nodes: most_nodes,
            max_events: usize::MAX,
            max_aliases: usize::MAX,
            enforce_alias_anchor_ratio: false,
            max_recorded_anchor_events: 100_000,
        },
    }
}

/// The error and its place, without the parser's own terms.
fn explain(error: &serde_saphyr::Error) -> String {
    let text = error.render_with_formatter(&UserMessageFormatter);
    text.lines().next().unwrap_or_default().to_owned()
}

/// What was written so far.
struct Written {
    json: Vec<u8>,
    most: usize,
    keys: Vec<u64>,
}

impl Written {
    fn push<E: Error>(&mut self, value: &(impl serde::Serialize + ?Sized)) -> Result<(), E> {
        serde_json::to_writer(&mut self.json, value).map_err(E::custom)?;
        if self.json.len() > self.most {
            return Err(E::custom(
                "it is too large once its aliases and escapes are written out",
            ));
        }
        Ok(())
    }
}

/// Writes a value as JSON.
struct Write<'a>(&'a mut Written);

impl<'de> DeserializeSeed<'de> for Write<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Write<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.push(&())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.0.push(&())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.0.push(&value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.0.push(&value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.0.push(&value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        // JSON has only these.
        if value.is_finite() {
            self.0.push(&value)
        } else {
            Err(E::custom("not a finite number"))
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        if value.len() > LONGEST_TEXT {
            return Err(E::custom(format_args!(
                "a text is longer than {LONGEST_TEXT} bytes"
            )));
        }
        self.0.push(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.json.push(b'[');
        let start = self.0.json.len();
        while seq.next_element_seed(Element(self.0, start))?.is_some() {}
        self.0.json.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Self(written) = self;
        let (start, own) = (written.json.len(), written.keys.len());
        written.json.push(b'{');
        while let Some(key) = access.next_key::<String>()? {
            if written.json.len() > start + 1 {
                written.json.push(b',');
            }
            if written.keys.len() - own == MOST_KEYS {
                return Err(A::Error::custom(format_args!(
                    "a mapping has more than {MOST_KEYS} keys"
                )));
            }
            written.push(&key)?;
            written.keys.push(hash(&key));
            written.json.push(b':');
            access.next_value_seed(Write(written))?;
        }
        written.json.push(b'}');
        if let Some(twice) = repeated(&mut written.keys[own..]) {
            let object = RawJson(std::str::from_utf8(&written.json[start..]).unwrap_or_default());
            let keys = object
                .members()
                .into_iter()
                .flatten()
                .filter_map(|(key, _)| key.text());
            let key = keys.into_iter().find(|key| hash(key) == twice);
            return Err(is_there_twice(&key.unwrap_or_default()));
        }
        written.keys.truncate(own);
        Ok(())
    }
}

/// Writes an element of a list that begins at `start`.
struct Element<'a>(&'a mut Written, usize);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self(written, start) = self;
        if written.json.len() > start {
            written.json.push(b',');
        }
        Write(written).deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: more than the limit is refused, written out or made by aliases.
    #[test]
    fn yaml_has_so_many_nodes_at_most() {
        let parse = |text: &str, most_nodes| parse(text, most_nodes, usize::MAX);
        let elements = |count: usize| format!("[{}]", vec!["x"; count].join(", "));
        assert!(parse(&elements(99), 100).is_ok());
        assert!(parse(&elements(100), 100).is_err_and(|why| why.starts_with("not YAML: ")));
        let aliases = |count: usize| format!("[&a [x], {}]", vec!["*a"; count].join(", "));
        assert!(parse(&aliases(30), 100).is_ok());
        assert!(parse(&aliases(40), 100).is_err_and(|why| why.starts_with("not YAML: ")));
        assert!(parse(&aliases(40), usize::MAX).is_ok());
    }

    /// By design: YAML in any form is written as JSON.
    #[test]
    fn yaml_becomes_json() {
        for (text, expected) in [
            (
                "a: [1, -2, 0x10, 1.5, true, off, ~, '', \"\\n\\\"\", x]\nb: { c: {}, 1: [] }",
                Some(r#"{"a":[1,-2,16,1.5,true,"off",null,"","\n\"","x"],"b":{"c":{},"1":[]}}"#),
            ),
            (
                "- &t { id: 1 }\n- *t\n- { <<: *t, name: x }\n-",
                Some(r#"[{"id":1},{"id":1},{"name":"x","id":1},null]"#),
            ),
            ("[.inf]", None),
            ("{ 1: a, '1': b }", None),
        ] {
            let written = parse(text, usize::MAX, usize::MAX).ok();
            assert_eq!(
                written.as_ref().map(|document| document.value().0),
                expected,
                "{text}"
            );
        }
    }
}
