//! Repeated requests always show the present state. Answers are cached, but no change and no other
//! caller gets an old answer or another caller's. Assumed throughout.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch, SkillsForm};
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::{
    Agent, AgentFilter, AgentId, ChannelName, ChannelStatus, GroupId, Page, Position, SkillId,
    StatusId, StatusReason, WorkItem, WorkItemId, WorkItemReason,
};

use crate::filter_model::naive;
use crate::harness::{Account, Ask};
use crate::property::{FRESH, FRESH_LENGTH, check};
use crate::wire::Shape;

/// 1 is the admin, 2 and 3 are agents. The others are generated.
const SEED: &str = "
groups: [{ id: 1, name: A }, { id: 2, name: B }]
skills: [{ id: a, name: A }, { id: b, name: B }]
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
  - { id: 2, name: Two, email: two@example.com, role: agent }
  - { id: 3, name: Three, email: three@example.com, role: agent }
api_tokens: [{ token: demo-api-token }]
oauth_tokens: [{ token: two, user_id: 2 }, { token: three, user_id: 3 }]
agent_statuses: { custom: [{ id: 50, name: Lunch, channels: { messaging: away, support: online } }] }
agents:
  - { id: 1, group_ids: [1], channels: { messaging: { max_capacity: 3 } } }
  - { id: 2, group_ids: [2], skill_ids: [a], channels: { messaging: {}, support: { max_capacity: 2 } } }
  - { id: 3, group_ids: [2], skill_ids: [a], channels: { messaging: {}, support: { max_capacity: 2 } } }
";
const IDS: &[u64] = &[1, 2, 3, 1_000_000_001, 1_000_000_002];
const HOSTS: &[&str] = &["localhost", "zendesk.test", "zendesk.test:8080"];
const WORK_ITEMS: usize = 2;
/// How often each request is repeated.
const TIMES: usize = 3;

#[derive(Clone, Debug)]
struct Read {
    host: &'static str,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Agent(u64),
    /// The user with this id calls.
    Me(u64),
    /// Filters by name and value, with the size and the place of the page.
    List {
        filter: Vec<(&'static str, &'static str)>,
        size: usize,
        position: Position<AgentId>,
    },
    /// An admin calls, or an agent for itself.
    Items {
        id: u64,
        channel: ChannelName,
        size: usize,
        own: bool,
    },
}

