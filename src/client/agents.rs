//! Agents, what they hold, and what happens to them.

use std::collections::BTreeMap;

use axum::http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::account::Account;
use super::error::ClientError;
use super::named;
use crate::world::{ChannelName, ChannelStatus, StatusReason, WorkItemReason};

/// An agent as a seed spells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentDocument {
    /// Its id, which is that of its user.
    pub id: u64,
    /// Grows with every event of this agent. A new one has 1 unless it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Its unified status; offline if none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_status: Option<AgentStatusDocument>,
    /// Its groups, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_ids: Option<Vec<u64>>,
    /// Its skills, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill_ids: Option<Vec<String>>,
    /// Its channels.
    #[serde(with = "named::keys", default)]
    pub channels: BTreeMap<ChannelName, ChannelDocument>,
}

/// The unified status that an agent is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentStatusDocument {
    /// Which one.
    pub id: u64,
    /// Why.
    #[serde(with = "named::option", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<StatusReason>,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// A channel of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelDocument {
    /// How available the agent is on it; what the unified status says if none is given.
    #[serde(with = "named::option", default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ChannelStatus>,
    /// How many items the agent may hold on it at once, where that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_capacity: Option<u32>,
    /// When its status or capacity last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// What the agent holds on it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work_items: Vec<WorkItemDocument>,
}

/// A work item on an agent's channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemDocument {
    /// Its id, unique within the channel.
    pub id: u64,
    /// When the agent got it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_at: Option<Timestamp>,
    /// Why the agent has it.
    #[serde(with = "named::option", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<WorkItemReason>,
}

/// What happens to agents, and does to them what the product does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The agent signs in, into this unified status, or online.
    SignIn(Option<u64>),
    /// The agent signs out, and is offline.
    SignOut,
    /// The agent's connection is lost, and it is offline.
    Disconnect,
    /// The agent's connection is back, and so is it: in this unified status, or in that from before.
    Reconnect(Option<u64>),
    /// The agent has done nothing for too long, and goes into this unified status, or away.
    Idle(Option<u64>),
}

impl Account {
    /// One agent as it is now.
    pub fn agent(&self, id: u64) -> Result<AgentDocument, ClientError> {
        self.get(&agent_path(id))
    }

    /// Makes an agent.
    pub fn create_agent(&self, agent: &AgentDocument) -> Result<AgentDocument, ClientError> {
        self.put_to(Method::POST, "/agents", &document(agent)?)
    }

