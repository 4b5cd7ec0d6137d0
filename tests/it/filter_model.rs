//! The filters of `World::agents` compared with a naive filter, and the availability of groups,
//! over the wire, with a naive count. The worlds have enough agents for sets of both kinds, lists
//! and bits, and for sets that turn from one kind into the other.

mod counts;
pub mod naive;
mod step;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::Method;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::{
    Agent, AgentFilter, AgentId, ChannelName, ChannelStatus, GroupId, Position, SkillId, StatusId,
    StatusReason, WorkItem, WorkItemId, WorkItemReason,
};

use self::step::{FIRST, MOST, ROOM, Step, Whom, Write, step};
use crate::harness::{ADMIN, Account, Ask};
use crate::property::{WORLD_LENGTH, WORLDS, check};

const SEED: &str = "
groups: [{ id: 1, name: A }, { id: 2, name: B }, { id: 3, name: C }, { id: 4, name: D }, { id: 5, name: E }, { id: 6, name: F }]
skills: [{ id: a, name: A }, { id: b, name: B }, { id: c, name: C }, { id: d, name: D }]
agent_statuses:
  custom:
    - { id: 50, name: Fifty, channels: { messaging: away, support: online } }
    - { id: 51, name: Fifty-one, group_ids: [2, 3], channels: { talk: offline } }
    - { id: 52, name: Fifty-two }
";

/// A larger set is bits, even with few agents. With half as many members it is a list again.
const FEW: usize = 64;

/// A world, and its agents as the test expects them.
struct Pair {
    account: Account,
    held: BTreeMap<AgentId, Agent>,
    gone: BTreeSet<AgentId>,
    /// Statuses whose sets have become bits.
    many: BTreeSet<StatusId>,
    seen: Seen,
}

/// How often each case occurred.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    pages: usize,
    empty: usize,
    grown: usize,
    shrunk: usize,
    small_groups: usize,
    large_groups: usize,
}

impl Pair {
    fn new(agents: usize) -> Self {
        let seed = Seed::parse(&format!("{ADMIN}{SEED}")).unwrap_or_else(|error| panic!("{error}"));
        let settings = SettingsPatch::new()
            .account_rate_limit(RateLimitPatch::new().requests(None::<NonZeroU32>));
        let account = Account::with(|builder| builder.seed(seed).agents(agents).settings(settings));
        let all = account
            .world()
            .agents(&AgentFilter::default(), &Position::First, usize::MAX)
            .items;
        assert_eq!(all.len(), agents);
        let held = all.into_iter().map(|agent| (agent.id, agent)).collect();
        Self {
            account,
            held,
            gone: BTreeSet::new(),
            many: BTreeSet::new(),
            seen: Seen::default(),
        }
    }

    fn run(&mut self, step: &Step) {
        self.account.advance(Duration::from_millis(7));
        match step {
            Step::Write(whom, write) => {
                for id in self.named(whom) {
                    self.write(id, write);
                }
                self.count();
            }
            Step::Save(id, other) => self.save(*id, *other),
            Step::Delete(id) => self.delete(*id),
            Step::List(filter, position, limit) => self.list(filter, position, *limit),
            Step::CountGroup(group) => self.count_group(*group),
            Step::Route(on) => {
                let (world, now) = (self.account.world(), self.account.now());
                world.set_omnichannel_routing(*on, false, now);
            }
        }
    }

    fn named(&self, whom: &Whom) -> Vec<AgentId> {
        if self.held.is_empty() {
            return Vec::new();
        }
        let from = whom.from.index(self.held.len());
        self.held
            .keys()
            .cycle()
            .skip(from)
            .step_by(whom.every)
            .take(whom.count)
            .copied()
            .collect()
    }

