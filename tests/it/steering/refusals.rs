//! Refused calls, which change nothing.

use axum::http::Method;
use serde_json::{Value, json};

use super::{call, post, put};
use crate::harness::{Account, Ask, P};

/// A call such as `GET /agents/404`.
fn spelled(call: &str) -> Ask {
    let (method, path) = call.split_once(' ').expect("method and path");
    Ask::control(method.parse().expect("a method"), path)
}

/// An object in the path that does not exist is a 404, for any body.
#[test]
fn what_the_path_names_has_to_be_there() {
    let server = Account::demo();
    let before = server.state();
    let body = |call: &str| match call {
        _ if call.starts_with("POST") && call.ends_with("/work_items") => json!({ "id": 1 }),
        _ if call.ends_with("/move") => json!({ "agent_id": 10012 }),
        _ if call.starts_with("PATCH") && call.contains("work_items") => {
            json!({ "reason": "ASSIGNED" })
        }
        _ => json!({}),
    };
    for call in [
        "GET /agents/404",
        "GET /agents/x",
        "GET /agents/+10011",
        "GET /agents/18446744073709551616",
        "PUT /agents/x",
        "PATCH /agents/404",
        "DELETE /agents/404",
        "PUT /agents/404/channels/talk",
        "PUT /agents/10011/channels/fax",
        "PATCH /agents/10011/channels/talk",
        "DELETE /agents/10011/channels/talk",
        "POST /agents/10011/channels/talk/work_items",
        "POST /agents/404/channels/messaging/work_items",
        "PATCH /agents/10011/channels/messaging/work_items/404",
        "PATCH /agents/10011/channels/messaging/work_items/x",
        "DELETE /agents/10011/channels/messaging/work_items/404",
        "POST /agents/10011/channels/messaging/work_items/404/move",
        "POST /agents/404/sign-in",
        "POST /agents/404/sign-out",
        "POST /agents/404/disconnect",
        "POST /agents/404/reconnect",
        "POST /agents/404/idle",
        "DELETE /agent_statuses/404",
    ] {
        let answer = server.send(&spelled(call).json(&body(call)));
        assert_eq!(answer.refusal(), "404 RecordNotFound", "{call}");
    }
    for path in [
        "/nobody/agents/10011",
        "/%FF/agents/10011",
        "/nobody/agent_statuses/3",
    ] {
        let answer = server.send(&Ask::raw(
            Method::GET,
            &format!("/_emulator/accounts{path}"),
        ));
        assert_eq!(answer.status, 404, "{path}");
    }
    // The path is looked at before the body.
    for call in [
        "PATCH /agents/x",
        "POST /agents/x/sign-in",
        "POST /agents/x/sign-out",
        "POST /agents/x/disconnect",
        "POST /agents/x/reconnect",
        "POST /agents/x/idle",
        "PUT /agents/x/channels/talk",
    ] {
        let answer = server.send(&spelled(call).json(&json!({ "wrong": 1 })));
        assert_eq!(answer.status, 404, "{call}");
    }
    assert_eq!(server.state(), before);
}

