//! Reading and writing the criteria of a [`RequestMatcher`].

use super::criteria::{
    self, Operations, named_texts, one_of, refuse_masked, refuse_masked_members,
    refuse_masked_text, refuse_masked_unless_null,
};
use crate::account::{ACCESS_TOKEN, CallerPattern, NamedText, RequestMatcher};
use crate::document::reader::{Node, Object};
use crate::wire::criteria::Criteria;
use crate::world::AgentId;

/// Which of the criteria may be numbers.
pub(super) const NUMBERS: [&str; 3] = ["status", "agent", "caller"];

/// The methods that a rule for faults can name.
const METHODS: &[&str] = &["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];

/// What criteria are for. This decides which criteria there are, and how they are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A rule is asked before there is an answer, so it has no status.
    FaultRule,
    /// A list takes its filter from a query string, which has no place for the contents of
    /// requests.
    JournalFilter,
    /// The journal masks secrets, so an expectation that it can never meet is refused.
    Verification,
}

impl Purpose {
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::FaultRule => &[
                "operation",
                "method",
                "path",
                "agent",
                "caller",
                "headers",
                "body",
            ],
            Self::JournalFilter => &["operation", "method", "path", "status", "agent", "caller"],
            Self::Verification => &[
                "operation",
                "method",
                "path",
                "status",
                "agent",
                "caller",
                "query",
                "headers",
                "body",
            ],
        }
    }
}

/// Reads the criteria of an object that has the keys of this purpose and perhaps others.
pub(super) fn read(
    object: &Object<'_>,
    purpose: Purpose,
    operations: &Operations,
) -> RequestMatcher {
    let is_masked = purpose == Purpose::Verification;
    let operation = object.optional("operation");
    let method = object.optional("method");
    let path = object.optional("path");
    let status = object.optional("status");
    let agent = object.optional("agent");
    let caller = object.optional("caller");
    let query = object.optional("query");
    let headers = object.optional("headers");
    let body = object.optional("body");
    if let Some(path) = path.as_ref().filter(|_| is_masked) {
        refuse_masked_text(path);
    }
    if let Some(body) = body.as_ref().filter(|_| is_masked) {
        refuse_masked_members(body);
    }
    let check_header = |name: &str, node: &Node<'_>| {
        if is_masked {
            refuse_masked_unless_null(name, node);
        }
    };
    RequestMatcher {
        operation: operation.and_then(|node| operations.read(&node)),
        method: method.and_then(|node| self::method(&node, purpose)),
        path: path.and_then(|node| criteria::path(&node)),
        status: status.and_then(|node| criteria::status(&node)),
        agent: agent.and_then(|node| node.number()).map(AgentId),
        caller: caller.and_then(|node| criteria::caller(&node)),
        query: query
            .and_then(|node| named_texts(&node, check_parameter))
            .unwrap_or_default(),
        headers: headers
            .and_then(|node| criteria::headers(&node, check_header))
            .unwrap_or_default(),
        body: body.and_then(|node| criteria::body(&node)),
    }
}

fn method(node: &Node<'_>, purpose: Purpose) -> Option<String> {
    if purpose == Purpose::FaultRule {
        return one_of(node, "method", METHODS).map(str::to_owned);
    }
    let text = node.text()?;
    if !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        node.problem("expected a method in capitals, such as GET");
        return None;
    }
    Some(text.into_owned())
}

fn check_parameter(name: &str, node: &Node<'_>) {
    // The journal shows the name of the token.
    if name != ACCESS_TOKEN {
        refuse_masked_unless_null(name, node);
    } else if !node.value().is_null() {
        refuse_masked(name, node);
    }
}

/// The criteria as a document, as they are read.
pub(super) fn document(matcher: &RequestMatcher) -> Criteria {
    let RequestMatcher {
        operation,
        method,
        path,
        status,
        agent,
        caller,
        query,
        headers,
        body,
    } = matcher;
    let texts = |texts: &[NamedText]| texts.iter().cloned().collect();
    Criteria {
        operation: operation.map(str::to_owned),
        method: method.clone(),
        path: path.as_ref().map(|pattern| pattern.0.clone()),
        status: *status,
        agent: agent.map(|agent| agent.0),
        caller: caller.as_ref().map(|caller| match caller {
            CallerPattern::User(id) => id.0.to_string(),
            CallerPattern::Email(email) => email.clone(),
        }),
        query: texts(query),
        headers: texts(headers),
        body: body.clone(),
    }
}
