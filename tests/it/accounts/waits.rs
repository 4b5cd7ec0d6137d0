//! What is due in an account while a list waits for it and no other call comes. By design: a timer
//! runs until the next due time by the account's clock. It is set again when the clock is moved or
//! when something is due sooner.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::SettingsPatch;

use super::{control, create, in_account, set_clock};
use crate::harness::{Account, Answer, Ask};

/// A list of an account's events that waits for one.
fn wait(subdomain: &str) -> Ask {
    control(Method::GET, &format!("/{subdomain}/events?wait=60s"))
}

/// A job that updates an agent.
fn queue(subdomain: &str) -> Ask {
    let path = in_account(subdomain, "/agent_statuses/agents/update_many?ids=10011");
    Ask::raw(Method::PUT, &path)
        .token("admin@example.com", "demo-api-token")
        .json(&json!({ "id": 4 }))
}

/// An account whose jobs take this long.
fn delayed(server: &Account, subdomain: &str, job_delay: &str) {
    let made = create(
        server,
        &json!({ "subdomain": subdomain, "settings": { "job_delay": job_delay } }),
    );
    assert_eq!(made.status, 201, "{}", made.text());
}

/// A server with an account `a`, whose jobs take 90 seconds of a clock that runs very fast.
fn fast() -> Account {
    let server = Account::demo();
    delayed(&server, "a", "90s");
    set_clock(
        &server,
        "a",
        &json!({ "mode": "scaled", "factor": 1_000_000.0 }),
    );
    server
}

fn clock(method: Method, path: &str, body: &Value) -> Ask {
    control(method, &format!("/a/clock{path}")).json(body)
}

fn advance(by: &str) -> Ask {
    clock(Method::POST, "/advance", &json!({ "by": by }))
}

fn set(body: &Value) -> Ask {
    clock(Method::PUT, "", body)
}

/// Every way to move a clock wakes calls that wait, and the job has run at its own instant.
#[test]
fn a_clock_that_is_moved_wakes_waiting_calls() {
    let due = "2026-01-21T10:31:30.000000000Z";
    for moves in [
        vec![advance("90s")],
        vec![advance("89s"), advance("1s")],
        vec![set(
            &json!({ "mode": "frozen", "at": "2026-01-21T10:31:30Z" }),
        )],
        vec![set(&json!({ "mode": "frozen" })), advance("10m")],
        vec![
            set(&json!({ "mode": "frozen", "at": "2026-01-01T00:00:00Z" })),
            advance("500h"),
        ],
        vec![set(&json!({ "mode": "real" }))],
        vec![set(&json!({ "mode": "offset", "by": "-1s" }))],
        vec![
            set(&json!({ "mode": "scaled", "factor": 0.001 })),
            advance("90s"),
        ],
    ] {
        let server = Account::demo();
        delayed(&server, "a", "90s");
        server.send(&queue("a"));
        assert_eq!(
            server.send(&wait("a")).at("/events"),
            json!([]),
            "time stands still"
        );
        let listed = server.send_before(&wait("a"), &moves);
        assert_eq!(listed.at("/events/0/time"), due, "{moves:?}");
    }
}

/// A clock at another speed brings what is due nearer: three hours are then some milliseconds.
#[test]
fn a_clock_that_goes_faster_wakes_waiting_calls() {
    let server = Account::demo();
    delayed(&server, "a", "3h");
    server.send(&queue("a"));
    let faster = set(&json!({ "mode": "scaled", "factor": 1_000_000.0 }));
    let listed = server.send_before(&wait("a"), &[faster]);
    assert_eq!(
        listed.at("/events/0/time"),
        "2026-01-21T13:30:00.000000000Z",
        "{}",
        listed.text()
    );
}

/// The owner of the clock may move it without a call.
#[test]
fn a_clock_that_its_owner_moves_wakes_waiting_calls() {
    let job_delay = Some(Duration::from_secs(90));
    let server = Account::demo_with(SettingsPatch::new().job_delay(job_delay));
    server.send(&queue("example"));
    let listed = server.send_while(&wait("example"), async {
        server.advance(Duration::from_secs(90));
    });
    assert_eq!(
        listed.at("/events/0/time"),
        "2026-01-21T10:31:30.000000000Z"
    );
}

/// Where time passes by itself, nothing has to move it. The test's runtime counts a minute of
/// waiting in some hundred thousand steps. Each step takes longer than the job has to wait.
#[test]
fn time_that_passes_wakes_waiting_calls() {
    for (mode, job_delay) in [
        (json!({ "mode": "real" }), "1ms"),
        (json!({ "mode": "offset", "by": "-1000h" }), "1ms"),
        (json!({ "mode": "offset", "by": "1000h" }), "1ms"),
        (json!({ "mode": "scaled", "factor": 1_000_000.0 }), "90s"),
    ] {
        let server = Account::demo();
        delayed(&server, "a", job_delay);
        set_clock(&server, "a", &mode);
        server.send(&queue("a"));
        let listed = server.send(&wait("a"));
        assert_eq!(
            listed.at("/events/0/type"),
            "zen:event-type:agent.unified_state_changed",
            "{mode}"
        );
    }
}

/// The list begins with the event of a job that was done.
fn assert_done(listed: &Answer) {
    assert_eq!(
        listed.at("/events/0/type"),
        "zen:event-type:agent.unified_state_changed",
        "{}",
        listed.text()
    );
}

/// A list waits for a job that is created meanwhile, and for one that is due before it.
#[test]
fn a_job_that_comes_meanwhile_is_waited_for() {
    let server = fast();
    let listed = server.send_before(&wait("a"), &[queue("a")]);
    assert_done(&listed);
    delayed(&server, "b", "500h");
    set_clock(&server, "b", &json!({ "mode": "real" }));
    server.send(&queue("b"));
    let sooner = control(Method::PATCH, "/b").json(&json!({ "settings": { "job_delay": "1ms" } }));
    let listed = server.send_before(&wait("b"), &[sooner, queue("b")]);
    assert_done(&listed);
}

/// An open stream makes due jobs run, as a list does.
#[test]
fn a_stream_lets_happen_what_falls_due() {
    let server = fast();
    let mut stream =
        server.open(&control(Method::GET, "/a/events").header("accept", "text/event-stream"));
    server.send(&queue("a"));
    let first = stream.next().expect("a message");
    assert!(
        first.starts_with("event: agent.unified_state_changed\n") && first.contains("\nid: 1"),
        "{first}"
    );
}

#[test]
fn a_call_that_waits_for_a_deleted_account_is_answered() {
    let server = Account::demo();
    create(&server, &json!({ "subdomain": "a" }));
    let update = Ask::raw(
        Method::PUT,
        &in_account("a", "/agent_statuses/agents/10011"),
    );
    server.send(
        &update
            .token("admin@example.com", "demo-api-token")
            .json(&json!({ "id": 3 })),
    );
    let wait_for_more = control(Method::GET, "/a/events?after=1&wait=60s");
    let reset = server.send_before(&wait_for_more, &[control(Method::POST, "/a/reset")]);
    assert_eq!(
        reset.json(),
        json!({ "events": [], "first": null, "last": 0, "dropped": 0 })
    );
    let deleted = server.send_before(&wait("a"), &[control(Method::DELETE, "/a")]);
    assert_eq!(deleted.refusal(), "404 AccountNotFound");
}
