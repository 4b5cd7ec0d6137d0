//! Capacity rules, and the agents that are in them. They change no agent: `max_capacity` is a part
//! of the agent.

use std::ops::Range;

use jiff::Timestamp;

use super::index::{Index, count_common};
use super::page::{self, Ordered};
use super::{AgentId, Page, Position, World};

/// A capacity rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapacityRule {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for, if that is said.
    pub description: Option<String>,
    /// Whether it has the agents that no other rule names. One rule of an account has.
    pub is_default: bool,
    /// How much work its agents may have.
    pub capacities: Capacities,
    /// The agents that it names, by id. There may be no agent with such an id yet, or any more.
    pub agents: Vec<AgentId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub last_updated_at: Timestamp,
}

/// How many work items an agent may have, by channel as rules name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capacities {
    /// On the channel `support`.
    pub email: u32,
    /// On the channel `messaging`.
    pub messaging: u32,
    /// On the channel `talk`.
    pub voice: u32,
}

impl CapacityRule {
    /// The time of rules for which none is given.
    pub(crate) const CREATED_AT: Timestamp = Timestamp::constant(1_577_836_800, 0);

    /// The rule of an account without others.
    fn only() -> Self {
        let capacities = Capacities::new(1, 1, 1);
        Self {
            is_default: true,
            ..Self::new("01DXF6DT000000000000000000", "Default", capacities)
        }
    }

    /// A rule that is not the default one and names no agent.
    pub(crate) fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        capacities: Capacities,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: None,
            is_default: false,
            capacities,
            agents: Vec::new(),
            created_at: Self::CREATED_AT,
            last_updated_at: Self::CREATED_AT,
        }
    }
}

impl Capacities {
    pub(crate) fn new(email: u32, messaging: u32, voice: u32) -> Self {
        Self {
            email,
            messaging,
            voice,
        }
    }
}

/// The capacity rules of an account. One of them is the default.
#[derive(Debug)]
pub struct CapacityRules {
    rules: Vec<CapacityRule>,
    /// The number of the default rule.
    default: usize,
    /// The agents that rules name, by id, each with the number of its rule.
    named: Vec<(AgentId, usize)>,
}

/// An agent, and the number of the rule that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Assignee {
    pub(crate) agent: AgentId,
    pub(crate) rule: usize,
}

/// Some of the agents of a rule, and how many there are.
#[derive(Debug)]
pub(crate) struct Assignees {
    pub(crate) sample: Vec<AgentId>,
    pub(crate) count: usize,
}

/// Which assignees a list has.
#[derive(Clone, Debug, Default)]
pub(crate) struct AssigneeFilter {
    /// Those of this rule.
    pub(crate) rule: Option<usize>,
    /// Those of these agents, by id.
    pub(crate) agents: Option<Vec<AgentId>>,
}

impl Default for CapacityRules {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl CapacityRules {
    /// These rules, of which one is the default and each agent is in one at most. Without any, the
    /// one that every account has.
    pub(crate) fn new(mut rules: Vec<CapacityRule>) -> Self {
        if rules.is_empty() {
            rules.push(CapacityRule::only());
        }
        for rule in &mut rules {
            rule.agents.sort_unstable();
        }
        let named = rules.iter().enumerate();
        let mut named: Vec<_> = named
            .flat_map(|(number, rule)| rule.agents.iter().map(move |agent| (*agent, number)))
            .collect();
        named.sort_unstable();
        Self {
            default: rules.iter().position(|rule| rule.is_default).unwrap_or(0),
            rules,
            named,
        }
    }

    /// The rules, in the order of the document that they come from.
    pub fn iter(&self) -> impl Iterator<Item = &CapacityRule> {
        self.rules.iter()
    }

    pub(crate) fn get(&self, number: usize) -> Option<&CapacityRule> {
        self.rules.get(number)
    }

    /// The number of the rule with this id.
    pub(crate) fn number(&self, id: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule.id == id)
    }

