//! Faults. Zendesk has none, so every test is assumed unless it says otherwise.

mod answers;
mod content;
mod counting;
mod matching;
pub mod oauth;
mod refused;
mod sockets;
mod time;

use axum::http::Method;
use serde_json::{Value, json};

use crate::harness::{Account, Answer, Ask, P, elements};

/// A call about the faults of the default account.
pub fn faults(method: Method) -> Ask {
    Ask::control(method, "/faults")
}

/// Sets rules that are all valid.
pub fn set(server: &Account, rules: &Value) -> Value {
    let answer = server.send(&faults(Method::PUT).json(&json!({ "faults": rules })));
    assert_eq!(answer.status, 200, "{rules}: {}", answer.text());
    answer.json()
}

/// How many requests each rule has matched and hit.
pub fn counted(server: &Account) -> Vec<(u64, u64)> {
    let shown = server.send(&faults(Method::GET)).json();
    let number = |rule: &Value, key: &str| rule[key].as_u64().expect("a number");
    elements(&shown["faults"])
        .iter()
        .map(|it| (number(it, "matched"), number(it, "hits")))
        .collect()
}

/// Which of this number of calls are hit, as a line of `x` and `.`.
fn pattern(server: &Account, calls: usize) -> String {
    (0..calls)
        .map(|_| {
            if is_hit(&server.get("/10011")) {
                'x'
            } else {
                '.'
            }
        })
        .collect()
}

fn is_hit(answer: &Answer) -> bool {
    answer.hint().contains("fault: ")
}

/// A rule that answers with a status that occurs nowhere else.
fn teapot(matching: &Value) -> Value {
    json!({ "match": matching, "fault": { "status": 418 } })
}

/// An answer that was hit names the fault. Other answers do not mention faults, and without rules
/// nothing is hit.
#[test]
fn an_answer_that_was_hit_says_so() {
    let server = Account::demo();
    assert_eq!(pattern(&server, 2), "..");
    for (rule, expected) in [
        (
            json!({ "name": "busy; so", "preset": "html-error-page" }),
            "fault: busy; so",
        ),
        (
            json!({ "preset": "html-error-page" }),
            "fault: html-error-page",
        ),
        (json!({ "fault": { "status": 500 } }), "fault: 2"),
        (json!({ "fault": { "latency": "0s" } }), "fault: 2"),
    ] {
        set(&server, &json!([teapot(&json!({ "agent": 1 })), rule]));
        assert_eq!(server.get("/10011").hint(), expected);
    }
    set(&server, &json!([]));
    assert_eq!(pattern(&server, 2), "..");
}

/// Faults belong to an account, and a reset removes them. The control API is never hit.
#[test]
fn faults_belong_to_an_account_and_to_one_api() {
    let server = Account::demo();
    server.send(&Ask::raw(Method::POST, "/_emulator/accounts").json(&json!({ "subdomain": "a" })));
    set(&server, &json!([{ "preset": "unavailable-retry-after" }]));
    let other = Ask::raw(Method::GET, &format!("/_account/a{P}/10011")).bearer("demo-oauth-admin");
    assert_eq!(server.send(&other).status, 200);
    for own in [
        "/_emulator/readyz",
        "/_emulator/openapi.yaml",
        "/_emulator/accounts/example",
    ] {
        assert_eq!(
            server.send(&Ask::raw(Method::GET, own)).status,
            200,
            "{own}"
        );
    }
    assert_eq!(server.get("/10011").status, 503);
    // Paths outside every operation are hit too.
    assert_eq!(server.send(&Ask::raw(Method::GET, "/nowhere")).status, 503);
    // An invalid host is refused first.
    assert_eq!(
        server
            .send(&Ask::get("/10011").header("host", "a b"))
            .status,
        400
    );
    assert_eq!(counted(&server), [(2, 2)]);
    server.send(&Ask::control(Method::POST, "/reset"));
    assert_eq!(server.get("/10011").status, 200);
    assert_eq!(counted(&server), []);
}

/// Rules are shown as they were set, in one spelling, with their ids and counts.
#[test]
fn rules_are_shown_as_they_were_set() {
    let server = Account::demo();
    let matching = json!({ "operation": "show_agent_availability", "method": "GET", "path": "/*", "agent": 10011, "caller": 7 });
    let when = json!({ "after": 0, "first": 3, "every": 2, "for": "1m" });
    let fault = json!({ "status": 429, "retry_after": 7, "body": "json", "latency": { "log_normal": { "median": "0ms", "sigma": 0.5 } } });
    let rules = json!([
        { "name": "one", "match": matching, "when": when, "fault": fault },
        { "match": null, "when": {}, "preset": "truncated-json", "fault": null },
        { "fault": { "slow_first_byte": "1500ms", "dribble": { "bytes": 1, "every": "0s" }, "truncate": 0, "silence": false } },
        { "fault": { "latency": { "uniform": ["1s", "2m"] }, "reset": "before" } },
        { "fault": { "reset": "mid_body", "body": null } },
        { "fault": { "break_json": true } }, { "fault": { "empty": true } }, { "fault": { "silence": true } },
    ]);
    let answer = set(&server, &rules);
    let seen = |id: u64, rule: Value| {
        let mut whole = json!({ "id": id, "match": {}, "when": {}, "matched": 0, "hits": 0 });
        whole
            .as_object_mut()
            .expect("a rule")
            .extend(rule.as_object().expect("a rule").clone());
        whole
    };
    let fault = json!({ "status": 429, "retry_after": 7, "body": "json", "latency": { "log_normal": { "median": "0s", "sigma": 0.5 } } });
    let when = json!({ "after": 0, "first": 3, "every": 2, "for": "60s" });
    let expected = json!([
        seen(
            1,
            json!({ "name": "one", "match": matching, "when": when, "fault": fault })
        ),
        seen(2, json!({ "preset": "truncated-json" })),
        seen(
            3,
            json!({ "fault": { "slow_first_byte": "1500ms", "dribble": { "bytes": 1, "every": "0s" }, "truncate": 0 } })
        ),
        seen(
            4,
            json!({ "fault": { "latency": { "uniform": ["1s", "120s"] }, "reset": "before" } })
        ),
        seen(5, json!({ "fault": { "reset": "mid_body" } })),
        seen(6, json!({ "fault": { "break_json": true } })),
        seen(7, json!({ "fault": { "empty": true } })),
        seen(8, json!({ "fault": { "silence": true } })),
    ]);
    assert_eq!(answer["faults"], expected);
    assert_eq!(server.send(&faults(Method::GET)).json(), answer);
}
