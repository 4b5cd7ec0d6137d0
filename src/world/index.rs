//! The order of agents, and which of them a filter lets through.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use dashmap::DashMap;

use super::page::Ordered;
use super::{Agent, AgentId, Channel, ChannelName, ChannelStatus, GroupId, SkillId, StatusId};

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
    /// Whether the agent meets every condition.
    pub fn matches(&self, agent: &Agent) -> bool {
        any_of(self.agent.as_deref(), |id| agent.id == *id)
            && any_of(self.agent_status.as_deref(), |id| agent.status.status.id == *id)
            && any_of(self.channel_status.as_deref(), |(name, status)| {
                agent.channel(*name).is_some_and(|channel| channel.status == *status)
            })
            && any_of(self.channel.as_deref(), |name| agent.channel(*name).is_some())
            && any_of(self.group.as_deref(), |group| agent.is_in(*group))
            && any_of(self.skill.as_deref(), |skill| agent.skills.as_ref().is_some_and(|skills| skills.contains(skill)))
            && any_of(self.remaining_capacity.as_deref(), |(name, wanted)| {
                let remaining = agent.channel(*name).and_then(Channel::remaining_capacity);
                remaining.is_some_and(|remaining| remaining >= *wanted)
            })
    }
}

fn any_of<T>(values: Option<&[T]>, holds: impl Fn(&T) -> bool) -> bool {
    values.is_none_or(|values| values.iter().any(holds))
}

/// The ids of all agents, in order.
#[derive(Debug)]
pub(super) struct Index(BTreeSet<AgentId>);

impl FromIterator<AgentId> for Index {
    fn from_iter<I: IntoIterator<Item = AgentId>>(ids: I) -> Self {
        Self(ids.into_iter().collect())
    }
}

impl Index {
    pub(super) fn insert(&mut self, id: AgentId) {
        self.0.insert(id);
    }

    pub(super) fn remove(&mut self, id: AgentId) {
        self.0.remove(&id);
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = AgentId> {
        self.0.iter().copied()
    }
}

/// The agents that a filter lets through, by id. Borrowing the index holds off writers, so what the filter saw of an
/// agent is what the page shows.
pub(super) struct Matching<'a> {
    index: &'a Index,
    agents: &'a DashMap<AgentId, Arc<Agent>>,
    filter: &'a AgentFilter,
}

impl<'a> Matching<'a> {
    pub(super) fn new(index: &'a Index, agents: &'a DashMap<AgentId, Arc<Agent>>, filter: &'a AgentFilter) -> Self {
        Self { index, agents, filter }
    }

    fn matching(&self, id: AgentId) -> Option<Arc<Agent>> {
        let agent = self.agents.get(&id)?;
        self.filter.matches(&agent).then(|| Arc::clone(&agent))
    }
}

impl Ordered for Matching<'_> {
    type Key = AgentId;
    type Item = Arc<Agent>;

    fn key(agent: &Arc<Agent>) -> AgentId {
        agent.id
    }

    fn after(&self, key: Option<&AgentId>) -> impl Iterator<Item = Arc<Agent>> {
        let from = key.map_or(Bound::Unbounded, |key| Bound::Excluded(*key));
        self.index.0.range((from, Bound::Unbounded)).filter_map(|id| self.matching(*id))
    }

    fn before(&self, key: Option<&AgentId>) -> impl Iterator<Item = Arc<Agent>> {
        let to = key.map_or(Bound::Unbounded, |key| Bound::Excluded(*key));
        self.index.0.range((Bound::Unbounded, to)).rev().filter_map(|id| self.matching(*id))
    }
}
