//! The steps of a history: writes to a world of hundreds or thousands of agents, and lists.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use zendesk_availability_emulator::world::{
    AgentFilter, AgentId, ChannelName, ChannelStatus, GroupId, Position, SkillId, StatusId,
};

/// The id of the first generated agent.
pub(super) const FIRST: u64 = 1_000_000_001;
/// The largest number of agents that a world starts with.
pub(super) const MOST: usize = 2_200;
/// Counts at the bounds of the buckets, and beside them.
pub(super) const ROOM: &[u64] = &[
    0,
    1,
    2,
    3,
    5,
    9,
    14,
    15,
    16,
    17,
    24,
    31,
    32,
    33,
    63,
    64,
    65,
    100,
    127,
    128,
    129,
    4_294_967_294,
    4_294_967_295,
    4_294_967_296,
    1 << 63,
    u64::MAX,
];

#[derive(Clone, Debug)]
pub(super) enum Step {
    Write(Whom, Write),
    /// A custom status is created or replaced, under one of two names.
    Save(StatusId, bool),
    Delete(StatusId),
    List(AgentFilter, Position<AgentId>, usize),
    /// The availability of a group is asked for.
    CountGroup(GroupId),
    /// Omnichannel routing is switched.
    Route(bool),
}

/// Agents at regular distances.
#[derive(Clone, Debug)]
pub(super) struct Whom {
    pub(super) from: Index,
    pub(super) every: usize,
    pub(super) count: usize,
}

/// A write to each of the agents.
#[derive(Clone, Debug)]
pub(super) enum Write {
    Status(StatusId),
    ChannelStatus(ChannelName, ChannelStatus),
    AddChannel(ChannelName, Option<u32>),
    RemoveChannel(ChannelName),
    Capacity(ChannelName, Option<u32>),
    AddItems(ChannelName, u64),
    RemoveItem(ChannelName),
    Groups(Vec<GroupId>),
    Skills(Vec<SkillId>),
    Remove,
    /// Adds copies of these agents, under ids of removed ones.
    AddGone,
    /// Adds a copy of these agents under this id.
    Add(AgentId),
}

fn whom() -> impl Strategy<Value = Whom> {
    let count = prop_oneof![3 => Just(1_usize), 2 => 2..20_usize, 3 => 40..200_usize];
    (any::<Index>(), 1..5_usize, count).prop_map(|(from, every, count)| Whom { from, every, count })
}

fn channel() -> impl Strategy<Value = ChannelName> {
    select(ChannelName::ALL)
}

fn channel_status() -> impl Strategy<Value = ChannelStatus> {
    select(ChannelStatus::ALL)
}

/// The statuses of the seed, and an unknown one.
fn status() -> impl Strategy<Value = StatusId> {
    select(&[2, 3, 4, 5, 50, 51, 52, 99][..]).prop_map(StatusId)
}

fn group() -> impl Strategy<Value = GroupId> {
    (1..=7_u64).prop_map(GroupId)
}

fn skill() -> impl Strategy<Value = SkillId> {
    select(&["a", "b", "c", "d", "none"][..]).prop_map(|id| SkillId(id.into()))
}

fn id() -> impl Strategy<Value = AgentId> {
    let near = FIRST - 4..FIRST + MOST as u64 + 4;
    prop_oneof![20 => near, 1 => select(&[0, 1, FIRST - 1000, u64::MAX - 1, u64::MAX][..])]
        .prop_map(AgentId)
}

