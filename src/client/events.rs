//! The events of an account, to read and to wait for.

use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::account::Account;
use super::error::ClientError;
use crate::config::durations;
pub use crate::events::EventType;

/// An event, in the envelope in which webhooks carry it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct EventDocument {
    /// Its number: 1 for the first event of the account, and so on without gaps.
    pub sequence: u64,
    /// The source that the control call named, if a control call made the event and named one.
    pub source: Option<String>,
    /// What kind of event it is.
    #[serde(rename = "type", deserialize_with = "event_type")]
    pub kind: EventType,
    /// Its id, a ULID.
    pub id: String,
    /// The number of the account.
    pub account_id: u64,
    /// When it happened.
    pub time: Timestamp,
    /// The version of the envelope.
    pub zendesk_event_version: String,
    /// The subject, such as `zen:agent:10011`.
    pub subject: String,
    /// The parts of the subject.
    pub detail: EventDetail,
    /// What changed. Its members depend on the kind: see `openapi/control.yaml`.
    pub event: Value,
}

/// The subject of an event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EventDetail {
    /// The number of the account.
    #[serde(deserialize_with = "number")]
    pub account_id: u64,
    /// The agent, if the event is about one.
    #[serde(default, deserialize_with = "some_number")]
    pub agent_id: Option<u64>,
    /// The version of the agent after the event.
    #[serde(default, deserialize_with = "some_number")]
    pub version: Option<u64>,
}

/// Which events to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    after: Option<u64>,
    limit: Option<u32>,
    types: Vec<EventType>,
    agent: Option<u64>,
}

/// Events, oldest first.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Events {
    /// The events.
    pub events: Vec<EventDocument>,
    /// The number of the oldest event in the log, if it has any.
    pub first: Option<u64>,
    /// The number of the newest event so far, 0 if there was none.
    pub last: u64,
    /// How many events the log has dropped.
    pub dropped: u64,
}

impl EventFilter {
    /// All events.
    pub fn any() -> Self {
        Self::default()
    }

    /// Only events after the one with this number.
    #[must_use]
    pub fn after(mut self, sequence: u64) -> Self {
        self.after = Some(sequence);
        self
    }

    /// At most this many events, up to 10,000. Default: 1,000.
    #[must_use]
    pub fn limit(mut self, events: u32) -> Self {
        self.limit = Some(events);
        self
    }

    /// Only events of this type. Another call adds another type.
    #[must_use]
    pub fn of(mut self, kind: EventType) -> Self {
        self.types.push(kind);
        self
    }

    /// Only events of this agent.
    #[must_use]
    pub fn agent(mut self, id: u64) -> Self {
        self.agent = Some(id);
        self
    }

    fn query(&self, wait: Duration) -> Result<String, ClientError> {
        let types: Vec<_> = self.types.iter().map(|kind| kind.as_str()).collect();
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.after.map(|after| ("after", after.to_string())));
        query.extend_pairs(self.limit.map(|limit| ("limit", limit.to_string())));
        query.extend_pairs((!types.is_empty()).then(|| ("type", types.join(","))));
        query.extend_pairs(self.agent.map(|agent| ("agent", agent.to_string())));
        if !wait.is_zero() {
            query.append_pair("wait", &durations::text(wait)?);
        }
        Ok(query.finish())
    }
}

fn event_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EventType, D::Error> {
    let text = String::deserialize(deserializer)?;
    let kind = EventType::named(&text);
    kind.ok_or_else(|| D::Error::unknown_variant(&text, EventType::NAMES))
}

/// A number, which some events have as text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Number(u64),
        Text(String),
    }
    match Number::deserialize(deserializer)? {
        Number::Number(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(D::Error::custom),
    }
}

fn some_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    number(deserializer).map(Some)
}

impl Account {
    /// The events so far.
    pub fn events(&self, filter: &EventFilter) -> Result<Events, ClientError> {
        self.wait_for_events(filter, Duration::ZERO)
    }

    /// Waits for an event, for up to a minute of real time. Returns no events if there was none.
    pub fn wait_for_events(
        &self,
        filter: &EventFilter,
        wait: Duration,
    ) -> Result<Events, ClientError> {
        let mut call = self.call(Method::GET, &format!("/events?{}", filter.query(wait)?));
        call.waits = wait;
        self.ask(call)
    }
}
