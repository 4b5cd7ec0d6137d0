//! Agents that sign in and out, are idle, lose their connection and reconnect. Unlike updates
//! through Zendesk's API, this works whether or not omnichannel routing is on.

use super::{
    Agent, AgentId, ChannelStatus, Stamp, Status, StatusId, StatusReason, World, WriteError,
};

/// The unified status that an agent gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination {
    /// The status with this id.
    Status(StatusId),
    /// The standard status of this kind.
    Standard(ChannelStatus),
}

impl World {
    /// Puts an agent into a unified status that it may use, and its channels into the statuses that
    /// this maps to.
    pub fn enter(
        &self,
        id: AgentId,
        to: Destination,
        reason: StatusReason,
        stamp: impl Into<Stamp>,
    ) -> Result<Agent, WriteError> {
        self.change(id, stamp, |change| match to {
            Destination::Status(status) => change.take_status(status, reason),
            Destination::Standard(standard) => {
                let id = Status::standard_id(standard);
                let status = change
                    .state
                    .statuses
                    .standard(standard)
                    .ok_or(WriteError::UnknownStatus(id))?;
                change.take_status(status.id, reason)
            }
        })
    }

    /// Reconnects an agent that was disconnected: into this status or, without one, into the status
    /// that it had before, which the event log remembers.
    pub fn reconnect(
        &self,
        id: AgentId,
        to: Option<StatusId>,
        stamp: impl Into<Stamp>,
    ) -> Result<Agent, WriteError> {
        self.change(id, stamp, |change| {
            if change.agent.status.reason != StatusReason::AgentDisconnected {
                return Err(WriteError::NotDisconnected(id));
            }
            let before = || {
                change
                    .state
                    .log
                    .status_before_disconnect(id, change.agent.version)
            };
            let status = to.or_else(before).ok_or(WriteError::ForgottenStatus(id))?;
            change.take_status(status, StatusReason::SwitcherAutoReconnect)
        })
    }
}
