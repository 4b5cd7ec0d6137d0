//! The channels of agents, and what agents hold on them.

use serde::Serialize;
use serde_json::{Value, json};

use super::account::Account;
use super::agents::agent_path;
use super::error::ClientError;
use super::new_agent::NewWorkItem;
use super::patch::patch;
use crate::wire::agent::{AgentDocument, Moved};
use crate::world::{ChannelName, ChannelStatus, WorkItemReason};

patch! {
    /// The status and the capacity of a channel, each if it is given.
    ChannelChange
}

/// Where a work item goes, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WorkItemMove {
    agent_id: Option<u64>,
    channel: Option<ChannelName>,
    reason: Option<WorkItemReason>,
}

impl ChannelChange {
    /// The agent is so available on it, whatever its unified status says.
    #[must_use]
    pub fn status(self, status: ChannelStatus) -> Self {
        self.with("status", status.as_str())
    }

    /// The agent should hold so many items on it at most; none is without limit.
    #[must_use]
    pub fn max_capacity(self, items: Option<u32>) -> Self {
        self.with("max_capacity", items)
    }
}

impl From<ChannelChange> for Value {
    fn from(change: ChannelChange) -> Self {
        change.0.into()
    }
}

impl WorkItemMove {
    /// To another agent's channel of the same name.
    pub fn to_agent(id: u64) -> Self {
        Self {
            agent_id: Some(id),
            channel: None,
            reason: None,
        }
    }

    /// To another channel of the same agent.
    pub fn to_channel(name: ChannelName) -> Self {
        Self {
            agent_id: None,
            channel: Some(name),
            reason: None,
        }
    }

    /// On this channel.
    #[must_use]
    pub fn channel(self, name: ChannelName) -> Self {
        Self {
            channel: Some(name),
            ..self
        }
    }

    /// For this reason. Without one it is `ASSIGNED_TRANSFER` to another agent, and
    /// `CHANNEL_CHANGE` to another channel of the same.
    #[must_use]
    pub fn reason(self, reason: WorkItemReason) -> Self {
        Self {
            reason: Some(reason),
            ..self
        }
    }
}

impl Account {
    /// Gives an agent a channel, or sets what it is. Without a status it is what the unified status
    /// makes of it, and without a capacity there is no limit. Work items stay.
    pub fn replace_channel(
        &self,
        agent: u64,
        channel: ChannelName,
        change: &ChannelChange,
    ) -> Result<AgentDocument, ClientError> {
        self.put(&channel_path(agent, channel), change)
    }

    /// Sets the status or the capacity of an agent's channel, or both.
    pub fn update_channel(
        &self,
        agent: u64,
        channel: ChannelName,
        change: &ChannelChange,
    ) -> Result<AgentDocument, ClientError> {
        self.patch(&channel_path(agent, channel), change)
    }

    /// Takes a channel from an agent, with what it holds there.
    pub fn delete_channel(
        &self,
        agent: u64,
        channel: ChannelName,
    ) -> Result<AgentDocument, ClientError> {
        self.delete_at(&channel_path(agent, channel))
    }

    /// Gives an agent a work item; without a reason, it is `ASSIGNED`. There may be more than the
    /// capacity.
    pub fn create_work_item(
        &self,
        agent: u64,
        channel: ChannelName,
        item: &NewWorkItem,
    ) -> Result<AgentDocument, ClientError> {
        self.post(
            &format!("{}/work_items", channel_path(agent, channel)),
            item,
        )
    }

    /// Changes the reason why an agent has a work item.
    pub fn update_work_item(
        &self,
        agent: u64,
        channel: ChannelName,
        item: u64,
        reason: WorkItemReason,
    ) -> Result<AgentDocument, ClientError> {
        self.patch(
            &item_path(agent, channel, item),
            &json!({ "reason": reason.as_str() }),
        )
    }

    /// Takes a work item from an agent.
    pub fn delete_work_item(
        &self,
        agent: u64,
        channel: ChannelName,
        item: u64,
    ) -> Result<AgentDocument, ClientError> {
        self.delete_at(&item_path(agent, channel, item))
    }

    /// Moves a work item to another agent, another channel or both, in one write.
    pub fn move_work_item(
        &self,
        agent: u64,
        channel: ChannelName,
        item: u64,
        to: WorkItemMove,
    ) -> Result<Moved, ClientError> {
        self.post(&format!("{}/move", item_path(agent, channel, item)), &to)
    }
}

fn channel_path(agent: u64, channel: ChannelName) -> String {
    format!("{}/channels/{channel}", agent_path(agent))
}

fn item_path(agent: u64, channel: ChannelName, item: u64) -> String {
    format!("{}/work_items/{item}", channel_path(agent, channel))
}
