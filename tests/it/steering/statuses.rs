//! Custom statuses that an admin creates, edits and deletes.

use std::time::Duration;

use serde_json::{Value, json};

use super::{agent, delete, events, get, patch, post, put};
use crate::harness::Account;

const MEETING: &str = "/agent_statuses/123";

#[test]
fn a_status_is_made_under_the_next_free_id() {
    let server = Account::demo();
    let made = post(&server, "/agent_statuses", &json!({ "name": "Lunch" }));
    let lunch = json!({ "id": 125, "name": "Lunch", "group_ids": [], "channels": {}, "updated_at": "2026-01-21T10:30:00Z" });
    assert_eq!((made.status.as_u16(), made.json()), (201, lunch.clone()));
    assert_eq!(get(&server, "/agent_statuses/125").json(), lunch);
    let whole = json!({
        "id": u64::MAX, "name": "Night", "description": "Dark", "group_ids": [42], "channels": { "talk": "offline" },
        "updated_at": "2020-01-01T00:00:00.5Z",
    });
    assert_eq!(post(&server, "/agent_statuses", &whole).json(), whole);
    // There is no id above the highest one, so the lowest free id is used.
    assert_eq!(
        post(&server, "/agent_statuses", &json!({ "name": "Day" })).at("/id"),
        1
    );
    for (body, status) in [
        (json!({ "id": 123, "name": "Other" }), 409),
        (json!({ "id": 2, "name": "Other" }), 409),
        (json!({ "name": "Lunch" }), 409),
    ] {
        let refused = post(&server, "/agent_statuses", &body);
        assert_eq!(refused.refusal(), format!("{status} Conflict"), "{body}");
    }
    assert_eq!(server.update(10011, 125).status, 200);
}

#[test]
fn a_status_is_shown_whether_standard_or_custom() {
    let server = Account::demo();
    let away = json!({ "id": 4, "name": "away", "description": "Can only receive email tickets",
        "standard": "away",
        "channels": { "chat": "away", "messaging": "away", "support": "online", "talk": "away" } });
    assert_eq!(get(&server, "/agent_statuses/4").json(), away);
    assert_eq!(
        get(&server, MEETING).at("/channels"),
        json!({ "messaging": "away", "support": "online", "talk": "away" })
    );
    for unknown in [
        "/agent_statuses/99",
        "/agent_statuses/x",
        "/agent_statuses/-1",
        "/agent_statuses/+4",
    ] {
        assert_eq!(
            get(&server, unknown).at("/error"),
            "RecordNotFound",
            "{unknown}"
        );
    }
}

/// Documented: agents that are in it stay as they are.
#[test]
fn a_status_is_edited_and_its_agents_stay() {
    let server = Account::demo();
    let before = agent(&server, 10016);
    let read = get(&server, MEETING).json();
    // A status that was read and is sent back is not an edit.
    assert_eq!(put(&server, MEETING, &read).json(), read);
    let edited = put(
        &server,
        MEETING,
        &json!({ "name": "Away from desk", "group_ids": [1] }),
    );
    let expected = json!({ "id": 123, "name": "Away from desk", "group_ids": [1], "channels": {}, "updated_at": "2026-01-21T10:30:00Z" });
    assert_eq!((edited.status.as_u16(), edited.json()), (200, expected));
    assert_eq!(agent(&server, 10016), before);
    assert_eq!(
        server.attributes(10016)["agent_status"]["name"],
        "In a meeting"
    );
    assert_eq!(
        put(&server, "/agent_statuses/200", &json!({ "name": "New" })).status,
        201
    );
    assert_eq!(
        put(
            &server,
            "/agent_statuses/200",
            &json!({ "name": "Away from desk" })
        )
        .status,
        409
    );
    assert_eq!(events(&server), Vec::<String>::new());
}

#[test]
fn a_part_of_a_status_is_edited() {
    let server = Account::demo();
    server.advance(Duration::from_secs(1));
    let change = json!({ "description": null, "channels": { "talk": null, "chat": "offline" } });
    let edited = patch(&server, MEETING, &change);
    let expected = json!({
        "id": 123, "name": "In a meeting", "group_ids": [],
        "channels": { "chat": "offline", "messaging": "away", "support": "online" }, "updated_at": "2026-01-21T10:30:01Z",
    });
    assert_eq!(
        (edited.status.as_u16(), edited.json()),
        (200, expected.clone())
    );
    server.advance(Duration::from_secs(1));
    assert_eq!(patch(&server, MEETING, &json!({})).json(), expected);
    assert_eq!(
        patch(
            &server,
            MEETING,
            &json!({ "updated_at": "2020-01-01T00:00:00Z" })
        )
        .at("/updated_at"),
        "2020-01-01T00:00:00Z"
    );
}

