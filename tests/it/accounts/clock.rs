//! The clock of an account. In these tests the server's clock stands still, and the clocks of
//! accounts stand still until they are moved.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::SettingsPatch;

use super::{advance, control, create, get_in, patch, put_in, reset, set_clock};
use crate::harness::Account;

const MANY: &str = "/agent_statuses/agents/update_many?ids=10011,10012";

fn server() -> Account {
    let server = Account::demo();
    for name in ["a", "b"] {
        create(
            &server,
            &json!({ "subdomain": name, "settings": { "rate_limit": { "requests": 2 } } }),
        );
    }
    server
}

fn show(server: &Account, account: &str) -> Value {
    server
        .send(&control(Method::GET, &format!("/{account}/clock")))
        .json()
}

fn date(server: &Account, account: &str) -> String {
    get_in(server, account, "/10011")
        .header("date")
        .expect("a date")
        .to_owned()
}

fn status(server: &Account, account: &str) -> Value {
    get_in(server, account, "/10012").at("/data/attributes/agent_status")
}

#[test]
fn each_account_has_its_own() {
    let server = server();
    let before = show(&server, "a");
    assert_eq!(
        before,
        json!({ "mode": "frozen", "now": "2026-01-21T10:30:00.000000Z" })
    );
    assert_eq!(
        advance(&server, "a", "1h").at("/now"),
        "2026-01-21T11:30:00.000000Z"
    );
    assert_eq!(show(&server, "b"), before);
    assert_eq!(date(&server, "a"), "Wed, 21 Jan 2026 11:30:00 GMT");
    assert_eq!(date(&server, "b"), "Wed, 21 Jan 2026 10:30:00 GMT");
    assert_eq!(
        server.get("/10011").header("date"),
        Some("Wed, 21 Jan 2026 10:30:00 GMT")
    );
    put_in(
        &server,
        "a",
        "/agent_statuses/agents/10012",
        &json!({ "id": 4 }),
    );
    // The two calls of the window are used.
    advance(&server, "a", "1m");
    assert_eq!(
        status(&server, "a")["updated_at"],
        "2026-01-21T11:30:00.000000Z"
    );
}

/// What was due before the clock was set back has happened, at its own instant.
#[test]
fn what_fell_due_happens_before_it_is_put_back() {
    let server = Account::demo_with(SettingsPatch::new().job_delay(Duration::from_secs(1)));
    assert_eq!(
        put_in(&server, "example", MANY, &json!({ "id": 4 })).status,
        200
    );
    // Time passes without a call to the account. The call that sets the clock back goes to another
    // account's host.
    create(&server, &json!({ "subdomain": "other" }));
    server.advance(Duration::from_secs(2));
    let back = control(Method::PUT, "/example/clock")
        .json(&json!({ "mode": "frozen", "at": "2026-01-21T10:00:00Z" }));
    assert_eq!(
        server.send(&back.header("host", "other.localhost")).status,
        200
    );
    let status = status(&server, "example");
    assert_eq!(
        (&status["id"], &status["updated_at"]),
        (&json!(4), &json!("2026-01-21T10:30:01.000000Z"))
    );
}

/// A back-off of minutes takes no time: the window ends when the account's clock says so.
#[test]
fn the_rate_window_follows_it() {
    let server = server();
    let call = || get_in(&server, "a", "/10011");
    assert_eq!([call().status.as_u16(), call().status.as_u16()], [200, 200]);
    assert_eq!(call().header("retry-after"), Some("60"));
    advance(&server, "a", "59s");
    assert_eq!(call().header("retry-after"), Some("1"));
    advance(&server, "a", "1s");
    assert_eq!(call().status, 200);
}

#[test]
fn an_earlier_instant_begins_a_new_window() {
    let server = server();
    let call = || get_in(&server, "a", "/10011");
    put_in(
        &server,
        "a",
        "/agent_statuses/agents/10011",
        &json!({ "id": 4 }),
    );
    let version = call()
        .at("/data/attributes/version")
        .as_u64()
        .expect("a version");
    assert_eq!(call().status, 429);
    let set = set_clock(
        &server,
        "a",
        &json!({ "mode": "frozen", "at": "2025-12-31T23:59:59.5Z" }),
    );
    assert_eq!(
        set.json(),
        json!({ "mode": "frozen", "now": "2025-12-31T23:59:59.500000Z" })
    );
    assert_eq!(call().header("x-rate-limit-remaining"), Some("1"));
    assert_eq!(
        put_in(
            &server,
            "a",
            "/agent_statuses/agents/10011",
            &json!({ "id": 3 })
        )
        .status,
        200
    );
    set_clock(
        &server,
        "a",
        &json!({ "mode": "frozen", "at": "2025-01-01T00:00:00Z" }),
    );
    assert!(call().at("/data/attributes/version").as_u64() > Some(version));
}

/// Jobs run on the way, in order and each at its own instant. None runs twice.
#[test]
fn what_falls_due_on_the_way_happens_at_its_own_instant() {
    let server = Account::demo();
    create(
        &server,
        &json!({ "subdomain": "a", "settings": { "job_delay": "10s" } }),
    );
    let update = |id: u64| put_in(&server, "a", MANY, &json!({ "id": id })).status;
    assert_eq!(update(4), 200);
    advance(&server, "a", "5s");
    assert_eq!(update(2), 200);
    advance(&server, "a", "6s");
    let status = || status(&server, "a");
    assert_eq!(
        (status()["id"].clone(), status()["updated_at"].clone()),
        (json!(4), json!("2026-01-21T10:30:10.000000Z"))
    );
    advance(&server, "a", "1h");
    let after = status();
    assert_eq!(
        (&after["id"], &after["updated_at"]),
        (&json!(2), &json!("2026-01-21T10:30:15.000000Z"))
    );
    set_clock(
        &server,
        "a",
        &json!({ "mode": "frozen", "at": "2026-01-21T10:30:00Z" }),
    );
    advance(&server, "a", "1h");
    assert_eq!(status(), after);
}

