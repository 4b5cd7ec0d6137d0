//! The journal: what a client really did.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::account::Account;
use super::criteria::{Criteria, criteria};
use super::error::ClientError;
use crate::world::Role;

/// The requests that were asked for, and how far the journal goes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Journal {
    /// The requests, oldest first.
    pub requests: Vec<JournalEntry>,
    /// The number of the oldest request that the journal holds, if it holds any.
    pub first: Option<u64>,
    /// The number of the newest request ever; 0 if there was none.
    pub last: u64,
    /// How many requests there was no room for.
    pub dropped: u64,
}

/// A request to Zendesk's API, and what became of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// Its number: 1 for the account's first request, and so on without a gap.
    pub sequence: u64,
    /// When it came, by the account's clock.
    pub time: Timestamp,
    /// The `X-Request-Id` of its answer, a UUID.
    pub request_id: String,
    /// The operation, such as `show_agent_availability`, if there is such a route.
    pub operation: Option<String>,
    /// Its method.
    pub method: String,
    /// Its path as it was routed.
    pub path: String,
    /// Its parameters, as they were understood.
    pub query: BTreeMap<String, String>,
    /// Its headers. Secrets are masked, as `...`.
    pub headers: BTreeMap<String, String>,
    /// Its body as text, as far as it was read: the first 16 KiB. Secrets are masked, as `...`.
    pub body: Option<String>,
    /// Whether that is all of it.
    pub body_complete: bool,
    /// Who called, if that is known.
    pub caller: Option<Caller>,
    /// The agent that it was about.
    pub agent: Option<u64>,
    /// The status of its answer.
    pub status: u16,
    /// The `X-Emulator-Hint` of its answer.
    pub hint: Option<String>,
    /// The name of the fault that it met.
    pub fault: Option<String>,
    /// How long the answer took to begin, in real time.
    #[serde(rename = "duration_us", deserialize_with = "microseconds")]
    pub duration: Duration,
    /// Parts of it that nothing read.
    pub unread: Vec<String>,
}

/// Who called, as of then.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Caller {
    /// The user; none for an admin whom no user of the account stands for.
    pub user_id: Option<u64>,
    /// The user's e-mail address.
    pub email: Option<String>,
    /// The user's role.
    pub role: Role,
}

/// Which requests of a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFilter {
    criteria: Criteria,
    after: Option<u64>,
    limit: Option<u32>,
}

impl RequestFilter {
    criteria!(criteria and status);

    /// Only requests behind the one with this number.
    #[must_use]
    pub fn after(self, sequence: u64) -> Self {
        Self {
            after: Some(sequence),
            ..self
        }
    }

    /// So many at most, up to 10,000; 1,000 if that is not said.
    #[must_use]
    pub fn limit(self, requests: u32) -> Self {
        Self {
            limit: Some(requests),
            ..self
        }
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.criteria.parameters());
        query.extend_pairs(self.after.map(|after| ("after", after.to_string())));
        query.extend_pairs(self.limit.map(|limit| ("limit", limit.to_string())));
        query.finish()
    }
}

fn microseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_micros)
}

impl Account {
    /// The requests that the journal holds.
    pub fn requests(&self, filter: &RequestFilter) -> Result<Journal, ClientError> {
        self.get(&format!("/requests?{}", filter.query()))
    }

    /// Forgets the requests so far. The numbers go on.
    pub fn clear_requests(&self) -> Result<(), ClientError> {
        self.tell(self.call(Method::DELETE, "/requests"))
    }
}