/// The times of statuses are as precise as those of agents. A status that is sent back is the same
/// status.
#[test]
fn times_are_in_microseconds() {
    let server = Account::demo();
    server.advance(Duration::from_nanos(1_234_567));
    let made = post(
        &server,
        "/agent_statuses",
        &json!({ "id": 200, "name": "New" }),
    )
    .json();
    assert_eq!(made["updated_at"], "2026-01-21T10:30:00.001234Z");
    assert_eq!(put(&server, "/agent_statuses/200", &made).json(), made);
    server.advance(Duration::from_secs(1));
    let mut edited = made;
    edited["name"] = json!("Newer");
    assert_eq!(
        put(&server, "/agent_statuses/200", &edited).at("/updated_at"),
        "2026-01-21T10:30:01.001234Z"
    );
    let said = json!({ "updated_at": "2020-01-01T00:00:00.123456789Z" });
    assert_eq!(
        patch(&server, "/agent_statuses/200", &said).at("/updated_at"),
        "2020-01-01T00:00:00.123456Z"
    );
}

/// Documented: its agents go offline, for the reason `AGENT_STATUS_DELETED`.
#[test]
fn a_deleted_status_leaves_its_agents_offline() {
    let server = Account::demo();
    let before = get(&server, MEETING).json();
    let deleted = delete(&server, MEETING);
    assert_eq!((deleted.status.as_u16(), deleted.json()), (200, before));
    assert_eq!(delete(&server, MEETING).status, 404);
    let offline = json!({ "id": 2, "reason": "AGENT_STATUS_DELETED", "updated_at": "2026-01-21T10:30:00.000000Z" });
    assert_eq!(agent(&server, 10016)["agent_status"], offline);
    assert_eq!(
        events(&server)[0],
        "10016 v74 In a meeting AGENT_STATUS_SWITCHER to offline AGENT_STATUS_DELETED"
    );
}

#[test]
fn standard_statuses_stay() {
    let server = Account::demo();
    for answer in [
        put(&server, "/agent_statuses/4", &json!({ "name": "Break" })),
        patch(&server, "/agent_statuses/4", &json!({ "description": "x" })),
        delete(&server, "/agent_statuses/4"),
    ] {
        assert_eq!(answer.refusal(), "409 Conflict", "{}", answer.text());
    }
}

#[test]
fn every_problem_of_a_status_is_named() {
    let server = Account::demo();
    let before = server.state();
    let wrong = json!({
        "id": 7, "name": "away", "description": "", "group_ids": [9], "channels": { "talk": "busy" }, "updated_at": "now", "x": 1,
    });
    let expected = [
        "",
        "id",
        "name",
        "channels.talk",
        "description",
        "group_ids[0]",
        "updated_at",
    ];
    assert_eq!(put(&server, MEETING, &wrong).places(), expected);
    assert_eq!(patch(&server, MEETING, &wrong).places(), expected);
    assert_eq!(post(&server, "/agent_statuses", &json!({})).places(), [""]);
    let nulls = json!({ "name": null, "x": null, "channels": { "fax": null } });
    assert_eq!(
        patch(&server, MEETING, &nulls).places(),
        ["", "channels", ""]
    );
    for (change, place) in [
        (json!({ "x": null }), ""),
        (json!({ "channels": { "fax": null } }), "channels"),
    ] {
        assert_eq!(
            patch(&server, MEETING, &change).places(),
            [place],
            "{change}"
        );
    }
    assert_eq!(patch(&server, "/agent_statuses/99", &json!({})).status, 404);
    assert_eq!(
        patch(&server, MEETING, &json!({ "name": "Month-end closing" })).status,
        409
    );
    assert_eq!(server.state(), before);
    assert_eq!(
        get(&server, MEETING).at("/name"),
        Value::from("In a meeting")
    );
}
