//! An agent: its unified status, its channels, its groups and skills.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Channel, ChannelName, GroupId, SkillId, Status, StatusReason, Talk};

/// The id of an agent, which is that of its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentId(pub u64);

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An agent at one instant. A world cuts its times to whole microseconds, as Zendesk shows them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// Grows with every event of this agent.
    pub version: u64,
    /// The unified status, kept (though not shown) while omnichannel routing is off.
    pub status: AgentStatus,
    /// Its channels by name.
    pub channels: Vec<Channel>,
    /// Its groups, if known.
    pub groups: Option<Vec<GroupId>>,
    /// Its skills, if known. Agents with the same skills can share them.
    pub skills: Option<Arc<[SkillId]>>,
    /// Its Talk data, besides the status of its channel.
    pub talk: Talk,
}

/// The unified status that an agent is in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AgentStatus {
    /// The status.
    pub status: Arc<Status>,
    /// Why the agent is in it.
    pub reason: StatusReason,
    /// When the agent went into it.
    pub updated_at: Timestamp,
}

impl AgentStatus {
    /// A status that an agent went into at this time, for this reason.
    pub fn new(status: Arc<Status>, reason: StatusReason, updated_at: Timestamp) -> Self {
        Self {
            status,
            reason,
            updated_at,
        }
    }
}

impl Agent {
    /// The first version of an agent without channels, whose groups and skills are not known.
    pub fn new(id: AgentId, status: AgentStatus) -> Self {
        Self {
            id,
            version: 1,
            status,
            channels: Vec::new(),
            groups: None,
            skills: None,
            talk: Talk::default(),
        }
    }

    /// The agent's channel with this name.
    pub fn channel(&self, name: ChannelName) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name == name)
    }

    pub(super) fn channel_mut(&mut self, name: ChannelName) -> Option<&mut Channel> {
        self.channels
            .iter_mut()
            .find(|channel| channel.name == name)
    }

    /// Whether the agent is known to be in this group.
    pub fn is_in(&self, group: GroupId) -> bool {
        self.groups
            .as_ref()
            .is_some_and(|groups| groups.contains(&group))
    }

    /// Whether the agent may take this unified status. One without groups is open to every agent.
    pub fn may_use(&self, status: &Status) -> bool {
        status.group_ids.is_empty() || status.group_ids.iter().any(|group| self.is_in(*group))
    }
}
