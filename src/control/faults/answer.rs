//! Reading and writing the answers of rules.

use axum::http::{HeaderName, HeaderValue, StatusCode};

use crate::account::{AnswerContent, HeaderChanges, RuleAnswer};
use crate::document::json::Document;
use crate::document::reader::{Node, Object};
use crate::wire::faults::Answer;

const KEYS: &[&str] = &[
    "status",
    "headers",
    "without_headers",
    "body",
    "text",
    "patch",
    "echo",
    "authenticate",
];
const CONTENTS: [&str; 4] = ["body", "text", "patch", "echo"];

const MOST_BYTES: usize = 1024 * 1024;
const MOST_HEADERS: usize = 32;
const LONGEST_NAME: usize = 100;
const LONGEST_VALUE: usize = 4096;

/// The headers that a rule cannot set: how the answer is sent, its date and its ids.
const FIXED: [&str; 11] = [
    "content-length",
    "transfer-encoding",
    "te",
    "trailer",
    "connection",
    "keep-alive",
    "proxy-connection",
    "upgrade",
    "date",
    "x-request-id",
    "x-zendesk-request-id",
];

pub(super) fn read(node: &Node<'_>) -> Option<RuleAnswer> {
    let answer = node.object(KEYS)?;
    let status = answer.optional("status");
    let status = status.and_then(|node| node.number_in::<u16>(200, 599));
    check_content(node, &answer, status);
    let content = content(&answer);
    let headers = HeaderChanges {
        set: answer
            .optional("headers")
            .and_then(|node| headers(&node))
            .unwrap_or_default(),
        without: answer
            .optional("without_headers")
            .and_then(|node| names(&node))
            .unwrap_or_default(),
    };
    let authenticate = answer.optional("authenticate");
    Some(RuleAnswer {
        authenticate: authenticate.and_then(|node| node.boolean()).unwrap_or(true),
        status: status.and_then(|status| StatusCode::from_u16(status).ok()),
        headers,
        content: content?,
    })
}

/// Refuses an answer that says too much or too little.
fn check_content(node: &Node<'_>, answer: &Object<'_>, status: Option<u16>) {
    let given: Vec<_> = CONTENTS
        .iter()
        .filter_map(|key| answer.optional(key))
        .collect();
    if given.len() > 1 {
        node.problem("expected at most one of \"body\", \"text\", \"patch\" and \"echo\"");
    }
    if given.is_empty() && answer.optional("status").is_none() {
        node.problem(
            "expected a \"status\", or one of \"body\", \"text\", \"patch\" and \"echo\"; to change \
             only the headers of Zendesk's answer, use \"patch\": {}",
        );
    }
    if let Some(status @ (204 | 205 | 304)) = status {
        for node in &given {
            node.problem(format_args!(
                "an answer with the status {status} has no body"
            ));
        }
    }
}

/// What is given. If it is wrong, that is noted.
fn content(answer: &Object<'_>) -> Option<AnswerContent> {
    if let Some(node) = answer.optional("body") {
        check_size(&node, node.value().len());
        return Some(AnswerContent::Json(Document::copy(node.value())));
    }
    if let Some(node) = answer.optional("text") {
        let text = node.text()?;
        check_size(&node, text.len());
        return Some(AnswerContent::Text(text.into_owned()));
    }
    if let Some(node) = answer.optional("patch") {
        return patch(&node).map(AnswerContent::Patch);
    }
    match answer.optional("echo") {
        Some(node) => patch(&node).map(AnswerContent::Echo),
        None => Some(AnswerContent::Empty),
    }
}

fn check_size(node: &Node<'_>, size: usize) {
    if size > MOST_BYTES {
        node.problem("expected at most 1 MiB");
    }
}

fn patch(node: &Node<'_>) -> Option<Document<'static>> {
    check_size(node, node.value().len());
    if !node.value().is_object() {
        node.problem("expected an object");
        return None;
    }
    Some(Document::copy(node.value()))
}

fn headers(node: &Node<'_>) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let headers = node.entries(|name, node| {
        let name = header_name(name, node);
        Some((name?, header_value(node)?))
    })?;
    check_names(node, headers.iter().map(|(name, _)| name));
    Some(headers)
}

fn names(node: &Node<'_>) -> Option<Vec<HeaderName>> {
    let names = node.list(|node| header_name(&node.text()?, node))?;
    check_names(node, names.iter());
    Some(names)
}

/// Refuses too many names, and a name that is there twice.
fn check_names<'a>(node: &Node<'_>, names: impl ExactSizeIterator<Item = &'a HeaderName>) {
    let count = names.len();
    if count > MOST_HEADERS {
        node.problem(format_args!("there are more than {MOST_HEADERS} headers"));
    }
    let different: std::collections::HashSet<_> = names.collect();
    if different.len() < count {
        node.problem("a header is there twice; the case of its letters makes no difference");
    }
}

fn header_name(text: &str, node: &Node<'_>) -> Option<HeaderName> {
    let name = HeaderName::from_bytes(text.as_bytes())
        .ok()
        .filter(|_| text.len() <= LONGEST_NAME);
    match name {
        None => node.problem(format_args!(
            "expected the name of a header, of at most {LONGEST_NAME} characters"
        )),
        Some(name) if FIXED.contains(&name.as_str()) => {
            node.problem("a rule cannot decide this header: the emulator writes it");
        }
        name => return name,
    }
    None
}

fn header_value(node: &Node<'_>) -> Option<HeaderValue> {
    let text = node.text()?;
    let is_right = text.len() <= LONGEST_VALUE
        && text.trim() == text
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let value = HeaderValue::from_str(&text).ok().filter(|_| is_right);
    if value.is_none() {
        node.problem(format_args!(
            "expected visible ASCII without spaces around it, of at most {LONGEST_VALUE} characters"
        ));
    }
    value
}

/// The answer as it was set.
pub(super) fn document(answer: &RuleAnswer) -> Answer {
    let RuleAnswer {
        authenticate,
        status,
        headers: HeaderChanges { set, without },
        content,
    } = answer;
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let document = Answer {
        status: status.map(|status| status.as_u16()),
        headers: set
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        without_headers: without.iter().map(HeaderName::to_string).collect(),
        authenticate: *authenticate,
        ..Answer::default()
    };
    let json = |document: &Document<'_>| Some(document.value().to_value());
    match content {
        AnswerContent::Json(body) => Answer {
            body: json(body),
            ..document
        },
        AnswerContent::Text(text) => Answer {
            text: Some(text.clone()),
            ..document
        },
        AnswerContent::Patch(patch) => Answer {
            patch: json(patch),
            ..document
        },
        AnswerContent::Echo(patch) => Answer {
            echo: json(patch),
            ..document
        },
        AnswerContent::Empty => document,
        // Only presets ask for these.
        AnswerContent::Ticket | AnswerContent::StuckCursor | AnswerContent::MissingCursor => {
            document
        }
    }
}
