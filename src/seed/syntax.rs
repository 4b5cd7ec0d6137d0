//! From text to a JSON value. A key that stands twice in one object is an error in JSON too: `serde_json` by itself
//! would silently keep the last.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::{Options, UserMessageFormatter};

/// Reads JSON.
pub(crate) fn parse_json(text: &str) -> Result<Value, String> {
    let Strict(value) = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    Ok(value)
}

pub(super) fn parse(text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with('{') {
        parse_json(text)
    } else if text.trim().is_empty() {
        Err("the document is empty".to_owned())
    } else {
        parse_yaml(text, usize::MAX)
    }
}

/// Reads YAML of at most `most_nodes` lists, mappings and scalars. A short text can have a lot of them, each of which takes
/// far more memory than its two bytes.
pub(crate) fn parse_yaml(text: &str, most_nodes: usize) -> Result<Value, String> {
    let read = serde_saphyr::from_str_with_options(text, yaml(most_nodes));
    let Strict(value) = read.map_err(|error| format!("not YAML: {}", explain(&error)))?;
    Ok(value)
}

/// As JSON is read: only `true` and `false` are truth values, so that `validation: off` is a word, and a seed may be of
/// any size. An anchor is a template that any number of agents may use. Only what aliases make is limited: they
/// multiply.
fn yaml(most_nodes: usize) -> Options {
    const MOST_FROM_ALIASES: usize = 1_000_000;

    serde_saphyr::options! {
        strict_booleans: true,
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

/// What is wrong and where, for somebody who does not know the parser. It would go on to quote the place in the file
/// over several lines.
fn explain(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().render_with_formatter(&UserMessageFormatter);
    text.lines().next().unwrap_or_default().to_owned()
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Strict(value))) = access.next_entry::<String, _>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key \"{key}\" is there twice")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: what is more than the limit is refused, whether it is written out or made by aliases.
    #[test]
    fn yaml_has_so_many_nodes_at_most() {
        let elements = |count: usize| format!("[{}]", vec!["x"; count].join(", "));
        assert!(parse_yaml(&elements(99), 100).is_ok());
        assert!(parse_yaml(&elements(100), 100).is_err_and(|why| why.starts_with("not YAML: ")));
        let aliases = |count: usize| format!("[&a [x], {}]", vec!["*a"; count].join(", "));
        assert!(parse_yaml(&aliases(30), 100).is_ok());
        assert!(parse_yaml(&aliases(40), 100).is_err_and(|why| why.starts_with("not YAML: ")));
        assert!(parse_yaml(&aliases(40), usize::MAX).is_ok());
    }
}
