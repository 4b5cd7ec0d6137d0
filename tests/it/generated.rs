//! Generated agents: any number of them beside those of the seed. Zendesk has none, so all of it is
//! assumed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use zendesk_availability_emulator::clock::Clock;
use zendesk_availability_emulator::config::InvalidSettings;
use zendesk_availability_emulator::jiff::{SignedDuration, Timestamp};
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::{
    Agent, AgentFilter, AgentId, Channel, ChannelName, ChannelStatus, Position, StatusReason,
};
use zendesk_availability_emulator::{Builder, Emulator, StartError};

use crate::harness::{ADMIN, Account, Ask, START, below, elements};

const FIRST: u64 = 1_000_000_001;
/// Enough agents that every kind occurs.
const MANY: usize = 1_000;

fn demo(count: usize) -> Account {
    Account::with(|builder| builder.agents(count))
}

fn seeded(count: usize, more: &str) -> Account {
    let seed = Seed::parse(&format!("{ADMIN}{more}")).unwrap_or_else(|error| panic!("{error}"));
    Account::with(|builder| builder.seed(seed).agents(count))
}

fn all(account: &Account) -> Vec<Agent> {
    account
        .world()
        .agents(&AgentFilter::default(), &Position::First, usize::MAX)
        .items
}

/// The agents that are not from the demo seed.
fn generated(account: &Account) -> Vec<Agent> {
    let is_generated = |agent: &Agent| (FIRST..2 * FIRST).contains(&agent.id.0);
    all(account).into_iter().filter(is_generated).collect()
}

fn channels(agents: &[Agent]) -> impl Iterator<Item = &Channel> {
    agents.iter().flat_map(|agent| &agent.channels)
}

/// Two runs have the same agents.
#[test]
fn the_same_clock_gives_the_same_agents() {
    let agents = generated(&demo(MANY));
    assert_eq!(agents.len(), MANY);
    assert!(agents == generated(&demo(MANY)), "two accounts differ");
}

/// Another start time moves every time by the same amount, and changes nothing else.
#[test]
fn their_times_go_with_the_clock() {
    let hour = SignedDuration::from_hours(1);
    let later = START.parse::<Timestamp>().expect("a time") + hour;
    let moved = generated(&Account::with(|builder| {
        builder.clock(Clock::frozen(later)).agents(MANY)
    }));
    let expected: Vec<_> = generated(&demo(MANY))
        .iter()
        .map(|agent| delayed(agent, hour))
        .collect();
    assert!(moved == expected, "more than the times has changed");
}

fn delayed(agent: &Agent, by: SignedDuration) -> Agent {
    let mut agent = agent.clone();
    agent.status.updated_at += by;
    for channel in &mut agent.channels {
        channel.updated_at += by;
        for item in &mut channel.work_items {
            item.added_at += by;
        }
    }
    agent
}

/// A larger run includes the agents of a smaller one.
#[test]
fn an_agent_is_the_same_however_many_there_are() {
    let (few, many) = (generated(&demo(10)), generated(&demo(MANY)));
    assert!(few == many[..10], "the first ten differ");
    assert!(generated(&demo(0)).is_empty());
}

/// Ids that are taken are not replaced: those of agents, and those of users who would become
/// agents.
#[test]
fn their_ids_leave_out_those_of_the_seed() {
    let user = "  - { id: 1000000004, name: Lena, email: lena@example.com, role: light_agent }\n";
    let seed = ADMIN.replace("api_tokens", &format!("{user}api_tokens"));
    let seed = format!(
        "{seed}agents: [{{ id: 1000000001, version: 77 }}, {{ id: 1000000003, version: 78 }}]"
    );
    let seed = Seed::parse(&seed).unwrap_or_else(|error| panic!("{error}"));
    let agents = generated(&Account::with(|builder| builder.seed(seed).agents(4)));
    let offsets: Vec<_> = agents.iter().map(|agent| agent.id.0 - FIRST + 1).collect();
    assert_eq!(offsets, [1, 2, 3, 5, 6, 7]);
    assert_eq!([agents[0].version, agents[2].version], [77, 78]);
    // The others are the same as without it.
    let others: Vec<_> = generated(&seeded(7, ""))
        .into_iter()
        .filter(|agent| offsets[1..].contains(&(agent.id.0 - FIRST + 1)))
        .collect();
    assert!(
        others[0] == agents[1] && others[2..] == agents[3..],
        "an agent does not follow from its id"
    );
}

