//! What has happened in an account, to look at and to wait for.

use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::account::Account;
use super::error::ClientError;
use crate::config::format_duration;

/// Something that has happened, as a webhook tells it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// 1 for the first event of the account, and so on without gaps.
    pub sequence: u64,
    /// What kind of event it is, such as `zen:event-type:agent.state_changed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id, a ULID.
    pub id: String,
    /// When it happened.
    pub time: Timestamp,
    /// To whom, such as `zen:agent:10011`.
    pub subject: String,
    /// To whom, in parts: for an agent, `agent_id` and `version` as text.
    pub detail: Value,
    /// What.
    pub event: Value,
}

/// Which events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only those behind this one.
    pub after: u64,
    /// Only those of one of these types, such as `agent.state_changed`; without any, all.
    pub types: Vec<String>,
    /// Only those of this agent.
    pub agent: Option<u64>,
}

/// Events, oldest first.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Events {
    /// Those that were asked for.
    pub events: Vec<Event>,
    /// The newest that there is of any kind.
    pub last: u64,
    /// How many of the account's events are not kept any more.
    pub dropped: u64,
}

impl EventFilter {
    fn query(&self, wait: Duration) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("after", &self.after.to_string());
        if !self.types.is_empty() {
            query.append_pair("type", &self.types.join(","));
        }
        if let Some(agent) = self.agent {
            query.append_pair("agent", &agent.to_string());
        }
        if !wait.is_zero() {
            query.append_pair("wait", &format_duration(wait));
        }
        query.finish()
    }
}

impl Account {
    /// What has happened.
    pub fn events(&self, filter: &EventFilter) -> Result<Events, ClientError> {
        self.get(&format!("/events?{}", filter.query(Duration::ZERO)))
    }

    /// Waits until something has happened, for up to a minute of real time, and returns it; nothing if nothing has.
    pub fn wait_for_events(&self, filter: &EventFilter, wait: Duration) -> Result<Events, ClientError> {
        let mut call = self.call(Method::GET, &format!("/events?{}", filter.query(wait)));
        call.waits = wait;
        self.ask(call)
    }
}
