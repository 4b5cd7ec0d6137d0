//! Page walks. For every filter and page size, following the links visits every matching agent
//! once, in both directions, also while agents are added, removed and changed.

mod changing;

use std::collections::BTreeSet;

use serde_json::Value;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::{
    Agent, AgentId, AgentStatus, Channel, ChannelName, ChannelStatus, GroupId, SkillId, StatusId,
    StatusReason, WorkItem, WorkItemId, WorkItemReason,
};

use super::list::agents;
use crate::harness::{ADMIN, Account, Ask, FROM_THE_END, P};

const AGENTS: u64 = 10_000;

/// An agent of the walks. Everything about it follows from its number, so that a filter's matches
/// are easy to see.
#[derive(Clone, Copy, Debug)]
struct Numbered(u64);

impl Numbered {
    /// Ids with gaps and of different lengths.
    fn id(self) -> u64 {
        self.0 * 7 + 3
    }

    fn status(self) -> (u64, ChannelStatus) {
        // No pattern: neighbours may have the same status.
        match (self.0 + 1) * 7_919 % 10_007 % 4 {
            0 => (2, ChannelStatus::Offline),
            1 => (3, ChannelStatus::Online),
            2 => (4, ChannelStatus::Away),
            _ => (5, ChannelStatus::TransfersOnly),
        }
    }

    /// All agents but each fifth are in one of three groups, some in two.
    fn groups(self) -> Vec<u64> {
        let first = (!self.0.is_multiple_of(5)).then_some(self.0 % 3 + 1);
        let second = self.0.is_multiple_of(11).then_some(9);
        first.into_iter().chain(second).collect()
    }

    fn skill(self) -> Option<&'static str> {
        self.0.is_multiple_of(50).then_some("french")
    }

    /// Few have channels, which take time to check. Each tenth has messaging, with 0 to 2 of 3
    /// slots taken. Each twelfth has support, without a limit.
    fn has(self, channel: ChannelName) -> bool {
        match channel {
            ChannelName::Messaging => self.0 % 10 == 7,
            ChannelName::Support => self.0 % 12 == 5,
            _ => false,
        }
    }

    fn held(self) -> u64 {
        self.0 % 3
    }

    fn agent(self, account: &Account) -> Agent {
        let now = account.now();
        let (status, state) = self.status();
        let channels = [ChannelName::Messaging, ChannelName::Support]
            .into_iter()
            .filter(|name| self.has(*name));
        let channels = channels.map(|name| match name {
            ChannelName::Messaging => channel(name, state, Some(3), self.held(), now),
            _ => channel(name, state, None, 0, now),
        });
        let status = account
            .world()
            .status(StatusId(status))
            .expect("a default status");
        let status = AgentStatus::new(status, StatusReason::Unknown, now);
        let mut agent = Agent::new(AgentId(self.id()), status);
        agent.channels = channels.collect();
        agent.groups = Some(self.groups().into_iter().map(GroupId).collect());
        agent.skills = Some(
            self.skill()
                .into_iter()
                .map(|skill| SkillId(skill.into()))
                .collect(),
        );
        agent
    }
}

fn channel(
    name: ChannelName,
    status: ChannelStatus,
    max_capacity: Option<u32>,
    held: u64,
    now: Timestamp,
) -> Channel {
    let item = |id| WorkItem::new(WorkItemId(id), now, WorkItemReason::Assigned);
    let mut channel = Channel::new(name, status, now);
    channel.max_capacity = max_capacity;
    channel.work_items = (0..held).map(item).collect();
    channel
}

/// An account with this number of agents, without a rate limit.
fn account(agents: u64) -> Account {
    let seed = format!(
        "{ADMIN}groups: [{{ id: 1, name: A }}, {{ id: 2, name: B }}, {{ id: 3, name: C }}, {{ id: 9, name: D }}]\n\
         skills: [{{ id: french, name: French }}]\n"
    );
    let seed = Seed::parse(&seed).unwrap_or_else(|error| panic!("{error}"));
    let settings = SettingsPatch::new()
        .rate_limit(RateLimitPatch::off())
        .work_items_per_page(0);
    let account = Account::with(|builder| builder.seed(seed).settings(settings));
    for number in 0..agents {
        let agent = Numbered(number).agent(&account);
        account
            .add_agent(&agent)
            .unwrap_or_else(|error| panic!("{error}"));
    }
    account
}

