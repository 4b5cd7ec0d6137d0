//! The query of a control call, read as a body is: every problem is named at once, and its place is the parameter.

use std::collections::BTreeSet;

use axum::http::Uri;
use serde_json::{Map, Value};

use super::body;
use super::error::ControlError;
use crate::seed::reader::Node;

/// What `read` makes of the query as an object, unless it notes problems. Values are text, but for those of `numbers` that
/// are digits.
pub(super) fn read<T>(
    uri: &Uri,
    numbers: &[&str],
    read: impl FnOnce(&Node<'_>) -> Option<T>,
) -> Result<T, ControlError> {
    let (mut object, mut twice) = (Map::new(), BTreeSet::new());
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        let is_digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let number = value.parse::<u64>().ok().filter(|_| is_digits && numbers.contains(&&*name));
        let value = number.map_or_else(|| Value::from(&*value), Value::from);
        if object.insert(name.clone().into_owned(), value).is_some() {
            twice.insert(name.into_owned());
        }
    }
    body::read(&Value::Object(object), |node| {
        for name in twice {
            node.problem(format_args!("\"{name}\" is there twice"));
        }
        read(node)
    })
}
