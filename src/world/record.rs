//! An agent as the world keeps it: packed into one allocation, shared, and never changed. [`Agent`]
//! is the same as a value that can be edited. Every write unpacks a record and packs the result.
//!
//! An agent is a row of 64-bit words, without a pointer for each channel and item. Measured with
//! 200,000 generated agents as resident memory: a world takes 400 bytes an agent, its index
//! included, where the agents alone as `Arc<Agent>` take 652.
//!
//! `triomphe` keeps header and words in one allocation. With `Arc` around a boxed slice, a world
//! takes 431 bytes an agent, and pages at random places among a million agents take longer: of 100
//! agents 72 and not 69 µs, of 20 by status 24 and not 22 µs.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use triomphe::ThinArc;

use super::slots::Slot;
use super::{
    Agent, AgentId, AgentStatus, Channel, ChannelName, ChannelStatus, GroupId, Micros, SkillId,
    Status, StatusReason, Talk, WorkItem, WorkItemId, WorkItemReason,
};

/// An agent at one instant. Two records of an agent are identical ([`Record::is`]) only if no write
/// came between them.
#[derive(Clone)]
pub(crate) struct Record(ThinArc<RecordHeader, u64>);

struct RecordHeader {
    id: AgentId,
    version: u64,
    status: Arc<Status>,
    updated_at: Micros,
    skills: Option<Arc<[SkillId]>>,
    /// None for the default, which nearly all agents have.
    talk: Option<Box<Talk>>,
    /// The number of groups, if they are known. They are the first words.
    groups: Option<u32>,
    /// The slot of the agent when the record was written. Other agents may have moved it since.
    slot: AtomicU32,
    reason: StatusReason,
}

/// A channel begins with: number of items, name and status; capacity; time of its last change.
const CHANNEL_WORDS: usize = 3;
/// A work item is its id, and its time together with its reason.
const ITEM_WORDS: usize = 2;
const NO_CAPACITY: u64 = u64::MAX;
const REASON_BITS: u32 = 4;
const _: () = assert!(WorkItemReason::ALL.len() <= 1 << REASON_BITS);

impl Record {
    pub(super) fn pack(agent: &Agent) -> Self {
        let Agent {
            id,
            version,
            status:
                AgentStatus {
                    status,
                    reason,
                    updated_at,
                },
            channels,
            groups,
            skills,
            talk,
        } = agent;
        let group_ids = groups.as_deref().unwrap_or_default();
        let items: usize = channels
            .iter()
            .map(|channel| channel.work_items.len())
            .sum();
        let size = group_ids.len() + channels.len() * CHANNEL_WORDS + items * ITEM_WORDS;
        let mut words = Vec::with_capacity(size);
        words.extend(group_ids.iter().map(|group| group.0));
        for channel in channels {
            let Channel {
                name,
                status,
                max_capacity,
                updated_at,
                work_items,
            } = channel;
            let kind = (*name as u64) << 8 | *status as u64;
            words.push((work_items.len() as u64) << 16 | kind);
            words.push(max_capacity.map_or(NO_CAPACITY, u64::from));
            words.push(Micros::from(*updated_at).0.cast_unsigned());
            words.extend(work_items.iter().flat_map(|item| ItemRecord::from(*item).0));
        }
        let head = RecordHeader {
            id: *id,
            version: *version,
            status: Arc::clone(status),
            updated_at: (*updated_at).into(),
            skills: skills.clone(),
            talk: (*talk != Talk::default()).then(|| Box::new(talk.cut_to_micros())),
            // A request or seed with more groups does not fit into memory.
            groups: groups
                .as_ref()
                .map(|groups| u32::try_from(groups.len()).unwrap_or(u32::MAX)),
            slot: AtomicU32::new(Slot::MAX),
            reason: *reason,
        };
        Self(ThinArc::from_header_and_slice(head, &words))
    }

    pub(super) fn unpack(&self) -> Agent {
        let channels = self.channels().map(|channel| Channel {
            name: channel.name(),
            status: channel.status(),
            max_capacity: channel.max_capacity(),
            updated_at: channel.updated_at().into(),
            work_items: channel.items().map(ItemRecord::unpack).collect(),
        });
        let head = self.head();
        Agent {
            id: head.id,
            version: head.version,
            status: AgentStatus {
                status: Arc::clone(&head.status),
                reason: head.reason,
                updated_at: head.updated_at.into(),
            },
            channels: channels.collect(),
            groups: self.groups().map(Iterator::collect),
            skills: head.skills.clone(),
            talk: head.talk.as_deref().cloned().unwrap_or_default(),
        }
    }

    fn head(&self) -> &RecordHeader {
        &self.0.header.header
    }

    pub(crate) fn id(&self) -> AgentId {
        self.head().id
    }

    pub(crate) fn version(&self) -> u64 {
        self.head().version
    }

    pub(crate) fn status(&self) -> &Status {
        &self.head().status
    }

    pub(crate) fn reason(&self) -> StatusReason {
        self.head().reason
    }

