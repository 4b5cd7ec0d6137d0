//! The JSON of agents, which the emulator writes by hand, compared with serde's byte for byte, for
//! every kind of agent that the Rust handle accepts.

mod account;

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use zendesk_availability_emulator::config::{Release, SkillsForm};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::world::{
    AgentFilter, AgentId, Channel, ChannelName, ChannelStatus, Page, Position, StatusReason,
    WorkItem, WorkItemId, WorkItemReason,
};

use crate::filter_model::naive;
use crate::harness::{Account, Ask};
use crate::property::{DOCUMENTS, check};
use crate::wire::Shape;

/// The ids of the statuses that the account creates, beside the standard ones.
const CUSTOM: [u64; 4] = [0, 6, 4_294_967_296, u64::MAX];
const HOSTS: &[&str] = &["localhost", "zendesk.test:8080", "[::1]:80"];

/// An account, its agents, and how it shows them.
#[derive(Clone, Debug)]
struct Case {
    groups: BTreeSet<u64>,
    skills: BTreeSet<String>,
    statuses: BTreeSet<String>,
    agents: BTreeMap<u64, Drawn>,
    set: Vec<(Index, Index, Timestamp)>,
    shape: Drawing,
    size: usize,
}

/// An agent whose groups, skills and status are not chosen yet.
#[derive(Clone, Debug)]
struct Drawn {
    version: u64,
    status: Index,
    reason: StatusReason,
    updated_at: Timestamp,
    groups: Option<Vec<Index>>,
    skills: Option<Vec<Index>>,
    channels: Vec<Channel>,
}

#[derive(Clone, Debug)]
struct Drawing {
    /// Whether it is on at the start, and at the end.
    routing: [bool; 2],
    release: Release,
    skills: SkillsForm,
    work_items: usize,
    select: Option<ChannelName>,
    host: &'static str,
}

/// Any name.
fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "\"",
        "\\",
        "\\u0041",
        "\n",
        "\r\n",
        "\t",
        "\u{8}",
        "\u{c}",
        "\0",
        "\u{1}",
        "\u{1f}",
        "\u{7f}",
        "\u{80}",
        "\u{2028}",
        "\u{2029}",
        "\u{feff}",
        "é",
        "e\u{301}",
        "猫",
        "😀",
        "👩\u{200d}🚀",
        "</script>",
        "/",
        "'",
        " ",
        "plain",
    ];
    let piece = prop_oneof![4 => select(PIECES).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    let long = (select(PIECES), 500..3_000_usize).prop_map(|(piece, times)| piece.repeat(times));
    prop_oneof![8 => vec(piece, 1..6).prop_map(|pieces| pieces.concat()), 1 => long, 3 => Just("In a meeting".to_owned())]
}

/// Small, large and arbitrary numbers.
fn number() -> impl Strategy<Value = u64> {
    const EDGES: &[u64] = &[
        0,
        9,
        10,
        99,
        100,
        4_294_967_295,
        4_294_967_296,
        9_999_999_999_999_999_999,
        u64::MAX,
    ];
    prop_oneof![2 => 0..1000_u64, 2 => select(EDGES), 1 => any::<u64>()]
}

/// Any possible instant, most of them with a finer fraction than microseconds.
fn time() -> impl Strategy<Value = Timestamp> {
    const EDGES: &[&str] = &[
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999999Z",
        "1969-12-31T23:59:59.000000001Z",
        "2000-02-29T23:59:59.9999999Z",
        "1900-02-28T00:00:00.000001Z",
        "0000-01-01T00:00:00Z",
        "0000-12-31T23:59:59.999999999Z",
        "0001-01-01T00:00:00.0000009Z",
        "-000001-12-31T23:59:59.999999999Z",
        "-000044-03-15T12:00:00.123456789Z",
        "9999-12-30T21:59:59.999999999Z",
        "9999-12-30T22:00:00.999999999Z",
    ];
    let edge = select(EDGES).prop_map(|text| text.parse().expect("a time"));
    let end = Just(Timestamp::MIN);
    let seconds = Timestamp::MIN.as_second() + 1..Timestamp::MAX.as_second();
    let any = (seconds, 0..1_000_000_000)
        .prop_map(|(second, nano)| Timestamp::new(second, nano).expect("in range"));
    // Mostly of the same few days, as the times of an agent usually are.
    let today = (0..3 * 86_400_000_000_i64).prop_map(|micro| {
        Timestamp::from_microsecond(1_768_953_600_000_000 + micro).expect("in range")
    });
    prop_oneof![2 => edge, 1 => end, 3 => any, 3 => today]
}