    /// Makes many agents in one call: all of them or, if anything is wrong with one, none.
    pub fn create_agents<'a>(&self, agents: impl IntoIterator<Item = &'a AgentDocument>) -> Result<u64, ClientError> {
        #[derive(Deserialize)]
        struct Created {
            created: u64,
        }
        let mut lines = Vec::new();
        for agent in agents {
            serde_json::to_writer(&mut lines, agent).map_err(ClientError::unreadable)?;
            lines.push(b'\n');
        }
        let created: Created = self.ask(self.call(Method::POST, "/agents").ndjson(lines))?;
        Ok(created.created)
    }

    /// Makes an agent what the document says, whether or not it is there.
    pub fn replace_agent(&self, agent: &AgentDocument) -> Result<AgentDocument, ClientError> {
        self.put_to(Method::PUT, &agent_path(agent.id), &document(agent)?)
    }

    /// Changes an agent by a JSON merge patch of its document.
    pub fn update_agent(&self, id: u64, patch: &Value) -> Result<AgentDocument, ClientError> {
        self.put_to(Method::PATCH, &agent_path(id), patch)
    }

    /// Deletes an agent, and returns what it was.
    pub fn delete_agent(&self, id: u64) -> Result<AgentDocument, ClientError> {
        self.ask(self.call(Method::DELETE, &agent_path(id)))
    }

    /// Lets something happen to an agent.
    pub fn presence(&self, id: u64, what: Presence) -> Result<AgentDocument, ClientError> {
        let (name, status) = match what {
            Presence::SignIn(status) => ("sign-in", status),
            Presence::SignOut => ("sign-out", None),
            Presence::Disconnect => ("disconnect", None),
            Presence::Reconnect(status) => ("reconnect", status),
            Presence::Idle(status) => ("idle", status),
        };
        let body = status.map_or_else(|| json!({}), |status| json!({ "agent_status_id": status }));
        self.put_to(Method::POST, &format!("{}/{name}", agent_path(id)), &body)
    }

    /// Gives an agent a channel, or another status and capacity on the one that it has.
    pub fn put_channel(
        &self,
        agent: u64,
        channel: ChannelName,
        status: Option<ChannelStatus>,
        max_capacity: Option<u32>,
    ) -> Result<AgentDocument, ClientError> {
        let body = json!({ "status": status.map(ChannelStatus::as_str), "max_capacity": max_capacity });
        self.put_to(Method::PUT, &channel_path(agent, channel), &body)
    }

    /// Sets the status of an agent's channel, whatever its unified status says.
    pub fn set_channel_status(
        &self,
        agent: u64,
        channel: ChannelName,
        status: ChannelStatus,
    ) -> Result<AgentDocument, ClientError> {
        self.put_to(Method::PATCH, &channel_path(agent, channel), &json!({ "status": status.as_str() }))
    }

    /// Sets how many items an agent may hold on a channel at once; none is without limit.
    pub fn set_max_capacity(
        &self,
        agent: u64,
        channel: ChannelName,
        max_capacity: Option<u32>,
    ) -> Result<AgentDocument, ClientError> {
        self.put_to(Method::PATCH, &channel_path(agent, channel), &json!({ "max_capacity": max_capacity }))
    }

    /// Takes a channel from an agent, with what it holds there.
    pub fn delete_channel(&self, agent: u64, channel: ChannelName) -> Result<AgentDocument, ClientError> {
        self.ask(self.call(Method::DELETE, &channel_path(agent, channel)))
    }

    /// Gives an agent a work item.
    pub fn add_work_item(
        &self,
        agent: u64,
        channel: ChannelName,
        item: &WorkItemDocument,
    ) -> Result<AgentDocument, ClientError> {
        self.put_to(Method::POST, &format!("{}/work_items", channel_path(agent, channel)), &document(item)?)
    }

    /// Changes the reason why an agent has a work item.
    pub fn update_work_item(
        &self,
        agent: u64,
        channel: ChannelName,
        item: u64,
        reason: WorkItemReason,
    ) -> Result<AgentDocument, ClientError> {
        self.put_to(Method::PATCH, &item_path(agent, channel, item), &json!({ "reason": reason.as_str() }))
    }

    /// Takes a work item from an agent.
    pub fn delete_work_item(&self, agent: u64, channel: ChannelName, item: u64) -> Result<AgentDocument, ClientError> {
        self.ask(self.call(Method::DELETE, &item_path(agent, channel, item)))
    }

    /// Moves a work item to another agent's channel of the same name. Returns who had it and who has it.
    pub fn move_work_item(
        &self,
        agent: u64,
        channel: ChannelName,
        item: u64,
        to: u64,
    ) -> Result<(AgentDocument, AgentDocument), ClientError> {
        #[derive(Deserialize)]
        struct Moved {
            from: AgentDocument,
            to: AgentDocument,
        }
        let path = format!("{}/move", item_path(agent, channel, item));
        let moved: Moved = self.put_to(Method::POST, &path, &json!({ "agent_id": to }))?;
        Ok((moved.from, moved.to))
    }
}

fn agent_path(id: u64) -> String {
    format!("/agents/{id}")
}

fn channel_path(agent: u64, channel: ChannelName) -> String {
    format!("{}/channels/{channel}", agent_path(agent))
}

fn item_path(agent: u64, channel: ChannelName, item: u64) -> String {
    format!("{}/work_items/{item}", channel_path(agent, channel))
}

pub(super) fn document(value: &impl Serialize) -> Result<Value, ClientError> {
    serde_json::to_value(value).map_err(ClientError::unreadable)
}
