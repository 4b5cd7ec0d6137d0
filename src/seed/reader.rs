//! Reading a JSON value piece by piece, noting what is wrong with it and where, and going on.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::SeedProblem;
use crate::config::parse_duration;
use crate::names::Named;

/// A value and its place in the document. Every reading method notes a problem where it returns `None`.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    path: Path<'a>,
    problems: &'a RefCell<Vec<SeedProblem>>,
}

/// The way to a value, linked from the value up, so that it is written out for problems only.
#[derive(Clone, Copy)]
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl Path<'_> {
    fn write(&self, text: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(text);
        }
        match self.step {
            Step::Root => {}
            Step::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Step::Index(index) => {
                text.push('[');
                text.push_str(&index.to_string());
                text.push(']');
            }
        }
    }
}

/// What `read` makes of a document, unless it notes problems.
pub(crate) fn read<T>(value: &Value, read: impl FnOnce(&Node<'_>) -> Option<T>) -> Result<T, Vec<SeedProblem>> {
    let problems = RefCell::new(Vec::new());
    let done = read(&Node::root(value, &problems));
    match (done, problems.into_inner()) {
        (Some(done), problems) if problems.is_empty() => Ok(done),
        (_, problems) => Err(problems),
    }
}

impl<'a> Node<'a> {
    fn root(value: &'a Value, problems: &'a RefCell<Vec<SeedProblem>>) -> Self {
        Self { value, path: Path { parent: None, step: Step::Root }, problems }
    }

    fn child<'b>(&'b self, step: Step<'b>, value: &'b Value) -> Node<'b> {
        Node { value, path: Path { parent: Some(&self.path), step }, problems: self.problems }
    }

    pub(crate) fn problem(&self, message: impl Display) {
        let mut path = String::new();
        self.path.write(&mut path);
        self.problems.borrow_mut().push(SeedProblem { path, message: message.to_string() });
    }

    /// Whether anything was wrong so far, here or elsewhere in the document.
    pub(crate) fn has_problems(&self) -> bool {
        self.problem_count() > 0
    }

    /// How much was wrong so far, here or elsewhere in the document.
    pub(crate) fn problem_count(&self) -> usize {
        self.problems.borrow().len()
    }

    fn wrong<T>(&self, expected: impl Display) -> Option<T> {
        let found = match self.value {
            Value::Null => "nothing".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            scalar => shortened(&scalar.to_string()),
        };
        self.problem(format_args!("expected {expected}, found {found}"));
        None
    }

    /// The value as an object that has no keys but these.
    pub(crate) fn object(&'a self, keys: &[&str]) -> Option<Object<'a>> {
        let Value::Object(map) = self.value else { return self.wrong("an object") };
        for key in map.keys().filter(|key| !keys.contains(&key.as_str())) {
            let key = shortened(key);
            let expected = if keys.is_empty() { "none".to_owned() } else { format!("one of {}", keys.join(", ")) };
            self.problem(format_args!("unknown key \"{key}\", expected {expected}"));
        }
        Some(Object { node: self, map })
    }

    /// The values of an object whose keys are words of a closed set.
    pub(crate) fn map<K: Named, T>(&self, what: &str, read: impl Fn(K, &Node<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Value::Object(map) = self.value else { return self.wrong("an object") };
        let mut items = Vec::with_capacity(map.len());
        for (key, value) in map {
            match K::parse(key) {
                Some(name) => items.extend(read(name, &self.child(Step::Key(key), value))),
                None => {
                    let key = shortened(key);
                    self.problem(format_args!("unknown {what} \"{key}\", expected one of {}", K::NAMES.join(", ")));
                }
            }
        }
        Some(items)
    }

    /// What `read` makes of each member of an object whose keys may be any text.
    pub(crate) fn entries<T>(&self, read: impl Fn(&str, &Node<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Value::Object(map) = self.value else { return self.wrong("an object") };
        Some(map.iter().filter_map(|(key, value)| read(key, &self.child(Step::Key(key), value))).collect())
    }

    /// What `read` makes of each element; those of which it makes nothing are left out.
    pub(crate) fn list<T>(&self, mut read: impl FnMut(&Node<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Value::Array(values) = self.value else { return self.wrong("a list") };
        let nodes = values.iter().enumerate().map(|(index, value)| self.child(Step::Index(index), value));
        Some(nodes.filter_map(|node| read(&node)).collect())
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong("true or false"))
    }

    pub(crate) fn number(&self) -> Option<u64> {
        self.value.as_u64().or_else(|| self.wrong("a whole number from 0 to 18446744073709551615"))
    }

    pub(crate) fn number_in<T: TryFrom<u64>>(&self, min: u64, max: u64) -> Option<T> {
        let number = self.value.as_u64().filter(|number| (min..=max).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.or_else(|| self.wrong(format_args!("a whole number from {min} to {max}")))
    }

    /// Text that is not empty.
    pub(crate) fn text(&self) -> Option<&'a str> {
        self.value.as_str().filter(|text| !text.is_empty()).or_else(|| self.wrong("text"))
    }

    /// A word of a closed set. `what` says which, as in `unknown reason "FOO"`.
    pub(crate) fn word<T: Named>(&self, what: &str) -> Option<T> {
        let Some(text) = self.value.as_str() else {
            return self.wrong(format_args!("one of {}", T::NAMES.join(", ")));
        };
        let word = T::parse(text);
        if word.is_none() {
            let text = shortened(text);
            self.problem(format_args!("unknown {what} \"{text}\", expected one of {}", T::NAMES.join(", ")));
        }
        word
    }

    pub(crate) fn time(&self) -> Option<Timestamp> {
        let text = self.value.as_str().filter(|text| is_rfc_3339(text));
        let time = text.and_then(|text| text.parse::<Timestamp>().ok());
        let time = time.filter(|time| *time >= Timestamp::UNIX_EPOCH);
        time.or_else(|| self.wrong("a time such as 2026-01-21T10:23:25.583732Z, from 1970 to 9999-12-30T22:00:00Z"))
    }

    pub(crate) fn duration(&self) -> Option<Duration> {
        let duration = self.text().map(parse_duration)?;
        if duration.is_none() {
            self.problem("expected a duration such as 60s: a whole number and one of ms, s, m, h");
        }
        duration
    }

    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }
}

/// An object whose keys have been checked.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a> {
    node: &'a Node<'a>,
    map: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    /// The value of a key, which may be missing; null counts as missing.
    pub(crate) fn optional(&self, key: &'a str) -> Option<Node<'a>> {
        let value = self.map.get(key).filter(|value| !value.is_null())?;
        Some(self.node.child(Step::Key(key), value))
    }

    /// The value of a key that must be there.
    pub(crate) fn required(&self, key: &'a str) -> Option<Node<'a>> {
        let node = self.optional(key);
        if node.is_none() {
            self.node.problem(format_args!("\"{key}\" is missing"));
        }
        node
    }
}

/// Values that may occur once.
pub(crate) struct Unique<T> {
    what: &'static str,
    seen: BTreeSet<T>,
}

impl<T: Ord + Display> Unique<T> {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, seen: BTreeSet::new() }
    }

    /// Notes a problem when the value has been there before.
    pub(crate) fn check(&mut self, value: T, node: &Node<'_>) {
        let message = format!("{} {value} is there twice", self.what);
        if !self.seen.insert(value) {
            node.problem(message);
        }
    }
}

/// RFC 3339 and nothing wider: jiff reads more of ISO 8601 than the schema promises. The year is 1970 or later as it
/// is written, too.
fn is_rfc_3339(text: &str) -> bool {
    let digits_alike = |c: char| if c.is_ascii_digit() { '0' } else { c.to_ascii_uppercase() };
    let shape: String = text.chars().map(digits_alike).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    let offset = rest.strip_prefix(".0").map_or(rest, |fraction| fraction.trim_start_matches('0'));
    let hours_exist = || text.get(text.len() - "00:00".len()..).is_some_and(|hours| hours < "24");
    text >= "1970" && (offset == "Z" || (matches!(offset, "+00:00" | "-00:00") && hours_exist()))
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(LONGEST).collect();
    short.push('…');
    short
}
