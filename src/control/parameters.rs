//! The query of a control call, read as a body is: every problem is named at once.

use serde_json::{Map, Value};

use super::error::ControlError;
use crate::seed::reader::{self, Node};

/// What a query says, as an object of texts.
pub(super) struct Parameters(Map<String, Value>);

impl Parameters {
    /// Reads a query. Of a parameter that is there twice the last one counts, as on Zendesk's face.
    pub(super) fn parse(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self(pairs.map(|(name, value)| (name.into_owned(), Value::from(value))).collect())
    }

    /// Puts a value that comes from elsewhere beside them.
    pub(super) fn insert(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// What `read` makes of them, unless it notes problems.
    pub(super) fn read<T>(self, read: impl FnOnce(&Node<'_>) -> Option<T>) -> Result<T, ControlError> {
        reader::read(&Value::Object(self.0), read).map_err(ControlError::Problems)
    }
}

/// A whole number, which is text in a query.
pub(super) fn number(node: &Node<'_>, max: u64) -> Option<u64> {
    let text = node.text()?;
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|text| text.parse().ok()).filter(|number| *number <= max);
    if number.is_none() {
        node.problem(format_args!("expected a whole number from 0 to {max}"));
    }
    number
}
