//! The query of a control call, read like a body: all problems are named at once, each at its
//! parameter.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::body;
use super::error::ControlError;
use crate::document::json::Document;
use crate::document::reader::Node;

/// A number that consists of digits. Rust reads a sign as well.
pub(super) fn whole_number(text: &str) -> Option<u64> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

/// A query as an object. Values are text, except those of `numbers` that are all digits.
pub(super) struct Parameters<'a> {
    numbers: &'a [&'a str],
    values: Map<String, Value>,
    twice: BTreeSet<String>,
}

impl<'a> Parameters<'a> {
    pub(super) fn parse(query: Option<&str>, numbers: &'a [&'a str]) -> Self {
        let mut parameters = Self {
            numbers,
            values: Map::new(),
            twice: BTreeSet::new(),
        };
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if parameters.insert(&name, &value).is_some() {
                parameters.twice.insert(name.into_owned());
            }
        }
        parameters
    }

    /// Inserts a value, and returns the one that it replaces.
    pub(super) fn insert(&mut self, name: &str, value: &str) -> Option<Value> {
        let number = whole_number(value).filter(|_| self.numbers.contains(&name));
        self.values.insert(
            name.to_owned(),
            number.map_or_else(|| value.into(), Value::from),
        )
    }

    /// Reads the query with `read`, which notes problems.
    pub(super) fn read<T>(
        self,
        read: impl FnOnce(&Node<'_>) -> Option<T>,
    ) -> Result<T, ControlError> {
        body::read(&Document::of(&Value::Object(self.values)), |node| {
            for name in self.twice {
                node.problem(format_args!("\"{name}\" is there twice"));
            }
            read(node)
        })
    }
}
