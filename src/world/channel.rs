//! A channel of an agent: its status, its capacity and its work items.

use jiff::Timestamp;

use super::WorkItem;
use crate::names::named_enum;

named_enum! {
    /// A channel that work comes in by. Declared by name, which is the order of an agent's
    /// channels.
    #[non_exhaustive]
    pub enum ChannelName {
        /// Live chat, on accounts that still have it.
        Chat => "chat",
        /// Messaging.
        Messaging => "messaging",
        /// E-mail and other tickets.
        Support => "support",
        /// Phone calls.
        Talk => "talk",
    }
}

named_enum! {
    /// How available an agent is on a channel.
    #[non_exhaustive]
    pub enum ChannelStatus {
        /// Takes work.
        Online => "online",
        /// Takes no new work.
        Away => "away",
        /// Takes work from other agents only.
        TransfersOnly => "transfers_only",
        /// Signed out.
        Offline => "offline",
    }
}

/// A channel of an agent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Channel {
    /// Its name.
    pub name: ChannelName,
    /// How available the agent is on it.
    pub status: ChannelStatus,
    /// How many items the agent may hold on it at once, where that is limited.
    pub max_capacity: Option<u32>,
    /// When its status or capacity last changed.
    pub updated_at: Timestamp,
    /// Its work items in order of arrival. There may be more than `max_capacity`.
    pub work_items: Vec<WorkItem>,
}

impl Channel {
    /// A channel without a limit and without work, which got this status at this time.
    pub fn new(name: ChannelName, status: ChannelStatus, updated_at: Timestamp) -> Self {
        Self {
            name,
            status,
            max_capacity: None,
            updated_at,
            work_items: Vec::new(),
        }
    }
}
