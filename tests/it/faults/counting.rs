//! When a rule hits: by count, and by the account's clock.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use super::{counted, pattern, set, teapot};
use crate::harness::{Account, Ask};

fn when(when: &Value) -> Value {
    json!([{ "when": when, "preset": "unavailable-retry-after" }])
}

#[test]
fn rules_count() {
    let server = Account::demo();
    for (given, expected) in [
        (json!({}), "xxxxxxxxxx"),
        (json!({ "first": 2 }), "xx........"),
        (json!({ "after": 2 }), "..xxxxxxxx"),
        (json!({ "after": 2, "first": 3 }), "..xxx....."),
        (json!({ "every": 3 }), "x..x..x..x"),
        (json!({ "after": 1, "every": 4 }), ".x...x...x"),
        (json!({ "after": 1, "first": 5, "every": 2 }), ".x.x.x...."),
        (json!({ "after": 0, "first": 1, "every": 1 }), "x........."),
        (json!({ "after": 4_294_967_295_u32 }), ".........."),
    ] {
        set(&server, &when(&given));
        assert_eq!(pattern(&server, 10), expected, "{given}");
        let hits = expected.matches('x').count() as u64;
        assert_eq!(counted(&server), [(10, hits)], "{given}");
    }
}

/// Setting rules resets their counts, also if the rules are the same.
#[test]
fn setting_rules_resets_their_counts() {
    let server = Account::demo();
    for _ in 0..2 {
        set(&server, &when(&json!({ "after": 1, "first": 1 })));
        assert_eq!(pattern(&server, 3), ".x.");
    }
}

/// The first rule that hits decides, and later rules do not see the request. A rule that matches
/// without a hit passes the request on.
#[test]
fn the_first_rule_that_hits_decides() {
    let server = Account::demo();
    set(
        &server,
        &json!([
            { "when": { "after": 1, "first": 1 }, "fault": { "status": 500 } },
            { "when": { "first": 2 }, "fault": { "status": 501 } },
            teapot(&json!({ "agent": 10012 })),
            { "when": { "every": 2 }, "fault": { "status": 502 } },
        ]),
    );
    let statuses: Vec<_> = (0..6)
        .map(|_| server.get("/10011").status.as_u16())
        .collect();
    assert_eq!(statuses, [501, 500, 501, 502, 200, 502]);
    assert_eq!(counted(&server), [(6, 1), (5, 2), (0, 0), (3, 2)]);
}

/// Only for a time by the account's clock, starting when the rule was set.
#[test]
fn a_rule_is_in_force_for_a_while() {
    let server = Account::demo();
    server.advance(Duration::from_secs(5));
    set(&server, &when(&json!({ "for": "30s" })));
    assert_eq!(pattern(&server, 1), "x");
    server.advance(Duration::from_millis(29_999));
    assert_eq!(pattern(&server, 2), "xx");
    server.advance(Duration::from_millis(1));
    assert_eq!(pattern(&server, 2), "..");
    assert_eq!(
        counted(&server),
        [(3, 3)],
        "a rule that is over does not count"
    );
    // A clock that is set back is before the end again.
    let clock = json!({ "mode": "frozen", "at": "2026-01-21T10:30:00Z" });
    server.send(&Ask::control(Method::PUT, "/clock").json(&clock));
    assert_eq!(pattern(&server, 1), "x");
    set(&server, &when(&json!({ "for": "0s" })));
    assert_eq!(pattern(&server, 1), ".");
}

/// Concurrent requests are counted one by one.
#[test]
fn requests_at_the_same_time_are_counted_exactly() {
    use std::io::{Read, Write};
    use zendesk_availability_emulator::Emulator;
    let emulator = Emulator::builder().threads(2).start().expect("a port");
    let address = emulator.local_addr().expect("a socket");
    let call = |method: &str, path: &str, body: &str| {
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
        );
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    };
    let rules = r#"{"faults": [{"when": {"after": 10, "first": 20, "every": 2}, "fault": {"status": 418}}]}"#;
    assert!(call("PUT", "/_emulator/accounts/example/faults", rules).contains(" 200 OK"));
    let hits: usize = std::thread::scope(|scope| {
        let client = || {
            (0..25)
                .filter(|_| call("GET", "/nowhere", "").contains(" 418 "))
                .count()
        };
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(client)).collect();
        clients
            .into_iter()
            .map(|client| client.join().expect("a client"))
            .sum()
    });
    assert_eq!(hits, 10);
}
