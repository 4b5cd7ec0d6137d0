//! Problems of rules are reported when they are set, all at once. The old rules then stay.

use axum::http::Method;
use serde_json::{Value, json};

use super::{faults, set};
use crate::harness::{Account, Answer, Ask};

fn put(server: &Account, rules: &Value) -> Answer {
    server.send(&faults(Method::PUT).json(&json!({ "faults": rules })))
}

/// The places and texts of a rule's problems.
fn problems(server: &Account, rule: &Value) -> Vec<(String, String)> {
    put(server, &json!([rule])).problems()
}

/// By design: an unknown operation or preset is refused when the rule is set, and the known ones
/// are named.
#[test]
fn unknown_words_are_refused_with_those_that_are_known() {
    let server = Account::demo();
    for (rule, path, known, near) in [
        (
            json!({ "match": { "operation": "show_agent_availabilities" }, "preset": "truncated-json" }),
            "faults[0].match.operation",
            "list_my_work_items",
            Some("show_agent_availability"),
        ),
        (
            json!({ "preset": "truncated" }),
            "faults[0].preset",
            "slow-first-byte",
            Some("truncated-json"),
        ),
        (
            json!({ "preset": "xyz" }),
            "faults[0].preset",
            "expired-cursor",
            None,
        ),
        (
            json!({ "match": { "method": "get" }, "preset": "truncated-json" }),
            "faults[0].match.method",
            "OPTIONS",
            None,
        ),
        (
            json!({ "fault": { "status": 500, "body": "htm" } }),
            "faults[0].fault.body",
            "vendor",
            Some("html"),
        ),
        (
            json!({ "fault": { "reset": "midbody" } }),
            "faults[0].fault.reset",
            "before",
            Some("mid_body"),
        ),
    ] {
        let found = problems(&server, &rule);
        let (place, message) = found.first().expect("a problem");
        assert_eq!(place, path, "{rule}");
        assert!(message.contains(known), "{message}");
        match near {
            Some(near) => assert!(
                message.ends_with(&format!("did you mean \"{near}\"?")),
                "{message}"
            ),
            None => assert!(!message.contains("did you mean"), "{message}"),
        }
    }
}

#[test]
fn values_out_of_range_are_refused_at_their_place() {
    let server = Account::demo();
    let fault = |fault: Value| json!({ "fault": fault });
    let part = |key: &str, value: Value| json!({ key: value, "preset": "truncated-json" });
    for (rule, path) in [
        (json!({}), ""),
        (
            json!({ "preset": "truncated-json", "fault": { "status": 500 } }),
            "",
        ),
        (json!(3), ""),
        (part("x", json!(1)), ""),
        (part("name", json!("")), ".name"),
        (part("name", json!("x".repeat(101))), ".name"),
        (part("match", json!([])), ".match"),
        (part("match", json!({ "x": 1 })), ".match"),
        (part("match", json!({ "path": "agents" })), ".match.path"),
        (part("match", json!({ "path": "/a?b" })), ".match.path"),
        (part("match", json!({ "path": "/a#b" })), ".match.path"),
        (
            part("match", json!({ "path": "/_emulator/x" })),
            ".match.path",
        ),
        (
            part("match", json!({ "path": "/_account/t1/api/v2/x" })),
            ".match.path",
        ),
        (
            part("match", json!({ "path": "/api/v2/tickets/{id}" })),
            ".match.path",
        ),
        (
            part("match", json!({ "caller": "nobody" })),
            ".match.caller",
        ),
        (part("match", json!({ "agent": "10011" })), ".match.agent"),
        (part("match", json!({ "caller": -1 })), ".match.caller"),
        (part("match", json!({ "caller": "" })), ".match.caller"),
        (part("when", json!({ "first": 0 })), ".when.first"),
        (part("when", json!({ "every": 0 })), ".when.every"),
        (part("when", json!({ "after": -1 })), ".when.after"),
        (
            part("when", json!({ "after": 4_294_967_296_u64 })),
            ".when.after",
        ),
        (part("when", json!({ "for": "soon" })), ".when.for"),
        (fault(json!({})), ".fault"),
        (fault(json!({ "silence": false })), ".fault"),
        (fault(json!({ "status": 399 })), ".fault.status"),
        (fault(json!({ "status": 600 })), ".fault.status"),
        (fault(json!({ "latency": "601s" })), ".fault.latency"),
        (fault(json!({ "latency": {} })), ".fault.latency"),
        (
            fault(json!({ "latency": { "uniform": ["2s", "1s"] } })),
            ".fault.latency.uniform",
        ),
        (
            fault(json!({ "latency": { "uniform": ["1s"] } })),
            ".fault.latency.uniform",
        ),
        (
            fault(json!({ "latency": { "uniform": ["1s", "11m"] } })),
            ".fault.latency.uniform[1]",
        ),
        (
            fault(json!({ "latency": { "log_normal": { "median": "1s" } } })),
            ".fault.latency.log_normal",
        ),
        (
            fault(json!({ "latency": { "log_normal": { "median": "1s", "sigma": 11 } } })),
            ".fault.latency.log_normal.sigma",
        ),
        (
            fault(json!({ "slow_first_byte": "11m" })),
            ".fault.slow_first_byte",
        ),
        (
            fault(json!({ "dribble": { "bytes": 0, "every": "1s" } })),
            ".fault.dribble.bytes",
        ),
        (
            fault(json!({ "dribble": { "bytes": 1 } })),
            ".fault.dribble",
        ),
        (
            fault(json!({ "dribble": { "bytes": 1, "every": "1h" } })),
            ".fault.dribble.every",
        ),
        (fault(json!({ "truncate": -1 })), ".fault.truncate"),
        (fault(json!({ "break_json": "yes" })), ".fault.break_json"),
    ] {
        let found = problems(&server, &rule);
        assert!(
            found
                .iter()
                .any(|(place, _)| *place == format!("faults[0]{path}")),
            "{rule}: {found:?}"
        );
    }
}