/// The links and the agents of a page.
#[derive(Clone, Debug, PartialEq)]
struct Page {
    ids: Vec<u64>,
    prev: Option<String>,
    next: Option<String>,
}

/// Reads the page that a link leads to.
fn page(account: &Account, link: &str) -> Page {
    let path = link.strip_prefix("http://localhost").unwrap_or(link);
    let path = path
        .strip_prefix(P)
        .unwrap_or_else(|| panic!("{link} leads elsewhere"));
    let body = account.send(&Ask::get(path)).json();
    let ids = agents(&body);
    let link = |name: &str| body["links"][name].as_str().map(str::to_owned);
    assert_eq!(
        body["meta"]["has_more"],
        Value::from(link("next").is_some())
    );
    let cursor = |id: Option<&u64>| id.map_or(Value::Null, |id| Value::from(id.to_string()));
    assert_eq!(body["meta"]["after_cursor"], cursor(ids.last()));
    assert_eq!(body["meta"]["before_cursor"], cursor(ids.first()));
    Page {
        prev: link("prev"),
        next: link("next"),
        ids,
    }
}

/// Every page from a link on, in the direction that `onward` selects.
fn walk(account: &Account, start: &str, onward: impl Fn(&Page) -> Option<&String>) -> Vec<Page> {
    let mut pages = vec![page(account, start)];
    let mut links = BTreeSet::new();
    while let Some(link) = pages.last().and_then(&onward).cloned() {
        assert!(links.insert(link.clone()), "{start} leads to {link} again");
        pages.push(page(account, &link));
    }
    pages
}

fn forward(page: &Page) -> Option<&String> {
    page.next.as_ref()
}

fn backward(page: &Page) -> Option<&String> {
    page.prev.as_ref()
}

