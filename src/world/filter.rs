//! Which agents to list, and the walk over those.

use std::borrow::Cow;

use super::index::{Facet, Index, rung};
use super::page::Ordered;
use super::slots::{Bits, Intersection, Slot, SlotSet, are_few};
use super::{AgentId, ChannelName, ChannelRecord, ChannelStatus, GroupId, Record, SkillId, StatusId};

/// Which agents to list. A condition that is `None` holds for all; its values mean "any of"; conditions are combined
/// with "and".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentFilter {
    /// Has this status on this channel.
    pub channel_status: Option<Vec<(ChannelName, ChannelStatus)>>,
    /// Is in this unified status.
    pub agent_status: Option<Vec<StatusId>>,
    /// Is this agent.
    pub agent: Option<Vec<AgentId>>,
    /// Is known to be in this group.
    pub group: Option<Vec<GroupId>>,
    /// Is known to have this skill.
    pub skill: Option<Vec<SkillId>>,
    /// Has at least so many free slots on this channel. A channel without a capacity never matches.
    pub remaining_capacity: Option<Vec<(ChannelName, u64)>>,
    /// Has this channel.
    pub channel: Option<Vec<ChannelName>>,
}

impl AgentFilter {
    /// For each condition but that on ids, the facets of which an agent has to have one.
    fn conditions(&self) -> impl Iterator<Item = Vec<Facet>> {
        fn facets<T: Clone>(values: Option<&Vec<T>>, facet: impl Fn(T) -> Facet) -> Option<Vec<Facet>> {
            values.map(|values| values.iter().cloned().map(facet).collect())
        }
        let on_channel = |name: ChannelName| ChannelStatus::ALL.iter().map(move |status| Facet::Channel(name, *status));
        let conditions = [
            facets(self.channel_status.as_ref(), |(name, status)| Facet::Channel(name, status)),
            facets(self.agent_status.as_ref(), Facet::Status),
            facets(self.group.as_ref(), Facet::Group),
            facets(self.skill.as_ref(), Facet::Skill),
            facets(self.remaining_capacity.as_ref(), |(name, wanted)| Facet::Room(name, rung(wanted).0)),
            self.channel.as_ref().map(|names| names.iter().copied().flat_map(on_channel).collect()),
        ];
        conditions.into_iter().flatten()
    }

    /// Whether an agent that has what the sets can tell meets the condition that they cannot tell exactly.
    fn has_room(&self, record: &Record) -> bool {
        self.remaining_capacity.as_ref().is_none_or(|conditions| {
            conditions.iter().any(|(name, wanted)| {
                let remaining = record.channel(*name).and_then(ChannelRecord::remaining_capacity);
                remaining.is_some_and(|remaining| remaining >= *wanted)
            })
        })
    }
}

/// The agents that a filter lets through, by id.
pub(super) struct Matching<'a> {
    index: &'a Index,
    /// The filter, unless the sets tell everything.
    inexact: Option<&'a AgentFilter>,
    walk: Walk<'a>,
}

enum Walk<'a> {
    /// One condition leaves few agents: these are tried one by one against the others.
    Few { slots: Cow<'a, [Slot]>, others: Vec<Vec<&'a SlotSet>> },
    /// No condition does: all are combined word by word.
    Many(Intersection<'a>),
}

impl<'a> Matching<'a> {
    pub(super) fn new(index: &'a Index, filter: &'a AgentFilter) -> Self {
        let mut conditions: Vec<Vec<&SlotSet>> =
            filter.conditions().map(|facets| facets.iter().filter_map(|facet| index.having(facet)).collect()).collect();
        let members = |sets: &Vec<&SlotSet>| sets.iter().map(|set| set.len()).sum::<usize>();
        let walk = if let Some(ids) = &filter.agent {
            let slots = sorted(ids.iter().filter_map(|id| index.slot(*id)).collect());
            Walk::Few { slots: slots.into(), others: conditions }
        } else {
            let smallest = (0..conditions.len()).min_by_key(|at| members(&conditions[*at]));
            match smallest.filter(|at| are_few(members(&conditions[*at]), index.len())) {
                Some(at) => Walk::Few { slots: listed(&conditions.swap_remove(at)), others: conditions },
                None => Walk::Many(Intersection {
                    slots: index.len(),
                    unions: conditions.iter().map(|sets| sets.iter().copied().map(as_bits).collect()).collect(),
                }),
            }
        };
        let rooms = filter.remaining_capacity.iter().flatten();
        let is_exact = { rooms }.all(|(_, wanted)| rung(*wanted).1);
        Self { index, inexact: (!is_exact).then_some(filter), walk }
    }

    fn next(&self, from: Slot) -> Option<Slot> {
        match &self.walk {
            Walk::Few { slots, others } => {
                let start = slots.partition_point(|slot| *slot < from);
                slots[start..].iter().copied().find(|slot| are_in(*slot, others))
            }
            Walk::Many(intersection) => intersection.next(from),
        }
    }

    fn previous(&self, to: Slot) -> Option<Slot> {
        match &self.walk {
            Walk::Few { slots, others } => {
                let end = slots.partition_point(|slot| *slot < to);
                slots[..end].iter().rev().copied().find(|slot| are_in(*slot, others))
            }
            Walk::Many(intersection) => intersection.previous(to),
        }
    }

    fn record(&self, slot: Slot) -> Option<Record> {
        let record = self.index.record(slot);
        self.inexact.is_none_or(|filter| filter.has_room(record)).then(|| record.clone())
    }
}

/// Whether a slot meets every condition.
fn are_in(slot: Slot, conditions: &[Vec<&SlotSet>]) -> bool {
    conditions.iter().all(|sets| sets.iter().any(|set| set.contains(slot)))
}

/// The members of sets that are few.
fn listed<'a>(sets: &[&'a SlotSet]) -> Cow<'a, [Slot]> {
    match sets {
        [SlotSet::Few(list)] => Cow::Borrowed(list),
        sets => Cow::Owned(sorted(sets.iter().flat_map(|set| set.iter()).collect())),
    }
}

fn sorted(mut slots: Vec<Slot>) -> Vec<Slot> {
    slots.sort_unstable();
    slots.dedup();
    slots
}

fn as_bits(set: &SlotSet) -> Cow<'_, Bits> {
    match set {
        SlotSet::Few(list) => Cow::Owned(list.iter().copied().collect()),
        SlotSet::Many(bits) => Cow::Borrowed(bits),
    }
}

impl Ordered for Matching<'_> {
    type Key = AgentId;
    type Item = Record;

    fn key(record: &Record) -> AgentId {
        record.id()
    }

    fn after(&self, key: Option<&AgentId>) -> impl Iterator<Item = Record> {
        let start =
            key.map_or(0, |key| key.0.checked_add(1).map_or(Slot::MAX, |next| self.index.slot_from(AgentId(next))));
        let slots = std::iter::successors(self.next(start), |slot| self.next(slot + 1));
        slots.filter_map(|slot| self.record(slot))
    }

    fn before(&self, key: Option<&AgentId>) -> impl Iterator<Item = Record> {
        let end = key.map_or_else(|| self.index.end(), |key| self.index.slot_from(*key));
        let slots = std::iter::successors(self.previous(end), |slot| self.previous(*slot));
        slots.filter_map(|slot| self.record(slot))
    }
}
