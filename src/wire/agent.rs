//! Agents.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::talk::TalkDocument;
use super::times;
use super::user::UserDocument;
use crate::world::{ChannelName, ChannelStatus, StatusReason, WorkItemReason};

/// An agent as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentDocument {
    /// Its id, which is that of its user.
    pub id: u64,
    /// Grows by one with every event of this agent, and with a change that has no event.
    pub version: u64,
    /// Its unified status, whether or not omnichannel routing is on.
    pub agent_status: AgentStatusDocument,
    /// Its groups, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_ids: Option<Vec<u64>>,
    /// Its skills, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill_ids: Option<Vec<String>>,
    /// Its channels.
    pub channels: BTreeMap<ChannelName, ChannelDocument>,
    /// The agent's Zendesk Talk data, unless it is that of a new agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk: Option<TalkDocument>,
}

/// The unified status that an agent is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentStatusDocument {
    /// The id of the status.
    pub id: u64,
    /// Why the agent is in it.
    pub reason: StatusReason,
    /// When the agent went into it.
    #[serde(serialize_with = "times::micros")]
    pub updated_at: Timestamp,
}

/// A channel of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChannelDocument {
    /// How available the agent is on it.
    pub status: ChannelStatus,
    /// How many work items the agent should hold on it at most, where that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_capacity: Option<u32>,
    /// When its status or capacity last changed.
    #[serde(serialize_with = "times::micros")]
    pub updated_at: Timestamp,
    /// What the agent holds on it, oldest first.
    pub work_items: Vec<WorkItemDocument>,
}

/// A work item on an agent's channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkItemDocument {
    /// Its id, unique within the channel.
    pub id: u64,
    /// When the agent got it.
    #[serde(serialize_with = "times::micros")]
    pub added_at: Timestamp,
    /// Why the agent has it.
    pub reason: WorkItemReason,
}

/// A page of agents, by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentPage {
    /// The agents.
    pub agents: Vec<AgentDocument>,
    /// Their users, if they were asked for. An agent may have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<UserDocument>>,
    /// The id to give as `after` for the next page; `None` (`null` in JSON) at the end.
    pub next: Option<u64>,
}

/// How many agents are in which status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentCounts {
    /// How many there are.
    pub agents: u64,
    /// How many are in each unified status, by id.
    pub agent_statuses: Vec<StatusCount>,
    /// How many have each status on each channel.
    pub channels: BTreeMap<ChannelName, BTreeMap<ChannelStatus, u64>>,
}

/// A unified status, and how many agents are in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StatusCount {
    /// The id of the status.
    pub id: u64,
    /// The name of the status.
    pub name: String,
    /// How many agents are in it.
    pub agents: u64,
}

/// The answer to a call that creates many agents.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CreatedAgents {
    pub(crate) created: usize,
}

/// Both agents of a work item that was moved, as they are now. They may be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Moved {
    /// The agent that had it.
    pub from: AgentDocument,
    /// The agent that has it.
    pub to: AgentDocument,
}