/// Generated agents keep all the rules of the world.
#[test]
fn they_keep_the_rules_of_the_world() {
    let statuses = "groups: [{ id: 7, name: A }, { id: 8, name: B }, { id: 9, name: C }]\n\
                    agent_statuses: { custom: [{ id: 70, name: Lunch, group_ids: [7] }, { id: 71, name: Course }] }\n";
    for account in [demo(MANY), seeded(MANY, statuses), seeded(MANY, "")] {
        let agents = generated(&account);
        assert_eq!(agents.len(), MANY);
        for agent in &agents {
            check(&account, agent);
        }
    }
}

fn check(account: &Account, agent: &Agent) {
    let world = account.world();
    let directory = world.directory();
    let listed = account
        .world()
        .status(agent.status.status.id)
        .expect("a status of the account");
    assert!(Arc::ptr_eq(&listed, &agent.status.status), "{agent:?}");
    assert!(agent.may_use(&listed), "{agent:?}");
    assert!(agent.version >= 1, "{agent:?}");

    let groups = agent.groups.as_ref().expect("groups");
    assert!(
        groups
            .iter()
            .all(|group| directory.groups.contains_key(group)),
        "{agent:?}"
    );
    assert!(
        groups.len() == groups.iter().collect::<BTreeSet<_>>().len(),
        "{agent:?}"
    );
    assert!(
        (1..=2).contains(&groups.len()) || directory.groups.is_empty(),
        "{agent:?}"
    );
    let skills = agent.skills.as_ref().expect("skills");
    for skill in skills.iter() {
        let (shared, _) = directory
            .skills
            .get_key_value(skill)
            .expect("a skill of the account");
        assert!(
            Arc::ptr_eq(&shared.0, &skill.0),
            "the text of {skill} is in memory twice"
        );
    }
    assert!(
        skills.len() == skills.iter().collect::<BTreeSet<_>>().len() && skills.len() <= 2,
        "{agent:?}"
    );

    assert!(
        agent
            .channels
            .is_sorted_by(|one, next| one.name < next.name),
        "{agent:?}"
    );
    assert!((2..=4).contains(&agent.channels.len()), "{agent:?}");
    let mut times = vec![agent.status.updated_at];
    for channel in &agent.channels {
        let items = &channel.work_items;
        assert!(
            items.is_sorted_by_key(|item| (item.added_at, item.id)),
            "{agent:?}"
        );
        assert_eq!(
            items
                .iter()
                .map(|item| item.id)
                .collect::<BTreeSet<_>>()
                .len(),
            items.len(),
            "{agent:?}"
        );
        let capacity_fits = match channel.max_capacity {
            Some(capacity) => channel.name != ChannelName::Talk && (1..=10).contains(&capacity),
            None => channel.name == ChannelName::Talk,
        };
        assert!(capacity_fits, "{agent:?}");
        times.push(channel.updated_at);
        times.extend(items.iter().map(|item| item.added_at));
    }
    let working_day = account.now() - SignedDuration::from_hours(8)..=account.now();
    assert!(
        times.iter().all(|time| working_day.contains(time)),
        "{agent:?}"
    );
    assert!(
        times
            .iter()
            .all(|time| time.subsec_nanosecond() % 1_000 == 0),
        "{agent:?}"
    );
}

/// If the present is not a whole microsecond, or is the earliest instant, no time is after it.
#[test]
fn their_times_are_never_to_come() {
    let odd = "1969-12-31T23:59:59.999999001Z".parse().expect("a time");
    for now in [Timestamp::MIN, odd, Timestamp::MAX] {
        let account = Account::with(|builder| builder.clock(Clock::frozen(now)).agents(MANY));
        let agents = generated(&account);
        let items = channels(&agents)
            .flat_map(|channel| &channel.work_items)
            .map(|item| item.added_at);
        let times = channels(&agents)
            .map(|channel| channel.updated_at)
            .chain(items);
        assert!(
            times
                .chain(agents.iter().map(|agent| agent.status.updated_at))
                .all(|time| time <= now),
            "{now}"
        );
    }
}