    fn rule_of(&self, agent: AgentId) -> usize {
        let place = self.named.binary_search_by_key(&agent, |(named, _)| *named);
        let named = place.ok().and_then(|place| self.named.get(place));
        named.map_or(self.default, |(_, rule)| *rule)
    }
}

impl World {
    /// A page of the agents that match, by ascending id, each with its rule.
    pub(crate) fn assignees(
        &self,
        rules: &CapacityRules,
        filter: &AssigneeFilter,
        position: &Position<AgentId>,
        limit: usize,
    ) -> Page<Assignee> {
        let state = self.read();
        page::select(
            &MatchingAssignees::new(&state.index, rules, filter),
            position,
            limit,
        )
    }

    /// The assignees of each of some rules, at one instant: the first ones by id, and how many there
    /// are.
    pub(crate) fn assignees_of(
        &self,
        rules: &CapacityRules,
        numbers: Range<usize>,
        sample: usize,
    ) -> Vec<Assignees> {
        let state = self.read();
        let index = &state.index;
        let of_rule = |number| {
            let filter = AssigneeFilter {
                rule: Some(number),
                ..AssigneeFilter::default()
            };
            let matching = MatchingAssignees::new(index, rules, &filter);
            let first = matching.after(None).take(sample);
            let named =
                |agents: &mut dyn Iterator<Item = AgentId>| count_common(index.all_ids(), agents);
            let count = if number == rules.default {
                let others = &mut rules.named.iter().map(|(agent, _)| *agent);
                index.len() - named(others)
            } else {
                let own = rules.get(number).into_iter();
                named(&mut own.flat_map(|rule| rule.agents.iter().copied()))
            };
            Assignees {
                sample: first.map(|assignee| assignee.agent).collect(),
                count,
            }
        };
        numbers.map(of_rule).collect()
    }
}

/// The assignees that a filter matches, by id.
struct MatchingAssignees<'a> {
    index: &'a Index,
    rules: &'a CapacityRules,
    rule: Option<usize>,
    /// Ids by which to find them: there may be no agent with such an id, and it may be in another
    /// rule.
    ids: &'a [AgentId],
}

impl<'a> MatchingAssignees<'a> {
    fn new(index: &'a Index, rules: &'a CapacityRules, filter: &'a AssigneeFilter) -> Self {
        let named = filter.rule.filter(|rule| *rule != rules.default);
        let named = named.and_then(|rule| rules.get(rule));
        let ids = match (&filter.agents, named) {
            (Some(agents), _) => agents,
            (None, Some(rule)) => &rule.agents,
            (None, None) => index.all_ids(),
        };
        Self {
            index,
            rules,
            rule: filter.rule,
            ids,
        }
    }

    fn find(&self, agent: AgentId) -> Option<Assignee> {
        let rule = self.rules.rule_of(agent);
        let matches = self.rule.is_none_or(|wanted| wanted == rule);
        (matches && self.index.slot(agent).is_some()).then_some(Assignee { agent, rule })
    }
}

impl Ordered for MatchingAssignees<'_> {
    type Key = AgentId;
    type Item = Assignee;

    fn key(assignee: &Assignee) -> AgentId {
        assignee.agent
    }

    fn after(&self, key: Option<&AgentId>) -> impl Iterator<Item = Assignee> {
        let start = key.map_or(0, |key| self.ids.partition_point(|id| id <= key));
        let ids = self.ids.get(start..).unwrap_or_default().iter();
        ids.filter_map(|id| self.find(*id))
    }

    fn before(&self, key: Option<&AgentId>) -> impl Iterator<Item = Assignee> {
        let end = key.map_or(self.ids.len(), |key| {
            self.ids.partition_point(|id| id < key)
        });
        let ids = self.ids.get(..end).unwrap_or_default().iter();
        ids.rev().filter_map(|id| self.find(*id))
    }
}
