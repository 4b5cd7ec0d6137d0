//! The work items of a channel: `GET
//! /api/v2/agent_availabilities/{agent_id}/channels/{channel}/relationships/work_items` and its
//! `/me` form.

use std::time::Duration;

use serde_json::{Value, json};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::world::{
    AgentId, ChannelName, WorkItem, WorkItemId, WorkItemReason,
};

use crate::harness::{ADMIN, Account, Ask, below, elements};

fn path(agent: &str, channel: &str) -> String {
    format!("/{agent}/channels/{channel}/relationships/work_items")
}

/// The items of a page, as the numbers at the end of their ids.
fn items(page: &Value) -> Vec<u64> {
    let number = |item: &Value| item["id"].as_str()?.rsplit('|').next()?.parse().ok();
    elements(&page["data"])
        .iter()
        .map(|item| number(item).unwrap_or_else(|| panic!("{item}")))
        .collect()
}

fn add(account: &Account, id: u64, added_at: Timestamp) {
    let item = WorkItem::new(WorkItemId(id), added_at, WorkItemReason::Assigned);
    let added =
        account
            .world()
            .add_work_item(AgentId(10011), ChannelName::Messaging, item, account.now());
    assert!(added.is_ok(), "{added:?}");
}

/// Observed: `data` has full work items with attributes. Documented: oldest first, and cursors
/// equal the id of the last item. Both forms are the same, except for the links (assumed: a plain
/// agent may call `/me` only).
#[test]
fn both_forms_list_the_work_items_of_a_channel() {
    let account = Account::demo();
    let page = |agent: &str| {
        let item = |id: u64, added_at: &str, reason: &str| {
            let id = format!("agent_availabilities|10011|channels|messaging|work_items|{id}");
            json!({ "type": "work_items", "id": id, "attributes": { "added_at": added_at, "reason": reason } })
        };
        let url = format!(
            "http://localhost/api/v2/agent_availabilities{}",
            path(agent, "messaging")
        );
        json!({
            "data": [
                item(203, "2026-01-21T10:21:07.640118Z", "ASSIGNED_TRANSFER"),
                item(204, "2026-01-21T10:21:45.002390Z", "REOPENED")
            ],
            "links": {
                "prev": format!("{url}?page%5Bsize%5D=2&page%5Bbefore%5D=203"),
                "next": format!("{url}?page%5Bsize%5D=2&page%5Bafter%5D=204")
            },
            "meta": { "has_more": true, "after_cursor": "204", "before_cursor": "203" }
        })
    };
    let query = "?page[size]=2&page[after]=202";
    assert_eq!(
        account.json(&format!("{}{query}", path("10011", "messaging"))),
        page("10011")
    );
    let mine = format!("{}{query}", path("me", "messaging"));
    assert_eq!(account.send(&Ask::get(&mine).by_agent()).json(), page("me"));
    // An admin may follow numeric links, so for an admin the two forms are identical.
    assert_eq!(
        account.json(&path("me", "support")),
        account.json(&path("10001", "support"))
    );
}

/// Documented: oldest first. The order is by the time at which the agent got them, not by id or by
/// the order of adding. Within one instant it is by id (assumed).
#[test]
fn the_oldest_come_first() {
    let account = Account::demo();
    let time = |text: &str| text.parse().expect("a time");
    add(&account, 1, time("2026-01-21T10:29:00Z"));
    add(&account, 999, time("2026-01-21T09:00:00Z"));
    add(&account, 8, time("2026-01-21T09:00:00Z"));
    add(&account, 70, time("2026-01-21T10:21:45.002390Z"));
    let expected = [8, 999, 201, 202, 203, 70, 204, 205, 1];
    assert_eq!(items(&account.json(&path("10011", "messaging"))), expected);
    // The last of two items of one instant is a cursor like any other.
    let after = format!("{}?page[after]=70", path("10011", "messaging"));
    assert_eq!(items(&account.json(&after)), [204, 205, 1]);
}