/// A load test finds every kind of agent, in realistic proportions.
#[test]
fn among_a_thousand_is_everything() {
    let agents = generated(&demo(MANY));
    let mut statuses = BTreeMap::new();
    for agent in &agents {
        *statuses.entry(agent.status.status.id.0).or_insert(0) += 1;
    }
    assert_eq!(
        statuses.keys().copied().collect::<Vec<_>>(),
        [2, 3, 4, 5, 123, 124]
    );
    assert!((450..=550).contains(&statuses[&3]), "{statuses:?}");
    let reasons: BTreeSet<_> = agents.iter().map(|agent| agent.status.reason).collect();
    assert!(
        reasons.len() > 5 && !reasons.contains(&StatusReason::Unknown),
        "{reasons:?}"
    );

    let found: BTreeSet<_> = channels(&agents).map(|channel| channel.name).collect();
    assert!(found.iter().eq(ChannelName::ALL), "{found:?}");
    let found: BTreeSet<_> = channels(&agents).map(|channel| channel.status).collect();
    assert!(found.iter().eq(ChannelStatus::ALL), "{found:?}");
    let found: BTreeSet<_> = channels(&agents)
        .filter_map(|channel| channel.max_capacity)
        .collect();
    assert!(found.iter().copied().eq(1..=10), "{found:?}");

    let is_over = |channel: &&Channel| {
        channel.max_capacity.is_some_and(|capacity| {
            channel.work_items.len() > usize::try_from(capacity).expect("small")
        })
    };
    let over = channels(&agents).filter(is_over).count();
    assert!(
        (10..=200).contains(&over),
        "{over} channels are over capacity"
    );
    let differs = |agent: &&Agent| {
        let mapped = &agent.status.status.channels;
        agent.channels.iter().any(|channel| {
            mapped
                .get(&channel.name)
                .is_some_and(|status| *status != channel.status)
        })
    };
    let differing = agents.iter().filter(differs).count();
    assert!(
        (50..=250).contains(&differing),
        "{differing} agents have switched a channel"
    );
}

/// Their size is known: three channels, six work items, 3 KB.
#[test]
fn their_size_is_known() {
    let account = demo(MANY);
    let agents = generated(&account);
    let channel_count = channels(&agents).count();
    assert!((2_900..=3_100).contains(&channel_count), "{channel_count}");
    let items: usize = channels(&agents)
        .map(|channel| channel.work_items.len())
        .sum();
    assert!((5_700..=6_300).contains(&items), "{items}");
    let bytes: usize = agents[..100]
        .iter()
        .map(|agent| account.get(&format!("/{}", agent.id)).body.len())
        .sum();
    assert!((250_000..=350_000).contains(&bytes), "{bytes}");
}

/// To clients they are ordinary agents. The harness checks every page against the contract.
#[test]
fn clients_page_over_them_and_change_them() {
    let account = demo(MANY);
    let (mut ids, mut next) = (Vec::new(), Some("?page[size]=100".to_owned()));
    while let Some(path) = next {
        let page = account.json(&path);
        ids.extend(crate::list::agents(&page));
        next = (!page["links"]["next"].is_null()).then(|| below(&page["links"]["next"]));
    }
    let expected: Vec<_> = all(&account).iter().map(|agent| agent.id.0).collect();
    assert_eq!(ids, expected);
    assert!(ids.len() > MANY);

    let agents = generated(&account);
    let (agent, channel) = agents
        .iter()
        .find_map(|agent| {
            Some((
                agent,
                agent
                    .channels
                    .iter()
                    .find(|channel| channel.work_items.len() == 4)?,
            ))
        })
        .expect("a full channel");
    let items = account.json(&format!(
        "/{}/channels/{}/relationships/work_items",
        agent.id, channel.name
    ));
    assert_eq!(elements(&items["data"]).len(), 4);
    let changed = account.update(agent.id.0, 4);
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(
        account.attributes(agent.id.0)["version"],
        account.world().agent(agent.id).expect("it").version
    );
}

/// The demo account is still there.
#[test]
fn the_seed_answers_beside_them() {
    let (alone, beside) = (Account::demo(), demo(MANY));
    for agent in all(&alone) {
        assert_eq!(beside.world().agent(agent.id).as_ref(), Some(&agent));
    }
    for ask in [
        Ask::get("/10011"),
        Ask::get("/me"),
        Ask::get("/me").by_agent(),
        Ask::get("/agent_statuses"),
    ] {
        let answers: [Value; 2] = [&alone, &beside].map(|account| account.send(&ask).json());
        assert_eq!(answers[0], answers[1]);
    }
    assert_eq!(
        Emulator::builder().agents(MANY).credentials(),
        Emulator::builder().credentials()
    );
    // Time passes for them too.
    beside.advance(Duration::from_secs(5));
    assert_eq!(beside.update(1_000_000_001, 2).status, 200);
    let agent = beside.world().agent(AgentId(FIRST)).expect("the first");
    assert_eq!(agent.status.updated_at, beside.now());
}

/// Refused before anything listens or is generated.
#[test]
fn too_many_are_refused() {
    let too_many = || Emulator::builder().agents(Builder::MOST_AGENTS + 1);
    for refused in [too_many().build(), too_many().start()] {
        let error = refused.expect_err("more than there can be");
        assert!(
            matches!(error, StartError::Settings(InvalidSettings::Agents)),
            "{error}"
        );
        assert!(
            error.to_string().contains("from 0 to 10,000,000"),
            "{error}"
        );
    }
}
