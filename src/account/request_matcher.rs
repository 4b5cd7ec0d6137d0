//! Which requests are meant: by a rule for faults, by a filter of the journal, by a verification.

use std::borrow::Cow;

use serde_json::Value;

use super::criteria::{CallerPattern, PathPattern, differences};
use crate::wire::criteria::StatusPattern;
use crate::world::{AgentId, UserId};

/// A name and its value; `None` if the name must be absent.
pub(crate) type NamedText = (String, Option<String>);

/// Criteria. A request has to meet each that is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestMatcher {
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<PathPattern>,
    pub(crate) status: Option<StatusPattern>,
    pub(crate) agent: Option<AgentId>,
    pub(crate) caller: Option<CallerPattern>,
    /// Parameters as they were understood.
    pub(crate) query: Vec<NamedText>,
    /// With names in lowercase.
    pub(crate) headers: Vec<NamedText>,
    /// A part of a body of JSON, or of a form as an object of texts.
    pub(crate) body: Option<Value>,
}

/// What is known of a request, its body aside.
pub(crate) trait RequestFacts {
    /// `None` if no operation has this path and method.
    fn operation(&self) -> Option<&'static str>;
    fn method(&self) -> &str;
    /// As the router sees it: without `/_account/…`, `.json` and a slash at the end.
    fn path(&self) -> Cow<'_, str>;
    /// `None` if the request has not been answered yet.
    fn status(&self) -> Option<u16>;
    /// The agent in the path, or the caller on `/me`.
    fn agent(&self) -> Option<AgentId>;
    fn user(&self) -> Option<UserId>;
    fn email(&self) -> Option<&str>;
    fn query(&self) -> Vec<(String, String)>;
    /// At least those of the headers that are expected.
    fn headers(&self, expected: &[NamedText]) -> Vec<(String, String)>;
}

impl RequestMatcher {
    /// Whether a request meets all criteria but that of the body.
    pub(crate) fn matches_head(&self, request: &impl RequestFacts) -> bool {
        let mut matches = true;
        self.compare_head(request, &mut |_, _, _| matches = false);
        matches
    }

    /// Whether a body meets its criterion, if there is one. `json` is what the body says.
    pub(crate) fn matches_body<'a>(&self, json: impl FnOnce() -> Option<&'a Value>) -> bool {
        let mut matches = true;
        if let Some(expected) = &self.body {
            differences("", expected, json(), &mut |_, _, _| matches = false);
        }
        matches
    }

    /// Calls `note` for each criterion that a request does not meet, that of the body aside: its
    /// name, what is expected and what is found.
    pub(crate) fn compare_head(
        &self,
        request: &impl RequestFacts,
        note: &mut impl FnMut(&str, Value, Value),
    ) {
        if let Some(operation) = self.operation
            && request.operation() != Some(operation)
        {
            note("operation", operation.into(), request.operation().into());
        }
        if let Some(method) = self.method.as_deref()
            && request.method() != method
        {
            note("method", method.into(), request.method().into());
        }
        if let Some(pattern) = &self.path
            && !pattern.matches(&request.path())
        {
            note("path", pattern.0.as_str().into(), request.path().into());
        }
        if let Some(status) = self.status
            && !request.status().is_some_and(|it| status.includes(it))
        {
            note("status", status.to_value(), request.status().into());
        }
        if let Some(agent) = self.agent
            && request.agent() != Some(agent)
        {
            let found = request.agent().map(|agent| agent.0);
            note("agent", agent.0.into(), found.into());
        }
        match &self.caller {
            Some(CallerPattern::User(id)) if request.user() != Some(*id) => {
                let found = request.user().map(|user| user.0);
                note("caller", id.0.into(), found.into());
            }
            Some(CallerPattern::Email(email)) if !is_same_address(email, request.email()) => {
                note("caller", email.as_str().into(), request.email().into());
            }
            _ => {}
        }
        if !self.query.is_empty() {
            compare_texts("query", &self.query, &request.query(), note);
        }
        if !self.headers.is_empty() {
            let headers = request.headers(&self.headers);
            compare_texts("headers", &self.headers, &headers, note);
        }
    }
}

/// The last of several values of one name counts.
fn compare_texts(
    group: &str,
    expected: &[NamedText],
    found: &[(String, String)],
    note: &mut impl FnMut(&str, Value, Value),
) {
    for (name, expected) in expected {
        let found = found.iter().rfind(|(other, _)| other == name);
        let found = found.map(|(_, value)| value.as_str());
        if expected.as_deref() != found {
            let name = format!("{group}.{name}");
            note(&name, expected.as_deref().into(), found.into());
        }
    }
}

fn is_same_address(expected: &str, found: Option<&str>) -> bool {
    found.is_some_and(|found| found.to_lowercase() == expected.to_lowercase())
}
