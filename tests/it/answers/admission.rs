//! Who gets the answer of a rule, and which limit counts the call.

use std::num::NonZeroU32;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};

use super::{TICKETS, ask, on_tickets};
use crate::faults::{counted, set};
use crate::harness::{Account, Answer, Ask};

const AGENT: &str = "/api/v2/agent_availabilities/10011";

fn limit(requests: u32) -> RateLimitPatch {
    RateLimitPatch::new().requests(NonZeroU32::new(requests))
}

fn left(answer: &Answer) -> [Option<&str>; 2] {
    ["x-rate-limit", "x-rate-limit-remaining"].map(|name| answer.header(name))
}

/// The rule in the newest entry of the journal.
fn journalled(server: &Account) -> Value {
    let requests = server
        .send(&Ask::control(Method::GET, "/requests"))
        .at("/requests");
    let newest = requests.as_array().and_then(|all| all.last()).cloned();
    newest.expect("a request")["fault"].clone()
}

/// By design: the answer is applied behind authentication, limit, role and scope. The rule is
/// chosen before them, so its hit is counted. The journal names a rule if it made the answer.
#[test]
fn a_refused_call_is_refused_as_without_the_rule() {
    let put = "/api/v2/agent_availabilities/agent_statuses/agents/10011";
    for (call, status) in [
        (ask("GET", AGENT).anonymous(), 401),
        (ask("GET", AGENT).bearer("wrong"), 401),
        (ask("GET", AGENT).by_agent(), 403),
        (ask("PUT", put).bearer("demo-oauth-read"), 403),
        (ask("POST", TICKETS).anonymous(), 401),
        (ask("POST", TICKETS).bearer("demo-oauth-read"), 403),
    ] {
        for (form, answer) in [
            ("body", json!({ "body": { "is": "mine" } })),
            (
                "patch",
                json!({ "patch": { "is": "mine" }, "headers": { "x-own": "1" } }),
            ),
        ] {
            let server = Account::demo();
            let name = format!("{form} mine");
            set(&server, &json!([{ "name": name, "answer": answer }]));
            let refused = server.send_unchecked(&call);
            // A path that only a rule knows has no answer to patch.
            let is_missing = call.target == TICKETS && form == "patch";
            let expected = if is_missing { 404 } else { status };
            assert_eq!(refused.status, expected, "{call:?} {answer}");
            assert!(
                !refused.text().contains("mine"),
                "{call:?} {}",
                refused.text()
            );
            assert!(
                refused
                    .hint()
                    .contains(&format!("answer: {name} is not used")),
                "{call:?} {}",
                refused.hint()
            );
            assert_eq!(refused.header("x-own"), None, "{call:?}");
            assert_eq!(counted(&server), [(1, 1)], "{call:?}");
            assert_eq!(journalled(&server), json!(null), "{call:?}");
        }
    }
}

/// The same for calls beyond a limit.
#[test]
fn a_call_beyond_the_limit_is_refused_as_without_the_rule() {
    let settings = SettingsPatch::new().rate_limit(limit(2));
    let server = Account::demo_with(settings.account_rate_limit(limit(1)));
    let own = json!({ "name": "mine", "answer": { "body": { "is": "mine" } } });
    set(&server, &json!([own]));
    for (target, status, hits) in [
        (AGENT, 200, 1),
        (AGENT, 200, 2),
        (AGENT, 429, 3),
        (TICKETS, 200, 4),
        (TICKETS, 429, 5),
        ("/api/v2/users", 429, 6),
    ] {
        let answer = server.send_unchecked(&ask("GET", target));
        let is_own = status == 200;
        assert_eq!(answer.status, status, "{target} {hits}");
        assert_eq!(answer.header("retry-after").is_some(), !is_own, "{target}");
        assert_eq!(
            answer.text().contains("mine"),
            is_own,
            "{target} {}",
            answer.text()
        );
        assert_eq!(counted(&server), [(hits, hits)], "{target}");
        assert_eq!(journalled(&server) == json!("mine"), is_own, "{target}");
    }
}

