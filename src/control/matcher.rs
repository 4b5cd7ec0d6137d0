//! Which requests of a journal are meant: the filter of a list, and what a verification expects.

use serde_json::{Map, Value, json};

use super::criteria::{
    self, Operations, caller_document, headers_document, refuse_masked, refuse_masked_members,
    refuse_masked_text, refuse_masked_unless_null,
};
use crate::account::{self, ACCESS_TOKEN, CallerIs, Entry, HeaderIs, Pattern};
use crate::document::reader::{Node, Object};

/// The criteria that a list takes as well.
pub(super) const KEYS: [&str; 6] = ["operation", "method", "path", "status", "agent", "caller"];

/// Those that only a verification has.
pub(super) const CONTENT_KEYS: [&str; 3] = ["query", "headers", "body"];

/// Which of the criteria may be numbers.
pub(super) const NUMBERS: [&str; 3] = ["status", "agent", "caller"];

/// Criteria, of which every one that is given has to be met.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    operation: Option<&'static str>,
    method: Option<String>,
    path: Option<Pattern>,
    status: Option<Status>,
    agent: Option<u64>,
    caller: Option<CallerIs>,
    /// What a parameter has to be as it was understood; none for one that must not be there.
    query: Vec<(String, Option<String>)>,
    headers: Vec<HeaderIs>,
    /// A part of what the body has to say.
    body: Option<Value>,
}

#[derive(Debug)]
enum Status {
    Exactly(u16),
    /// The first digit.
    Class(u16),
}

/// A criterion that a request does not meet.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) field: String,
    pub(super) expected: Value,
    pub(super) found: Value,
}

impl Matcher {
    /// Reads the criteria that are there. What cannot be met by any request is a problem.
    pub(super) fn read(object: &Object<'_>, operations: &Operations) -> Self {
        Self {
            operation: object
                .optional("operation")
                .and_then(|node| operations.read(&node)),
            method: object
                .optional("method")
                .and_then(|node| read_method(&node)),
            path: object
                .optional("path")
                .and_then(|node| criteria::path(&node)),
            status: object
                .optional("status")
                .and_then(|node| read_status(&node)),
            agent: object.optional("agent").and_then(|node| node.number()),
            caller: object
                .optional("caller")
                .and_then(|node| criteria::caller(&node)),
            ..Self::default()
        }
    }

    /// The same with what query, headers and body have to be.
    pub(super) fn with_content(self, object: &Object<'_>) -> Self {
        if let Some(path) = object.optional("path") {
            refuse_masked_text(&path);
        }
        let [query, headers, body] = CONTENT_KEYS.map(|key| object.optional(key));
        let query = query.and_then(|node| {
            node.entries(|name, node| {
                // That the query has a token is shown by its name.
                if name != ACCESS_TOKEN {
                    refuse_masked_unless_null(name, node);
                } else if !node.value().is_null() {
                    refuse_masked(name, node);
                }
                let value = if node.value().is_null() {
                    None
                } else {
                    Some(node.text()?.into_owned())
                };
                Some((name.to_owned(), value))
            })
        });
        let headers = headers.and_then(|node| criteria::headers(&node, refuse_masked_unless_null));
        let body = body.and_then(|node| {
            refuse_masked_members(&node);
            criteria::body(&node)
        });
        Self {
            query: query.unwrap_or_default(),
            headers: headers.unwrap_or_default(),
            body,
            ..self
        }
    }

    pub(super) fn fits(&self, entry: &Entry) -> bool {
        self.differences(entry).is_empty()
    }

