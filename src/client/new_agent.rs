//! Agents to create, and changes of agents.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::channels::ChannelChange;
use super::patch::{patch, set_within};
use super::talk::TalkChange;
use crate::wire::agent::{AgentDocument, AgentStatusDocument, ChannelDocument, WorkItemDocument};
use crate::wire::talk::TalkDocument;
use crate::world::{ChannelName, ChannelStatus, StatusReason, WorkItemReason};

/// An agent to create. What is not given is as in a seed: the agent is offline and on no channel,
/// and its groups and skills are not known.
///
/// ```
/// use zendesk_availability_emulator::Emulator;
/// use zendesk_availability_emulator::client::{NewAgent, NewChannel};
/// use zendesk_availability_emulator::world::{ChannelName, ChannelStatus};
///
/// let emulator = Emulator::start();
/// let agent = NewAgent::new(10_042)
///     .agent_status(3)
///     .group_ids([1])
///     .channel(ChannelName::Messaging, NewChannel::new().max_capacity(5));
/// let created = emulator.default_account().create_agent(&agent)?;
/// assert_eq!(created.channels[&ChannelName::Messaging].status, ChannelStatus::Online);
/// # Ok::<(), zendesk_availability_emulator::client::ClientError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewAgent {
    id: u64,
    // Missing members are left out, since a call may have a hundred thousand agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_status: Option<NewAgentStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_ids: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skill_ids: Option<Vec<String>>,
    channels: BTreeMap<ChannelName, NewChannel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    talk: Option<TalkDocument>,
}

/// The unified status of an agent to create. An id alone is one too: without a known reason, and
/// since now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewAgentStatus {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<StatusReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
}

/// A channel of an agent to create. Its default status goes with the unified status, and its
/// default capacity is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NewChannel {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<ChannelStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_capacity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    work_items: Vec<NewWorkItem>,
}

/// A work item to create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewWorkItem {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    added_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<WorkItemReason>,
}

patch! {
    /// A change of an agent. What is not given stays.
    AgentPatch
}

impl NewAgent {
    /// An agent with this id, which is that of its user.
    pub fn new(id: u64) -> Self {
        Self {
            id,
            version: None,
            agent_status: None,
            group_ids: None,
            skill_ids: None,
            channels: BTreeMap::new(),
            talk: None,
        }
    }

    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// Its first version. For an agent that exists, this must be its present version.
    #[must_use]
    pub fn version(mut self, version: u64) -> Self {
        self.version = Some(version);
        self
    }

    /// It is in this unified status.
    #[must_use]
    pub fn agent_status(mut self, status: impl Into<NewAgentStatus>) -> Self {
        self.agent_status = Some(status.into());
        self
    }

    /// It is in these groups of the account, and in no others.
    #[must_use]
    pub fn group_ids(mut self, ids: impl IntoIterator<Item = u64>) -> Self {
        self.group_ids = Some(ids.into_iter().collect());
        self
    }

    /// It has these skills of the account, and no others.
    #[must_use]
    pub fn skill_ids<T: Into<String>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        self.skill_ids = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    /// It is on this channel.
    #[must_use]
    pub fn channel(mut self, name: ChannelName, channel: NewChannel) -> Self {
        self.channels.insert(name, channel);
        self
    }

    /// What it has of Zendesk Talk.
    #[must_use]
    pub fn talk(mut self, talk: TalkDocument) -> Self {
        self.talk = Some(talk);
        self
    }
}

impl NewAgentStatus {
    /// The unified status with this id.
    pub fn new(id: u64) -> Self {
        Self {
            id,
            reason: None,
            updated_at: None,
        }
    }

    /// Why the agent is in it.
    #[must_use]
    pub fn reason(mut self, reason: StatusReason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Since when the agent is in it.
    #[must_use]
    pub fn updated_at(mut self, time: Timestamp) -> Self {
        self.updated_at = Some(time);
        self
    }
}

impl NewChannel {
    /// A channel without a limit and without work.
    pub fn new() -> Self {
        Self::default()
    }

