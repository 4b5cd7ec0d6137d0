//! Calls that can take long do not delay other accounts. By design: they run beside the serving
//! threads, or in portions between which other calls have their turn. These tests have one serving
//! thread, so a later call is answered first unless it had to wait.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::world::{AgentId, StatusId, StatusReason};

use super::{control, create, in_account, put_in, set_clock};
use crate::harness::{Account, Ask, elements};

/// More than is done in one portion.
const MANY: u64 = 300;

/// An account `a` with many agents, and a second account.
fn two_accounts() -> Account {
    let server = Account::demo();
    let demo = server
        .send(&control(Method::GET, "/example/snapshot"))
        .json();
    let mut seed = demo.clone();
    let agents = seed["agents"].as_array_mut().expect("agents");
    agents.extend((0..MANY).map(|n| json!({ "id": 50_000 + n, "agent_status": { "id": 2 } })));
    let items: Vec<_> = (0..MANY).map(|n| json!({ "id": n })).collect();
    agents.push(json!({ "id": 60_000, "channels": { "messaging": { "work_items": items } } }));
    assert_eq!(
        create(&server, &json!({ "subdomain": "a", "seed": seed })).status,
        201
    );
    create(&server, &json!({ "subdomain": "b" }));
    server
}

/// A short call of the other account.
fn short() -> Ask {
    control(Method::GET, "/b/agents/10011")
}

fn is_overtaken(server: &Account, long: &Ask) {
    let (answer, is_overtaken) = server.send_both(long, &short());
    assert!(answer.status.is_success(), "{long:?}: {}", answer.text());
    assert!(is_overtaken, "{long:?} kept another account waiting");
}

/// Calls about a whole account, and about agents that hold much.
#[test]
fn calls_about_much_are_overtaken() {
    let server = two_accounts();
    let snapshot = server.send(&control(Method::GET, "/a/snapshot")).json();
    let lines: Vec<_> = (0..MANY)
        .map(|n| json!({ "id": 70_000 + n }).to_string())
        .collect();
    let status = json!({ "id": 900, "name": "Busy", "channels": {} });
    server.send(&control(Method::POST, "/a/agent_statuses").json(&status));
    let rules: Vec<_> = (0..MANY)
        .map(|_| json!({ "fault": { "status": 503 }, "when": { "after": 100_000 } }))
        .collect();
    assert_eq!(
        server
            .send(&control(Method::PUT, "/a/faults").json(&json!({ "faults": rules })))
            .status,
        200
    );
    let patch = |path: &str, body: Value| control(Method::PATCH, path).json(&body);
    let post = |path: &str, body: Value| control(Method::POST, path).json(&body);
    let item = "/a/agents/60000/channels/messaging/work_items";
    for long in [
        post("", json!({})),
        control(Method::GET, ""),
        control(Method::GET, "/a"),
        patch(
            "/a",
            json!({ "settings": { "omnichannel_routing": false } }),
        ),
        patch(
            "/a",
            json!({ "settings": { "omnichannel_routing": true }, "agents": "offline" }),
        ),
        control(Method::GET, "/a/requests"),
        control(Method::GET, "/a/report"),
        post("/a/requests/verify", json!({ "count": { "exactly": 0 } })),
        control(Method::DELETE, "/a/requests"),
        control(Method::GET, "/a/agents"),
        control(Method::POST, "/a/agents")
            .header("content-type", "application/x-ndjson")
            .body(lines.join("\n")),
        control(Method::DELETE, "/a/agent_statuses/900"),
        control(Method::GET, "/a/faults"),
        control(Method::GET, "/a/agents/60000"),
        patch("/a/agents/60000", json!({ "agent_status": { "id": 3 } })),
        post("/a/agents/60000/idle", json!({})),
        control(Method::PUT, "/a/agents/60000/channels/talk").json(&json!({})),
        control(Method::DELETE, "/a/agents/60000/channels/talk"),
        post(item, json!({ "id": 5_000 })),
        patch(&format!("{item}/5000"), json!({ "reason": "REOPENED" })),
        post(&format!("{item}/5000/move"), json!({ "agent_id": 10011 })),
        control(Method::DELETE, &format!("{item}/1")),
        control(Method::DELETE, "/a/agents/60000"),
        control(Method::GET, "/a/snapshot"),
        patch("/a/snapshot", json!({ "settings": { "release": "eap" } })),
        control(Method::PUT, "/a/snapshot").json(&snapshot),
        post("/a/reset", json!({})),
        control(Method::DELETE, "/a"),
    ] {
        is_overtaken(&server, &long);
    }
}