fn channel(name: ChannelName) -> impl Strategy<Value = Channel> {
    let what = || (time(), select(WorkItemReason::ALL));
    // To include 100 there must be one more. Few ids would be different if many were drawn from the
    // edges.
    let items = prop_oneof![20 => btree_map(number(), what(), 0..6), 1 => btree_map(any::<u64>(), what(), 95..110)];
    let capacity = option::of(prop_oneof![0..12_u32, Just(u32::MAX), any::<u32>()]);
    (select(ChannelStatus::ALL), capacity, time(), items).prop_map(
        move |(status, max_capacity, updated_at, items)| {
            let items = items.into_iter();
            let item = |(id, (added_at, reason))| WorkItem::new(WorkItemId(id), added_at, reason);
            let mut channel = Channel::new(name, status, updated_at);
            channel.max_capacity = max_capacity;
            channel.work_items = items.map(item).collect();
            channel
        },
    )
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let some = || option::weighted(0.8, vec(any::<Index>(), 0..5));
    let channels = subsequence(ChannelName::ALL, 0..=4).prop_shuffle();
    let channels =
        channels.prop_flat_map(|names| names.into_iter().map(channel).collect::<Vec<_>>());
    let agent = (
        number(),
        any::<Index>(),
        select(StatusReason::ALL),
        time(),
        some(),
        some(),
        channels,
    );
    agent.prop_map(
        |(version, status, reason, updated_at, groups, skills, channels)| Drawn {
            version,
            status,
            reason,
            updated_at,
            groups,
            skills,
            channels,
        },
    )
}

fn drawing() -> impl Strategy<Value = Drawing> {
    let work_items = prop_oneof![4 => 0..5_usize, 1 => Just(100)];
    let name = prop_oneof![2 => Just(None), 3 => select(ChannelName::ALL).prop_map(Some)];
    let routing = select(
        &[
            [true, true],
            [true, true],
            [true, false],
            [false, false],
            [false, true],
        ][..],
    );
    let release = select(Release::ALL);
    (
        routing,
        release,
        select(SkillsForm::ALL),
        work_items,
        name,
        select(HOSTS),
    )
        .prop_map(
            |(routing, release, skills, work_items, select, host)| Drawing {
                routing,
                release,
                skills,
                work_items,
                select,
                host,
            },
        )
}

fn case() -> impl Strategy<Value = Case> {
    // 1 and 2 are the callers who ask for themselves.
    let ids = prop_oneof![4 => number(), 3 => 1..3_u64];
    let agents = (btree_map(ids, drawn(), 0..5), drawn(), drawn());
    let agents = agents.prop_map(|(mut agents, one, two)| {
        agents.extend([(1, one), (2, two)]);
        agents
    });
    let names = btree_set(text(), CUSTOM.len());
    let set = vec((any::<Index>(), any::<Index>(), time()), 0..4);
    let directory = (btree_set(number(), 0..5), btree_set(text(), 0..5));
    (directory, names, agents, set, drawing(), 1..5_usize).prop_map(
        |((groups, skills), statuses, agents, set, shape, size)| Case {
            groups,
            skills,
            statuses,
            agents,
            set,
            shape,
            size,
        },
    )
}