    /// Writes, and keeps the agent that the write returns.
    fn write(&mut self, id: AgentId, write: &Write) {
        let (world, now) = (self.account.world(), self.account.now());
        let written = match write {
            Write::Status(status) => {
                (self.account).set_status(id, *status, StatusReason::InternalTest)
            }
            Write::ChannelStatus(name, status) => {
                self.account.set_channel_status(id, *name, *status)
            }
            Write::AddChannel(name, capacity) => self.account.put_channel(id, *name, *capacity),
            Write::RemoveChannel(name) => self
                .account
                .directly(|world, now| world.remove_channel(id, *name, now)),
            Write::Capacity(name, capacity) => self.account.set_max_capacity(id, *name, *capacity),
            Write::AddItems(name, count) => {
                for number in 0..*count {
                    // Refused if the item is there already, or the channel is not there.
                    let item = WorkItem::new(WorkItemId(number), now, WorkItemReason::Assigned);
                    let _ = world.add_work_item(id, *name, item, now);
                }
                self.account.directly(|world, now| {
                    world.update_work_item(id, *name, WorkItemId(0), WorkItemReason::Reopened, now)
                })
            }
            Write::RemoveItem(name) => {
                let items = self
                    .held
                    .get(&id)
                    .and_then(|agent| agent.channel(*name))
                    .map(|channel| &channel.work_items);
                let Some(item) = items.and_then(|items| items.first()) else {
                    return;
                };
                self.account
                    .directly(|world, now| world.remove_work_item(id, *name, item.id, now))
            }
            Write::Groups(groups) => self.account.set_groups(id, groups),
            Write::Skills(skills) => self.account.set_skills(id, skills),
            Write::Remove => {
                assert_eq!(world.remove_agent(id).ok(), self.held.remove(&id));
                self.gone.insert(id);
                return;
            }
            Write::AddGone => match self.gone.first().copied() {
                Some(other) => return self.add(id, other),
                None => return,
            },
            Write::Add(other) => return self.add(id, *other),
        };
        if let Ok(agent) = written {
            self.held.insert(id, agent);
        }
    }

    /// Adds a copy of an agent under this id, unless the id is taken.
    fn add(&mut self, like: AgentId, id: AgentId) {
        let Some(mut agent) = self.held.get(&like).cloned() else {
            return;
        };
        agent.id = id;
        let added = self.account.add_agent(&agent);
        assert_eq!(added.is_ok(), !self.held.contains_key(&id), "{added:?}");
        self.held.extend(added.map(|agent| (id, agent)));
        self.gone.remove(&id);
    }

    fn save(&self, id: StatusId, other: bool) {
        let name = format!("{} {id}", if other { "Other" } else { "Status" });
        let custom = json!({ "name": name, "channels": { "chat": "online", "talk": "away" } });
        self.account
            .save_custom_status(id.0, &custom)
            .expect("its name is its own");
    }

    /// Deletes a status, which makes its agents offline.
    fn delete(&mut self, id: StatusId) {
        let (world, now) = (self.account.world(), self.account.now());
        let offline = world.status(StatusId(2)).expect("every account has it");
        if world.delete_custom_status(id, now).is_err() {
            return;
        }
        for agent in self
            .held
            .values_mut()
            .filter(|agent| agent.status.status.id == id)
        {
            agent.status.status = offline.clone();
            (agent.status.reason, agent.status.updated_at) =
                (StatusReason::AgentStatusDeleted, now);
            let online = agent
                .channels
                .iter_mut()
                .filter(|channel| channel.status != ChannelStatus::Offline);
            let changed = online.map(|channel| {
                (channel.status, channel.updated_at) = (ChannelStatus::Offline, now);
            });
            agent.version += 1 + changed.count() as u64;
        }
        self.count();
    }

    fn list(&mut self, filter: &AgentFilter, position: &Position<AgentId>, limit: usize) {
        let found = self.account.world().agents(filter, position, limit);
        let expected = naive::page(self.held.values(), filter, position, limit);
        self.seen.pages += 1;
        self.seen.empty += usize::from(expected.items.is_empty());
        if found != expected {
            let ids = |agents: &[Agent]| agents.iter().map(|agent| agent.id.0).collect::<Vec<_>>();
            assert_eq!(
                ids(&found.items),
                ids(&expected.items),
                "{filter:?} {position:?} {limit}"
            );
            assert_eq!(found, expected, "{filter:?} {position:?} {limit}");
        }
    }

