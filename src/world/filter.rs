//! The filters of a list of agents, and the walk over the agents that match.

use std::borrow::Cow;

use super::bucket::Bucket;
use super::index::Index;
use super::page::Ordered;
use super::slots::{Bits, Intersection, Slot, SlotSet, are_few};
use super::{
    AgentId, ChannelName, ChannelRecord, ChannelStatus, GroupId, Record, SkillId, StatusId,
};
use crate::setters::with_setters;

with_setters! {
    /// Which agents Zendesk's list has. An agent has to meet every condition that is not `None`. Any
    /// of the values of a condition is enough.
    pub struct AgentFilter {
        /// Has this status on this channel.
        pub channel_status: Option<Vec<(ChannelName, ChannelStatus)>>,
        /// Has this channel, and at most this many work items on it.
        pub work_items_count: Option<Vec<(ChannelName, u64)>>,
        /// Has at least this many free slots on this channel. A channel without a capacity never
        /// matches.
        pub remaining_capacity: Option<Vec<(ChannelName, u64)>>,
        /// Is in this unified status.
        pub agent_status: Option<Vec<StatusId>>,
        /// Is in a unified status that the agent shows under this name.
        pub agent_status_name: Option<Vec<String>>,
        /// Is known to be in this group.
        pub group: Option<Vec<GroupId>>,
        /// Is known to have this skill.
        pub skill: Option<Vec<SkillId>>,
        /// Is this agent.
        pub agent: Option<Vec<AgentId>>,
    }
}

/// A condition of a filter: the agent has to be in one of these sets.
type Condition<'a> = Vec<&'a SlotSet>;

impl AgentFilter {
    /// The conditions except the one on ids.
    fn conditions<'a>(&self, index: &'a Index) -> Vec<Condition<'a>> {
        fn sets<'a, 'v, T, S: IntoIterator<Item = &'a SlotSet>>(
            values: Option<&'v Vec<T>>,
            of: impl Fn(&'v T) -> S,
        ) -> Option<Condition<'a>> {
            let mut sets: Condition<'a> = values?.iter().flat_map(of).collect();
            // A request may name thousands of values, and one value many times.
            sets.sort_unstable_by_key(|set| std::ptr::from_ref(*set).addr());
            sets.dedup_by_key(|set| std::ptr::from_ref(*set).addr());
            Some(sets)
        }
        let few_items = |(name, most): &(ChannelName, u64)| match Bucket::at_most(*most) {
            Some(bucket) => index.with_work_items(*name, &bucket).into_iter().collect(),
            None => ChannelStatus::ALL
                .iter()
                .map(|status| index.on_channel(*name, *status))
                .collect::<Vec<_>>(),
        };
        let conditions = [
            sets(self.channel_status.as_ref(), |(name, status)| {
                [index.on_channel(*name, *status)]
            }),
            sets(self.work_items_count.as_ref(), few_items),
            sets(self.remaining_capacity.as_ref(), |(name, least)| {
                index.with_capacity(*name, &Bucket::at_least(*least))
            }),
            sets(self.agent_status.as_ref(), |id| index.in_status(*id)),
            sets(self.agent_status_name.as_ref(), |name| {
                index.in_status_named(name)
            }),
            sets(self.group.as_ref(), |id| index.in_group(*id)),
            sets(self.skill.as_ref(), |id| index.with_skill(id)),
        ];
        conditions.into_iter().flatten().collect()
    }

    /// Whether the sets hold other agents as well, because the bound of a bucket is not the one of
    /// the filter.
    fn is_inexact(&self) -> bool {
        let mut least = self.remaining_capacity.iter().flatten();
        let mut most = self.work_items_count.iter().flatten();
        least.any(|(_, least)| !Bucket::at_least(*least).is_exact)
            || most.any(|(_, most)| Bucket::at_most(*most).is_none_or(|bucket| !bucket.is_exact))
    }

    /// Whether an agent from the sets meets the conditions on counts.
    fn meets_counts(&self, record: &Record) -> bool {
        let any = |conditions: &Option<Vec<(ChannelName, u64)>>,
                   meets: fn(ChannelRecord<'_>, u64) -> bool| {
            conditions.as_ref().is_none_or(|conditions| {
                conditions.iter().any(|(name, count)| {
                    record
                        .channel(*name)
                        .is_some_and(|channel| meets(channel, *count))
                })
            })
        };
        any(&self.remaining_capacity, |channel, least| {
            channel
                .remaining_capacity()
                .is_some_and(|remaining| remaining >= least)
        }) && any(&self.work_items_count, |channel, most| {
            channel.items().len() as u64 <= most
        })
    }
}

