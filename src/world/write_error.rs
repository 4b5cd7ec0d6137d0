//! Why a write is refused.

use super::{AgentId, ChannelName, GroupId, Role, SkillId, StatusId, UserId, WorkItemId};

/// Why a write was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the names say")]
#[non_exhaustive]
pub enum WriteError {
    /// Unified statuses can be set only while omnichannel routing is on.
    #[error("unified statuses can only be set while omnichannel routing is on")]
    RoutingOff,
    /// The Talk state follows the unified status while omnichannel routing is on.
    #[error("the Talk state follows the unified status while omnichannel routing is on")]
    RoutingOn,
    /// No such agent.
    #[error("there is no agent {0}")]
    UnknownAgent(AgentId),
    /// No such unified status.
    #[error("there is no unified status {0}")]
    UnknownStatus(StatusId),
    /// The status belongs to groups that the agent is not in.
    #[error("agent {agent} is in none of the groups of unified status {status}")]
    NotInGroups { agent: AgentId, status: StatusId },
    /// The agent does not have this channel.
    #[error("agent {agent} has no channel {channel}")]
    UnknownChannel {
        agent: AgentId,
        channel: ChannelName,
    },
    /// The channel does not hold this work item.
    #[error("agent {agent} has no work item {item} on {channel}")]
    UnknownWorkItem {
        agent: AgentId,
        channel: ChannelName,
        item: WorkItemId,
    },
    /// The channel already holds this work item.
    #[error("agent {agent} already has work item {item} on {channel}")]
    DuplicateWorkItem {
        agent: AgentId,
        channel: ChannelName,
        item: WorkItemId,
    },
    /// Another agent has this id.
    #[error("there already is an agent {0}")]
    DuplicateAgent(AgentId),
    /// The agent's connection was not lost.
    #[error("agent {0} is not disconnected")]
    NotDisconnected(AgentId),
    /// The event log does not remember the status before the agent was disconnected.
    #[error(
        "the event log does not remember which unified status agent {0} had before it was disconnected"
    )]
    ForgottenStatus(AgentId),
    /// Another unified status has this id.
    #[error("there already is a unified status {0}")]
    DuplicateStatus(StatusId),
    /// A standard status cannot be edited or deleted.
    #[error("unified status {0} is a default one")]
    StandardStatus(StatusId),
    /// Another unified status has this name.
    #[error("there already is a unified status {0:?}")]
    DuplicateStatusName(String),
    /// The account does not have this group.
    #[error("there is no group {0}")]
    UnknownGroup(GroupId),
    /// Another user has this e-mail address.
    #[error("another user has the e-mail address {0:?}")]
    DuplicateEmail(String),
    /// Another token has the same text, which is not shown.
    #[error("another token has the same text")]
    DuplicateToken,
    /// Another OAuth client has this identifier.
    #[error("another OAuth client has the identifier {0:?}")]
    DuplicateClient(String),
    /// The user is an agent, and users of this role have no availability.
    #[error("there is an agent {}, and a user with the role {role} has no availability", user.0)]
    RoleWithoutAvailability { user: UserId, role: Role },
    /// The account does not have this skill.
    #[error("there is no skill {0}")]
    UnknownSkill(SkillId),
}