    /// Compares the availability of a group with a look at every agent.
    fn count_group(&mut self, group: GroupId) {
        let path = format!("/api/v2/account_groups/availability/{group}");
        let ask = Ask::raw(Method::GET, &path).token("admin@example.com", "demo-api-token");
        let found = self.account.send(&ask).json();
        let world = self.account.world();
        let mut expected = counts::availability(self.held.values(), group, world.routing().on);
        let last = world.events().last().map_or(0, |event| event.sequence);
        expected["version"] = last.into();
        expected["account_id"] = found["account_id"].clone();
        assert_eq!(found, expected);
        let agents = self.held.values().filter(|agent| agent.is_in(group));
        let agents = agents.count();
        self.seen.small_groups += usize::from(agents * 2 <= FEW);
        self.seen.large_groups += usize::from(agents > FEW);
    }

    /// Counts the sets that turned into bits, and those that turned back.
    fn count(&mut self) {
        let mut members = BTreeMap::new();
        for agent in self.held.values() {
            *members.entry(agent.status.status.id).or_insert(0) += 1;
        }
        for id in [2, 3, 4, 5, 50, 51, 52].map(StatusId) {
            let members = members.get(&id).copied().unwrap_or(0);
            self.seen.grown += usize::from(members > FEW && self.many.insert(id));
            self.seen.shrunk += usize::from(members * 2 <= FEW && self.many.remove(&id));
        }
    }

    /// Every condition by itself.
    fn sweep(&mut self) {
        let mut filters = vec![AgentFilter::default()];
        let mut add = |change: &dyn Fn(&mut AgentFilter)| {
            let mut filter = AgentFilter::default();
            change(&mut filter);
            filters.push(filter);
        };
        for id in [2, 3, 4, 5, 50, 51, 52] {
            add(&|filter| filter.agent_status = Some(vec![StatusId(id)]));
        }
        for name in ChannelName::ALL {
            for status in ChannelStatus::ALL {
                add(&|filter| filter.channel_status = Some(vec![(*name, *status)]));
            }
            for room in ROOM {
                add(&|filter| filter.remaining_capacity = Some(vec![(*name, *room)]));
                add(&|filter| filter.work_items_count = Some(vec![(*name, *room)]));
            }
        }
        for name in [
            "online",
            "away",
            "Fifty",
            "Status 50",
            "Other 50",
            "Other 51",
            "none",
        ] {
            add(&|filter| filter.agent_status_name = Some(vec![name.to_owned()]));
        }
        for id in 1..=6 {
            add(&|filter| filter.group = Some(vec![GroupId(id)]));
        }
        for id in ["a", "b", "c", "d"] {
            add(&|filter| filter.skill = Some(vec![SkillId(id.into())]));
        }
        for group in (1..=6).map(GroupId) {
            self.count_group(group);
        }
        for filter in filters {
            self.list(&filter, &Position::First, 20);
            self.list(&filter, &Position::Before(AgentId(u64::MAX)), 5);
        }
    }
}

/// Assumed: filters are combined with "and", the values of each with "any of"; a page has as many
/// agents as it may, and says whether there are others before and after it.
#[test]
fn pages_agree_with_a_naive_filter_after_any_writes() {
    let seen = Cell::new(Seen::default());
    // The large worlds have more agents than a search checks in one step: once and twice as many.
    let agents = prop_oneof![3 => 200..=700_usize, 1 => 1_025..=MOST];
    let worlds = (agents, vec(step(), WORLD_LENGTH / 2..=WORLD_LENGTH));
    check(WORLDS, &worlds, |(agents, steps)| {
        let mut pair = Pair::new(agents);
        pair.count();
        for step in &steps {
            pair.run(step);
        }
        pair.sweep();
        let (so_far, now) = (seen.get(), pair.seen);
        seen.set(Seen {
            pages: so_far.pages + now.pages,
            empty: so_far.empty + now.empty,
            grown: so_far.grown + now.grown,
            shrunk: so_far.shrunk + now.shrunk,
            small_groups: so_far.small_groups + now.small_groups,
            large_groups: so_far.large_groups + now.large_groups,
        });
    });
    // The test proves little if nearly all pages are empty, or if all sets are of one kind.
    let Seen {
        pages,
        empty,
        grown,
        shrunk,
        small_groups,
        large_groups,
    } = seen.get();
    assert!(
        empty * 10 > pages && empty * 3 < pages * 2,
        "{:?}",
        seen.get()
    );
    assert!(grown > 0 && shrunk > 0, "{:?}", seen.get());
    assert!(small_groups > 0 && large_groups > 0, "{:?}", seen.get());
}

