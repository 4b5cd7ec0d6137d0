//! What a client really did: the journal, verification and the report.

use std::collections::BTreeMap;

use axum::http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::account::Account;
use super::agents::document;
use super::error::ClientError;

/// A request to Zendesk's face, and what became of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// Counts the requests of the account, from 1.
    pub sequence: u64,
    /// When it came, on the account's clock.
    pub time: Timestamp,
    /// The operation, such as `show_agent_availability`, if a route was found.
    pub operation: Option<String>,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Its parameters, as they were understood.
    pub query: BTreeMap<String, String>,
    /// Its headers, without credentials.
    pub headers: BTreeMap<String, Value>,
    /// Who called, if that is known.
    pub caller: Option<Value>,
    /// The agent that it was about.
    pub agent: Option<u64>,
    /// The status of the answer.
    pub status: u16,
    /// What a developer should know.
    pub hint: Option<String>,
    /// The fault that it met.
    pub fault: Option<String>,
    /// Parts of the request that nothing read.
    pub unread: Vec<String>,
}

/// Which requests, and how many of them there have to be: at least one, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Expectation {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    query: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    count: Map<String, Value>,
}

impl Expectation {
    /// Any request.
    pub fn any() -> Self {
        Self::default()
    }

    /// Requests of this operation, such as `update_agent_status`.
    pub fn operation(id: impl Into<String>) -> Self {
        Self { operation: Some(id.into()), ..Self::default() }
    }

    /// By this method.
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    /// Of paths like this, in which `*` is anything.
    #[must_use]
    pub fn path(self, pattern: impl Into<String>) -> Self {
        Self { path: Some(pattern.into()), ..self }
    }

    /// Answered with this status.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status: Some(status.into()), ..self }
    }

    /// About this agent.
    #[must_use]
    pub fn agent(self, id: u64) -> Self {
        Self { agent: Some(id), ..self }
    }

    /// By the user with this e-mail address or id.
    #[must_use]
    pub fn caller(self, caller: impl Into<String>) -> Self {
        Self { caller: Some(caller.into()), ..self }
    }

    /// With this parameter; without it if the value is none.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: Option<&str>) -> Self {
        self.query.insert(name.into(), value.into());
        self
    }

    /// Just so many.
    #[must_use]
    pub fn exactly(mut self, requests: u64) -> Self {
        self.count = Map::from_iter([("exactly".to_owned(), requests.into())]);
        self
    }

    /// So many or more.
    #[must_use]
    pub fn at_least(mut self, requests: u64) -> Self {
        self.count.insert("at_least".to_owned(), requests.into());
        self
    }

    /// So many or fewer.
    #[must_use]
    pub fn at_most(mut self, requests: u64) -> Self {
        self.count.insert("at_most".to_owned(), requests.into());
        self
    }
}

/// How a client behaved.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// How many requests it is about.
    pub requests: u64,
    /// How many more there were, which are not kept any more.
    pub dropped: u64,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

/// Something that a report says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about, such as `retry_after`.
    pub rule: String,
    /// `good` or `bad`.
    pub verdict: String,
    /// What, as a sentence.
    pub description: String,
    /// The requests that show it.
    pub requests: Vec<u64>,
}

#[derive(Deserialize)]
struct Journal {
    requests: Vec<JournalEntry>,
}

#[derive(Deserialize)]
struct Verified {
    matched: u64,
}

impl Account {
    /// The requests that the journal has, oldest first.
    pub fn requests(&self) -> Result<Vec<JournalEntry>, ClientError> {
        let journal: Journal = self.get("/requests")?;
        Ok(journal.requests)
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) -> Result<(), ClientError> {
        self.tell(self.call(Method::DELETE, "/requests"))
    }

    /// How many requests are as expected, if it is as many as expected.
    pub fn check(&self, expectation: &Expectation) -> Result<u64, ClientError> {
        let verified: Verified = self.put_to(Method::POST, "/requests/verify", &document(expectation)?)?;
        Ok(verified.matched)
    }

    /// Makes sure that there were as many requests as expected.
    ///
    /// # Panics
    ///
    /// If there were not, with the requests that come nearest and what is different about them.
    #[track_caller]
    #[expect(clippy::panic, reason = "this is how a test fails")]
    pub fn verify(&self, expectation: &Expectation) {
        if let Err(error) = self.check(expectation) {
            panic!("{error}");
        }
    }

    /// How the client has behaved.
    pub fn report(&self) -> Result<Report, ClientError> {
        self.get("/report")
    }

    /// The whole account as one document, which is also a seed.
    pub fn snapshot(&self) -> Result<Value, ClientError> {
        self.get("/snapshot")
    }

    /// Makes the account what the document says, which is a seed or a snapshot.
    pub fn restore(&self, snapshot: &Value) -> Result<Value, ClientError> {
        self.put_to(Method::PUT, "/snapshot", snapshot)
    }

    /// Changes the account by a JSON merge patch of its snapshot.
    pub fn update_snapshot(&self, patch: &Value) -> Result<Value, ClientError> {
        self.put_to(Method::PATCH, "/snapshot", patch)
    }
}