/// A test cannot see the machine's clock, but the difference between that clock and another one
/// does not depend on it.
#[test]
fn advance_works_however_the_clock_goes() {
    let server = server();
    let set = |body: Value| set_clock(&server, "a", &body);
    assert_eq!(set(json!({ "mode": "real" })).at("/mode"), "real");
    let ahead = advance(&server, "a", "90m").json();
    assert_eq!(
        (&ahead["mode"], &ahead["by"]),
        (&json!("offset"), &json!("5400s"))
    );
    assert_eq!(advance(&server, "a", "500ms").at("/by"), "5400500ms");
    assert_eq!(
        set(json!({ "mode": "offset", "by": "-1h" })).at("/by"),
        "-3600s"
    );
    assert_eq!(advance(&server, "a", "90m").at("/by"), "1800s");
    let far = json!({ "mode": "scaled", "factor": 2.5, "at": "2099-01-01T00:00:00Z" });
    let scaled = set(far).json();
    assert_eq!(
        (&scaled["mode"], &scaled["factor"]),
        (&json!("scaled"), &json!(2.5))
    );
    assert!(
        scaled["now"].as_str() >= Some("2099-01-01T00:00:00"),
        "{scaled}"
    );
    let later = advance(&server, "a", "8760h").json();
    assert!(
        later["now"].as_str() >= Some("2100-01-01T00:00:00"),
        "{later}"
    );
    assert_eq!(later["factor"], 2.5);
    // Without an instant it stops at the present.
    let stopped = set(json!({ "mode": "frozen" })).json();
    assert!(
        stopped["now"].as_str() >= later["now"].as_str(),
        "{stopped}"
    );
    assert_eq!(show(&server, "a"), stopped);
}

#[test]
fn a_reset_puts_it_back() {
    let server = server();
    let before = show(&server, "a");
    set_clock(&server, "a", &json!({ "mode": "offset", "by": "5s" }));
    reset(&server, "a");
    assert_eq!(show(&server, "a"), before);
    advance(&server, "example", "1h");
    assert_eq!(
        server.get("/10011").header("date"),
        Some("Wed, 21 Jan 2026 11:30:00 GMT")
    );
    reset(&server, "example");
    assert_eq!(
        server.get("/10011").header("date"),
        Some("Wed, 21 Jan 2026 10:30:00 GMT")
    );
}

#[test]
fn a_refused_change_moves_nothing() {
    let server = server();
    let before = show(&server, "a");
    for (body, path) in [
        (json!({}), ""),
        (json!({ "mode": "slow" }), "mode"),
        (json!({ "mode": "real", "at": "2026-01-21T10:30:00Z" }), ""),
        (json!({ "mode": "frozen", "at": "yesterday" }), "at"),
        (
            json!({ "mode": "frozen", "at": "1969-12-31T23:59:59Z" }),
            "at",
        ),
        (
            json!({ "mode": "frozen", "at": "9999-12-31T00:00:00Z" }),
            "at",
        ),
        (json!({ "mode": "offset" }), ""),
        (json!({ "mode": "offset", "by": "--1s" }), "by"),
        (json!({ "mode": "offset", "by": 5 }), "by"),
        (json!({ "mode": "scaled" }), ""),
        (json!({ "mode": "scaled", "factor": 0 }), "factor"),
        (json!({ "mode": "scaled", "factor": -1 }), "factor"),
        (json!({ "mode": "scaled", "factor": "2" }), "factor"),
        // The next number above the greatest factor. It must not be rounded.
        (
            json!({ "mode": "scaled", "factor": 1_000_000_f64.next_up() }),
            "factor",
        ),
        (json!({ "mode": "scaled", "factor": 2, "at": 3 }), "at"),
    ] {
        let answer = set_clock(&server, "a", &body);
        assert_eq!(answer.places(), [path], "{body}: {}", answer.text());
    }
    for by in ["", "1", "-1s", "1d", "99999999999999999999s"] {
        let answer = advance(&server, "a", by);
        assert_eq!(answer.places(), ["by"], "{by}");
    }
    assert_eq!(show(&server, "a"), before);
    // Time stops at its greatest value.
    let first = set_clock(
        &server,
        "a",
        &json!({ "mode": "offset", "by": "-99999999h" }),
    );
    assert_eq!(first.at("/now"), "1970-01-01T00:00:00.000000Z");
    let later = advance(&server, "a", "24h").at("/now");
    assert!(
        later
            .as_str()
            .is_some_and(|now| now.starts_with("1970-01-02T")),
        "{later}"
    );
    set_clock(
        &server,
        "a",
        &json!({ "mode": "frozen", "at": "2026-01-21T10:30:00Z" }),
    );
    assert_eq!(
        advance(&server, "a", "18446744073709551615s").at("/now"),
        "9999-12-30T22:00:00.999999Z"
    );
    assert_eq!(advance(&server, "a", "1s").status, 200);
    assert_eq!(
        patch(&server, "a", &json!({ "settings": { "release": "eap" } })).status,
        200
    );
    assert_eq!(get_in(&server, "a", "/10011").status, 200);
    assert_eq!(
        set_clock(&server, "nobody", &json!({ "mode": "real" })).status,
        404
    );
    assert_eq!(advance(&server, "nobody", "1s").status, 404);
}
