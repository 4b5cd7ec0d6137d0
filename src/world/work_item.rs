//! Work items: the tickets, conversations and calls that an agent holds or is offered.

use std::fmt;

use jiff::Timestamp;

use super::Micros;
use super::page::Ordered;
use crate::names::named_enum;

/// The id of a work item, unique within an agent's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkItemId(pub u64);

impl fmt::Display for WorkItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

named_enum! {
    /// Why an agent has a work item.
    #[non_exhaustive]
    pub enum WorkItemReason {
        /// Not known.
        UnknownAdd => "UNKNOWN_ADD",
        /// Assigned by routing.
        Assigned => "ASSIGNED",
        /// Offered and not yet accepted.
        Offered => "OFFERED",
        /// Offered and accepted.
        Accepted => "ACCEPTED",
        /// Assigned by a person.
        ManualAssigned => "MANUAL_ASSIGNED",
        /// Opened again.
        Reopened => "REOPENED",
        /// Transferred from another agent.
        AssignedTransfer => "ASSIGNED_TRANSFER",
        /// Moved here from another channel.
        ChannelChange => "CHANNEL_CHANGE",
        /// Offered and not answered.
        OfferMissed => "OFFER_MISSED",
        /// Offered and since taken back.
        OfferObsoleted => "OFFER_OBSOLETED",
    }
}

named_enum! {
    /// In which order the work items of a channel are listed.
    #[non_exhaustive]
    pub enum WorkItemSort {
        /// The oldest first.
        AddedAt => "added_at",
        /// The newest first.
        AddedAtDescending => "-added_at",
    }
}

/// A work item on an agent's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkItem {
    /// Its id.
    pub id: WorkItemId,
    /// When the agent got it.
    pub added_at: Timestamp,
    /// Why the agent has it.
    pub reason: WorkItemReason,
}

impl WorkItem {
    /// An item that an agent got at this time, for this reason.
    pub fn new(id: WorkItemId, added_at: Timestamp, reason: WorkItemReason) -> Self {
        Self {
            id,
            added_at,
            reason,
        }
    }

    /// The place of the item on its channel: by time, then by id.
    pub(crate) fn arrival(&self) -> Arrival {
        (self.added_at.into(), self.id)
    }
}

pub(crate) type Arrival = (Micros, WorkItemId);

/// Items that are sorted by arrival.
pub(super) struct Arrivals<'a>(pub(super) &'a [WorkItem]);

impl Ordered for Arrivals<'_> {
    type Key = Arrival;
    type Item = WorkItem;

    fn key(item: &WorkItem) -> Arrival {
        item.arrival()
    }

    fn after(&self, key: Option<&Arrival>) -> impl Iterator<Item = WorkItem> {
        let start = key.map_or(0, |key| {
            self.0.partition_point(|item| item.arrival() <= *key)
        });
        self.0[start..].iter().copied()
    }

    fn before(&self, key: Option<&Arrival>) -> impl Iterator<Item = WorkItem> {
        let end = key.map_or(self.0.len(), |key| {
            self.0.partition_point(|item| item.arrival() < *key)
        });
        self.0[..end].iter().rev().copied()
    }
}
