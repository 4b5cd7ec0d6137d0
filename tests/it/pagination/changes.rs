//! Pages of a list that changes during the walk.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use zendesk_availability_emulator::world::{
    AgentId, ChannelName, StatusId, WorkItem, WorkItemId, WorkItemReason,
};

use super::{agents, by_id, by_name, follow, seeded, work_items};
use crate::harness::{Account, FROM_THE_END};

const ITEMS: &str = "/1/channels/messaging/relationships/work_items";

fn ids(page: &Value) -> Vec<u64> {
    let last = |id: &String| {
        id.rsplit('|')
            .next()
            .and_then(|id| id.parse().ok())
            .expect("a number")
    };
    by_id(page).iter().map(last).collect()
}

fn add_agent(account: &Account, id: u64) {
    let mut agent = account.world().agent(AgentId(10)).expect("agent 10 stays");
    agent.id = AgentId(id);
    // The agent may exist already.
    let _ = account.add_agent(&agent);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Assumed: while agents are added and removed between the pages, none is shown twice, and none
    /// that existed throughout is left out. This is true forwards and backwards, by links and by
    /// cursors.
    #[test]
    fn a_walk_shows_each_agent_once_while_others_come_and_go(
        size in 1..5_usize,
        is_forward in any::<bool>(),
        by_links in any::<bool>(),
        changes in prop::collection::vec(prop::collection::vec((any::<bool>(), 2..22_u64), 0..6), 30),
    ) {
        // 20 agents: 10, 20, …, 200. The new ones have any multiple of 5.
        let account = agents(20);
        let (cursor, link, place) =
            if is_forward { ("after", "next", "after_cursor") } else { ("before", "prev", "before_cursor") };
        let start = if is_forward { "" } else { FROM_THE_END };
        let mut page = account.json(&format!("?page[size]={size}&{start}"));
        let mut shown = ids(&page);
        let mut gone = BTreeSet::new();
        // After the last change, the walk continues without changes. There are at most 40 agents: a
        // walk that never ends shows some twice, which is found below.
        for changes in changes.into_iter().chain(std::iter::repeat_with(Vec::new)).take(100) {
            for (add, n) in changes {
                if add {
                    add_agent(&account, n * 10 + 5);
                } else {
                    gone.insert(n * 10);
                    let _ = account.world().remove_agent(AgentId(n * 10));
                }
            }
            if page["links"][link].is_null() {
                break;
            }
            page = if by_links {
                follow(&account, &page["links"][link])
            } else {
                let place = page["meta"][place].as_str().expect("a page with entries has cursors");
                account.json(&format!("?page[size]={size}&page[{cursor}]={place}"))
            };
            let mut next = ids(&page);
            prop_assert!(next.is_sorted(), "{:?}", next);
            if is_forward {
                shown.extend(next);
            } else {
                next.extend(shown);
                shown = next;
            }
            if by_id(&page).is_empty() {
                break;
            }
        }
        prop_assert!(shown.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", shown);
        let missing: Vec<_> = (1..=20).map(|n| n * 10).filter(|id| !gone.contains(id) && !shown.contains(id)).collect();
        prop_assert!(missing.is_empty(), "{:?} were left out of {:?}", missing, shown);
    }
}

/// Assumed: a work item's cursor keeps its place when the item leaves the channel, and when others
/// are added and removed.
#[test]
fn a_work_item_cursor_outlives_its_item() {
    let account = work_items(7);
    let remove = |id| {
        account.world().remove_work_item(
            AgentId(1),
            ChannelName::Messaging,
            WorkItemId(id),
            account.now(),
        )
    };
    let first = account.json(&format!("{ITEMS}?page[size]=3"));
    assert_eq!(ids(&first), [8999, 8998, 8997]);
    // The cursor's own item, one before it and one after it.
    for id in [8997, 8999, 8996] {
        remove(id).expect("the item is there");
    }
    account.advance(Duration::from_secs(1));
    let item = WorkItem::new(WorkItemId(1), account.now(), WorkItemReason::Assigned);
    account
        .world()
        .add_work_item(AgentId(1), ChannelName::Messaging, item, account.now())
        .expect("a new item");
    let second = follow(&account, &first["links"]["next"]);
    assert_eq!(ids(&second), [8995, 8994, 8993]);
    assert_eq!(ids(&follow(&account, &second["links"]["next"])), [1]);
    assert_eq!(
        ids(&account.json(&format!("{ITEMS}?page[before]=8997"))),
        [8998]
    );
    assert_eq!(ids(&follow(&account, &second["links"]["prev"])), [8998]);
}

/// Assumed: a work item's cursor belongs to the channel of its agent. An item of the same id that
/// leaves another agent, or another channel, moves no cursor.
#[test]
fn a_work_item_cursor_is_of_its_own_channel() {
    let account = work_items(7);
    let world = account.world();
    let mut agent = world.agent(AgentId(1)).expect("it is in the seed");
    agent.id = AgentId(2);
    account.add_agent(&agent).expect("a new agent");
    let (messaging, talk) = (ChannelName::Messaging, ChannelName::Talk);
    world
        .remove_work_item(AgentId(1), messaging, WorkItemId(8997), account.now())
        .expect("the item is there");
    world
        .remove_work_item(AgentId(2), messaging, WorkItemId(8997), account.now())
        .expect("the item is there");
    for (agent, channel) in [(2, messaging), (1, talk)] {
        let item = WorkItem::new(WorkItemId(8997), account.now(), WorkItemReason::Assigned);
        world
            .add_work_item(AgentId(agent), channel, item, account.now())
            .expect("a new item");
        world
            .remove_work_item(AgentId(agent), channel, item.id, account.now())
            .expect("the item is there");
    }
    assert_eq!(
        ids(&account.json(&format!("{ITEMS}?page[after]=8997"))),
        [8996, 8995, 8994, 8993]
    );
}

/// Assumed: `links.prev` is null exactly when nothing is before the page, and `has_more` is false
/// exactly when nothing is after it, also if the cursor's own entry is gone and the page is at an
/// end of the list.
#[test]
fn a_page_at_an_end_of_the_list_has_nothing_beyond() {
    let agents = agents(5);
    let items = work_items(7);
    for id in [8999, 8993] {
        let gone = items.world().remove_work_item(
            AgentId(1),
            ChannelName::Messaging,
            WorkItemId(id),
            items.now(),
        );
        gone.expect("the item was there");
    }
    for (account, path, first, last) in [(&agents, "", "9", "51"), (&items, ITEMS, "8999", "8993")]
    {
        let all = account.json(path);
        assert_eq!(
            all["links"],
            json!({ "prev": null, "next": null }),
            "{path}"
        );
        for query in [
            format!("page[after]={first}"),
            format!("page[before]={last}"),
        ] {
            assert_eq!(
                account.json(&format!("{path}?{query}")),
                all,
                "{path} {query}"
            );
        }
    }
    // Between two entries there is something on both sides.
    for (query, name, expected) in [
        ("page[after]=25", "prev", [10, 20]),
        ("page[before]=35", "next", [40, 50]),
    ] {
        let page = agents.json(&format!("?{query}"));
        assert_eq!(
            ids(&follow(&agents, &page["links"][name])),
            expected,
            "{query}"
        );
    }
}

/// An account with these custom statuses besides the standard ones.
fn with_statuses(custom: &[(u64, &str)]) -> Account {
    let custom: Vec<_> = custom
        .iter()
        .map(|(id, name)| format!("{{ id: {id}, name: '{name}' }}"))
        .collect();
    let list = format!(
        "agent_statuses: {{ custom: [{}] }}\nagents",
        custom.join(", ")
    );
    seeded(&list, ["{ id: 1, agent_status: { id: 2 } }".to_owned()])
}

/// Edits a custom status, or creates it.
fn name(account: &Account, id: u64, name: &str) {
    account
        .save_custom_status(id, &json!({ "name": name }))
        .expect("the name is free");
}

/// Assumed: after a rename a cursor continues from the new name.
#[test]
fn a_status_cursor_continues_from_the_new_name() {
    let account = with_statuses(&[
        (50, "lunch"),
        (51, "meeting"),
        (52, "p\u{e4}use: 5"),
        (53, "training"),
    ]);
    let page = account.json("/agent_statuses?page[size]=2");
    assert_eq!(by_name(&page), ["lunch", "meeting"]);
    assert_eq!(page["meta"]["after_cursor"], "51");
    let expect = |query: &str, names: &[&str]| {
        for path in ["/agent_statuses", "/agent_statuses/me"] {
            assert_eq!(
                by_name(&account.json(&format!("{path}?{query}"))),
                names,
                "{path} {query}"
            );
        }
    };
    expect("page[after]=51", &["p\u{e4}use: 5", "training"]);
    expect("page[before]=51", &["lunch"]);
    name(&account, 51, "q and a");
    expect("page[after]=51", &["training"]);
    expect("page[before]=51", &["lunch", "p\u{e4}use: 5"]);
    name(&account, 51, "zoom");
    expect("page[after]=51", &[]);
    name(&account, 51, "a call");
    expect("page[before]=51", &[]);
    expect("page[after]=51", &["lunch", "p\u{e4}use: 5", "training"]);
}

/// Assumed: the cursor of a deleted status, of a default one and of any other unknown one is a 400.
#[test]
fn a_status_cursor_has_to_name_a_custom_status() {
    let account = with_statuses(&[(50, "lunch"), (51, "meeting"), (52, "training")]);
    account
        .world()
        .delete_custom_status(StatusId(51), account.now())
        .expect("the status is there");
    for path in ["/agent_statuses", "/agent_statuses/me"] {
        for cursor in [51, 2, 3, 4, 5, 0, 53, u64::MAX] {
            for parameter in ["page[after]", "page[before]"] {
                let answer = account.get(&format!("{path}?{parameter}={cursor}"));
                assert_eq!(
                    answer.refusal(),
                    "400 InvalidPaginationParameter",
                    "{path} {parameter}={cursor}"
                );
                assert_eq!(
                    answer.at("/errors/0/source"),
                    json!({ "parameter": parameter }),
                    "{path} {cursor}"
                );
                assert_eq!(
                    answer.at("/errors/0/detail"),
                    "The cursor names no custom status.",
                    "{path} {cursor}"
                );
            }
        }
    }
    // The earlier form of cursors, which contained the name.
    assert_eq!(
        account
            .get("/agent_statuses?page[after]=NTA6bHVuY2g")
            .status,
        400
    );
}
