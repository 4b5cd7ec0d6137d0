//! What is to go wrong, and when.

use axum::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account::Account;
use super::agents::document;
use super::error::ClientError;

/// A rule: which requests, when, and what happens to them. Begin with [`FaultRule::preset`] or [`FaultRule::new`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FaultRule {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "match")]
    matches: Match,
    when: When,
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<Fault>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Match {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct When {
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<u64>,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    lasts: Option<String>,
}

/// What happens to a request. The fields are those of `openapi/control.yaml`, where each is explained, and durations are
/// written as there: `200ms`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "see `openapi/control.yaml`")]
pub struct Fault {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<FaultBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Latency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slow_first_byte: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dribble: Option<Dribble>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncate: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_json: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence: Option<bool>,
}

/// The body of an error that is injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "see `openapi/control.yaml`")]
pub enum FaultBody {
    Vendor,
    Json,
    Text,
    Html,
    Empty,
}

/// How long an answer waits before it begins.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "see `openapi/control.yaml`")]
pub enum Latency {
    Fixed(String),
    Uniform { uniform: [String; 2] },
    LogNormal { log_normal: LogNormal },
}

/// A log-normal distribution.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "see `openapi/control.yaml`")]
pub struct LogNormal {
    pub median: String,
    pub sigma: f64,
}

/// A body that comes piece by piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "see `openapi/control.yaml`")]
pub struct Dribble {
    pub bytes: u64,
    pub every: String,
}

/// When a connection is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "see `openapi/control.yaml`")]
pub enum Reset {
    Before,
    MidBody,
}

/// How often a rule has been looked at and has hit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FaultCount {
    /// Its place among the rules, from 1.
    pub id: u64,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// How many requests it was for.
    pub matched: u64,
    /// How many of those it has hit.
    pub hits: u64,
}

impl FaultRule {
    /// A rule for every request.
    pub fn new(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    /// A rule for every request, with one of the presets of `openapi/control.yaml`, such as `truncated-json`.
    pub fn preset(name: impl Into<String>) -> Self {
        Self { preset: Some(name.into()), ..Self::default() }
    }

    /// Gives it a name, which the journal shows.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Only for requests of this operation, such as `show_agent_availability`.
    #[must_use]
    pub fn operation(mut self, id: impl Into<String>) -> Self {
        self.matches.operation = Some(id.into());
        self
    }

    /// Only for requests by this method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.matches.method = Some(method.into());
        self
    }

    /// Only for requests of paths like this, in which `*` is anything.
    #[must_use]
    pub fn path(mut self, pattern: impl Into<String>) -> Self {
        self.matches.path = Some(pattern.into());
        self
    }

    /// Only for requests about this agent.
    #[must_use]
    pub fn agent(mut self, id: u64) -> Self {
        self.matches.agent = Some(id);
        self
    }

    /// Only for requests by the user with this e-mail address or id.
    #[must_use]
    pub fn caller(mut self, caller: impl Into<String>) -> Self {
        self.matches.caller = Some(caller.into());
        self
    }

    /// Lets so many pass before it begins.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.when.after = Some(requests);
        self
    }

    /// Ends after so many.
    #[must_use]
    pub fn first(mut self, requests: u64) -> Self {
        self.when.first = Some(requests);
        self
    }

    /// Hits only each of so many.
    #[must_use]
    pub fn every(mut self, requests: u64) -> Self {
        self.when.every = Some(requests);
        self
    }

    /// Ends after so long on the account's clock, such as `30s`.
    #[must_use]
    pub fn lasting(mut self, duration: impl Into<String>) -> Self {
        self.when.lasts = Some(duration.into());
        self
    }
}

#[derive(Deserialize)]
struct Faults {
    faults: Vec<FaultCount>,
}

impl Account {
    /// Sets what is to go wrong, in place of what was set before. Without a rule nothing goes wrong.
    pub fn set_faults(&self, rules: &[FaultRule]) -> Result<Vec<FaultCount>, ClientError> {
        let set: Faults = self.put_to(Method::PUT, "/faults", &json!({ "faults": document(&rules)? }))?;
        Ok(set.faults)
    }

    /// What was set, and how often each rule has hit.
    pub fn faults(&self) -> Result<Vec<FaultCount>, ClientError> {
        let faults: Faults = self.get("/faults")?;
        Ok(faults.faults)
    }
}
