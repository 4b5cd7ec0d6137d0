//! What has happened in an account, to look at and to wait for.

use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::account::Account;
use super::error::ClientError;
use crate::config::durations;
pub use crate::events::envelope::EventType;

/// Something that has happened, in the envelope in which webhooks carry it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct EventDocument {
    /// 1 for the first event of the account, and so on without gaps.
    pub sequence: u64,
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
    /// To whom, such as `zen:agent:10011`.
    pub subject: String,
    /// To whom, in parts.
    pub detail: EventDetail,
    /// What changed, as `openapi/control.yaml` has it for the kind.
    pub event: Value,
}

/// To whom something happened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EventDetail {
    /// The number of the account.
    #[serde(deserialize_with = "number")]
    pub account_id: u64,
    /// The agent, if it happened to one.
    #[serde(default, deserialize_with = "some_number")]
    pub agent_id: Option<u64>,
    /// The version that the event made of the agent.
    #[serde(default, deserialize_with = "some_number")]
    pub version: Option<u64>,
}

/// Which events.
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
    /// Those that were asked for.
    pub events: Vec<EventDocument>,
    /// The oldest that the log holds of any kind, if it holds any.
    pub first: Option<u64>,
    /// The newest that there has been of any kind; 0 if there has been none.
    pub last: u64,
    /// How many of the account's events the log no longer holds.
    pub dropped: u64,
}

impl EventFilter {
    /// All events.
    pub fn any() -> Self {
        Self::default()
    }

    /// Only those behind the one with this number.
    #[must_use]
    pub fn after(self, sequence: u64) -> Self {
        Self {
            after: Some(sequence),
            ..self
        }
    }

    /// So many at most, up to 10,000; 1,000 if that is not said.
    #[must_use]
    pub fn limit(self, events: u32) -> Self {
        Self {
            limit: Some(events),
            ..self
        }
    }

    /// Only those of this type, beside the types before.
    #[must_use]
    pub fn of(mut self, kind: EventType) -> Self {
        self.types.push(kind);
        self
    }

    /// Only those of this agent.
    #[must_use]
    pub fn agent(self, id: u64) -> Self {
        Self {
            agent: Some(id),
            ..self
        }
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

/// A number, as text where webhooks have it so.
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
    /// What has happened.
    pub fn events(&self, filter: &EventFilter) -> Result<Events, ClientError> {
        self.wait_for_events(filter, Duration::ZERO)
    }

    /// Waits until something has happened, for up to a minute of real time, and returns it; nothing
    /// if nothing has.
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