/// Documented for the walk and most filters, assumed for combinations of filters. Every filter and
/// several together, in pages of several sizes, forwards and backwards.
#[test]
fn every_filter_visits_every_matching_agent_once_in_both_directions() {
    use ChannelName::{Messaging, Support};
    use ChannelStatus::{Away, Offline, Online, TransfersOnly};
    type Condition = fn(Numbered) -> bool;
    let account = account(AGENTS);
    let cases: &[(&str, usize, Condition)] = &[
        ("", 100, |_| true),
        ("filter[channel_status]=messaging:online", 100, |it| {
            it.has(Messaging) && it.status().1 == Online
        }),
        (
            "filter[channel_status]=support:away,messaging:transfers_only",
            41,
            |it| {
                (it.has(Support) && it.status().1 == Away)
                    || (it.has(Messaging) && it.status().1 == TransfersOnly)
            },
        ),
        ("filter[agent_status_id]=3", 100, |it| {
            it.status().1 == Online
        }),
        (
            "filter[agent_status_ids]=2,5&filter[skill]=french",
            9,
            |it| [Offline, TransfersOnly].contains(&it.status().1) && it.skill().is_some(),
        ),
        ("filter[group_id]=9", 20, |it| it.groups().contains(&9)),
        (
            "filter[agent_status_name]=%22online%22,%22away%22",
            100,
            |it| [Online, Away].contains(&it.status().1),
        ),
        ("filter[skill]=french", 7, |it| it.skill().is_some()),
        ("filter[remaining_capacity]=messaging:3", 100, |it| {
            it.has(Messaging) && it.held() == 0
        }),
        ("filter[work_items_count]=messaging:1", 64, |it| {
            it.has(Messaging) && it.held() <= 1
        }),
        ("filter[work_items_count]=support:0,messaging:0", 41, |it| {
            it.has(Support) || (it.has(Messaging) && it.held() == 0)
        }),
        ("select_channel=support&filter[group_id]=9", 64, |it| {
            it.groups().contains(&9)
        }),
        ("filter[agent_id]=3,10,31,17,69996,70003", 2, |it| {
            [3, 10, 31, 17, 69_996, 70_003].contains(&it.id())
        }),
        (
            "filter[group_id]=2&filter[agent_status_id]=5&filter[remaining_capacity]=messaging:2",
            50,
            |it| {
                it.groups().contains(&2)
                    && it.status().1 == TransfersOnly
                    && it.has(Messaging)
                    && it.held() <= 1
            },
        ),
        (
            "filter[group_ids]=1,9&filter[channel_status]=support:online&filter[work_items_count]=support:5",
            8,
            |it| {
                it.groups().iter().any(|group| [1, 9].contains(group))
                    && it.has(Support)
                    && it.status().1 == Online
            },
        ),
        (
            "filter[group_id]=2&filter[agent_id]=10,17,24,31,38,45,52",
            1,
            |it| it.groups().contains(&2) && (10..=52).contains(&it.id()),
        ),
        ("filter[skill]=german", 10, |_| false),
    ];
    for (filter, size, matches) in cases {
        let expected: Vec<_> = (0..AGENTS)
            .map(Numbered)
            .filter(|it| matches(*it))
            .map(Numbered::id)
            .collect();
        let context = format!("{filter} in pages of {size}: {} agents", expected.len());
        assert!(
            expected.len() > *size || *filter == "filter[skill]=german",
            "{context}: it should be a walk"
        );
        let first = format!("{P}?{filter}&page[size]={size}");
        let there = walk(&account, &first, forward);
        check(&there, &expected, *size, &context);
        // The way back has the same pages.
        let last = there
            .iter()
            .rev()
            .nth(1)
            .and_then(forward)
            .unwrap_or(&first);
        let mut back = walk(&account, last, backward);
        back.reverse();
        assert_eq!(ids(&back), ids(&there), "{context}: back");
        if expected.len() < 1_000 {
            let mut back = walk(&account, &format!("{first}&{FROM_THE_END}"), backward);
            back.reverse();
            assert_eq!(
                ids(&back).concat(),
                expected,
                "{context}: back from the end"
            );
            assert!(
                back.iter().skip(1).all(|page| page.ids.len() == *size),
                "{context}: only the first may be short"
            );
        }
    }
}

/// Observed: the Ruby client drops the page size on later pages, so a cursor works with any.
#[test]
fn a_cursor_works_with_any_page_size() {
    let account = account(500);
    let mut ids = page(&account, &format!("{P}?page[size]=37")).ids;
    for size in [1, 20, 100, 3, 64].into_iter().cycle() {
        let cursor = ids.last().expect("an agent");
        let next = page(
            &account,
            &format!("{P}?page[after]={cursor}&page[size]={size}"),
        );
        if next.ids.is_empty() {
            break;
        }
        assert!(
            next.ids[0] > *cursor,
            "after {cursor} comes {}",
            next.ids[0]
        );
        ids.extend(next.ids);
    }
    assert_eq!(
        ids,
        (0..500)
            .map(|number| Numbered(number).id())
            .collect::<Vec<_>>()
    );
}

/// Checks the pages of a walk forwards: all agents by id, each once. All pages but the last are
/// full, and links are where they should be.
fn check(pages: &[Page], expected: &[u64], size: usize, context: &str) {
    assert_eq!(ids(pages).concat(), expected, "{context}");
    for (index, page) in pages.iter().enumerate() {
        let is_last = index + 1 == pages.len();
        assert!(
            is_last || page.ids.len() == size,
            "{context}: page {index} has {}",
            page.ids.len()
        );
        assert_eq!(page.prev.is_some(), index > 0, "{context}: page {index}");
    }
}

fn ids(pages: &[Page]) -> Vec<Vec<u64>> {
    pages.iter().map(|page| page.ids.clone()).collect()
}
