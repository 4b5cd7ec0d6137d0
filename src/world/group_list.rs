//! Lists of groups, and of the memberships of agents in them.

use std::collections::BTreeMap;

use super::page::{self, Ordered};
use super::slots::SlotSet;
use super::{AgentFilter, AgentId, Group, GroupId, Index, Page, Position, Record, UserId, World};

/// That an agent is in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// The agent.
    pub agent: AgentId,
    /// The group.
    pub group: GroupId,
}

/// A page of some groups, by ascending id.
pub fn page_of_groups(
    groups: &BTreeMap<GroupId, Group>,
    position: &Position<GroupId>,
    limit: usize,
) -> Page<GroupId> {
    page::select_entries(groups, |_| true, position, limit).map(|(id, _)| *id)
}

impl World {
    /// How many agents are in a group.
    pub fn group_size(&self, id: GroupId) -> usize {
        let state = self.read();
        state.index.in_group(id).map_or(0, SlotSet::len)
    }

    /// A page of the agents of a group, as users, by ascending id.
    pub fn users_in(
        &self,
        group: GroupId,
        position: &Position<UserId>,
        limit: usize,
    ) -> Page<UserId> {
        let filter = AgentFilter {
            group: Some(vec![group]),
            ..AgentFilter::default()
        };
        let position = match position {
            Position::First => Position::First,
            Position::After(id) => Position::After(id.as_agent()),
            Position::Before(id) => Position::Before(id.as_agent()),
        };
        self.records(&filter, &position, limit)
            .map(|record| UserId(record.id().0))
    }

    /// How many memberships there are.
    pub fn membership_count(&self) -> usize {
        self.read().index.group_sizes().sum()
    }

    /// A page of all memberships, by ascending ids of their agents and then of their groups.
    pub fn memberships(&self, position: &Position<Membership>, limit: usize) -> Page<Membership> {
        page::select(&Memberships(&self.read().index), position, limit)
    }
}

struct Memberships<'a>(&'a Index);

/// The memberships of an agent, by group.
fn of_record(record: &Record) -> Vec<Membership> {
    let agent = record.id();
    let groups = record.groups().into_iter().flatten();
    let mut memberships: Vec<_> = groups.map(|group| Membership { agent, group }).collect();
    memberships.sort_unstable();
    memberships
}

impl Ordered for Memberships<'_> {
    type Key = Membership;
    type Item = Membership;

    fn key(item: &Membership) -> Membership {
        *item
    }

    fn after(&self, key: Option<&Membership>) -> impl Iterator<Item = Membership> {
        let key = key.copied();
        let start = key.map_or(0, |key| self.0.slot_from(key.agent));
        let records = self.0.records().get(start as usize..).unwrap_or_default();
        let memberships = records.iter().flat_map(of_record);
        memberships.filter(move |membership| Some(*membership) > key)
    }

    fn before(&self, key: Option<&Membership>) -> impl Iterator<Item = Membership> {
        let key = key.copied();
        let records = self.0.records();
        let end = key.map_or(records.len(), |key| {
            self.0.slot_from(key.agent) as usize + 1
        });
        let records = records.get(..end).unwrap_or(records).iter().rev();
        let memberships = records.flat_map(|record| of_record(record).into_iter().rev());
        memberships.filter(move |membership| key.is_none_or(|key| *membership < key))
    }
}