    /// How available the agent is on it.
    #[must_use]
    pub fn status(mut self, status: ChannelStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// How many items the agent should hold on it at most.
    #[must_use]
    pub fn max_capacity(mut self, items: u32) -> Self {
        self.max_capacity = Some(items);
        self
    }

    /// When its status or capacity last changed.
    #[must_use]
    pub fn updated_at(mut self, time: Timestamp) -> Self {
        self.updated_at = Some(time);
        self
    }

    /// Adds an item that the agent holds on it.
    #[must_use]
    pub fn work_item(mut self, item: NewWorkItem) -> Self {
        self.work_items.push(item);
        self
    }
}

impl NewWorkItem {
    /// An item with this id, which is new to the channel.
    pub fn new(id: u64) -> Self {
        Self {
            id,
            added_at: None,
            reason: None,
        }
    }

    /// When the agent got it. Default: now.
    #[must_use]
    pub fn added_at(mut self, time: Timestamp) -> Self {
        self.added_at = Some(time);
        self
    }

    /// Why the agent has it.
    #[must_use]
    pub fn reason(mut self, reason: WorkItemReason) -> Self {
        self.reason = Some(reason);
        self
    }
}

impl AgentPatch {
    /// Only if the agent has this version.
    #[must_use]
    pub fn version(self, version: u64) -> Self {
        self.with("version", version)
    }

    /// It goes into this unified status, which changes its channels too.
    #[must_use]
    pub fn agent_status(self, id: u64, reason: StatusReason) -> Self {
        self.with(
            "agent_status",
            json!({ "id": id, "reason": reason.as_str() }),
        )
    }

    /// It is in these groups. With `None` they are not known.
    #[must_use]
    pub fn group_ids(self, ids: Option<&[u64]>) -> Self {
        self.with("group_ids", json!(ids))
    }

    /// It has these skills. With `None` they are not known.
    #[must_use]
    pub fn skill_ids(self, ids: Option<&[&str]>) -> Self {
        self.with("skill_ids", json!(ids))
    }

    /// It is on this channel, with this status or capacity. What is not given stays.
    #[must_use]
    pub fn channel(mut self, name: ChannelName, change: ChannelChange) -> Self {
        set_within(&mut self.0, "channels", name.as_str(), change);
        self
    }

    /// It is not on this channel, and loses its work items there.
    #[must_use]
    pub fn without_channel(mut self, name: ChannelName) -> Self {
        set_within(&mut self.0, "channels", name.as_str(), Value::Null);
        self
    }

    /// A change of what it has of Zendesk Talk. What is not given stays.
    #[must_use]
    pub fn talk(self, change: TalkChange) -> Self {
        self.with("talk", change)
    }
}

impl From<u64> for NewAgentStatus {
    fn from(id: u64) -> Self {
        Self::new(id)
    }
}

/// For an agent that was read and goes back with a change.
impl From<AgentDocument> for NewAgent {
    fn from(agent: AgentDocument) -> Self {
        let AgentDocument {
            id,
            version,
            agent_status,
            group_ids,
            skill_ids,
            channels,
            talk,
        } = agent;
        let channels = channels
            .into_iter()
            .map(|(name, channel)| (name, channel.into()))
            .collect();
        let agent_status = Some(agent_status.into());
        Self {
            id,
            version: Some(version),
            agent_status,
            group_ids,
            skill_ids,
            channels,
            talk,
        }
    }
}

impl From<AgentStatusDocument> for NewAgentStatus {
    fn from(status: AgentStatusDocument) -> Self {
        let AgentStatusDocument {
            id,
            reason,
            updated_at,
        } = status;
        Self {
            id,
            reason: Some(reason),
            updated_at: Some(updated_at),
        }
    }
}

impl From<ChannelDocument> for NewChannel {
    fn from(channel: ChannelDocument) -> Self {
        let ChannelDocument {
            status,
            max_capacity,
            updated_at,
            work_items,
        } = channel;
        let work_items = work_items.into_iter().map(NewWorkItem::from).collect();
        Self {
            status: Some(status),
            max_capacity,
            updated_at: Some(updated_at),
            work_items,
        }
    }
}

impl From<WorkItemDocument> for NewWorkItem {
    fn from(item: WorkItemDocument) -> Self {
        let WorkItemDocument {
            id,
            added_at,
            reason,
        } = item;
        Self {
            id,
            added_at: Some(added_at),
            reason: Some(reason),
        }
    }
}