fn write() -> impl Strategy<Value = Write> {
    let capacity = || {
        let round = ROOM
            .iter()
            .filter_map(|room| u32::try_from(*room).ok())
            .collect::<Vec<_>>();
        prop_oneof![1 => Just(None), 2 => (0..20_u32).prop_map(Some), 2 => select(round).prop_map(Some)]
    };
    // All of them exist, or nothing would be written.
    let groups = vec((1..=6_u64).prop_map(GroupId), 0..3);
    let skills = vec(
        select(&["a", "b", "c", "d"][..]).prop_map(|id| SkillId(id.into())),
        0..3,
    );
    prop_oneof![
        4 => status().prop_map(Write::Status),
        2 => (channel(), channel_status()).prop_map(|(name, status)| Write::ChannelStatus(name, status)),
        2 => (channel(), capacity()).prop_map(|(name, capacity)| Write::AddChannel(name, capacity)),
        2 => channel().prop_map(Write::RemoveChannel),
        3 => (channel(), capacity()).prop_map(|(name, capacity)| Write::Capacity(name, capacity)),
        2 => (channel(), prop_oneof![6 => 1..4_u64, 1 => 15..40_u64]).prop_map(|(name, count)| Write::AddItems(name, count)),
        1 => channel().prop_map(Write::RemoveItem),
        2 => groups.prop_map(Write::Groups),
        2 => skills.prop_map(Write::Skills),
        2 => Just(Write::Remove),
        3 => Just(Write::AddGone),
        1 => id().prop_map(Write::Add),
    ]
}

/// Usually one or two conditions of one or several values. A condition without values matches no
/// agent.
fn filter() -> impl Strategy<Value = AgentFilter> {
    fn some<T: Clone + std::fmt::Debug + 'static>(
        value: impl Strategy<Value = T> + Clone + 'static,
    ) -> impl Strategy<Value = Option<Vec<T>>> {
        let values = prop_oneof![1 => Just(Vec::new()), 20 => vec(value.clone(), 1..=1), 12 => vec(value, 2..5)];
        option::weighted(0.25, values)
    }
    let status = channel_and(channel_status().boxed());
    let room = channel_and(prop_oneof![select(ROOM), 0..12_u64].boxed());
    let items = channel_and(prop_oneof![select(ROOM), 0..6_u64].boxed());
    let ids = prop_oneof![3 => vec(id(), 0..6), 1 => vec(id(), 60..120)];
    let conditions = (
        some(status),
        some(status_id()),
        option::weighted(0.1, ids),
        some(group().boxed()),
        some(skill().boxed()),
        some(room),
        some(items),
        some(status_name()),
    );
    conditions.prop_map(
        |(
            channel_status,
            agent_status,
            agent,
            group,
            skill,
            remaining_capacity,
            work_items_count,
            agent_status_name,
        )| {
            AgentFilter::new()
                .channel_status(channel_status)
                .work_items_count(work_items_count)
                .remaining_capacity(remaining_capacity)
                .agent_status(agent_status)
                .agent_status_name(agent_status_name)
                .group(group)
                .skill(skill)
                .agent(agent)
        },
    )
}

/// Names of the seed's statuses, the names that they get, and an unknown one.
fn status_name() -> BoxedStrategy<String> {
    let names = [
        "offline",
        "online",
        "away",
        "Fifty",
        "Fifty-one",
        "Fifty-two",
        "Status 50",
        "Status 51",
        "Other 50",
        "none",
    ];
    select(names.to_vec()).prop_map(str::to_owned).boxed()
}

fn status_id() -> BoxedStrategy<StatusId> {
    status().boxed()
}

fn channel_and<T: Clone + std::fmt::Debug + 'static>(
    value: BoxedStrategy<T>,
) -> BoxedStrategy<(ChannelName, T)> {
    (channel(), value).boxed()
}

pub(super) fn position() -> impl Strategy<Value = Position<AgentId>> {
    prop_oneof![
        2 => Just(Position::First),
        3 => id().prop_map(Position::After),
        3 => id().prop_map(Position::Before),
        2 => Just(Position::Before(AgentId(u64::MAX))),
    ]
}

fn limit() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 1..5_usize, 4 => 1..=100_usize, 1 => Just(usize::MAX)]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let custom = || (50..=52_u64).prop_map(StatusId);
    prop_oneof![
        20 => (whom(), write()).prop_map(|(whom, write)| Step::Write(whom, write)),
        1 => (custom(), any::<bool>()).prop_map(|(id, other)| Step::Save(id, other)),
        1 => custom().prop_map(Step::Delete),
        8 => (1..=6_u64).prop_map(|id| Step::CountGroup(GroupId(id))),
        2 => prop_oneof![2 => Just(true), 1 => Just(false)].prop_map(Step::Route),
        50 => (filter(), position(), limit()).prop_map(|(filter, position, limit)| Step::List(filter, position, limit)),
    ]
}
