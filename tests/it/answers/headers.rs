//! The headers that a rule decides.

use axum::http::Method;
use serde_json::json;

use super::{TICKETS, ask, post};
use crate::faults::set;
use crate::harness::{Account, Ask, elements};

/// By design: headers are added, also in place of those that every answer has.
#[test]
fn a_rule_sets_headers() {
    let server = Account::demo();
    let headers = json!({
        "X-Rate-Limit": "9",
        "ratelimit-reset": "5",
        "Retry-After": "7",
        "X-Zendesk-API-Version": "v9",
        "X-Emulator-Hint": "none",
        "Set-Cookie": "a=b; Path=/",
        "Access-Control-Allow-Origin": "http://a",
    });
    let call = json!({ "status": 200, "headers": headers });
    set(&server, &json!([{ "answer": call }]));
    for target in [TICKETS, "/api/v2/agent_availabilities/10011"] {
        let answer = server.send_unchecked(&ask("GET", target));
        for (name, value) in headers.as_object().expect("headers") {
            assert_eq!(
                answer.header(&name.to_lowercase()),
                value.as_str(),
                "{target}"
            );
        }
        assert!(answer.header("ratelimit-remaining").is_some(), "{target}");
        assert!(answer.header("x-request-id").is_some(), "{target}");
    }
}

/// By design: headers are left out. What is also set is set.
#[test]
fn a_rule_leaves_headers_out() {
    let server = Account::demo();
    let without = [
        "x-rate-limit",
        "X-Rate-Limit-Remaining",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "content-type",
        "X-Emulator-Hint",
        "X-Zendesk-API-Version",
        "x-never-there",
    ];
    let answer = json!({
        "body": {},
        "without_headers": without,
        "headers": { "ratelimit-limit": "1" },
    });
    set(&server, &json!([{ "answer": answer }]));
    let answer = server.send_unchecked(&ask("GET", TICKETS));
    let mut names: Vec<_> = answer
        .headers
        .keys()
        .map(axum::http::HeaderName::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "access-control-allow-origin",
            "content-length",
            "date",
            "ratelimit-limit",
            "x-request-id",
            "x-zendesk-request-id"
        ]
    );
}

/// The report knows what the client was told: it is bad to call again too soon after a
/// `Retry-After` that a rule has set, and not after a 429 without one.
#[test]
fn the_report_knows_what_the_client_was_told() {
    for (answer, expected) in [
        (
            json!({ "status": 429, "headers": { "Retry-After": "7" } }),
            1,
        ),
        (json!({ "status": 429 }), 0),
    ] {
        let server = Account::demo();
        post(&server, &answer);
        server.send(&ask("POST", TICKETS).json(&json!({ "ticket": { "subject": "Hi" } })));
        let report = Ask::control(Method::GET, "/report");
        let findings = server.send(&report).at("/findings");
        let bad = elements(&findings)
            .iter()
            .filter(|it| it["rule"] == "retry_after" && it["verdict"] == "bad");
        assert_eq!(bad.count(), expected, "{answer}");
    }
}
