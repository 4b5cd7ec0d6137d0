//! Which requests are meant: what rules for faults, filters and verifications read alike.

use std::collections::BTreeSet;

use axum::http::HeaderName;
use serde_json::{Map, Value};

use crate::account::{
    CallerIs, HeaderIs, MASK, MOST_OF_A_BODY, Pattern, is_secret, masked, masked_name,
};
use crate::document::reader::Node;
use crate::names::nearest;
use crate::world::UserId;

/// The ids of the operations of Zendesk's API: what a tester names is looked up here, so that a
/// slip of the pen is not taken for something that never happens.
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
        let near = near
            .map(|near| format!("; did you mean \"{near}\"?"))
            .unwrap_or_default();
        let shown: String = text.chars().take(60).collect();
        node.problem(format_args!(
            "unknown {what} \"{shown}\", expected one of {}{near}",
            words.join(", ")
        ));
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

/// What headers have to be, whatever the case of their names. `check` looks at each besides.
pub(super) fn headers(node: &Node<'_>, check: impl Fn(&str, &Node<'_>)) -> Option<Vec<HeaderIs>> {
    let headers = node.entries(|name, node| {
        check(name, node);
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
            node.problem("no header has this name");
            return None;
        };
        let value = if node.value().is_null() {
            None
        } else {
            Some(node.text()?.into_owned())
        };
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
    headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_deref().into()))
        .collect()
}

/// A part of what a body has to say.
pub(super) fn body(node: &Node<'_>) -> Option<Value> {
    if node.value().len() > MOST_OF_A_BODY {
        node.problem("expected at most 16 KiB: a longer body never matches");
        return None;
    }
    Some(node.value().to_value())
}

/// Notes an expectation that the journal never shows, since it masks the value or a part of it. It
/// shows that there is one.
pub(super) fn refuse_masked(name: &str, node: &Node<'_>) {
    if !is_secret(name) {
        refuse_masked_text(node);
    } else if node.value().text().as_deref() != Some(MASK) {
        node.problem(format_args!(
            "the journal masks this value; expect \"{MASK}\", which any value is"
        ));
    }
}

/// The same of a text without a name.
pub(super) fn refuse_masked_text(node: &Node<'_>) {
    if node
        .value()
        .text()
        .is_some_and(|text| masked(&text) != text)
    {
        node.problem(format_args!(
            "the journal masks a part of this; expect it as the journal shows it, with \"{MASK}\" in place of the secret"
        ));
    }
}

/// Notes a name that the journal shows as another.
fn refuse_name(name: &str, shown: &str, node: &Node<'_>) {
    if shown != name {
        node.problem("the journal masks this name or a part of it, so no request has it there");
    }
}

/// The same where null asks whether there is one, which the journal shows.
pub(super) fn refuse_masked_unless_null(name: &str, node: &Node<'_>) {
    if !node.value().is_null() {
        refuse_name(name, &masked(name), node);
        refuse_masked(name, node);
    }
}

/// The same for every value of a document, at any depth.
pub(super) fn refuse_masked_members(node: &Node<'_>) {
    if node.value().is_object() {
        node.entries(|name, node| {
            refuse_name(name, &masked_name(name), node);
            if is_secret(name) {
                refuse_masked(name, node);
            } else {
                refuse_masked_members(node);
            }
            Some(())
        });
    } else if node.value().is_list() {
        node.each(refuse_masked_members);
    } else {
        refuse_masked_text(node);
    }
}

/// A caller as it is read.
pub(super) fn caller_document(caller: &CallerIs) -> Value {
    match caller {
        CallerIs::Email(email) => email.as_str().into(),
        CallerIs::User(id) => id.0.into(),
    }
}

/// A number, or digits as a client of typed text writes it, is an id: no address consists of
/// digits.
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
