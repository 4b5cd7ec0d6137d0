//! The list of events. `openapi/control.yaml` says whether the form of an event is documented,
//! observed or assumed. The list itself is not Zendesk's, so it is assumed.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::world::{
    AgentId, ChannelName, ChannelStatus, GroupId, StatusId, StatusReason, WorkItem, WorkItemId,
    WorkItemReason,
};

use super::{control, create, get_in, patch, reset};
use crate::harness::{Account, Ask, P, elements, numbers};

const AGNES: AgentId = AgentId(10011);
const UPDATE: &str = "/agent_statuses/agents/10011";

fn events_of(subdomain: &str, query: &str) -> Ask {
    control(Method::GET, &format!("/{subdomain}/events{query}"))
}

fn list(server: &Account, query: &str) -> Value {
    let answer = server.send(&events_of("example", query));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

/// The sequence numbers of a list.
fn sequences(list: &Value) -> Vec<u64> {
    numbers(&list["events"], "/sequence")
}

fn types(list: &Value) -> Vec<&str> {
    elements(&list["events"])
        .iter()
        .map(|event| event["type"].as_str().expect("a type"))
        .collect()
}

fn update(account: &str) -> Ask {
    let ask = Ask::raw(Method::PUT, &format!("/_account/{account}{P}{UPDATE}"));
    ask.token("admin@example.com", "demo-api-token")
        .json(&json!({ "id": 3 }))
}

/// Documented: the envelope. Observed: what the event of a unified status says.
#[test]
fn an_event_is_what_a_webhook_would_carry() {
    let server = Account::demo();
    server.advance(Duration::from_nanos(1));
    server.put(UPDATE, &json!({ "id": 4 }));
    let listed = list(&server, "");
    let id = listed["events"][0]["id"].clone();
    assert_eq!(
        listed["events"][0],
        json!({
            "sequence": 1,
            "type": "zen:event-type:agent.unified_state_changed",
            "id": id,
            "account_id": 2,
            "time": "2026-01-21T10:30:00.000000001Z",
            "zendesk_event_version": "2022-11-06",
            "subject": "zen:agent:10011",
            "detail": { "account_id": "2", "agent_id": "10011", "version": "237" },
            "event": {
                "previous_unified_state": { "id": "3", "name": "online", "reason": "AGENT_STATUS_SWITCHER" },
                "new_unified_state": { "id": "4", "name": "away", "reason": "PUBLIC_API" },
                "updated_at": "2026-01-21T10:30:00.000000001Z",
            },
        })
    );
    let keys: Vec<_> = listed["events"][0]
        .as_object()
        .expect("an event")
        .keys()
        .collect();
    assert_eq!(keys[..4], ["sequence", "type", "id", "account_id"]);
}

/// Each type of event has its form. Documented: the status of a channel, and
/// omnichannel routing, whose event belongs to the account and has the account's id as a number.
/// Observed: work items. Assumed: capacities, channels and groups.
#[test]
fn every_kind_of_event_is_written() {
    type Write = fn(&Account) -> bool;
    let item = |id| {
        WorkItem::new(
            WorkItemId(id),
            "2026-01-21T10:25:00Z".parse().expect("a time"),
            WorkItemReason::Assigned,
        )
    };
    let server = Account::demo();
    server
        .world()
        .add_work_item(AGNES, ChannelName::Messaging, item(9), server.now())
        .expect("an agent");
    let cases: [(Write, &str, Value); 9] = [
        (
            |account| {
                account
                    .set_channel_status(AGNES, ChannelName::Messaging, ChannelStatus::Away)
                    .is_ok()
            },
            "agent.state_changed",
            json!({ "channel": "messaging", "previous_state": "online", "new_state": "away" }),
        ),
        (
            |account| {
                let (item, reason) = (WorkItemId(9), WorkItemReason::Reopened);
                account
                    .world()
                    .update_work_item(AGNES, ChannelName::Messaging, item, reason, account.now())
                    .is_ok()
            },
            "agent.work_item_updated",
            json!({ "work_item_id": "9", "channel": "messaging", "previous_reason": "ASSIGNED", "reason": "REOPENED" }),
        ),
        (
            |account| {
                account
                    .world()
                    .remove_work_item(AGNES, ChannelName::Messaging, WorkItemId(9), account.now())
                    .is_ok()
            },
            "agent.work_item_removed",
            json!({ "work_item_id": "9", "channel": "messaging", "reason": "REOPENED" }),
        ),
        (
            |account| {
                account
                    .set_max_capacity(AGNES, ChannelName::Messaging, Some(7))
                    .is_ok()
            },
            "agent.max_capacity_changed",
            json!({ "channel": "messaging", "previous_max_capacity": 5, "new_max_capacity": 7 }),
        ),
        (
            |account| {
                account
                    .set_max_capacity(AGNES, ChannelName::Messaging, None)
                    .is_ok()
            },
            "agent.max_capacity_changed",
            json!({ "channel": "messaging", "previous_max_capacity": 7, "new_max_capacity": null }),
        ),
        (
            |account| account.put_channel(AGNES, ChannelName::Talk, None).is_ok(),
            "agent.channel_created",
            json!({ "channel": "talk" }),
        ),
        (
            |account| {
                account
                    .directly(|world, now| world.remove_channel(AGNES, ChannelName::Talk, now))
                    .is_ok()
            },
            "agent.channel_deleted",
            json!({ "channel": "talk" }),
        ),
        (
            |account| account.set_groups(AGNES, &[GroupId(42)]).is_ok(),
            "agent.groups_updated",
            json!({ "previous_group_ids": ["1", "42"], "new_group_ids": ["42"] }),
        ),
        (
            |account| {
                account
                    .world()
                    .set_omnichannel_routing(false, false, account.now())
            },
            "omnichannel_config.omnichannel_routing_feature_changed",
            json!({ "previous_value": true, "current_value": false }),
        ),
    ];
    let added = &list(&server, "")["events"][0];
    assert_eq!(added["type"], "zen:event-type:agent.work_item_added");
    let updated_at = "2026-01-21T10:30:00.000000000Z";
    let expected = json!({ "work_item_id": "9", "channel": "messaging", "reason": "ASSIGNED", "updated_at": updated_at });
    assert_eq!(added["event"], expected);
    for (write, kind, mut expected) in cases {
        let before = list(&server, "")["last"].as_u64().expect("a number");
        assert!(write(&server), "{kind}");
        let listed = list(&server, &format!("?after={before}"));
        let [event] = elements(&listed["events"]) else {
            panic!("{kind}: {listed}")
        };
        assert_eq!(event["type"], format!("zen:event-type:{kind}"));
        if kind.starts_with("agent.") {
            expected["updated_at"] = json!(updated_at);
            assert_eq!(event["subject"], "zen:agent:10011");
        } else {
            assert_eq!(
                (&event["subject"], &event["detail"]),
                (&json!("zen:account:2"), &json!({ "account_id": 2 }))
            );
        }
        assert_eq!(event["event"], expected, "{kind}");
    }
}

#[test]
fn a_list_goes_on_where_the_one_before_ended() {
    let server = Account::demo();
    assert_eq!(
        list(&server, ""),
        json!({ "events": [], "first": null, "last": 0, "dropped": 0 })
    );
    for _ in 0..5 {
        server.put(UPDATE, &json!({ "id": 3 }));
    }
    let whole = list(&server, "");
    assert_eq!(sequences(&whole), [1, 2, 3, 4, 5]);
    for (query, expected) in [
        ("?limit=2", vec![1, 2]),
        ("?after=2&limit=2", vec![3, 4]),
        ("?after=4", vec![5]),
        ("?after=5", vec![]),
        ("?after=99", vec![]),
        ("?limit=0", vec![]),
        ("?after=18446744073709551615", vec![]),
    ] {
        let listed = list(&server, query);
        assert_eq!(sequences(&listed), expected, "{query}");
        assert_eq!(
            (&listed["first"], &listed["last"]),
            (&json!(1), &json!(5)),
            "{query}"
        );
    }
    // The id of an event never changes, and a later event has a greater id.
    let ids = |list: &Value| -> Vec<String> {
        elements(&list["events"])
            .iter()
            .map(|event| event["id"].to_string())
            .collect()
    };
    assert_eq!(ids(&list(&server, "")), ids(&whole));
    assert!(ids(&whole).is_sorted_by(|a, b| a < b), "{:?}", ids(&whole));
}

#[test]
fn the_log_says_what_it_has_dropped() {
    let server = Account::demo();
    for _ in 0..10_003 {
        let set = server.set_status(AGNES, StatusId(3), StatusReason::PublicApi);
        set.expect("an agent");
    }
    let listed = list(&server, "?limit=1");
    assert_eq!(sequences(&listed), [4]);
    assert_eq!(
        (&listed["first"], &listed["last"], &listed["dropped"]),
        (&json!(4), &json!(10_003), &json!(3))
    );
    assert_eq!(sequences(&list(&server, "?after=2&limit=2")), [4, 5]);
    assert_eq!(sequences(&list(&server, "?limit=10000")).len(), 10_000);
    assert_eq!(
        sequences(&list(&server, "")).len(),
        1_000,
        "the usual limit"
    );
}

#[test]
fn events_can_be_chosen() {
    let server = Account::demo();
    server.put(UPDATE, &json!({ "id": 2 }));
    server.update(10013, 3);
    let unified = "zen:event-type:agent.unified_state_changed";
    assert_eq!(
        types(&list(&server, "?type=agent.unified_state_changed")),
        [unified; 2]
    );
    assert_eq!(
        types(&list(&server, &format!("?type={unified}&agent=10011"))),
        [unified]
    );
    let whole = list(&server, "");
    let both = list(
        &server,
        "?type=agent.state_changed,agent.unified_state_changed",
    );
    assert_eq!(both, whole, "{whole}");
    let of_one = list(&server, "?agent=10013");
    assert!(!sequences(&of_one).is_empty());
    assert!(
        elements(&of_one["events"])
            .iter()
            .all(|it| it["subject"] == "zen:agent:10013")
    );
    assert_eq!(types(&list(&server, "?agent=1")), [""; 0]);
    // The limit counts the events that the filter selects.
    let first = sequences(&of_one)[0];
    assert_eq!(sequences(&list(&server, "?agent=10013&limit=1")), [first]);
}

#[test]
fn every_problem_of_the_query_is_named() {
    let server = Account::demo();
    let query = "?after=x&limit=10001&type=agent.gone,x&agent=-1&wait=61s&more=1";
    let answer = server.send(&events_of("example", query).header("last-event-id", "y"));
    assert_eq!(
        answer.places(),
        [
            "",
            "after",
            "Last-Event-ID",
            "limit",
            "wait",
            "type",
            "type",
            "agent"
        ]
    );
    for query in [
        "?after=",
        "?wait=1",
        "?wait=-1s",
        "?limit=+1",
        "?type=",
        "?after=18446744073709551616",
        "?Last-Event-ID=1",
    ] {
        assert_eq!(
            server.send(&events_of("example", query)).status,
            422,
            "{query}"
        );
    }
    assert_eq!(server.send(&events_of("nobody", "?after=x")).status, 404);
}

/// A test gets the event that it waits for when it happens, and no other event.
#[test]
fn a_list_can_wait() {
    let server = Account::demo();
    let wait = events_of(
        "example",
        "?wait=60s&type=agent.unified_state_changed&agent=10011",
    );
    let another = Ask::put("/agent_statuses/agents/10013").json(&json!({ "id": 3 }));
    let listed = server
        .send_before(
            &wait,
            &[another, Ask::put(UPDATE).json(&json!({ "id": 4 }))],
        )
        .json();
    assert_eq!(
        types(&listed),
        ["zen:event-type:agent.unified_state_changed"]
    );
    assert_eq!(listed["events"][0]["subject"], "zen:agent:10011");
    // An event that is already there needs no waiting, and waiting for one that never comes ends.
    assert_eq!(
        elements(&list(&server, "?wait=60s&limit=1")["events"]).len(),
        1
    );
    let last = listed["last"].as_u64().expect("a number");
    let nothing = list(&server, &format!("?after={last}&wait=60s&agent=10014"));
    assert_eq!(
        (&nothing["events"], &nothing["last"]),
        (&json!([]), &list(&server, "")["last"])
    );
    // A sequence number above the newest event is from before a reset: the answer comes before
    // anything else happens.
    let last = list(&server, "")["last"].clone();
    let again = Ask::put(UPDATE).json(&json!({ "id": 4 }));
    let answer = server.send_before(&events_of("example", "?after=1000&wait=60s"), &[again]);
    assert_eq!(
        (answer.at("/events"), answer.at("/last")),
        (json!([]), last)
    );
}

/// Accounts are numbered in the order of their creation, starting with the number in the documented
/// example. A reset keeps the number.
#[test]
fn events_name_their_account() {
    let server = Account::demo();
    assert_eq!(
        server
            .send(&control(Method::GET, "/example"))
            .at("/account_id"),
        2
    );
    assert_eq!(
        create(&server, &json!({ "subdomain": "example" })).status,
        409
    );
    assert_eq!(
        create(&server, &json!({ "subdomain": "a" })).at("/account_id"),
        3
    );
    assert_eq!(
        create(&server, &json!({ "subdomain": "b" })).at("/account_id"),
        4
    );
    let first = |name: &str| {
        assert_eq!(server.send(&update(name)).status, 200);
        server.send(&events_of(name, "")).at("/events/0")
    };
    let [a, b] = ["a", "b"].map(first);
    assert_eq!(
        (&a["account_id"], &a["detail"]["account_id"]),
        (&json!(3), &json!("3"))
    );
    assert_eq!(b["account_id"], 4);
    assert_ne!(
        a["id"], b["id"],
        "of the same instant and place, but another account"
    );
    assert_eq!(reset(&server, "a").at("/account_id"), 3);
    let again = first("a");
    assert_eq!(
        (&again["account_id"], &again["sequence"]),
        (&json!(3), &json!(1))
    );
    assert_ne!(again["id"], a["id"], "another event than before the reset");
    patch(
        &server,
        "a",
        &json!({ "settings": { "omnichannel_routing": false } }),
    );
    let switched = server.send(&events_of(
        "a",
        "?type=omnichannel_config.omnichannel_routing_feature_changed",
    ));
    assert_eq!(switched.at("/events/0/subject"), "zen:account:3");
    assert_eq!(get_in(&server, "a", "/10011").status, 200);
}
