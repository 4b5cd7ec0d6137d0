//! Which requests are meant: what rules for faults, filters and verifications read alike.

use serde_json::Value;

use crate::account::{CallerIs, Pattern};
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
        let near = nearest(&text, words.iter().copied());
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
    Some(Pattern(text.into_owned()))
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
    let value = node.value();
    let caller = match value.text() {
        Some(text) if text.contains('@') => Some(CallerIs::Email(text.into_owned())),
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok().map(|id| CallerIs::User(UserId(id)))
        }
        _ => value.number().map(|id| CallerIs::User(UserId(id))),
    };
    if caller.is_none() {
        node.problem("expected an e-mail address or the id of a user");
    }
    caller
}