/// All problems are named at once, with their places.
#[test]
fn every_problem_is_named() {
    let server = Account::demo();
    let before = server.state();
    let wrong = json!({
        "id": 20001,
        "version": 0,
        "agent_status": { "id": 99, "reason": "TIRED", "updated_at": "now" },
        "group_ids": [1, 1, 9],
        "skill_ids": ["x"],
        "channels": {
            "fax": {},
            "talk": { "status": "busy", "max_capacity": -1, "updated_at": 3, "work_items": [{ "id": 1 }, { "id": 1, "reason": "" }] },
        },
        "more": 1,
    });
    let expected = [
        "",
        "id",
        "version",
        "group_ids[1]",
        "group_ids[2]",
        "skill_ids[0]",
        "agent_status.id",
        "agent_status.reason",
        "agent_status.updated_at",
        "channels",
        "channels.talk.status",
        "channels.talk.max_capacity",
        "channels.talk.updated_at",
        "channels.talk.work_items[1].id",
        "channels.talk.work_items[1].reason",
    ];
    assert_eq!(post(&server, "/agents", &wrong).places(), expected);
    assert_eq!(put(&server, "/agents/20001", &wrong).places(), expected);
    // Without an id in the body, the document has the path's.
    assert_eq!(put(&server, "/agents/30001", &json!({})).places(), [""]);
    assert_eq!(
        put(&server, "/agents/10011", &json!({ "id": 10012 })).places(),
        ["id"]
    );
    assert_eq!(post(&server, "/agents", &json!({})).places(), [""]);
    let item = json!({ "id": "1", "reason": "NONE", "added_at": "1969-12-31T23:59:59Z", "x": 1 });
    let found = post(
        &server,
        "/agents/10011/channels/messaging/work_items",
        &item,
    )
    .places();
    assert_eq!(found, ["", "id", "reason", "added_at"]);
    let channel = json!({ "status": "busy", "max_capacity": 4_294_967_296_u64, "x": 1 });
    for method in [Method::PUT, Method::PATCH] {
        let found = call(
            &server,
            method,
            "/agents/10011/channels/messaging",
            &channel,
        )
        .places();
        assert_eq!(found, ["", "status", "max_capacity"]);
    }
    let path = "/agents/10011/channels/messaging/work_items/201";
    assert_eq!(
        call(&server, Method::PATCH, path, &json!({})).places(),
        [""]
    );
    let again = post(
        &server,
        "/agents/10011/channels/messaging/work_items",
        &json!({ "id": 201 }),
    );
    assert_eq!(again.refusal(), "409 Conflict");
    assert_eq!(server.state(), before);
}

#[test]
fn only_json_is_read() {
    let server = Account::demo();
    let before = server.state();
    let post = |body: &[u8]| Ask::control(Method::POST, "/agents").body(body);
    for (ask, status) in [
        (
            post(b"{\"id\":5}").header("content-type", "text/plain"),
            415,
        ),
        (post(b"{\"id\":5}"), 415),
        (
            post(b"{\"id\":").header("content-type", "application/json"),
            400,
        ),
        (
            post(b"{\"id\":5,\"id\":6}").header("content-type", "application/json"),
            400,
        ),
        (post(b"").header("content-type", "application/json"), 422),
        (
            post(&vec![b' '; 16 << 20 | 1]).header("content-type", "application/json"),
            413,
        ),
        (
            Ask::control(Method::PATCH, "/agents/10011")
                .body("{}")
                .header("content-type", "application/x-ndjson"),
            415,
        ),
    ] {
        let answer = server.send(&ask);
        assert_eq!(answer.status, status, "{ask:?}: {}", answer.text());
    }
    assert_eq!(server.state(), before);
}

/// What is due happens first. This is tested in an account that the host does not name, because
/// every call does this for the account of the host.
#[test]
fn what_fell_due_comes_first() {
    let server = Account::demo();
    let control = |method, path: &str, body: &Value| {
        server.send(&Ask::raw(method, &format!("/_emulator/accounts{path}")).json(body))
    };
    control(
        Method::POST,
        "",
        &json!({ "subdomain": "a", "settings": { "job_delay": "1ms" } }),
    );
    // The clock is so fast that each call is later than what the call before it started, and no
    // other call runs what is due.
    control(
        Method::PUT,
        "/a/clock",
        &json!({ "mode": "scaled", "factor": 1_000_000, "at": "2026-01-21T10:30:00Z" }),
    );
    let many = format!("/_account/a{P}/agent_statuses/agents/update_many?ids=10012");
    for (status, method, path, body) in [
        (4, Method::GET, "", json!({})),
        (3, Method::PATCH, "", json!({})),
        (4, Method::PUT, "/channels/talk", json!({})),
        (
            3,
            Method::POST,
            "/channels/messaging/work_items",
            json!({ "id": 1 }),
        ),
        (4, Method::DELETE, "", json!({})),
    ] {
        let ask = Ask::raw(Method::PUT, &many).token("admin@example.com", "demo-api-token");
        assert_eq!(server.send(&ask.json(&json!({ "id": status }))).status, 200);
        let answer = control(method, &format!("/a/agents/10012{path}"), &body);
        assert_eq!(
            answer.at("/agent_status/id"),
            status,
            "{path}: {}",
            answer.text()
        );
    }
}