/// By design: any user of the account may call a path that only a rule knows, and an OAuth token
/// needs `read` for GET and HEAD and `write` for the rest.
#[test]
fn a_path_of_a_rule_is_for_every_user() {
    let seed = "
users:
  - { id: 1, name: A, email: admin@example.com, role: admin }
  - { id: 2, name: B, email: agent@example.com, role: agent }
  - { id: 3, name: C, email: light@example.com, role: light_agent }
  - { id: 4, name: D, email: customer@example.com, role: end_user }
api_tokens: [{ token: demo-api-token }]
oauth_tokens:
  - { token: read, user_id: 4, scopes: [read] }
  - { token: write, user_id: 4, scopes: [write] }
  - { token: tickets, user_id: 4, scopes: [\"tickets:read\"] }
";
    let server = Account::seeded(seed);
    set(&server, &json!([on_tickets(&json!({ "status": 202 }))]));
    for email in ["admin", "agent", "light", "customer"] {
        let user = format!("{email}@example.com");
        let by = |method| ask(method, TICKETS).token(&user, "demo-api-token");
        for method in ["GET", "DELETE"] {
            assert_eq!(server.send(&by(method)).status, 202, "{email}");
        }
        // A method that the path does not have is one that only the rule knows.
        set(
            &server,
            &json!([{ "match": { "method": "POST" }, "answer": { "status": 202 } }]),
        );
        assert_eq!(
            server
                .send(&ask("POST", AGENT).token(&user, "demo-api-token"))
                .status,
            202
        );
        set(&server, &json!([on_tickets(&json!({ "status": 202 }))]));
    }
    for (token, allowed) in [
        ("read", ["GET", "HEAD"].as_slice()),
        ("write", &["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        ("tickets", &[]),
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let answer = server.send_unchecked(&ask(method, TICKETS).bearer(token));
            let expected = if allowed.contains(&method) { 202 } else { 403 };
            assert_eq!(answer.status, expected, "{token} {method}");
        }
    }
}

/// By design: a path that only a rule knows counts against the account-wide limit, and every other
/// one against its own.
#[test]
fn the_account_wide_limit_counts_the_paths_of_rules() {
    let server = Account::demo();
    assert_eq!(left(&server.send(&ask("GET", TICKETS))), [None, None]);
    set(&server, &json!([{ "answer": { "status": 202 } }]));
    for (target, expected) in [
        (TICKETS, [Some("700"), Some("699")]),
        ("/nowhere", [Some("700"), Some("698")]),
        ("/api/v2/users", [Some("700"), Some("697")]),
        (AGENT, [Some("200"), Some("199")]),
    ] {
        assert_eq!(
            left(&server.send(&ask("GET", target))),
            expected,
            "{target}"
        );
    }
}

/// By design: without authentication, the answer is applied where faults are. As with a fault, the
/// limit does not count the call.
#[test]
fn an_answer_can_be_for_everyone() {
    let settings = SettingsPatch::new().rate_limit(limit(1));
    let server = Account::demo_with(settings.account_rate_limit(limit(1)));
    server.send(&ask("GET", AGENT));
    server.send(&ask("GET", "/api/v2/users"));
    let answer = json!({ "text": "own", "authenticate": false });
    set(&server, &json!([{ "answer": answer }]));
    for call in [
        ask("GET", AGENT).anonymous(),
        ask("GET", AGENT).by_agent(),
        ask("GET", AGENT),
        ask("POST", TICKETS).bearer("wrong"),
        ask("POST", TICKETS).bearer("demo-oauth-read"),
    ] {
        let answer = server.send(&call);
        assert_eq!(
            (answer.status.as_u16(), answer.text()),
            (200, "own"),
            "{call:?}"
        );
        assert_eq!(left(&answer), [Some("1"), Some("0")], "{call:?}");
    }
    // A patch without authentication also changes the refusals.
    let server = Account::demo();
    let patch = json!({ "patch": { "more": 1 }, "status": 418, "authenticate": false });
    set(&server, &json!([{ "answer": patch }]));
    for call in [
        ask("GET", AGENT).anonymous(),
        ask("GET", AGENT).by_agent(),
        ask("GET", TICKETS),
        ask("DELETE", AGENT),
    ] {
        let answer = server.send(&call);
        assert_eq!(
            (answer.status.as_u16(), answer.at("/more")),
            (418, json!(1)),
            "{call:?}"
        );
        assert_ne!(answer.at("/error"), json!(null), "{call:?}");
    }
}

/// As with Zendesk's own answers, a page may read those to calls with an OAuth token.
#[test]
fn a_page_may_read_an_answer() {
    let server = Account::demo();
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").is_some();
    for (status, is_readable) in [
        (200, true),
        (201, true),
        (202, false),
        (404, true),
        (500, false),
    ] {
        for path in [TICKETS, AGENT] {
            set(&server, &json!([{ "answer": { "status": status } }]));
            let oauth = server.send(&ask("GET", path).header("origin", "http://a"));
            assert_eq!(allowed(&oauth), is_readable, "{status} {path}");
            let basic = ask("GET", path).token("admin@example.com", "demo-api-token");
            assert!(!allowed(&server.send(&basic)), "{status} {path}");
        }
    }
    let preflight = ask("OPTIONS", TICKETS)
        .anonymous()
        .header("origin", "http://a")
        .header("access-control-request-method", "POST");
    assert!(allowed(&server.send(&preflight)));
    assert_eq!(
        counted(&server),
        [(2, 2)],
        "rules are not asked about preflights"
    );
}