/// Documented: `sort` is `added_at`, the default, or `-added_at`, the newest first. Assumed: within
/// one instant by id, and reversed in the other order. Links repeat `sort`. On both paths.
#[test]
fn the_order_can_be_chosen() {
    let account = Account::demo();
    let time = |text: &str| text.parse().expect("a time");
    add(&account, 999, time("2026-01-21T09:00:00Z"));
    add(&account, 8, time("2026-01-21T09:00:00Z"));
    let oldest_first = [8, 999, 201, 202, 203, 204, 205];
    let newest_first: Vec<_> = oldest_first.into_iter().rev().collect();
    for agent in ["10011", "me"] {
        let path = path(agent, "messaging");
        let get = |path: &str| {
            account.send(&if agent == "me" {
                Ask::get(path).by_agent()
            } else {
                Ask::get(path)
            })
        };
        for query in [
            "",
            "?sort=added_at",
            "?sort=",
            "?sort=-added_at&sort=added_at",
        ] {
            assert_eq!(
                items(&get(&format!("{path}{query}")).json()),
                oldest_first,
                "{agent} {query}"
            );
        }
        assert_eq!(
            items(&get(&format!("{path}?sort=-added_at")).json()),
            newest_first,
            "{agent}"
        );
        let first = get(&format!("{path}?sort=-added_at&page[size]=3")).json();
        assert_eq!(
            (items(&first), &first["links"]["prev"]),
            (newest_first[..3].to_vec(), &Value::Null)
        );
        let next = format!("{path}?sort=-added_at&page%5Bsize%5D=3&page%5Bafter%5D=203");
        assert_eq!(below(&first["links"]["next"]), next);
        let second = get(&next).json();
        assert_eq!(items(&second), newest_first[3..6]);
        assert_eq!(get(&below(&second["links"]["prev"])).json(), first);
        // A cursor is a place in both orders.
        assert_eq!(
            items(&get(&format!("{path}?page[after]=203")).json()),
            [204, 205]
        );
        assert_eq!(
            items(&get(&format!("{path}?sort=-added_at&page[before]=203")).json()),
            [205, 204]
        );
        assert_eq!(
            items(&get(&format!("{path}?sort=-added_at&page[after]=999")).json()),
            [8]
        );
    }
}

/// Assumed: any other `sort` is a 400.
#[test]
fn another_order_is_refused() {
    let account = Account::demo();
    for agent in ["10011", "me"] {
        for sort in [
            "added_at,reason",
            "-reason",
            "id",
            "ADDED_AT",
            "%2Badded_at",
            "--added_at",
            "added_at%20",
            "asc",
        ] {
            let answer = account.get(&format!("{}?sort={sort}", path(agent, "support")));
            assert_eq!(answer.refusal(), "400 InvalidParameter", "{sort}");
            assert_eq!(
                answer.at("/errors/0/source"),
                json!({ "parameter": "sort" }),
                "{sort}"
            );
            let detail = answer.at("/errors/0/detail");
            assert!(
                detail
                    .as_str()
                    .is_some_and(|detail| detail.ends_with("is not one of added_at, -added_at.")),
                "{detail}"
            );
        }
    }
}

/// Takes item 203 from its channel, and adds item 100 after all others.
fn replace_item_203(account: &Account) {
    let removed = account.world().remove_work_item(
        AgentId(10011),
        ChannelName::Messaging,
        WorkItemId(203),
        account.now(),
    );
    assert!(removed.is_ok(), "{removed:?}");
    account.advance(Duration::from_secs(1));
    add(account, 100, account.now());
}

/// Assumed: in the other order too a cursor keeps its place when its item leaves the channel.
#[test]
fn a_cursor_keeps_its_place_in_the_other_order() {
    let account = Account::demo();
    replace_item_203(&account);
    let get = |query: &str| {
        items(&account.json(&format!(
            "{}?sort=-added_at&{query}",
            path("10011", "messaging")
        )))
    };
    assert_eq!(get("page[after]=203"), [202, 201]);
    assert_eq!(get("page[before]=203"), [100, 205, 204]);
}

/// Documented: pages continue after a cursor. Assumed: links lead back, pages keep the order, and a
/// cursor works with another page size.
#[test]
fn pages_of_any_size_make_up_the_whole_list() {
    let account = Account::demo();
    for size in 1..=6 {
        let first = format!("{}?page[size]={size}", path("10011", "messaging"));
        let (mut page, mut found) = (account.json(&first), Vec::new());
        assert_eq!(
            page["links"]["prev"],
            Value::Null,
            "nothing is before the first page"
        );
        loop {
            found.extend(items(&page));
            assert_eq!(page["meta"]["has_more"], !page["links"]["next"].is_null());
            assert_eq!(
                page["meta"]["after_cursor"],
                items(&page).last().expect("an item").to_string()
            );
            assert_eq!(page["meta"]["before_cursor"], items(&page)[0].to_string());
            if page["links"]["next"].is_null() {
                break;
            }
            page = account.json(&below(&page["links"]["next"]));
        }
        assert_eq!(found, [201, 202, 203, 204, 205], "{size} a page");
        let mut back = items(&page);
        while !page["links"]["prev"].is_null() {
            page = account.json(&below(&page["links"]["prev"]));
            back.splice(0..0, items(&page));
        }
        assert_eq!(back, found, "{size} a page, from the end");
    }
    let rest = format!("{}?page[after]=202", path("10011", "messaging"));
    assert_eq!(
        items(&account.json(&rest)),
        [203, 204, 205],
        "without the size of the page that the cursor came from"
    );
}

