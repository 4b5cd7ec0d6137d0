//! The journal of an account, and verification against it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::criteria::Criteria;
use super::times;
use crate::world::Role;

/// The requests that were asked for, and how far the journal goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// A request to Zendesk's API and its answer. A member without a value is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// Its number: 1 for the account's first request, and so on without a gap.
    pub sequence: u64,
    /// When it came, by the account's clock.
    #[serde(serialize_with = "times::micros")]
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
    /// The name of the rule that injected a fault or answered.
    pub fault: Option<String>,
    /// How long the answer took to begin, in real time.
    #[serde(rename = "duration_us", with = "microseconds")]
    pub duration: Duration,
    /// Parts of it that nothing read.
    pub unread: Vec<String>,
}

/// Who called, as of then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Caller {
    /// The user; none for an admin who is not a user of the account.
    pub user_id: Option<u64>,
    /// The user's e-mail address.
    pub email: Option<String>,
    /// The user's role.
    pub role: Role,
}

/// Which requests, and how many of them there have to be: at least one, unless it says otherwise.
///
/// Requests are compared as the journal shows them. Where it masks a value, expect `...`. Where it
/// masks a part of a text, expect that text as the journal shows it. Other expectations for these
/// are refused.
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
    pub(crate) criteria: Criteria,
    pub(crate) count: RequestCount,
}

/// How many requests there have to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct RequestCount {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exactly: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_least: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_most: Option<u64>,
}

/// The answer if there were as many requests as expected.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Verified {
    pub(crate) matched: u64,
}

/// What a refusal says beside its description if there were not.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Mismatch {
    /// An [`Expectation`].
    pub(crate) expected: Map<String, Value>,
    pub(crate) matched: u64,
    /// If there were too few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nearest: Option<Vec<NearRequest>>,
    /// If there were too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) matching: Option<Vec<RequestLine>>,
}

/// A request in one line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RequestLine {
    pub(crate) sequence: u64,
    pub(crate) request: String,
}

/// A request that is not as expected, and why not.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NearRequest {
    #[serde(flatten)]
    pub(crate) line: RequestLine,
    pub(crate) differences: Vec<Difference>,
}

/// A criterion that a request does not meet.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Difference {
    pub(crate) field: String,
    pub(crate) expected: Value,
    pub(crate) found: Value,
}

/// A duration as a whole number of microseconds.
mod microseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_micros)
    }
}
