//! The channels and the work items of agents.

use serde::Serialize;
use serde_json::json;

use super::account::{Account, path};
use super::error::ClientError;
use super::new_agent::NewWorkItem;
use super::patch::patch;
use crate::wire::agent::{AgentDocument, Moved};
use crate::world::{ChannelName, ChannelStatus, WorkItemReason};

patch! {
    /// A change of a channel. What is not given stays.
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
    /// How available the agent is on it, whatever its unified status is.
    #[must_use]
    pub fn status(self, status: ChannelStatus) -> Self {
        self.with("status", status.as_str())
    }

    /// How many items the agent should hold on it at most. `None` is no limit.
    #[must_use]
    pub fn max_capacity(self, items: Option<u32>) -> Self {
        self.with("max_capacity", items)
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
    pub fn channel(mut self, name: ChannelName) -> Self {
        self.channel = Some(name);
        self
    }

    /// For this reason. Default: `ASSIGNED_TRANSFER` to another agent, `CHANNEL_CHANGE` to another
    /// channel of the same agent.
    #[must_use]
    pub fn reason(mut self, reason: WorkItemReason) -> Self {
        self.reason = Some(reason);
        self
    }
}

impl Account {
    /// Adds a channel to an agent, or replaces its status and capacity. Without a status it gets
    /// the one that goes with the unified status, and without a capacity it has no limit. Work
    /// items stay.
    pub fn replace_channel(
        &self,
        agent: u64,
        channel: ChannelName,
        change: &ChannelChange,
    ) -> Result<AgentDocument, ClientError> {
        self.put(&channel_path(agent, channel), change)
    }

    /// Changes the status or the capacity of an agent's channel, or both.
    pub fn update_channel(
        &self,
        agent: u64,
        channel: ChannelName,
        change: &ChannelChange,
    ) -> Result<AgentDocument, ClientError> {
        self.patch(&channel_path(agent, channel), change)
    }

    /// Removes a channel from an agent, with its work items.
    pub fn delete_channel(
        &self,
        agent: u64,
        channel: ChannelName,
    ) -> Result<AgentDocument, ClientError> {
        self.delete_at(&channel_path(agent, channel))
    }

    /// Adds a work item to an agent, even beyond the capacity. The default reason is `ASSIGNED`.
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

    /// Removes a work item from an agent.
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
    format!("{}/channels/{channel}", path("agents", agent))
}

fn item_path(agent: u64, channel: ChannelName, item: u64) -> String {
    format!("{}/work_items/{item}", channel_path(agent, channel))
}
