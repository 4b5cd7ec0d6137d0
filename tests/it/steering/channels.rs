//! Channels that are added, set and removed.

use serde_json::{Value, json};

use super::{agent, delete, events, patch, put};
use crate::harness::{Account, elements};

const NOW: &str = "2026-01-21T10:30:00.000000Z";

#[test]
fn a_channel_is_given_in_the_state_of_the_agent() {
    let server = Account::demo();
    let given = put(
        &server,
        "/agents/10013/channels/chat",
        &json!({ "max_capacity": 2 }),
    );
    assert_eq!(given.status, 201);
    let chat = json!({ "status": "away", "max_capacity": 2, "updated_at": NOW, "work_items": [] });
    assert_eq!(
        (given.at("/channels/chat"), given.at("/version")),
        (chat, json!(42))
    );
    let given = put(
        &server,
        "/agents/10019/channels/talk",
        &json!({ "status": "online" }),
    );
    assert_eq!(
        (given.status.as_u16(), given.at("/channels/talk/status")),
        (201, json!("online"))
    );
    assert_eq!(
        events(&server),
        ["10013 v42 chat: created", "10019 v2 talk: created"]
    );
    assert_eq!(
        server.json("/10019")["included"][0]["attributes"]["status"],
        "online"
    );
}

/// Status and capacity are what the body says, or those of a new channel. The work items stay.
#[test]
fn a_channel_is_replaced_but_for_what_it_holds() {
    let server = Account::demo();
    patch(
        &server,
        "/agents/10011/channels/messaging",
        &json!({ "status": "away" }),
    );
    let replaced = put(&server, "/agents/10011/channels/messaging", &json!({}));
    assert_eq!(replaced.status, 200);
    let channel = replaced.at("/channels/messaging");
    assert_eq!(
        (&channel["status"], channel.get("max_capacity")),
        (&json!("online"), None)
    );
    assert_eq!(elements(&channel["work_items"]).len(), 5);
    let expected = [
        "10011 v237 messaging: online to away",
        "10011 v238 messaging: away to online",
        "10011 v239 messaging: capacity Some(5) to None",
    ];
    assert_eq!(events(&server), expected);
    let same = put(
        &server,
        "/agents/10011/channels/messaging",
        &json!({ "status": null, "max_capacity": null }),
    );
    assert_eq!(same.at("/version"), 239);
}

#[test]
fn a_part_of_a_channel_is_set() {
    let server = Account::demo();
    let path = "/agents/10011/channels/messaging";
    let both = patch(
        &server,
        path,
        &json!({ "status": "transfers_only", "max_capacity": 0 }),
    );
    assert_eq!(
        (both.status.as_u16(), both.at("/version")),
        (200, json!(238))
    );
    assert_eq!(both.at("/channels/messaging/updated_at"), NOW);
    assert_eq!(
        patch(&server, path, &json!({ "status": "away" })).at("/channels/messaging/max_capacity"),
        0
    );
    assert_eq!(
        patch(&server, path, &json!({ "max_capacity": null }))
            .at("/channels/messaging/max_capacity"),
        Value::Null
    );
    assert_eq!(
        patch(&server, path, &json!({ "max_capacity": 4_294_967_295_u32 })).at("/version"),
        241
    );
    // Setting the present values is not a change.
    for nothing in [
        json!({}),
        json!({ "status": null }),
        json!({ "status": "away", "max_capacity": 4_294_967_295_u32 }),
    ] {
        assert_eq!(
            patch(&server, path, &nothing).at("/version"),
            241,
            "{nothing}"
        );
    }
    let expected = [
        "10011 v237 messaging: online to transfers_only",
        "10011 v238 messaging: capacity Some(5) to Some(0)",
        "10011 v239 messaging: transfers_only to away",
        "10011 v240 messaging: capacity Some(0) to None",
        "10011 v241 messaging: capacity None to Some(4294967295)",
    ];
    assert_eq!(events(&server), expected);
}

#[test]
fn a_channel_is_taken_with_what_it_holds() {
    let server = Account::demo();
    let taken = delete(&server, "/agents/10011/channels/support");
    assert_eq!(
        (taken.status.as_u16(), taken.at("/channels/support")),
        (200, Value::Null)
    );
    assert_eq!(taken.json(), agent(&server, 10011));
    let expected = [
        "10011 v237 support: removed 301 MANUAL_ASSIGNED",
        "10011 v238 support: removed 302 CHANNEL_CHANGE",
        "10011 v239 support: deleted",
    ];
    assert_eq!(events(&server), expected);
    assert_eq!(
        delete(&server, "/agents/10011/channels/support").status,
        404
    );
}