    /// When the agent's unified status was last set.
    pub(crate) fn updated_at(&self) -> Micros {
        self.head().updated_at
    }

    pub(crate) fn skills(&self) -> Option<&[SkillId]> {
        self.head().skills.as_deref()
    }

    /// The Talk data of the agent, unless it is the default.
    pub(super) fn talk(&self) -> Option<&Talk> {
        self.head().talk.as_deref()
    }

    pub(crate) fn groups(&self) -> Option<impl ExactSizeIterator<Item = GroupId> + Clone> {
        self.head()
            .groups
            .map(|_| self.split().0.iter().map(|id| GroupId(*id)))
    }

    /// The channels, by name.
    pub(crate) fn channels(&self) -> Channels<'_> {
        Channels(self.split().1)
    }

    pub(super) fn channel(&self, name: ChannelName) -> Option<ChannelRecord<'_>> {
        self.channels().find(|channel| channel.name() == name)
    }

    /// The words of the groups, and the words of the channels.
    fn split(&self) -> (&[u64], &[u64]) {
        self.0
            .slice
            .split_at(self.head().groups.unwrap_or(0) as usize)
    }

    /// The slot that was noted last.
    pub(super) fn noted_slot(&self) -> Slot {
        self.head().slot.load(Ordering::Relaxed)
    }

    /// Notes the slot of the record in the index. It is not part of the agent.
    pub(super) fn note_slot(&self, slot: Slot) {
        self.head().slot.store(slot, Ordering::Relaxed);
    }

    /// Whether this is the same record, not only an equal one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.heap_ptr() == other.0.heap_ptr()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.unpack().fmt(f)
    }
}

/// The channels of a record.
#[derive(Clone)]
pub(crate) struct Channels<'a>(&'a [u64]);

impl<'a> Iterator for Channels<'a> {
    type Item = ChannelRecord<'a>;

    fn next(&mut self) -> Option<ChannelRecord<'a>> {
        let (head, rest) = self.0.split_first_chunk::<CHANNEL_WORDS>()?;
        let (items, rest) = rest.split_at((head[0] >> 16) as usize * ITEM_WORDS);
        self.0 = rest;
        Some(ChannelRecord { head, items })
    }
}

/// A channel of a record.
#[derive(Clone, Copy)]
pub(crate) struct ChannelRecord<'a> {
    head: &'a [u64; CHANNEL_WORDS],
    items: &'a [u64],
}

impl<'a> ChannelRecord<'a> {
    pub(crate) fn name(self) -> ChannelName {
        ChannelName::ALL[usize::from(self.head[0].to_le_bytes()[1])]
    }

    pub(crate) fn status(self) -> ChannelStatus {
        ChannelStatus::ALL[usize::from(self.head[0].to_le_bytes()[0])]
    }

    pub(crate) fn max_capacity(self) -> Option<u32> {
        u32::try_from(self.head[1]).ok()
    }

    pub(crate) fn updated_at(self) -> Micros {
        Micros(self.head[2].cast_signed())
    }

    /// The work items in order of arrival.
    pub(crate) fn items(self) -> impl ExactSizeIterator<Item = ItemRecord> + Clone + use<'a> {
        self.items
            .as_chunks::<ITEM_WORDS>()
            .0
            .iter()
            .map(|words| ItemRecord(*words))
    }

    /// How many more work items fit: 0 for an agent over capacity, `None` without a limit.
    pub(super) fn remaining_capacity(self) -> Option<u64> {
        let held = self.items().len() as u64;
        self.max_capacity()
            .map(|capacity| u64::from(capacity).saturating_sub(held))
    }

    /// How many work items are over the capacity: 0 without a limit.
    pub(super) fn overload(self) -> u64 {
        let held = self.items().len() as u64;
        self.max_capacity()
            .map_or(0, |capacity| held.saturating_sub(capacity.into()))
    }
}

/// A work item of a record.
#[derive(Clone, Copy)]
pub(crate) struct ItemRecord([u64; ITEM_WORDS]);

impl From<WorkItem> for ItemRecord {
    fn from(item: WorkItem) -> Self {
        let WorkItem {
            id,
            added_at,
            reason,
        } = item;
        let added_at = Micros::from(added_at).0.cast_unsigned();
        Self([id.0, added_at << REASON_BITS | reason as u64])
    }
}

impl ItemRecord {
    pub(crate) fn id(self) -> WorkItemId {
        WorkItemId(self.0[0])
    }

    pub(crate) fn added_at(self) -> Micros {
        Micros(self.0[1].cast_signed() >> REASON_BITS)
    }

    pub(crate) fn reason(self) -> WorkItemReason {
        WorkItemReason::ALL[usize::from(self.0[1].to_le_bytes()[0] & ((1 << REASON_BITS) - 1))]
    }

    pub(super) fn unpack(self) -> WorkItem {
        WorkItem {
            id: self.id(),
            added_at: Timestamp::from(self.added_at()),
            reason: self.reason(),
        }
    }
}
