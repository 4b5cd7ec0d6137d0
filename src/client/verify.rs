//! Verification: whether a client did what a test expects.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::account::Account;
use super::criteria::{Criteria, criteria};
use super::error::ClientError;

/// Which requests, and how many of them there have to be: at least one, unless it says otherwise.
///
/// Requests are compared as the journal shows them. Where it masks a value, only `...` can be
/// expected, which any value is, and where it masks a part of a text, only that text as the journal
/// shows it. Anything else is refused.
///
/// ```
/// use serde_json::json;
/// use zendesk_availability_emulator::Emulator;
/// use zendesk_availability_emulator::client::Expectation;
///
/// let emulator = Emulator::start();
/// // The client has not set agent 10011 to status 124 so far.
/// let update = Expectation::operation("update_agent_status").agent(10011).body(json!({ "id": 124 }));
/// emulator.default_account().verify(&update.exactly(0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Expectation {
    #[serde(flatten)]
    criteria: Criteria,
    query: BTreeMap<String, Option<String>>,
    count: Count,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Count {
    exactly: Option<u64>,
    at_least: Option<u64>,
    at_most: Option<u64>,
}

impl Expectation {
    criteria!(criteria and status);

    criteria!(content of criteria);

    /// Only requests with this parameter, as it was understood.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.insert(name.into(), Some(value.into()));
        self
    }

    /// Only requests without this parameter.
    #[must_use]
    pub fn without_query(mut self, name: impl Into<String>) -> Self {
        self.query.insert(name.into(), None);
        self
    }

    /// Just so many.
    #[must_use]
    pub fn exactly(self, requests: u64) -> Self {
        Self {
            count: Count {
                exactly: Some(requests),
                ..Count::default()
            },
            ..self
        }
    }

    /// So many or more.
    #[must_use]
    pub fn at_least(self, requests: u64) -> Self {
        Self {
            count: Count {
                exactly: None,
                at_least: Some(requests),
                ..self.count
            },
            ..self
        }
    }

    /// So many or fewer.
    #[must_use]
    pub fn at_most(self, requests: u64) -> Self {
        Self {
            count: Count {
                exactly: None,
                at_most: Some(requests),
                ..self.count
            },
            ..self
        }
    }
}

/// What a refusal says beside its description when there were not as many requests as expected.
#[derive(Debug, Deserialize)]
pub(super) struct Mismatch {
    expected: Map<String, Value>,
    matched: u64,
    #[serde(default)]
    nearest: Vec<Nearest>,
    #[serde(default)]
    matching: Vec<Brief>,
}

#[derive(Debug, Deserialize)]
struct Brief {
    sequence: u64,
    request: String,
}

#[derive(Debug, Deserialize)]
struct Nearest {
    #[serde(flatten)]
    brief: Brief,
    differences: Vec<Difference>,
}

#[derive(Debug, Deserialize)]
struct Difference {
    field: String,
    expected: Value,
    found: Value,
}

impl Mismatch {
    /// What is in the details of a refusal.
    pub(super) fn read(details: &Map<String, Value>) -> Option<Self> {
        Self::deserialize(details).ok()
    }
}

/// Each fact on a line of its own.
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected:")?;
        for (name, value) in &self.expected {
            match value {
                // Query, headers, body and count have parts.
                Value::Object(parts) => {
                    parts.iter().try_for_each(|(part, value)| {
                        write!(f, "\n    {name}.{part}: {}", plain(value))
                    })?;
                }
                value => write!(f, "\n    {name}: {}", plain(value))?,
            }
        }
        write!(f, "\nmatched: {}", self.matched)?;
        for Brief { sequence, request } in &self.matching {
            write!(f, "\n    #{sequence} {request}")?;
        }
        if !self.nearest.is_empty() {
            write!(f, "\nnearest:")?;
        }
        for Nearest {
            brief: Brief { sequence, request },
            differences,
        } in &self.nearest
        {
            write!(f, "\n    #{sequence} {request}")?;
            for Difference {
                field,
                expected,
                found,
            } in differences
            {
                write!(
                    f,
                    "\n        {field}: expected {}, found {}",
                    plain(expected),
                    plain(found)
                )?;
            }
        }
        Ok(())
    }
}

/// A value as one would say it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

impl Account {
    /// How many requests are as expected, if it is as many as expected. If not, the error says what
    /// comes nearest; and also if the journal has dropped what it takes to know.
    pub fn check(&self, expectation: &Expectation) -> Result<u64, ClientError> {
        #[derive(Deserialize)]
        struct Verified {
            matched: u64,
        }
        let verified: Verified = self.post("/requests/verify", expectation)?;
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
}
