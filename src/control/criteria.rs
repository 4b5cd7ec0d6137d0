//! Which requests are meant: what rules for faults, filters and verifications read alike.

use std::collections::BTreeSet;

use axum::http::HeaderName;
use serde_json::{Map, Value};

use crate::account::{CallerIs, HeaderIs, MASK, Pattern, is_secret};
use crate::names::nearest;
use crate::seed::reader::Node;
use crate::world::UserId;

/// The ids of the operations of Zendesk's face: what a tester names is looked up here, so that a slip of the pen is not taken
/// for something that never happens.
#[derive(Clone, Debug)]
pub(crate) struct Operations(Box<[&'static str]>);

impl Operations {
    pub(crate) fn new(ids: impl IntoIterator<Item = &'static str>) -> Self {
        Self(ids.into_iter().collect())
    }

    pub(super) fn read(&self, node: &Node<'_>) -> Option<&'static str> {
        one_of(node, "operation", &self.0)
    }
}

/// One of a list of words, as it stands there. What is none is told which was probably meant.
pub(super) fn one_of(node: &Node<'_>, what: &str, words: &[&'static str]) -> Option<&'static str> {
    let text = node.text()?;
    let word = words.iter().find(|word| **word == text);
    if word.is_none() {
        let near = nearest(text, words.iter().copied());
        let near = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
        let shown: String = text.chars().take(60).collect();
        node.problem(format_args!("unknown {what} \"{shown}\", expected one of {}{near}", words.join(", ")));
    }
    word.copied()
}

/// A path as it is routed, from its beginning.
pub(super) fn path(node: &Node<'_>) -> Option<Pattern> {
    let text = node.text()?;
    if !text.starts_with(['/', '*']) || text.contains(['?', '#']) {
        node.problem("expected a path without a query, such as /api/v2/agent_availabilities/*");
        return None;
    }
    Some(Pattern(text.to_owned()))
}

/// What headers have to be, whatever the case of their names.
pub(super) fn headers(node: &Node<'_>) -> Option<Vec<HeaderIs>> {
    let headers = node.entries(|name, node| {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
            node.problem("no header has this name");
            return None;
        };
        let value = if node.value().is_null() { None } else { Some(node.text()?.to_owned()) };
        Some((name.as_str().to_owned(), value))
    })?;
    let names: BTreeSet<_> = headers.iter().map(|(name, _)| name).collect();
    if names.len() < headers.len() {
        node.problem("a header is there twice; the case of its letters makes no difference");
    }
    Some(headers)
}

/// Headers as they are read.
pub(super) fn headers_document(headers: &[HeaderIs]) -> Map<String, Value> {
    headers.iter().map(|(name, value)| (name.clone(), value.as_deref().into())).collect()
}

/// Notes an expectation of a secret's value, which the journal does not show. It shows that there is one.
pub(super) fn refuse_masked(name: &str, node: &Node<'_>) {
    if is_secret(name) && node.value() != MASK {
        node.problem(format_args!("the journal masks this value; expect \"{MASK}\", which any value is"));
    }
}

/// The same for every member of a document, at any depth.
pub(super) fn refuse_masked_members(node: &Node<'_>) {
    match node.value() {
        Value::Object(_) => {
            node.entries(|name, node| {
                refuse_masked(name, node);
                refuse_masked_members(node);
                Some(())
            });
        }
        Value::Array(_) => {
            node.list(|node| {
                refuse_masked_members(node);
                Some(())
            });
        }
        _ => {}
    }
}

/// A caller as it is read.
pub(super) fn caller_document(caller: &CallerIs) -> Value {
    match caller {
        CallerIs::Email(email) => email.as_str().into(),
        CallerIs::User(id) => id.0.into(),
    }
}

/// A number, or digits as a client of typed text writes it, is an id: no address consists of digits.
pub(super) fn caller(node: &Node<'_>) -> Option<CallerIs> {
    let caller = match node.value() {
        Value::String(text) if text.contains('@') => Some(CallerIs::Email(text.clone())),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok().map(|id| CallerIs::User(UserId(id)))
        }
        value => value.as_u64().map(|id| CallerIs::User(UserId(id))),
    };
    if caller.is_none() {
        node.problem("expected an e-mail address or the id of a user");
    }
    caller
}