/// Assumed: the same if many agents meet each condition, but few meet all. A search in large steps
/// finds each match, from both sides.
#[test]
fn matches_that_lie_far_apart_are_found() {
    const AGENTS: u64 = 5_200;
    // A step is 1,024 places. A search from 901 skips one step and finds 2048 right after it. A
    // search back from 4100 does the same and finds 3071.
    let far_apart =
        [0, 63, 64, 900, 901, 2048, 2049, 3071, 4100, 5199].map(|place| AgentId(FIRST + place));
    let mut pair = Pair::new(usize::try_from(AGENTS).expect("small"));
    for id in (0..AGENTS).map(|place| AgentId(FIRST + place)) {
        let (both, even) = (far_apart.contains(&id), id.0 % 2 == 0);
        let groups = if both || even {
            vec![GroupId(1)]
        } else {
            vec![GroupId(2)]
        };
        let skills = if both || !even {
            vec![SkillId("a".into())]
        } else {
            Vec::new()
        };
        pair.write(id, &Write::Groups(groups));
        pair.write(id, &Write::Skills(skills));
    }
    let filter = AgentFilter::new()
        .group(vec![GroupId(1)])
        .skill(vec![SkillId("a".into())]);
    let all = pair
        .account
        .world()
        .agents(&filter, &Position::First, 100)
        .items;
    assert_eq!(
        all.iter().map(|agent| agent.id).collect::<Vec<_>>(),
        far_apart
    );
    let end = Position::Before(AgentId(u64::MAX));
    let near = |id: AgentId| [AgentId(id.0 - 1), id, AgentId(id.0 + 1)];
    for id in far_apart.into_iter().flat_map(near) {
        for limit in [1, 2, 100] {
            pair.list(&filter, &Position::After(id), limit);
            pair.list(&filter, &Position::Before(id), limit);
        }
    }
    pair.list(&filter, &end, 3);
    // No agent at all.
    let no_agent = filter
        .group(vec![GroupId(2)])
        .agent_status(vec![StatusId(3)]);
    let no_agent = no_agent.remaining_capacity(vec![(ChannelName::Talk, 0)]);
    for position in [
        Position::First,
        end,
        Position::After(far_apart[3]),
        Position::Before(far_apart[7]),
    ] {
        pair.list(&no_agent, &position, 100);
    }
}

/// Assumed: an agent that is added before others moves each of them by one place, the last one to a
/// place where no agent was.
#[test]
fn the_last_agent_is_found_after_one_came_before_it() {
    for agents in [127, 128, 129, 191, 192, 193_u64] {
        let mut pair = Pair::new(usize::try_from(agents).expect("small"));
        for place in 0..agents {
            pair.write(AgentId(FIRST + place), &Write::Groups(vec![GroupId(1)]));
            pair.write(
                AgentId(FIRST + place),
                &Write::Skills(vec![SkillId("a".into())]),
            );
        }
        let group = Some(vec![GroupId(1)]);
        let filter = AgentFilter::new()
            .group(group)
            .skill(vec![SkillId("a".into())]);
        for other in 1..=3 {
            pair.add(AgentId(FIRST), AgentId(other));
            pair.list(&filter, &Position::Before(AgentId(u64::MAX)), 2);
            pair.list(&filter, &Position::First, usize::MAX);
        }
        for other in 1..=3 {
            pair.write(AgentId(other), &Write::Remove);
            pair.list(&filter, &Position::Before(AgentId(u64::MAX)), 2);
        }
    }
}