impl Case {
    fn shape(&self) -> Shape<'_> {
        let Drawing {
            routing: [first, last],
            release,
            skills,
            work_items,
            host,
            ..
        } = self.shape;
        let omnichannel = last || (first && release == Release::Eap);
        Shape {
            omnichannel,
            skills,
            work_items,
            channel: None,
            host,
            to_me: false,
        }
    }

    /// Sends the request, and compares the bytes.
    fn compare(&self, account: &Account, ask: Ask, expected: &[u8]) {
        let answer = account.send_unchecked(&ask.header("host", self.shape.host));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let (found, expected) = (answer.text(), std::str::from_utf8(expected).expect("UTF-8"));
        if found != expected {
            let same = found
                .bytes()
                .zip(expected.bytes())
                .take_while(|(found, expected)| found == expected)
                .count();
            let around = |text: &str| {
                String::from_utf8_lossy(&text.as_bytes()[same.saturating_sub(80)..])
                    .chars()
                    .take(160)
                    .collect::<String>()
            };
            panic!(
                "byte {same} differs:\n{}\n{}",
                around(found),
                around(expected)
            );
        }
    }
}

/// Assumed: for every way of writing an answer, the JSON is the one that serde would write
/// (`src/zendesk/json.rs`), with the fields in one order, and times in microseconds.
#[test]
fn every_byte_about_an_agent_is_what_serde_writes() {
    check(DOCUMENTS, &case(), |case| {
        let account = case.account();
        let agents = case.add_agents(&account);
        let shape = case.shape();
        for (id, agent) in &agents {
            case.compare(
                &account,
                Ask::get(&format!("/{id}")),
                &shape.document(agent),
            );
        }
        case.compare(&account, Ask::get("/me"), &shape.document(&agents[&1]));
        let of_agent = Shape {
            to_me: true,
            ..shape
        };
        case.compare(
            &account,
            Ask::get("/me").by_agent(),
            &of_agent.document(&agents[&2]),
        );
    });
}

/// Assumed: the same for lists, with their links from page to page, and for the items of channels.
#[test]
fn every_byte_of_a_list_is_what_serde_writes() {
    check(DOCUMENTS, &case(), |case| {
        let account = case.account();
        let agents = case.add_agents(&account);
        let (size, select) = (case.size.to_string(), case.shape.select);
        let selected = select.map(|name| ("select_channel", name.as_str()));
        let query: Vec<_> = [("page[size]", &*size)]
            .into_iter()
            .chain(selected)
            .collect();
        let shape = Shape {
            channel: select,
            ..case.shape()
        };
        let filter = AgentFilter::default();
        let cursors = agents.keys().flat_map(|id| {
            [
                Position::After(AgentId(*id)),
                Position::Before(AgentId(*id)),
            ]
        });
        for position in [Position::First, Position::Before(AgentId(u64::MAX))]
            .into_iter()
            .chain(cursors)
        {
            let page = naive::page(agents.values(), &filter, &position, case.size);
            let ask = Ask::get(&format!("?{}", encoded(&query, &position)));
            case.compare(&account, ask, &shape.list(&page, &query));
        }
        for (id, agent) in &agents {
            for channel in &agent.channels {
                case.items(&account, *id, channel);
            }
        }
    });
}

impl Case {
    /// The first page of the items of a channel.
    fn items(&self, account: &Account, id: u64, channel: &Channel) {
        let mut items = channel.work_items.clone();
        items.sort_by_key(|item| (item.added_at.as_nanosecond().div_euclid(1000), item.id));
        let has_next = items.len() > self.size;
        items.truncate(self.size);
        let page = Page {
            items,
            has_previous: false,
            has_next,
        };
        let size = self.size.to_string();
        let path = |agent: &str| {
            format!(
                "/{agent}/channels/{}/relationships/work_items?page[size]={size}",
                channel.name
            )
        };
        let query = [("page[size]", &*size)];
        let expected = self
            .shape()
            .work_items(AgentId(id), channel.name, &page, &query);
        self.compare(account, Ask::get(&path(&id.to_string())), &expected);
        if id == 2 {
            let of_agent = Shape {
                to_me: true,
                ..self.shape()
            };
            let expected = of_agent.work_items(AgentId(id), channel.name, &page, &query);
            self.compare(account, Ask::get(&path("me")).by_agent(), &expected);
        }
    }
}

fn encoded(query: &[(&str, &str)], position: &Position<AgentId>) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(query);
    match position {
        Position::First => {}
        Position::After(id) => _ = pairs.append_pair("page[after]", &id.to_string()),
        Position::Before(id) => _ = pairs.append_pair("page[before]", &id.to_string()),
    }
    pairs.finish()
}
