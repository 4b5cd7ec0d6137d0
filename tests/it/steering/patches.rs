//! Merge patches of agents (RFC 7396).

use serde_json::{Value, json};

use super::{agent, events, patch};
use crate::harness::Account;

const NOW: &str = "2026-01-21T10:30:00.000000Z";

/// Another unified status has its usual effect on the channels. A channel's own values in the patch
/// beat it.
#[test]
fn another_status_takes_the_channels_along() {
    let server = Account::demo();
    let change = json!({ "agent_status": { "id": 4 }, "channels": { "support": { "status": "transfers_only" } } });
    let shown = patch(&server, "/agents/10011", &change).json();
    let status = json!({ "id": 4, "reason": "AGENT_STATUS_SWITCHER", "updated_at": NOW });
    assert_eq!(shown["agent_status"], status);
    assert_eq!(shown["channels"]["messaging"]["status"], "away");
    assert_eq!(shown["channels"]["support"]["status"], "transfers_only");
    let expected = [
        "10011 v237 online AGENT_STATUS_SWITCHER to away AGENT_STATUS_SWITCHER",
        "10011 v238 messaging: online to away",
        "10011 v239 support: online to transfers_only",
    ];
    assert_eq!(events(&server), expected);
}

/// A status has no effect on a channel that it does not name.
#[test]
fn a_channel_that_the_status_does_not_name_stays() {
    let server = Account::demo();
    // "In a meeting" does not name chat.
    let shown = patch(
        &server,
        "/agents/10018",
        &json!({ "agent_status": { "id": 123 } }),
    )
    .json();
    assert_eq!(shown["channels"]["chat"]["status"], "online");
    assert_eq!(events(&server).len(), 1);
    // Setting the same status again is not a change, and has no effect on the channels.
    patch(
        &server,
        "/agents/10011/channels/messaging",
        &json!({ "status": "away" }),
    );
    let shown = patch(
        &server,
        "/agents/10011",
        &json!({ "agent_status": { "id": 3, "reason": "PUBLIC_API" } }),
    )
    .json();
    assert_eq!(shown["channels"]["messaging"]["status"], "away");
}

/// Null removes, a list is replaced, and the rest stays.
#[test]
fn null_takes_away() {
    let server = Account::demo();
    let change = json!({
        "group_ids": null,
        "skill_ids": null,
        "version": null,
        "channels": { "messaging": { "max_capacity": null, "work_items": [{ "id": 205, "reason": "OFFERED" }] }, "support": null },
    });
    let shown = patch(&server, "/agents/10011", &change).json();
    assert_eq!(
        (shown.get("group_ids"), shown.get("skill_ids")),
        (None, None)
    );
    let messaging = json!({
        "status": "online",
        "updated_at": NOW,
        "work_items": [{ "id": 205, "added_at": "2026-01-21T10:22:30.917206Z", "reason": "OFFERED" }],
    });
    assert_eq!(shown["channels"], json!({ "messaging": messaging }));
    // Groups, a capacity, four items, two items and their channel. Skills too.
    assert_eq!((events(&server).len(), &shown["version"]), (9, &json!(246)));
    let shown = patch(
        &server,
        "/agents/10012",
        &json!({ "agent_status": null, "channels": null }),
    )
    .json();
    assert_eq!(
        shown["agent_status"],
        json!({ "id": 2, "reason": "UNKNOWN", "updated_at": NOW })
    );
    assert_eq!(shown["channels"], json!({}));
    // If its unified status is removed, the agent gets the default one, which sets the channels.
    let shown = patch(&server, "/agents/10001", &json!({ "agent_status": null })).json();
    assert_eq!(shown["channels"]["support"]["status"], "offline");
}

#[test]
fn nothing_to_change_changes_nothing() {
    let server = Account::demo();
    let before = server.state();
    let read = agent(&server, 10011);
    let same = json!({ "id": 10011, "version": 236, "agent_status": { "id": 3 }, "channels": { "talk": null } });
    for change in [
        json!({}),
        same,
        read.clone(),
        json!({ "group_ids": [1, 42] }),
    ] {
        let shown = patch(&server, "/agents/10011", &change);
        assert_eq!(
            (shown.status.as_u16(), shown.json()),
            (200, read.clone()),
            "{change}"
        );
    }
    assert_eq!(server.state(), before);
}

/// The version names the state that the client has read.
#[test]
fn another_version_is_refused() {
    let server = Account::demo();
    let before = server.state();
    for version in [json!(235), json!(237), json!(0), json!("236")] {
        let body = json!({ "version": version, "group_ids": [1] });
        for answer in [
            patch(&server, "/agents/10011", &body),
            super::put(&server, "/agents/10011", &body),
        ] {
            assert_eq!(answer.places(), ["version"], "{version}");
        }
    }
    assert_eq!(server.state(), before);
}

/// A patch that is not an object is one problem, and the text says what it is instead.
#[test]
fn a_patch_is_an_object() {
    let server = Account::demo();
    for path in ["/agents/10011", "/agent_statuses/123"] {
        for body in [json!(null), json!([]), json!("x")] {
            assert_eq!(patch(&server, path, &body).places(), [""], "{path} {body}");
        }
    }
}

/// All problems are named at once, also a null for something that no agent has.
#[test]
fn every_problem_of_a_patch_is_named() {
    let server = Account::demo();
    let before = server.state();
    let change = json!({
        "id": 5,
        "x": null,
        "y": 1,
        "agent_status": { "id": 99, "since": null },
        "group_ids": [9],
        "channels": { "fax": null, "chat": { "capacity": null, "status": "busy" }, "talk": { "work_items": null } },
    });
    let mut found = patch(&server, "/agents/10011", &change).places();
    found.sort();
    let mut expected = [
        "",
        "",
        "agent_status",
        "channels",
        "channels.chat",
        "id",
        "agent_status.id",
        "group_ids[0]",
        "channels.chat.status",
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
    for (change, place) in [
        (Value::from(3), ""),
        (json!([]), ""),
        (json!({ "channels": 3 }), "channels"),
    ] {
        assert_eq!(
            patch(&server, "/agents/10011", &change).places(),
            [place],
            "{change}"
        );
    }
    for (change, place) in [
        (json!({ "x": null }), ""),
        (json!({ "agent_status": { "x": null } }), "agent_status"),
        (json!({ "channels": { "fax": null } }), "channels"),
        (
            json!({ "channels": { "talk": { "x": null } } }),
            "channels.talk",
        ),
    ] {
        assert_eq!(
            patch(&server, "/agents/10011", &change).places(),
            [place],
            "{change}"
        );
    }
    assert_eq!(
        patch(
            &server,
            "/agents/10011",
            &json!({ "agent_status": { "id": null } })
        )
        .places(),
        ["agent_status"]
    );
    assert_eq!(server.state(), before);
}