#[derive(Clone, Debug)]
enum Change {
    Nothing,
    Put(u64, u64),
    PutOwn(u64),
    PutMany(u64),
    Status(u64, u64),
    ChannelStatus(u64, ChannelName, ChannelStatus),
    Capacity(u64, ChannelName, Option<u32>),
    AddChannel(u64, ChannelName),
    RemoveChannel(u64, ChannelName),
    AddItem(u64, ChannelName, u64),
    EditItem(u64, ChannelName, u64),
    RemoveItem(u64, ChannelName, u64),
    Groups(u64, Vec<u64>),
    Skills(u64, Vec<&'static str>),
    /// Removes the agent, and adds another one with its id and version.
    Replace(u64, bool),
    Remove(u64),
    Add(u64),
    Rename(&'static str),
    Routing(bool, bool),
}

fn id() -> impl Strategy<Value = u64> {
    select(IDS)
}

fn channel() -> impl Strategy<Value = ChannelName> {
    prop_oneof![3 => Just(ChannelName::Messaging), 1 => select(ChannelName::ALL)]
}

fn read() -> impl Strategy<Value = Read> {
    const FILTERS: &[(&str, &str)] = &[
        ("filter[channel_status]", "messaging:online"),
        ("filter[channel_status]", "messaging:away,support:online"),
        ("filter[group_id]", "2"),
        ("filter[skill]", "a"),
        ("filter[work_items_count]", "messaging:0,support:1"),
        ("filter[agent_ids]", "1,2,1000000001"),
        ("select_channel", "messaging"),
        ("select_channel", "talk"),
    ];
    let filter = vec(select(FILTERS), 0..3).prop_map(|mut filter| {
        filter.sort_unstable();
        filter.dedup_by_key(|(name, _)| *name);
        filter
    });
    let position = prop_oneof![
        3 => Just(Position::First),
        1 => Just(Position::Before(AgentId(u64::MAX))),
        1 => id().prop_map(|id| Position::After(AgentId(id))),
        1 => id().prop_map(|id| Position::Before(AgentId(id))),
    ];
    let what = prop_oneof![
        3 => id().prop_map(What::Agent),
        3 => (1..=3_u64).prop_map(What::Me),
        4 => (filter, select(&[1_usize, 2, 5, 100][..]), position)
            .prop_map(|(filter, size, position)| What::List { filter, size, position }),
        2 => (id(), channel(), 1..4_usize).prop_map(|(id, channel, size)| What::Items { id, channel, size, own: false }),
        1 => (2..=3_u64, channel(), 1..4_usize)
            .prop_map(|(id, channel, size)| What::Items { id, channel, size, own: true }),
    ];
    (select(HOSTS), what).prop_map(|(host, what)| Read { host, what })
}

fn change() -> impl Strategy<Value = Change> {
    let status = || select(&[2_u64, 3, 4, 5, 50][..]);
    let item = || (id(), channel(), 0..5_u64);
    prop_oneof![
        1 => Just(Change::Nothing),
        3 => (id(), status()).prop_map(|(id, status)| Change::Put(id, status)),
        1 => status().prop_map(Change::PutOwn),
        1 => status().prop_map(Change::PutMany),
        2 => (id(), status()).prop_map(|(id, status)| Change::Status(id, status)),
        2 => (id(), channel(), select(ChannelStatus::ALL)).prop_map(|(id, name, it)| Change::ChannelStatus(id, name, it)),
        1 => (id(), channel(), proptest::option::of(0..5_u32)).prop_map(|(id, name, it)| Change::Capacity(id, name, it)),
        1 => (id(), channel()).prop_map(|(id, name)| Change::AddChannel(id, name)),
        1 => (id(), channel()).prop_map(|(id, name)| Change::RemoveChannel(id, name)),
        3 => item().prop_map(|(id, name, item)| Change::AddItem(id, name, item)),
        1 => item().prop_map(|(id, name, item)| Change::EditItem(id, name, item)),
        1 => item().prop_map(|(id, name, item)| Change::RemoveItem(id, name, item)),
        1 => (id(), vec(1..=2_u64, 0..2)).prop_map(|(id, groups)| Change::Groups(id, groups)),
        1 => (id(), vec(select(&["a", "b"][..]), 0..2)).prop_map(|(id, skills)| Change::Skills(id, skills)),
        3 => (id(), any::<bool>()).prop_map(|(id, on)| Change::Replace(id, on)),
        1 => id().prop_map(Change::Remove),
        2 => id().prop_map(Change::Add),
        1 => select(&["Lunch", "Dinner"][..]).prop_map(Change::Rename),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(on, offline)| Change::Routing(on, offline)),
    ]
}

impl Change {
    /// Makes the change. A refused one changes nothing, which is a useful case too.
    fn apply(&self, account: &Account) {
        account.advance(Duration::from_millis(3));
        let (world, now) = (account.world(), account.now());
        let body = |status: &u64| json!({ "id": status });
        match self {
            Self::Nothing => {}
            Self::Put(id, to) => {
                drop(account.put(&format!("/agent_statuses/agents/{id}"), &body(to)));
            }
            Self::PutOwn(to) => {
                drop(
                    account.send(
                        &Ask::put("/agent_statuses/agents/me")
                            .bearer("two")
                            .json(&body(to)),
                    ),
                );
            }
            Self::PutMany(to) => {
                drop(account.put(
                    "/agent_statuses/agents/update_many?ids=1,3,1000000001",
                    &body(to),
                ));
            }
            Self::Status(id, to) => {
                drop(world.set_status(AgentId(*id), StatusId(*to), StatusReason::AgentLogout, now));
            }
            Self::ChannelStatus(id, name, to) => {
                drop(account.set_channel_status(AgentId(*id), *name, *to));
            }
            Self::Capacity(id, name, to) => {
                drop(account.set_max_capacity(AgentId(*id), *name, *to));
            }
            Self::AddChannel(id, name) => {
                drop(account.put_channel(AgentId(*id), *name, Some(2)));
            }
            Self::RemoveChannel(id, name) => drop(world.remove_channel(AgentId(*id), *name, now)),
            Self::AddItem(id, name, item) => {
                let item = WorkItem::new(WorkItemId(*item), now, WorkItemReason::Offered);
                drop(world.add_work_item(AgentId(*id), *name, item, now));
            }
            Self::EditItem(id, name, item) => {
                let to = WorkItemReason::Accepted;
                drop(world.update_work_item(AgentId(*id), *name, WorkItemId(*item), to, now));
            }
            Self::RemoveItem(id, name, item) => {
                drop(world.remove_work_item(AgentId(*id), *name, WorkItemId(*item), now));
            }
            Self::Groups(id, groups) => {
                let groups: Vec<_> = groups.iter().copied().map(GroupId).collect();
                drop(account.set_groups(AgentId(*id), &groups));
            }
            Self::Skills(id, skills) => {
                let skills: Vec<_> = skills.iter().map(|id| SkillId((*id).into())).collect();
                drop(account.set_skills(AgentId(*id), &skills));
            }
            Self::Replace(id, on) => {
                let Ok(mut agent) = world.remove_agent(AgentId(*id)) else {
                    return;
                };
                let to = if *on {
                    ChannelStatus::Online
                } else {
                    ChannelStatus::Away
                };
                agent
                    .channels
                    .iter_mut()
                    .for_each(|channel| channel.status = to);
                account.add_agent(&agent).expect("it was just removed");
            }
            Self::Remove(id) => drop(world.remove_agent(AgentId(*id))),
            Self::Add(id) => {
                let Some(mut agent) = all(account).into_iter().next() else {
                    return;
                };
                (agent.id, agent.version) = (AgentId(*id), 1);
                drop(account.add_agent(&agent));
            }
            Self::Rename(name) => {
                let custom = json!({ "name": name, "channels": { "messaging": "away" } });
                account
                    .save_custom_status(50, &custom)
                    .expect("no other status has this name");
            }
            Self::Routing(on, offline) => _ = world.set_omnichannel_routing(*on, *offline, now),
        }
    }
}

fn all(account: &Account) -> Vec<Agent> {
    account
        .world()
        .agents(&AgentFilter::default(), &Position::First, usize::MAX)
        .items
}

impl Read {
    /// Makes the request several times in a row, and checks each answer against the agents as they
    /// are.
    fn run(&self, account: &Account) {
        let ask = self.ask().header("host", self.host);
        let expected = self.expected(account);
        for time in 1..=TIMES {
            let answer = account.send_unchecked(&ask);
            match &expected {
                Some(expected) => {
                    assert_eq!(
                        answer.text().as_bytes(),
                        expected,
                        "time {time}: {self:?}: {}",
                        answer.text()
                    );
                }
                None => assert_eq!(
                    answer.status,
                    404,
                    "time {time}: {self:?}: {}",
                    answer.text()
                ),
            }
        }
    }

