//! Work items that are added, changed, removed and moved.

use serde_json::{Value, json};

use super::{agent, delete, events, patch, post};
use crate::harness::{Account, elements, numbers};

const NOW: &str = "2026-01-21T10:30:00.000000Z";
const ITEMS: &str = "/agents/10011/channels/messaging/work_items";

fn ids(channel: &Value) -> Vec<u64> {
    numbers(&channel["work_items"], "/id")
}

#[test]
fn an_item_is_given_changed_and_taken() {
    let server = Account::demo();
    let given = post(&server, ITEMS, &json!({ "id": 901 }));
    assert_eq!(
        (given.status.as_u16(), given.at("/version")),
        (201, json!(237))
    );
    let last = given.at("/channels/messaging/work_items/5");
    assert_eq!(
        last,
        json!({ "id": 901, "added_at": NOW, "reason": "ASSIGNED" })
    );
    // The order of items is that of their times.
    let early = json!({ "id": 900, "reason": "OFFERED", "added_at": "2026-01-21T10:00:00Z" });
    assert_eq!(
        post(&server, ITEMS, &early).at("/channels/messaging/work_items/0/id"),
        900
    );
    let updated = patch(
        &server,
        &format!("{ITEMS}/900"),
        &json!({ "reason": "ACCEPTED" }),
    );
    assert_eq!(
        (
            updated.status.as_u16(),
            updated.at("/channels/messaging/work_items/0/reason")
        ),
        (200, json!("ACCEPTED"))
    );
    let taken = delete(&server, &format!("{ITEMS}/901"));
    assert_eq!(
        (taken.status.as_u16(), taken.json()),
        (200, agent(&server, 10011))
    );
    let expected = [
        "10011 v237 messaging: added 901 ASSIGNED",
        "10011 v238 messaging: added 900 OFFERED",
        "10011 v239 messaging: item 900 OFFERED to ACCEPTED",
        "10011 v240 messaging: removed 901 ASSIGNED",
    ];
    assert_eq!(events(&server), expected);
    assert_eq!(
        elements(&server.json("/10011/channels/messaging/relationships/work_items")["data"]).len(),
        6
    );
}

/// Documented: the reasons `ASSIGNED_TRANSFER` and `CHANNEL_CHANGE`. Assumed: which is which.
#[test]
fn an_item_moves_with_both_events() {
    let server = Account::demo();
    let moved = post(
        &server,
        &format!("{ITEMS}/203/move"),
        &json!({ "agent_id": 10012 }),
    );
    assert_eq!(moved.status, 200, "{}", moved.text());
    assert_eq!(
        (moved.at("/from"), moved.at("/to")),
        (agent(&server, 10011), agent(&server, 10012))
    );
    assert_eq!(
        ids(&moved.at("/from/channels/messaging")),
        [201, 202, 204, 205]
    );
    assert_eq!(
        ids(&moved.at("/to/channels/messaging")),
        [211, 212, 213, 214, 203]
    );
    assert_eq!(
        moved.at("/to/channels/messaging/work_items/4/added_at"),
        NOW
    );
    let within = post(
        &server,
        &format!("{ITEMS}/201/move"),
        &json!({ "channel": "support" }),
    );
    assert_eq!(within.at("/from"), within.at("/to"));
    assert_eq!(ids(&within.at("/to/channels/support")), [301, 302, 201]);
    let both = json!({ "agent_id": 10001, "channel": "support", "reason": "REOPENED" });
    assert_eq!(
        post(&server, &format!("{ITEMS}/202/move"), &both).status,
        200
    );
    let expected = [
        "10011 v237 messaging: removed 203 ASSIGNED_TRANSFER",
        "10012 v89 messaging: added 203 ASSIGNED_TRANSFER",
        "10011 v238 messaging: removed 201 ASSIGNED",
        "10011 v239 support: added 201 CHANNEL_CHANGE",
        "10011 v240 messaging: removed 202 ACCEPTED",
        "10001 v13 support: added 202 REOPENED",
    ];
    assert_eq!(events(&server), expected);
}

/// An item that the target cannot take is not removed from its channel.
#[test]
fn a_move_that_cannot_be_leaves_both_as_they_are() {
    let server = Account::demo();
    post(
        &server,
        "/agents/10012/channels/messaging/work_items",
        &json!({ "id": 201 }),
    );
    let before = server.state();
    let to = |item: u64, body: Value| post(&server, &format!("{ITEMS}/{item}/move"), &body);
    for (item, body, place) in [
        (202, json!({}), ""),
        (202, json!({ "agent_id": null, "reason": "ASSIGNED" }), ""),
        (202, json!({ "agent_id": 404 }), "agent_id"),
        (202, json!({ "agent_id": 10019 }), "agent_id"),
        (
            202,
            json!({ "agent_id": 10012, "channel": "talk" }),
            "channel",
        ),
        (202, json!({ "channel": "talk" }), "channel"),
        (202, json!({ "channel": "fax" }), "channel"),
        (
            202,
            json!({ "channel": "support", "reason": "NONE" }),
            "reason",
        ),
    ] {
        assert_eq!(to(item, body.clone()).places(), [place], "{body}");
    }
    for (item, body, status) in [
        (404, json!({ "agent_id": 10012 }), 404),
        (201, json!({ "agent_id": 10012 }), 409),
        // The target has an item of that id already.
        (202, json!({ "agent_id": 10011 }), 409),
        (202, json!({ "channel": "messaging" }), 409),
    ] {
        assert_eq!(to(item, body.clone()).status, status, "{body}");
    }
    let from = |path: &str| {
        post(
            &server,
            &format!("/agents/{path}/move"),
            &json!({ "agent_id": 10012 }),
        )
        .status
    };
    assert_eq!(from("404/channels/messaging/work_items/1"), 404);
    assert_eq!(from("10011/channels/talk/work_items/1"), 404);
    assert_eq!(server.state(), before);
}
