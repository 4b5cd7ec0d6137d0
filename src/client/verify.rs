//! Verification: whether a client did what a test expects.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::account::Account;
use super::criteria::criteria;
use super::error::ClientError;
pub(super) use crate::wire::journal::Mismatch;
use crate::wire::journal::{
    Difference, Expectation, NearRequest, RequestCount, RequestLine, Verified,
};

impl Expectation {
    criteria!(criteria and status);

    criteria!(content of criteria);

    /// Only requests with this parameter, as it was understood.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.criteria.query.insert(name.into(), Some(value.into()));
        self
    }

    /// Only requests without this parameter.
    #[must_use]
    pub fn without_query(mut self, name: impl Into<String>) -> Self {
        self.criteria.query.insert(name.into(), None);
        self
    }

    /// Exactly this many requests.
    #[must_use]
    pub fn exactly(mut self, requests: u64) -> Self {
        self.count = RequestCount {
            exactly: Some(requests),
            ..RequestCount::default()
        };
        self
    }

    /// This many requests or more.
    #[must_use]
    pub fn at_least(mut self, requests: u64) -> Self {
        self.count.exactly = None;
        self.count.at_least = Some(requests);
        self
    }

    /// This many requests or fewer.
    #[must_use]
    pub fn at_most(mut self, requests: u64) -> Self {
        self.count.exactly = None;
        self.count.at_most = Some(requests);
        self
    }
}

impl Mismatch {
    /// Reads the details of a refusal.
    pub(super) fn read(details: &Map<String, Value>) -> Option<Self> {
        Self::deserialize(details).ok()
    }
}

/// A line for each fact.
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
        for RequestLine { sequence, request } in self.matching.iter().flatten() {
            write!(f, "\n    #{sequence} {request}")?;
        }
        let nearest = self.nearest.as_deref().unwrap_or_default();
        if !nearest.is_empty() {
            write!(f, "\nnearest:")?;
        }
        for NearRequest {
            line: RequestLine { sequence, request },
            differences,
        } in nearest
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

/// A value without quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

impl Account {
    /// The number of matching requests, if it is as expected. If not, the error shows the nearest
    /// requests. It is also an error if dropped requests could decide it.
    pub fn check(&self, expectation: &Expectation) -> Result<u64, ClientError> {
        let verified: Verified = self.post("/requests/verify", expectation)?;
        Ok(verified.matched)
    }

    /// Checks that there were as many requests as expected.
    ///
    /// # Panics
    ///
    /// If there were not, with the nearest requests and their differences.
    #[track_caller]
    #[expect(clippy::panic, reason = "this is how a test fails")]
    pub fn verify(&self, expectation: &Expectation) {
        if let Err(error) = self.check(expectation) {
            panic!("{error}");
        }
    }
}
