//! Reading single criteria of requests.

use std::collections::BTreeSet;

use axum::http::HeaderName;
use serde_json::Value;

use super::parameters::whole_number;
use crate::account::{
    CallerPattern, MASK, MOST_OF_A_BODY, NamedText, PathPattern, is_secret, masked, masked_name,
};
use crate::document::reader::{Node, Shortened};
use crate::incoming::{ZENDESK_API, collapse, without_end};
use crate::names::{Named, nearest};
use crate::wire::criteria::StatusPattern;
use crate::world::UserId;

/// The ids of the operations of Zendesk's API. An id that is not among them is refused: it would
/// never match, and is probably misspelt.
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

/// One of a list of words. For any other word, the problem names the one that was probably meant.
pub(super) fn one_of(node: &Node<'_>, what: &str, words: &[&'static str]) -> Option<&'static str> {
    let text = node.text()?;
    let word = words.iter().find(|word| **word == text);
    if word.is_none() {
        let near = nearest(&text, words.iter().copied());
        let near = near
            .map(|near| format!("; did you mean \"{near}\"?"))
            .unwrap_or_default();
        node.problem(format_args!(
            "unknown {what} \"{}\", expected one of {}{near}",
            Shortened(&text),
            words.join(", ")
        ));
    }
    word.copied()
}

/// A word of a closed set, read as by [`one_of`].
pub(super) fn word<T: Named>(node: &Node<'_>, what: &str) -> Option<T> {
    T::parse(one_of(node, what, T::NAMES)?)
}

/// The pattern of a whole path. It is normalized like the paths of requests, because it is compared
/// with the path that the router sees.
pub(super) fn path(node: &Node<'_>) -> Option<PathPattern> {
    let text = node.text()?;
    if !text.starts_with(['/', '*']) || text.contains(['?', '#']) {
        node.problem("expected a path without a query, such as /api/v2/agent_availabilities/*");
        return None;
    }
    if text.starts_with("/_") || text.contains(['{', '}']) {
        node.problem("expected a path of Zendesk's API, with * for any run of characters");
        return None;
    }
    let collapsed = collapse(&text);
    let pattern = without_end(collapsed.as_deref().unwrap_or(&text), can_be_of_the_api);
    let pattern = if pattern.is_empty() { "/" } else { pattern };
    Some(PathPattern(pattern.to_owned()))
}

/// Whether a pattern can match paths of Zendesk's API.
fn can_be_of_the_api(pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, _)) => start.starts_with(ZENDESK_API) || ZENDESK_API.starts_with(start),
        None => pattern.starts_with(ZENDESK_API),
    }
}

/// A status, or a class of them.
pub(super) fn status(node: &Node<'_>) -> Option<StatusPattern> {
    let value = node.value();
    let status = match value.text().as_ref().map(|text| text.as_bytes()) {
        Some([first @ b'1'..=b'5', b'x', b'x']) => Some(StatusPattern::Class(first - b'0')),
        Some(_) => None,
        None => {
            let number = value.number().and_then(|number| u16::try_from(number).ok());
            number
                .filter(|number| (100..=599).contains(number))
                .map(StatusPattern::Exactly)
        }
    };
    if status.is_none() {
        node.problem("expected a status such as 429, or a class such as \"4xx\"");
    }
    status
}

/// Names with their values, where null means none. `check` also gets each of them.
pub(super) fn named_texts(
    node: &Node<'_>,
    check: impl Fn(&str, &Node<'_>),
) -> Option<Vec<NamedText>> {
    node.entries(|name, node| {
        check(name, node);
        let value = if node.value().is_null() {
            None
        } else {
            Some(node.text()?.into_owned())
        };
        Some((name.to_owned(), value))
    })
}

/// Headers, in any case of letters. `check` also gets each of them.
pub(super) fn headers(node: &Node<'_>, check: impl Fn(&str, &Node<'_>)) -> Option<Vec<NamedText>> {
    let mut headers = named_texts(node, |name, node| {
        check(name, node);
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            node.problem("it is not the name of a header");
        }
    })?;
    for (name, _) in &mut headers {
        name.make_ascii_lowercase();
    }
    let names: BTreeSet<_> = headers.iter().map(|(name, _)| name).collect();
    if names.len() < headers.len() {
        node.problem("a header is there twice; the case of its letters makes no difference");
    }
    Some(headers)
}

/// A part of a JSON body.
pub(super) fn body(node: &Node<'_>) -> Option<Value> {
    if node.value().len() > MOST_OF_A_BODY {
        node.problem("expected at most 16 KiB: a longer body never matches");
        return None;
    }
    Some(node.value().to_value())
}

/// Refuses an expectation that the journal never shows, since it masks the value or a part of it.
pub(super) fn refuse_masked(name: &str, node: &Node<'_>) {
    if !is_secret(name) {
        refuse_masked_text(node);
    } else if node.value().text().as_deref() != Some(MASK) {
        node.problem(format_args!(
            "the journal masks this value; expect \"{MASK}\", which stands for any value"
        ));
    }
}

/// The same for a text without a name.
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

/// Refuses a name that the journal masks.
fn refuse_name(name: &str, shown: &str, node: &Node<'_>) {
    if shown != name {
        node.problem("the journal masks this name or a part of it, so no request has it there");
    }
}

/// The same for a name and its value. Null is allowed: the journal shows whether there is one.
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

/// An e-mail address or an id. An id can be a number or text of digits.
pub(super) fn caller(node: &Node<'_>) -> Option<CallerPattern> {
    let value = node.value();
    let caller = match value.text() {
        Some(text) if text.contains('@') => Some(CallerPattern::Email(text.into_owned())),
        Some(text) => whole_number(&text).map(|id| CallerPattern::User(UserId(id))),
        None => value.number().map(|id| CallerPattern::User(UserId(id))),
    };
    if caller.is_none() {
        node.problem("expected an e-mail address or the id of a user");
    }
    caller
}