/// Combinations that make no sense are refused with the reason. Others are accepted.
#[test]
fn only_what_makes_sense_goes_together() {
    let server = Account::demo();
    for (fault, wrong) in [
        (json!({ "retry_after": 1 }), "retry_after"),
        (json!({ "body": "json" }), "body"),
        (json!({ "status": 500, "retry_after": 1 }), "retry_after"),
        (json!({ "silence": true, "latency": "1s" }), "latency"),
        (json!({ "silence": true, "status": 500 }), "status"),
        (json!({ "silence": true, "reset": "mid_body" }), "reset"),
        (json!({ "reset": "before", "status": 500 }), "status"),
        (json!({ "reset": "before", "truncate": 1 }), "truncate"),
        (json!({ "reset": "after", "status": 500 }), "status"),
        (json!({ "reset": "after", "empty": true }), "empty"),
        (json!({ "empty": true, "status": 500 }), "status"),
        (
            json!({ "empty": true, "slow_first_byte": "1s" }),
            "slow_first_byte",
        ),
        (json!({ "empty": true, "reset": "mid_body" }), "empty"),
        (json!({ "truncate": 1, "break_json": true }), "break_json"),
        (json!({ "truncate": 1, "reset": "mid_body" }), "truncate"),
        (
            json!({ "reset": "mid_body", "break_json": true }),
            "break_json",
        ),
        (
            json!({ "status": 500, "body": "empty", "truncate": 1 }),
            "truncate",
        ),
        (
            json!({ "status": 500, "body": "empty", "dribble": { "bytes": 1, "every": "0s" } }),
            "dribble",
        ),
        (
            json!({ "status": 500, "body": "html", "break_json": true }),
            "break_json",
        ),
    ] {
        let found = problems(&server, &json!({ "fault": fault }));
        assert_eq!(found.len(), 1, "{fault}: {found:?}");
        assert_eq!(
            found[0].0,
            format!("faults[0].fault.{wrong}"),
            "{fault}: {found:?}"
        );
    }
    for fault in [
        json!({ "status": 503, "retry_after": 0, "body": "html", "latency": "1s", "slow_first_byte": "1s", "truncate": 3 }),
        json!({ "status": 429, "body": "json", "break_json": true, "dribble": { "bytes": 1, "every": "1s" } }),
        json!({ "latency": "1s", "slow_first_byte": "1s", "dribble": { "bytes": 1, "every": "1s" }, "reset": "mid_body" }),
        json!({ "latency": "10m", "reset": "before" }),
        json!({ "latency": "10m", "reset": "after" }),
        json!({ "latency": "1s", "empty": true }),
        json!({ "silence": true, "empty": false, "status": null }),
    ] {
        set(&server, &json!([{ "fault": fault }]));
    }
}

/// Every problem of every rule is reported, and nothing has changed.
#[test]
fn every_problem_is_named_and_the_old_rules_stay() {
    let server = Account::demo();
    let before = set(
        &server,
        &json!([{ "name": "old", "preset": "truncated-json" }]),
    );
    let answer = put(
        &server,
        &json!([{ "preset": "x" }, { "preset": "truncated-json" }, { "fault": { "status": 1, "x": 2 } }]),
    );
    assert_eq!(
        answer.places(),
        [
            "faults[0].preset",
            "faults[2].fault",
            "faults[2].fault.status"
        ]
    );
    let many = vec![json!({ "preset": "truncated-json" }); 1001];
    assert_eq!(put(&server, &json!(many)).status, 422);
    for body in [
        json!({}),
        json!([]),
        json!({ "faults": {} }),
        json!({ "faults": null }),
        json!({ "faults": [], "x": 1 }),
    ] {
        assert_eq!(
            server.send(&faults(Method::PUT).json(&body)).status,
            422,
            "{body}"
        );
    }
    assert_eq!(server.send(&faults(Method::GET)).json(), before);
    set(&server, &json!(many[..1000]));
    for method in [Method::GET, Method::PUT] {
        let unknown =
            Ask::raw(method, "/_emulator/accounts/nobody/faults").json(&json!({ "faults": [] }));
        assert_eq!(server.send(&unknown).at("/error"), "AccountNotFound");
    }
}
