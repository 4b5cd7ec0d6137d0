//! Agents that are shown, created, replaced and removed.

use std::time::Duration;

use serde_json::{Value, json};

use super::{agent, delete, events, get, post, put};
use crate::harness::{Account, elements};

const NOW: &str = "2026-01-21T10:30:00.000000Z";
const ALL: [u64; 11] = [
    10001,
    10011,
    10012,
    10013,
    10014,
    10015,
    10016,
    10017,
    10018,
    10019,
    1_900_012_345_678_901,
];

#[test]
fn an_agent_is_shown_as_a_seed_has_it() {
    let server = Account::demo();
    assert_eq!(
        agent(&server, 10017),
        json!({
            "id": 10017,
            "version": 19,
            "agent_status": { "id": 124, "reason": "AGENT_STATUS_SWITCHER", "updated_at": "2026-01-21T07:59:30.000777Z" },
            "group_ids": [42],
            "skill_ids": ["5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27"],
            "channels": {
                "messaging": {
                    "status": "offline", "max_capacity": 5, "updated_at": "2026-01-21T07:59:30.000777Z", "work_items": []
                },
                "support": {
                    "status": "online", "max_capacity": 5, "updated_at": "2026-01-21T07:59:30.000777Z",
                    "work_items": [{ "id": 311, "added_at": "2026-01-21T08:10:00.000000Z", "reason": "ASSIGNED" }],
                },
            },
        })
    );
    let bare = agent(&server, 10019);
    assert_eq!(
        (
            bare.get("group_ids"),
            bare.get("skill_ids"),
            &bare["channels"]
        ),
        (None, None, &json!({}))
    );
}

/// What is left out has the defaults of a seed. Adding an agent makes no event.
#[test]
fn an_agent_is_made_as_in_a_seed() {
    let server = Account::demo();
    let body = json!({
        "id": 10042,
        "agent_status": { "id": 4 },
        "group_ids": [42, 1],
        "channels": { "talk": {}, "support": { "work_items": [{ "id": 7 }, { "id": 3, "reason": "OFFERED" }] } },
    });
    let made = post(&server, "/agents", &body);
    assert_eq!(made.status, 201, "{}", made.text());
    let items = json!([
        { "id": 7, "added_at": NOW, "reason": "UNKNOWN_ADD" },
        { "id": 3, "added_at": "2026-01-21T10:30:00.000001Z", "reason": "OFFERED" },
    ]);
    let expected = json!({
        "id": 10042,
        "version": 1,
        "agent_status": { "id": 4, "reason": "UNKNOWN", "updated_at": NOW },
        "group_ids": [42, 1],
        "channels": {
            "support": { "status": "online", "updated_at": NOW, "work_items": items },
            "talk": { "status": "away", "updated_at": NOW, "work_items": [] },
        },
    });
    assert_eq!(made.json(), expected);
    assert_eq!(agent(&server, 10042), expected);
    assert_eq!(server.attributes(10042)["agent_status"]["name"], "away");
    let again = post(&server, "/agents", &json!({ "id": 10042 }));
    assert_eq!(again.refusal(), "409 Conflict");
    assert_eq!(
        post(&server, "/agents", &json!({ "id": 5, "version": 77 })).at("/version"),
        77
    );
    assert_eq!(
        put(&server, "/agents/6", &json!({ "version": 78 })).status,
        201
    );
    assert_eq!(agent(&server, 6)["version"], 78);
    assert_eq!(events(&server), Vec::<String>::new());
}

/// A document that was read can be sent back, and changes nothing.
#[test]
fn an_agent_that_is_sent_back_stays_as_it_is() {
    let server = Account::demo();
    let before = server.state();
    for id in ALL {
        server.advance(Duration::from_secs(1));
        let read = agent(&server, id);
        let again = put(&server, &format!("/agents/{id}"), &read);
        assert_eq!((again.status.as_u16(), again.json()), (200, read));
    }
    assert_eq!(server.state(), before);
}