    /// Where a request is not what was meant.
    pub(super) fn differences(&self, entry: &Entry) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut differs = |field: &str, expected: Value, found: Value| {
            differences.push(Difference {
                field: field.to_owned(),
                expected,
                found,
            });
        };
        if let Some(operation) = self.operation
            && entry.operation != Some(operation)
        {
            differs("operation", operation.into(), entry.operation.into());
        }
        if let Some(method) = &self.method
            && entry.method != method.as_str()
        {
            differs(
                "method",
                method.as_str().into(),
                entry.method.as_str().into(),
            );
        }
        if let Some(pattern) = &self.path
            && !pattern.matches(&entry.path())
        {
            differs("path", pattern.0.as_str().into(), entry.path().into());
        }
        if let Some(status) = self
            .status
            .as_ref()
            .filter(|status| !status.includes(entry.status))
        {
            differs("status", status.document(), entry.status.into());
        }
        if let Some(agent) = self.agent
            && entry.agent().map(|agent| agent.0) != Some(agent)
        {
            differs(
                "agent",
                agent.into(),
                entry.agent().map(|agent| agent.0).into(),
            );
        }
        if let Some(caller) = self
            .caller
            .as_ref()
            .filter(|caller| !caller.is(entry.user(), entry.email()))
        {
            let found = match caller {
                CallerIs::Email(_) => entry.email().into(),
                CallerIs::User(_) => entry.user().map(|user| user.0).into(),
            };
            differs("caller", caller_document(caller), found);
        }
        let query = if self.query.is_empty() {
            Vec::new()
        } else {
            entry.query()
        };
        for (name, expected) in &self.query {
            let found = query
                .iter()
                .rfind(|(other, _)| other == name)
                .map(|(_, value)| value);
            if expected.as_ref() != found {
                differs(
                    &format!("query.{name}"),
                    expected.as_deref().into(),
                    found.map(String::as_str).into(),
                );
            }
        }
        let headers = if self.headers.is_empty() {
            Vec::new()
        } else {
            entry.headers()
        };
        for (name, expected) in &self.headers {
            let found = headers
                .iter()
                .find(|(other, _)| other == name)
                .map(|(_, value)| value);
            if expected.as_ref() != found {
                differs(
                    &format!("headers.{name}"),
                    expected.as_deref().into(),
                    found.map(String::as_str).into(),
                );
            }
        }
        if let Some(expected) = &self.body {
            match entry.json() {
                Some(found) => account::differences(
                    "body",
                    expected,
                    Some(&found),
                    &mut |place, expected, found| {
                        differs(place, expected.clone(), found.cloned().unwrap_or_default());
                    },
                ),
                None => differs(
                    "body",
                    expected.clone(),
                    entry.body().map(|body| shortened(&body)).into(),
                ),
            }
        }
        differences
    }

    /// The criteria as they are read.
    pub(super) fn document(&self) -> Map<String, Value> {
        let Self {
            operation,
            method,
            path,
            status,
            agent,
            caller,
            query,
            headers,
            body,
        } = self;
        let query: Map<_, _> = query
            .iter()
            .map(|(name, value)| (name.clone(), value.as_deref().into()))
            .collect();
        let criteria = [
            ("operation", operation.map(Value::from)),
            ("method", method.as_deref().map(Value::from)),
            ("path", path.as_ref().map(|path| path.0.as_str().into())),
            ("status", status.as_ref().map(Status::document)),
            ("agent", agent.map(Value::from)),
            ("caller", caller.as_ref().map(caller_document)),
            ("query", (!query.is_empty()).then(|| query.into())),
            (
                "headers",
                (!headers.is_empty()).then(|| headers_document(headers).into()),
            ),
            ("body", body.clone()),
        ];
        criteria
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}

/// As much of a body that is not JSON as it takes to know it again.
fn shortened(body: &str) -> String {
    const LONGEST: usize = 200;
    let end = body.char_indices().nth(LONGEST).map(|(end, _)| end);
    end.map_or_else(|| body.to_owned(), |end| format!("{}…", &body[..end]))
}

impl Status {
    fn includes(&self, status: u16) -> bool {
        match self {
            Self::Exactly(expected) => *expected == status,
            Self::Class(first) => *first == status / 100,
        }
    }

    fn document(&self) -> Value {
        match self {
            Self::Exactly(status) => json!(status),
            Self::Class(first) => json!(format!("{first}xx")),
        }
    }
}

fn read_method(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    if !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        node.problem("expected a method in capitals, such as GET");
        return None;
    }
    Some(text.into_owned())
}

fn read_status(node: &Node<'_>) -> Option<Status> {
    let value = node.value();
    let status = match value.text().as_ref().map(|text| text.as_bytes()) {
        Some([first @ b'1'..=b'5', b'x', b'x']) => Some(Status::Class(u16::from(first - b'0'))),
        Some(_) => None,
        None => {
            let number = value.number().and_then(|number| u16::try_from(number).ok());
            number
                .filter(|number| (100..=599).contains(number))
                .map(Status::Exactly)
        }
    };
    if status.is_none() {
        node.problem("expected a status such as 429, or a class such as \"4xx\"");
    }
    status
}
