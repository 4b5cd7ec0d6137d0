//! Who may call, and the limit that counts the calls.

use axum::http::Method;
use serde_json::json;

use super::super::{ask, get};
use super::{account, path, shown};
use crate::harness::{Account, Ask};

const CALLS: [&str; 3] = [
    "/channels/voice/availabilities/10015",
    "/channels/voice/stats/agents_activity",
    "/channels/voice/stats/current_queue_activity",
];

/// Documented for the availabilities, assumed for the statistics: admins and agents.
#[test]
fn admins_and_agents_may_call() {
    let account = Account::demo();
    for (email, expected) in [
        ("admin@example.com", 200),
        ("agent@example.com", 200),
        ("light@example.com", 403),
        ("customer@example.com", 403),
    ] {
        let by = |ask: Ask| account.send(&ask.token(email, "demo-api-token"));
        for path in CALLS {
            assert_eq!(by(ask(path)).status, expected, "{email} {path}");
        }
        let mut put = ask(CALLS[0]).json(&json!({ "availability": { "via": "phone" } }));
        put.method = Method::PUT;
        assert_eq!(by(put).status, expected, "{email}");
    }
    assert_eq!(account.send(&ask(CALLS[0]).anonymous()).status, 401);
}

/// Documented: `read` to read, `write` to write.
#[test]
fn scopes_are_those_of_the_method() {
    let account = Account::demo();
    let mut put = ask(CALLS[0]).json(&json!({ "availability": {} }));
    put.method = Method::PUT;
    assert_eq!(account.send(&put).status, 200);
    let refused = account.send(&put.bearer("demo-oauth-read"));
    assert_eq!(refused.status, 403);
    let description = "You are missing the following required scopes: write";
    assert_eq!(refused.at("/description"), description);
    let read = account.send(&ask(CALLS[0]).bearer("demo-oauth-read"));
    assert_eq!(read.status, 200);
}

/// Documented for the Ticketing API, assumed for Talk: they count against the account-wide limit.
#[test]
fn they_count_against_the_account_wide_limit() {
    let account = Account::demo();
    for (path, left) in CALLS.iter().zip(["699", "698", "697"]) {
        let answer = get(&account, path);
        assert_eq!(answer.header("x-rate-limit"), Some("700"), "{path}");
        assert_eq!(answer.header("x-rate-limit-remaining"), Some(left));
    }
    let agents = account.send(&Ask::get("/10011"));
    assert_eq!(agents.header("x-rate-limit-remaining"), Some("199"));
}

/// Observed: clients add `.json`. Assumed: HEAD is a GET without a body; there are no other
/// methods.
#[test]
fn suffixes_and_methods() {
    let account = account();
    let mut ask = ask(&format!("{}.json", path(11)));
    assert_eq!(account.send(&ask).at("/availability"), shown(&account, 11));
    ask.method = Method::HEAD;
    let head = account.send(&ask);
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    ask.method = Method::DELETE;
    let refused = account.send(&ask);
    assert_eq!(refused.status, 405);
    assert_eq!(refused.header("allow"), Some("GET,HEAD,PUT"));
}