/// The agents that a filter matches, by id.
pub(super) struct MatchingAgents<'a> {
    index: &'a Index,
    /// The filter, if the sets hold other agents as well.
    inexact: Option<&'a AgentFilter>,
    walk: Walk<'a>,
}

enum Walk<'a> {
    /// One condition has few agents: each is checked against the other conditions.
    Few {
        slots: Cow<'a, [Slot]>,
        others: Vec<Condition<'a>>,
    },
    /// Every condition has many agents: the sets are intersected word by word.
    Many(Intersection<'a>),
}

impl<'a> MatchingAgents<'a> {
    pub(super) fn new(index: &'a Index, filter: &'a AgentFilter) -> Self {
        let mut conditions = filter.conditions(index);
        let members = |sets: &Condition<'_>| sets.iter().map(|set| set.len()).sum::<usize>();
        let walk = if let Some(ids) = &filter.agent {
            let slots = sorted(ids.iter().filter_map(|id| index.slot(*id)).collect());
            Walk::Few {
                slots: slots.into(),
                others: conditions,
            }
        } else {
            let smallest = (0..conditions.len()).min_by_key(|at| members(&conditions[*at]));
            match smallest.filter(|at| are_few(members(&conditions[*at]), index.len())) {
                Some(at) => Walk::Few {
                    slots: listed(&conditions.swap_remove(at)),
                    others: conditions,
                },
                None => Walk::Many(Intersection {
                    slots: index.len(),
                    unions: conditions.iter().map(union).collect(),
                }),
            }
        };
        Self {
            index,
            inexact: filter.is_inexact().then_some(filter),
            walk,
        }
    }

    fn next(&self, from: Slot) -> Option<Slot> {
        match &self.walk {
            Walk::Few { slots, others } => {
                let start = slots.partition_point(|slot| *slot < from);
                slots[start..]
                    .iter()
                    .copied()
                    .find(|slot| meets_all(*slot, others))
            }
            Walk::Many(intersection) => intersection.next(from),
        }
    }

    fn previous(&self, to: Slot) -> Option<Slot> {
        match &self.walk {
            Walk::Few { slots, others } => {
                let end = slots.partition_point(|slot| *slot < to);
                slots[..end]
                    .iter()
                    .rev()
                    .copied()
                    .find(|slot| meets_all(*slot, others))
            }
            Walk::Many(intersection) => intersection.previous(to),
        }
    }

    fn matching_record(&self, slot: Slot) -> Option<Record> {
        let record = self.index.record(slot);
        self.inexact
            .is_none_or(|filter| filter.meets_counts(record))
            .then(|| record.clone())
    }
}

/// Whether a slot meets every condition.
fn meets_all(slot: Slot, conditions: &[Condition<'_>]) -> bool {
    conditions
        .iter()
        .all(|sets| sets.iter().any(|set| set.contains(slot)))
}

/// The members of small sets, in order.
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

/// The sets of a condition as bits. All lists together become one set.
fn union<'a>(sets: &Condition<'a>) -> Vec<Cow<'a, Bits>> {
    let (mut lists, mut union) = (Vec::new(), Vec::new());
    for set in sets {
        match *set {
            SlotSet::Few(list) => lists.push(list),
            SlotSet::Many(bits) => union.push(Cow::Borrowed(bits)),
        }
    }
    if !lists.is_empty() {
        union.push(Cow::Owned(lists.into_iter().flatten().copied().collect()));
    }
    union
}

impl Ordered for MatchingAgents<'_> {
    type Key = AgentId;
    type Item = Record;

    fn key(record: &Record) -> AgentId {
        record.id()
    }

    fn after(&self, key: Option<&AgentId>) -> impl Iterator<Item = Record> {
        let start = key.map_or(0, |key| {
            key.0
                .checked_add(1)
                .map_or(Slot::MAX, |next| self.index.slot_from(AgentId(next)))
        });
        let slots = std::iter::successors(self.next(start), |slot| self.next(slot + 1));
        slots.filter_map(|slot| self.matching_record(slot))
    }

    fn before(&self, key: Option<&AgentId>) -> impl Iterator<Item = Record> {
        let end = key.map_or_else(|| self.index.end(), |key| self.index.slot_from(*key));
        let slots = std::iter::successors(self.previous(end), |slot| self.previous(*slot));
        slots.filter_map(|slot| self.matching_record(slot))
    }
}
