//! The operations of a history.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::agents::{Agent, CHANNELS, Channel, status_name};
use super::write::{Write, write};

#[derive(Clone, Debug)]
pub(super) enum Operation {
    List {
        filter: Vec<Filter>,
        select: Option<&'static str>,
        size: Option<usize>,
        place: Place,
    },
    Show(u64),
    ShowMe {
        admin: bool,
    },
    WorkItems {
        id: u64,
        channel: &'static str,
        newest_first: bool,
        place: Place,
    },
    Update {
        id: u64,
        status: u64,
    },
    UpdateMe {
        status: u64,
    },
    UpdateMany {
        ids: Vec<u64>,
        status: u64,
    },
    ReadJob(usize),
    World(Write),
    Advance(u64),
}

/// The place of a page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<K = u64> {
    First,
    After(K),
    Before(K),
}

impl Place {
    pub(super) fn parameter(self) -> Option<String> {
        match self {
            Self::First => None,
            Self::After(id) => Some(format!("page[after]={id}")),
            Self::Before(id) => Some(format!("page%5Bbefore%5D={id}")),
        }
    }
}

/// Documented, observed and assumed filters of lists: the values mean "any of".
#[derive(Clone, Debug)]
pub(super) enum Filter {
    ChannelStatus(Vec<(&'static str, &'static str)>),
    AgentStatus(Vec<u64>),
    AgentStatusName(Vec<&'static str>),
    Agent(Vec<u64>),
    Group(Vec<u64>),
    Skill(&'static str),
    RemainingCapacity(&'static str, u64),
    WorkItemsCount(&'static str, u64),
}

impl Filter {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::ChannelStatus(_) => "filter[channel_status]",
            Self::AgentStatus(_) => "filter[agent_status_id]",
            Self::AgentStatusName(_) => "filter[agent_status_name]",
            Self::Agent(_) => "filter%5Bagent_id%5D",
            Self::Group(_) => "filter[group_id]",
            Self::Skill(_) => "filter[skill]",
            Self::RemainingCapacity(..) => "filter[remaining_capacity]",
            Self::WorkItemsCount(..) => "filter[work_items_count]",
        }
    }

    pub(super) fn parameter(&self) -> String {
        let ids = |ids: &[u64]| ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let value = match self {
            Self::ChannelStatus(pairs) => pairs
                .iter()
                .map(|(channel, status)| format!("{channel}:{status}"))
                .collect::<Vec<_>>()
                .join("%2C"),
            Self::AgentStatus(values) | Self::Agent(values) | Self::Group(values) => ids(values),
            Self::Skill(id) => (*id).to_owned(),
            Self::AgentStatusName(names) => names
                .iter()
                .map(|name| format!("%22{name}%22"))
                .collect::<Vec<_>>()
                .join(","),
            Self::RemainingCapacity(channel, wanted) | Self::WorkItemsCount(channel, wanted) => {
                format!("{channel}%3A{wanted}")
            }
        };
        format!("{}={value}", self.name())
    }

    /// Assumed: while routing is off, data that is then hidden has no filter.
    pub(super) fn needs_routing(&self) -> bool {
        matches!(
            self,
            Self::AgentStatus(_) | Self::AgentStatusName(_) | Self::RemainingCapacity(..)
        )
    }

    pub(super) fn matches(&self, agent: &Agent) -> bool {
        match self {
            Self::ChannelStatus(pairs) => pairs.iter().any(|(channel, status)| {
                agent
                    .channel(channel)
                    .is_some_and(|channel| channel.status == *status)
            }),
            Self::AgentStatus(ids) => ids.contains(&agent.status),
            Self::AgentStatusName(names) => names
                .iter()
                .any(|name| status_name(agent.status) == Some(name)),
            Self::Agent(ids) => ids.contains(&agent.id),
            Self::Group(ids) => agent
                .groups
                .iter()
                .flatten()
                .any(|group| ids.contains(group)),
            Self::Skill(id) => agent.skills.iter().flatten().any(|skill| skill == id),
            Self::RemainingCapacity(channel, wanted) => {
                let room = |it: &Channel| {
                    Some(u64::from(it.capacity?).saturating_sub(it.items.len() as u64))
                };
                agent
                    .channel(channel)
                    .and_then(room)
                    .is_some_and(|room| room >= *wanted)
            }
            Self::WorkItemsCount(channel, most) => agent
                .channel(channel)
                .is_some_and(|channel| channel.items.len() as u64 <= *most),
        }
    }
}

/// The agents at the start: the admin, the plain agent, which is over capacity, and two more.
pub(super) fn beginning() -> Vec<Operation> {
    let agent = |id, status, groups, skilled, channels| {
        Operation::World(Write::AddAgent {
            id,
            status,
            groups,
            skilled,
            channels,
        })
    };
    let item = |id, item| {
        Operation::World(Write::AddItem {
            id,
            channel: "messaging",
            item,
            age: 0,
        })
    };
    vec![
        agent(
            1,
            3,
            Some(vec![1]),
            Some(true),
            vec![("support", Some(4)), ("messaging", Some(2))],
        ),
        agent(
            2,
            4,
            Some(vec![1, 2]),
            None,
            vec![("messaging", Some(1)), ("talk", None)],
        ),
        agent(
            4,
            50,
            None,
            Some(false),
            vec![("chat", Some(0)), ("messaging", None)],
        ),
        agent(7, 2, Some(vec![]), None, vec![]),
        item(1, 3),
        item(2, 5),
        item(2, 4),
        item(2, 6),
    ]
}

pub(super) fn operations() -> impl Strategy<Value = Operation> {
    let id = || prop_oneof![8 => 1..=8_u64, 1 => Just(99)];
    let status = || select(&[2_u64, 3, 4, 5, 50, 51, 51, 99][..]);
    let place = || prop_oneof![3 => Just(Place::First), 2 => (0..9_u64).prop_map(Place::After), 2 => (0..9_u64).prop_map(Place::Before), 1 => Just(Place::Before(u64::MAX))];
    let list = (
        vec(filter(), 0..3),
        option::weighted(0.2, select(CHANNELS)),
        option::of(1..5_usize),
        place(),
    );
    let list = list.prop_map(|(filter, select, size, place)| Operation::List {
        filter,
        select,
        size,
        place,
    });
    prop_oneof![
        6 => list,
        2 => id().prop_map(Operation::Show),
        1 => any::<bool>().prop_map(|admin| Operation::ShowMe { admin }),
        3 => (id(), select(CHANNELS), any::<bool>(), place())
            .prop_map(|(id, channel, newest_first, place)| Operation::WorkItems { id, channel, newest_first, place }),
        4 => (id(), status()).prop_map(|(id, status)| Operation::Update { id, status }),
        1 => status().prop_map(|status| Operation::UpdateMe { status }),
        2 => (vec(id(), 1..5), status()).prop_map(|(ids, status)| Operation::UpdateMany { ids, status }),
        2 => any::<usize>().prop_map(Operation::ReadJob),
        12 => write().prop_map(Operation::World),
        2 => select(&[1_u64, 30, 31, 60, 61, 3_600, 86_399, 86_400][..]).prop_map(Operation::Advance),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let status = select(&["online", "away", "transfers_only", "offline"][..]);
    let channel = || prop_oneof![1 => Just("messaging"), 1 => select(CHANNELS)];
    prop_oneof![
        vec((channel(), status), 1..3).prop_map(Filter::ChannelStatus),
        vec(select(&[2_u64, 3, 4, 5, 50, 51, 99][..]), 1..4).prop_map(Filter::AgentStatus),
        vec(1..10_u64, 1..5).prop_map(Filter::Agent),
        vec(1..4_u64, 1..3).prop_map(Filter::Group),
        select(&["french", "german"][..]).prop_map(Filter::Skill),
        (channel(), 0..4_u64)
            .prop_map(|(channel, wanted)| Filter::RemainingCapacity(channel, wanted)),
        (channel(), 0..4_u64).prop_map(|(channel, most)| Filter::WorkItemsCount(channel, most)),
        vec(select(&["online", "offline", "none"][..]), 1..3).prop_map(Filter::AgentStatusName),
    ]
}