/// Calls with a long body, on several subjects.
#[test]
fn calls_with_long_bodies_are_overtaken() {
    let server = two_accounts();
    let at_length = |method: Method, path: &str, body: Value| {
        let text = format!("{}{body}", " ".repeat(70_000));
        control(method, path)
            .header("content-type", "application/json")
            .body(text)
    };
    let agent = json!({ "id": 80_000 });
    let status = json!({ "id": 901, "name": "Busier" });
    for long in [
        at_length(Method::PUT, "/a/clock", json!({ "mode": "frozen" })),
        at_length(Method::POST, "/a/clock/advance", json!({ "by": "1s" })),
        at_length(Method::PUT, "/a/faults", json!({ "faults": [] })),
        at_length(Method::POST, "/a/agents", agent.clone()),
        at_length(Method::PUT, "/a/agents/80000", agent),
        at_length(Method::PATCH, "/a/agents/80000", json!({})),
        at_length(Method::POST, "/a/agents/80000/sign-in", json!({})),
        at_length(Method::POST, "/a/agents/80000/disconnect", json!({})),
        at_length(Method::POST, "/a/agents/80000/reconnect", json!({})),
        at_length(Method::POST, "/a/agents/80000/sign-out", json!({})),
        at_length(Method::PUT, "/a/agents/80000/channels/talk", json!({})),
        at_length(
            Method::PATCH,
            "/a/agents/80000/channels/talk",
            json!({ "max_capacity": 1 }),
        ),
        at_length(
            Method::POST,
            "/a/agents/80000/channels/talk/work_items",
            json!({ "id": 1 }),
        ),
        at_length(Method::POST, "/a/agent_statuses", status.clone()),
        at_length(Method::PUT, "/a/agent_statuses/901", status),
        at_length(
            Method::PATCH,
            "/a/agent_statuses/901",
            json!({ "description": "x" }),
        ),
    ] {
        is_overtaken(&server, &long);
    }
}

/// The largest number of jobs with the largest number of agents: they run in portions, each job at
/// its own instant, whichever call finds them due.
#[test]
fn jobs_that_fall_due_are_overtaken() {
    let settings = |delay: &str| {
        control(Method::PATCH, "/a").json(&json!({ "settings": { "job_delay": delay } }))
    };
    let ids: Vec<_> = (50_000..50_100).map(|id: u64| id.to_string()).collect();
    let update_many = format!("/agent_statuses/agents/update_many?ids={}", ids.join(","));
    let as_admin = |method, path: &str| {
        Ask::raw(method, &in_account("a", path)).token("admin@example.com", "demo-api-token")
    };
    let advance = control(Method::POST, "/a/clock/advance").json(&json!({ "by": "100s" }));
    let set = control(Method::PUT, "/a/clock").json(&json!({ "mode": "real" }));
    for long in [&advance, &set] {
        let server = two_accounts();
        for job in 1..=30 {
            server.send(&settings(&format!("{job}s")));
            assert_eq!(
                put_in(&server, "a", &update_many, &json!({ "id": 3 + job % 2 })).status,
                200,
                "{job}"
            );
        }
        is_overtaken(&server, long);
        let last = server.send(&control(Method::GET, "/a/agents/50099")).json();
        assert_eq!(
            (&last["version"], &last["agent_status"]["id"]),
            (&json!(31), &json!(3))
        );
        assert_eq!(
            last["agent_status"]["updated_at"],
            "2026-01-21T10:30:30.000000Z"
        );
        let events = server
            .send(&control(
                Method::GET,
                "/a/events?limit=10000&type=agent.unified_state_changed",
            ))
            .json();
        let events = elements(&events["events"]);
        assert!(
            events.is_sorted_by_key(|event| event["time"].as_str()),
            "each at its own instant"
        );
        assert_eq!(events.len(), 3_000);
    }
    // Without a delay they run before their own answer. With a delay they run with the first call
    // after it.
    let server = two_accounts();
    is_overtaken(
        &server,
        &as_admin(Method::PUT, &update_many).json(&json!({ "id": 4 })),
    );
    server.send(&settings("1ms"));
    set_clock(
        &server,
        "a",
        &json!({ "mode": "scaled", "factor": 1_000_000.0 }),
    );
    put_in(&server, "a", &update_many, &json!({ "id": 3 }));
    is_overtaken(&server, &as_admin(Method::GET, "/50099"));
}

/// Lists of many events.
#[test]
fn many_events_are_overtaken() {
    let server = two_accounts();
    let asked = server
        .send(&control(Method::GET, "/a/events?limit=0"))
        .at("/last");
    assert_eq!(asked, 0);
    for n in 0..MANY {
        let status = json!({ "agent_status": { "id": 2 + n % 3 } });
        server.send(&control(Method::PATCH, "/a/agents/50000").json(&status));
    }
    is_overtaken(&server, &control(Method::GET, "/a/events"));
    is_overtaken(&server, &control(Method::GET, "/a/events?wait=1s"));
    // The same in the default account.
    for _ in 0..MANY {
        let set = server.set_status(AgentId(10011), StatusId(3), StatusReason::PublicApi);
        set.expect("an agent");
    }
    server.advance(Duration::from_secs(1));
    is_overtaken(&server, &control(Method::GET, "/example/events"));
}