    fn ask(&self) -> Ask {
        match &self.what {
            What::Agent(id) => Ask::get(&format!("/{id}")),
            What::Me(id) => by(*id, Ask::get("/me")),
            What::List {
                filter, position, ..
            } => {
                let size = self.size();
                let mut pairs = form_urlencoded::Serializer::new(String::new());
                pairs.append_pair("page[size]", &size).extend_pairs(filter);
                match position {
                    Position::First => {}
                    Position::After(id) => _ = pairs.append_pair("page[after]", &id.to_string()),
                    Position::Before(id) => _ = pairs.append_pair("page[before]", &id.to_string()),
                }
                Ask::get(&format!("?{}", pairs.finish()))
            }
            What::Items {
                id, channel, own, ..
            } => {
                let agent = if *own {
                    "me".to_owned()
                } else {
                    id.to_string()
                };
                let ask = Ask::get(&format!(
                    "/{agent}/channels/{channel}/relationships/work_items?page[size]={}",
                    self.size()
                ));
                if *own { by(*id, ask) } else { ask }
            }
        }
    }

    fn size(&self) -> String {
        match &self.what {
            What::List { size, .. } | What::Items { size, .. } => size.to_string(),
            What::Agent(_) | What::Me(_) => String::new(),
        }
    }

    /// The body; `None` for what does not exist.
    fn expected(&self, account: &Account) -> Option<Vec<u8>> {
        let (omnichannel, size) = (account.world().routing().on, self.size());
        let (skills, host) = (SkillsForm::Objects, self.host);
        let shape = Shape {
            omnichannel,
            skills,
            work_items: WORK_ITEMS,
            channel: None,
            host,
            to_me: false,
        };
        let agent = |id: u64| account.world().agent(AgentId(id));
        match &self.what {
            What::Agent(id) => Some(shape.document(&agent(*id)?)),
            What::Me(id) => Some(
                Shape {
                    to_me: *id != 1,
                    ..shape
                }
                .document(&agent(*id)?),
            ),
            What::List {
                filter,
                size: limit,
                position,
            } => {
                let conditions = filter
                    .iter()
                    .fold(AgentFilter::default(), |all, (_, value)| with(all, value));
                let page = naive::page(all(account).iter(), &conditions, position, *limit);
                let query: Vec<_> = std::iter::once(("page[size]", &*size))
                    .chain(filter.iter().copied())
                    .collect();
                let selected = filter.iter().find(|(name, _)| *name == "select_channel");
                let channel = selected.and_then(|(_, name)| ChannelName::parse(name));
                Some(Shape { channel, ..shape }.list(&page, &query))
            }
            What::Items {
                id,
                channel,
                size: limit,
                own,
            } => {
                let mut items = agent(*id)?.channel(*channel)?.work_items.clone();
                let has_next = items.len() > *limit;
                items.truncate(*limit);
                let page = Page {
                    items,
                    has_previous: false,
                    has_next,
                };
                let shape = Shape {
                    to_me: *own,
                    ..shape
                };
                Some(shape.work_items(AgentId(*id), *channel, &page, &[("page[size]", &*size)]))
            }
        }
    }
}

/// The condition of one of the filters above.
fn with(filter: AgentFilter, value: &str) -> AgentFilter {
    use ChannelName::{Messaging, Support};
    let (online, away) = (
        (Messaging, ChannelStatus::Online),
        (Messaging, ChannelStatus::Away),
    );
    match value {
        "messaging:online" => filter.channel_status(vec![online]),
        "messaging:away,support:online" => {
            filter.channel_status(vec![away, (Support, ChannelStatus::Online)])
        }
        "2" => filter.group(vec![GroupId(2)]),
        "a" => filter.skill(vec![SkillId("a".into())]),
        // It limits what is shown, and excludes no agent.
        "messaging" | "talk" => filter,
        "1,2,1000000001" => filter.agent([1, 2, 1_000_000_001].map(AgentId).to_vec()),
        "messaging:0,support:1" => filter.work_items_count(vec![(Messaging, 0), (Support, 1)]),
        _ => panic!("{value} is not a filter of this test"),
    }
}

fn by(id: u64, ask: Ask) -> Ask {
    match id {
        1 => ask,
        2 => ask.bearer("two"),
        _ => ask.bearer("three"),
    }
}

/// Each answer before and after every change shows the state of that time.
#[test]
fn what_is_read_again_is_the_state_of_now() {
    let history = vec(
        (vec(read(), 1..4), change()),
        FRESH_LENGTH / 2..=FRESH_LENGTH,
    );
    check(FRESH, &history, |history| {
        let seed = Seed::parse(SEED).unwrap_or_else(|error| panic!("{error}"));
        let settings = SettingsPatch::new()
            .rate_limit(RateLimitPatch::off())
            .work_items_per_page(WORK_ITEMS);
        let account = Account::with(|builder| builder.seed(seed).settings(settings).agents(2));
        for (reads, change) in &history {
            for read in reads {
                read.run(&account);
            }
            change.apply(&account);
            // Twice, so that each request comes again after the others.
            for read in reads.iter().chain(reads) {
                read.run(&account);
            }
        }
    });
}