/// One write, with an event for each difference. Each event has its own version.
#[test]
fn an_agent_is_replaced_with_an_event_for_each_difference() {
    let server = Account::demo();
    let body = json!({
        "id": 10011,
        "version": 236,
        "agent_status": { "id": 123, "reason": "WFM_STATUS_UPDATE" },
        "group_ids": [42],
        "channels": {
            "messaging": {
                "max_capacity": 6,
                "work_items": [{ "id": 202, "reason": "ACCEPTED" }, { "id": 205, "reason": "ACCEPTED" }, { "id": 299 }],
            },
            "chat": { "status": "away", "work_items": [{ "id": 1 }] },
        },
    });
    let replaced = put(&server, "/agents/10011", &body);
    assert_eq!(replaced.status, 200, "{}", replaced.text());
    let expected = [
        "10011 v237 online AGENT_STATUS_SWITCHER to In a meeting WFM_STATUS_UPDATE",
        "10011 v238 groups [1, 42] to [42]",
        "10011 v239 chat: created",
        "10011 v240 chat: added 1 UNKNOWN_ADD",
        "10011 v241 messaging: online to away",
        "10011 v242 messaging: capacity Some(5) to Some(6)",
        "10011 v243 messaging: removed 201 ASSIGNED",
        "10011 v244 messaging: removed 203 ASSIGNED_TRANSFER",
        "10011 v245 messaging: removed 204 REOPENED",
        "10011 v246 messaging: item 205 OFFERED to ACCEPTED",
        "10011 v247 messaging: added 299 UNKNOWN_ADD",
        "10011 v248 support: removed 301 MANUAL_ASSIGNED",
        "10011 v249 support: removed 302 CHANNEL_CHANGE",
        "10011 v250 support: deleted",
    ];
    assert_eq!(events(&server), expected);
    // A change of skills has no event, but a version.
    let shown = replaced.json();
    assert_eq!(
        (&shown["version"], shown.get("skill_ids")),
        (&json!(251), None)
    );
    assert_eq!(shown["agent_status"]["updated_at"], NOW);
    assert_eq!(shown["channels"]["messaging"]["updated_at"], NOW);
    // An item that is still held keeps its time.
    let came = elements(&shown["channels"]["messaging"]["work_items"]);
    assert_eq!(came[0]["added_at"], "2026-01-21T10:20:58.214771Z");
    assert_eq!(came[2]["added_at"], "2026-01-21T10:30:00.000002Z");
    assert_eq!(agent(&server, 10011), shown);
    assert_eq!(server.attributes(10011)["version"], 251);
    let found = server.json("?filter[channel_status]=chat:away")["data"].clone();
    assert_eq!(elements(&found).len(), 1, "{found}");
}

/// A change of a time alone has no event and makes a version. Other changes get the present time
/// unless the body has one.
#[test]
fn times_in_the_body_are_kept() {
    let server = Account::demo();
    let read = agent(&server, 10012);
    let mut body = read.clone();
    body["agent_status"]["updated_at"] = "2026-01-01T00:00:00.123456789+01:00".into();
    body["channels"]["messaging"]["updated_at"] = "2026-01-02T00:00:00Z".into();
    body["channels"]["messaging"]["work_items"][0]["added_at"] = "2026-01-03T00:00:00Z".into();
    let shown = put(&server, "/agents/10012", &body).json();
    let mut expected = read;
    expected["version"] = 89.into();
    expected["agent_status"]["updated_at"] = "2025-12-31T23:00:00.123456Z".into();
    expected["channels"]["messaging"]["updated_at"] = "2026-01-02T00:00:00.000000Z".into();
    expected["channels"]["messaging"]["work_items"][0]["added_at"] =
        "2026-01-03T00:00:00.000000Z".into();
    assert_eq!(shown, expected);
    assert_eq!(events(&server), Vec::<String>::new());
    // A client reads an agent, and sends it back with another status.
    let mut body = shown;
    body["agent_status"]["id"] = 2.into();
    body["channels"]["messaging"]["status"] = "offline".into();
    let shown = put(&server, "/agents/10012", &body).json();
    assert_eq!(
        (&shown["agent_status"]["updated_at"], &shown["version"]),
        (&json!(NOW), &json!(91))
    );
    assert_eq!(shown["channels"]["messaging"]["updated_at"], NOW);
}

/// A change of any single time makes a version.
#[test]
fn every_time_counts() {
    let server = Account::demo();
    let places = [
        "/agent_status/updated_at",
        "/channels/messaging/updated_at",
        "/channels/messaging/work_items/0/added_at",
    ];
    for (place, version) in places.into_iter().zip(89..) {
        let mut body = agent(&server, 10012);
        *body.pointer_mut(place).expect("a time") = "2026-01-03T00:00:00.000000Z".into();
        let shown = put(&server, "/agents/10012", &body).json();
        body["version"] = version.into();
        assert_eq!(shown, body, "{place}");
    }
    assert_eq!(events(&server), Vec::<String>::new());
}

#[test]
fn an_agent_is_removed_and_shown_once_more() {
    let server = Account::demo();
    let before = agent(&server, 10011);
    let removed = delete(&server, "/agents/10011");
    assert_eq!((removed.status.as_u16(), removed.json()), (200, before));
    for answer in [
        get(&server, "/agents/10011"),
        delete(&server, "/agents/10011"),
    ] {
        assert_eq!(answer.refusal(), "404 RecordNotFound");
    }
    assert_eq!(server.get("/10011").status, 404);
    assert_eq!(events(&server), Vec::<String>::new());
}

/// While routing is off, agents cannot set their status through Zendesk's API. The control API can.
#[test]
fn a_tester_needs_no_routing() {
    let server = Account::demo();
    assert!(
        server
            .world()
            .set_omnichannel_routing(false, false, server.now())
    );
    assert_eq!(
        put(
            &server,
            "/agents/10019",
            &json!({ "agent_status": { "id": 3 } })
        )
        .at("/agent_status/id"),
        3
    );
    assert_eq!(
        post(
            &server,
            "/agents/10011/sign-out",
            &Value::Object(serde_json::Map::new())
        )
        .status,
        200
    );
    assert_eq!(
        agent(&server, 10011)["agent_status"]["reason"],
        "AGENT_LOGOUT"
    );
}
