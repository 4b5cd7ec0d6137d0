//! The events of an account, in order. The log is bounded and says how much it has dropped.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::WorkItemReason;
use super::watch::Waiters;
use super::work_item::Arrival;
use super::{
    AgentId, AgentStatus, ChannelName, ChannelStatus, GroupId, Stamp, StatusId, StatusReason,
    WorkItem, WorkItemId,
};

/// How many events an account's log holds.
const CAPACITY: usize = 10_000;

/// A change in an account.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// 1 for the first event of the account, and so on without gaps.
    pub sequence: u64,
    /// When it happened.
    pub time: Timestamp,
    /// What the caller who made it calls itself, if it does.
    pub source: Option<Arc<str>>,
    /// The agent or the account that changed.
    pub subject: Subject,
    /// What changed.
    pub kind: EventKind,
}

impl Event {
    /// About how many values it has when it is written out.
    pub(crate) fn size(&self) -> usize {
        match &self.kind {
            EventKind::GroupsUpdated { previous, new } => 1 + previous.len() + new.len(),
            _ => 1,
        }
    }
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// An agent.
    Agent {
        /// Its id.
        id: AgentId,
        /// Its version after this event.
        version: u64,
    },
    /// The account as a whole.
    Account,
}

/// A unified status at the time of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusSnapshot {
    /// Its id.
    pub id: StatusId,
    /// Its name.
    pub name: Arc<str>,
    /// Why the agent was in it.
    pub reason: StatusReason,
}

impl StatusSnapshot {
    /// A status with this name, which an agent was in for this reason.
    pub fn new(id: StatusId, name: impl Into<Arc<str>>, reason: StatusReason) -> Self {
        Self {
            id,
            name: name.into(),
            reason,
        }
    }
}

impl From<&AgentStatus> for StatusSnapshot {
    fn from(agent: &AgentStatus) -> Self {
        Self {
            id: agent.status.id,
            name: Arc::clone(&agent.status.name),
            reason: agent.reason,
        }
    }
}

/// What changed.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are what the names say")]
#[non_exhaustive]
pub enum EventKind {
    /// An agent's status on a channel changed.
    StateChanged {
        channel: ChannelName,
        previous: ChannelStatus,
        new: ChannelStatus,
    },
    /// An agent's unified status was set, to another or to the same again.
    UnifiedStateChanged {
        previous: StatusSnapshot,
        new: StatusSnapshot,
    },
    /// An agent got a work item.
    WorkItemAdded {
        channel: ChannelName,
        item: WorkItem,
    },
    /// A work item changed its reason.
    WorkItemUpdated {
        channel: ChannelName,
        item: WorkItem,
        previous_reason: WorkItemReason,
    },
    /// An agent no longer has a work item.
    WorkItemRemoved {
        channel: ChannelName,
        item: WorkItem,
    },
    /// The capacity of an agent's channel changed.
    MaxCapacityChanged {
        channel: ChannelName,
        previous: Option<u32>,
        new: Option<u32>,
    },
    /// An agent got a channel.
    ChannelCreated { channel: ChannelName },
    /// An agent lost a channel and the work items on it.
    ChannelDeleted { channel: ChannelName },
    /// An agent's groups changed.
    GroupsUpdated {
        previous: Vec<GroupId>,
        new: Vec<GroupId>,
    },
    /// Omnichannel routing was switched.
    OmnichannelRoutingFeatureChanged { previous: bool, current: bool },
}

/// The newest events of an account.
#[derive(Debug, Default)]
pub(super) struct EventLog {
    events: VecDeque<Arc<Event>>,
    last_sequence: u64,
    pub(super) waiters: Waiters,
}

/// Some events of a log, and how far the log reaches.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EventPage {
    /// The events, oldest first.
    pub events: Vec<Arc<Event>>,
    /// The sequence number of the oldest event that the log still holds, if it holds any.
    pub first: Option<u64>,
    /// The sequence number of the newest event; 0 before the first.
    pub last: u64,
    /// How many events the log no longer holds.
    pub dropped: u64,
}

impl EventLog {
    pub(super) fn push(&mut self, stamp: &Stamp, subject: Subject, kind: EventKind) {
        if self.events.len() == CAPACITY {
            self.events.pop_front();
        }
        self.last_sequence += 1;
        self.events.push_back(Arc::new(Event {
            sequence: self.last_sequence,
            time: stamp.time,
            source: stamp.source.clone(),
            subject,
            kind,
        }));
    }

    /// The events that are still there, oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        self.events.iter()
    }

    /// The sequence number of the newest event; 0 before the first.
    pub(super) fn last_sequence(&self) -> u64 {
        self.last_sequence
    }

    /// The first `limit` events after this one that match.
    pub(super) fn page(
        &self,
        after: u64,
        limit: usize,
        matches: impl Fn(&Event) -> bool,
    ) -> EventPage {
        let dropped = self.last_sequence - self.events.len() as u64;
        let seen = usize::try_from(after.saturating_sub(dropped)).unwrap_or(usize::MAX);
        let events = self
            .events
            .iter()
            .skip(seen)
            .filter(|event| matches(event))
            .take(limit)
            .cloned()
            .collect();
        let first = self.events.front().map(|event| event.sequence);
        EventPage {
            events,
            first,
            last: self.last_sequence,
            dropped,
        }
    }

    /// When a work item that has since left this channel came to it.
    pub(super) fn arrival_of_departed(
        &self,
        agent: AgentId,
        name: ChannelName,
        id: WorkItemId,
    ) -> Option<Arrival> {
        self.events
            .iter()
            .rev()
            .find_map(|event| match (event.subject, &event.kind) {
                (Subject::Agent { id: of, .. }, EventKind::WorkItemRemoved { channel, item })
                    if of == agent && *channel == name && item.id == id =>
                {
                    Some(item.arrival())
                }
                _ => None,
            })
    }

    /// The unified status that an agent had before it was disconnected. `current` is its version.
    pub(super) fn status_before_disconnect(
        &self,
        agent: AgentId,
        current: u64,
    ) -> Option<StatusId> {
        let mut changes =
            self.events
                .iter()
                .rev()
                .filter_map(|event| match (event.subject, &event.kind) {
                    // A later version belongs to a deleted agent that had the same id.
                    (
                        Subject::Agent { id, version },
                        EventKind::UnifiedStateChanged { previous, new },
                    ) if id == agent && version <= current => Some((previous, new)),
                    _ => None,
                });
        // The agent may have been disconnected several times in a row.
        let lost = |status: &StatusSnapshot| status.reason == StatusReason::AgentDisconnected;
        let first = changes
            .by_ref()
            .take_while(|(_, new)| lost(new))
            .find(|(previous, _)| !lost(previous));
        first.map(|(previous, _)| previous.id)
    }
}