/// Assumed: a cursor keeps its place when items are added and removed between pages: none occurs
/// twice, none is skipped. A cursor that names no item of the channel, now or before, is a 400 like
/// one that cannot be read.
#[test]
fn a_cursor_keeps_its_place() {
    let account = Account::demo();
    let after = |cursor: &str| {
        account.get(&format!(
            "{}?page[after]={cursor}",
            path("10011", "messaging")
        ))
    };
    let before = |cursor: &str| {
        account.get(&format!(
            "{}?page[before]={cursor}",
            path("10011", "messaging")
        ))
    };
    replace_item_203(&account);
    assert_eq!(items(&after("203").json()), [204, 205, 100]);
    assert_eq!(items(&before("203").json()), [201, 202]);
    for (answer, parameter) in [
        (after("777"), "page[after]"),
        (after("301"), "page[after]"),
        (before("777"), "page[before]"),
        (after("x"), "page[after]"),
    ] {
        assert_eq!(
            answer.refusal(),
            "400 InvalidPaginationParameter",
            "{}",
            answer.text()
        );
        assert_eq!(answer.at("/errors/0/source/parameter"), parameter);
    }
}

/// Assumed: an unknown channel, or one that the agent does not have, is a 404. Only the agent's id
/// is checked before.
#[test]
fn a_channel_that_is_not_there_is_not_found() {
    const CHANNELS: &str = "The channels are chat, messaging, support, talk";
    let account = Account::demo();
    let missing = [
        ("10011", "talk", "Agent 10011 has no channel talk"),
        ("10019", "messaging", "Agent 10019 has no channel messaging"),
        ("10011", "fax", CHANNELS),
        ("10011", "Messaging", CHANNELS),
        ("10011", "messaging%20", CHANNELS),
        ("10011", "messaging%2Fx", CHANNELS),
        ("10011", "%00", CHANNELS),
        ("99999", "messaging", "There is no agent 99999"),
        ("10002", "messaging", "There is no agent 10002"),
        ("me", "chat", "Agent 10001 has no channel chat"),
        ("me", "fax", CHANNELS),
        // Bytes that are not UTF-8.
        ("me", "%FF", CHANNELS),
        ("10011", "%FF", CHANNELS),
    ];
    for (agent, channel, detail) in missing {
        let answer = account.get(&path(agent, channel));
        assert_eq!(
            answer.refusal(),
            "404 RecordNotFound",
            "{agent} {channel}: {}",
            answer.text()
        );
        let found = answer.errors("detail").concat();
        assert!(found.contains(detail), "{agent} {channel}: {found}");
    }
}

/// Documented: the reasons of work items, each verbatim.
#[test]
fn reasons_are_shown_verbatim() {
    let reasons = "UNKNOWN_ADD ASSIGNED OFFERED ACCEPTED MANUAL_ASSIGNED REOPENED ASSIGNED_TRANSFER CHANNEL_CHANGE \
                   OFFER_MISSED OFFER_OBSOLETED";
    let reasons: Vec<_> = reasons.split_whitespace().collect();
    let seeded: Vec<_> = reasons
        .iter()
        .enumerate()
        .map(|(id, reason)| format!("{{ id: {id}, reason: {reason} }}"))
        .collect();
    let account = Account::seeded(&format!(
        "{ADMIN}\nagents: [{{ id: 7, channels: {{ talk: {{ work_items: [{}] }} }} }}]\n",
        seeded.join(", ")
    ));
    let page = account.json(&path("7", "talk"));
    let shown: Vec<_> = elements(&page["data"])
        .iter()
        .map(|item| &item["attributes"]["reason"])
        .collect();
    assert_eq!(shown, reasons);
    // An item that is changed keeps its place.
    let changed = account.world().update_work_item(
        AgentId(7),
        ChannelName::Talk,
        WorkItemId(0),
        WorkItemReason::OfferMissed,
        account.now(),
    );
    assert!(changed.is_ok(), "{changed:?}");
    assert_eq!(
        account.json(&path("7", "talk"))["data"][0]["attributes"]["reason"],
        "OFFER_MISSED"
    );
}

/// Assumed: a channel without work items has an empty page, with null for both cursors.
#[test]
fn a_channel_without_work_items_is_an_empty_page() {
    let empty = json!({
        "data": [],
        "links": { "prev": null, "next": null },
        "meta": { "has_more": false, "after_cursor": null, "before_cursor": null }
    });
    assert_eq!(Account::demo().json(&path("10013", "talk")), empty);
}

/// Documented for siblings, assumed here: the default page size is 20. Documented: further items
/// than the included first page can be read.
#[test]
fn a_page_has_twenty_items_unless_asked_otherwise() {
    let account = Account::demo();
    for id in 0..40 {
        add(&account, 1000 + id, account.now());
    }
    let whole: Vec<_> = (201..=205).chain(1000..1040).collect();
    let all = path("10011", "messaging");
    let first = account.json(&all);
    assert_eq!(items(&first), whole[..20]);
    let second = account.json(&below(&first["links"]["next"]));
    assert_eq!(items(&second), whole[20..40]);
    assert_eq!(
        items(&account.json(&below(&second["links"]["next"]))),
        whole[40..]
    );
    assert_eq!(
        items(&account.json(&format!("{all}?page[size]=100"))),
        whole
    );
    assert_eq!(
        account.json("/10011")["included"][0]["attributes"]["work_item_count"],
        45
    );
}
