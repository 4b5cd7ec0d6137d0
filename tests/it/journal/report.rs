//! The report: one finding for each rule and verdict, with the requests that show it.

mod pages;
mod tokens;
mod waits;

use axum::http::Method;
use serde_json::{Value, json};

use super::{ONE, set_limit, set_validation};
use crate::harness::{Account, Ask, elements};

/// The demo's OAuth token of an admin.
const OAUTH: &str = "demo-oauth-admin";

fn report(server: &Account) -> Vec<Value> {
    let report = server.send(&Ask::control(Method::GET, "/report"));
    elements(&report.at("/findings")).to_vec()
}

/// The requests that show something; none if the rule reports nothing.
fn shown(server: &Account, rule: &str, verdict: &str) -> Vec<u64> {
    let found: Vec<_> = report(server)
        .into_iter()
        .filter(|it| it["rule"] == rule && it["verdict"] == verdict)
        .collect();
    assert!(found.len() <= 1, "{found:?}");
    let requests = found
        .first()
        .and_then(|it| it["requests"].as_array().cloned())
        .unwrap_or_default();
    requests
        .iter()
        .map(|number| number.as_u64().expect("a number"))
        .collect()
}

/// Assumed: a client that signs in with OAuth. One with an API token is told when these end.
#[test]
fn nothing_is_said_of_a_client_that_did_nothing_remarkable() {
    let server = Account::with(|builder| builder.journal_requests(1));
    server.send(&Ask::get(ONE).bearer(OAUTH));
    server.send(&Ask::get("?page[size]=100").bearer(OAUTH));
    let report = server.send(&Ask::control(Method::GET, "/report")).json();
    assert_eq!(
        report,
        json!({ "requests": 1, "dropped": 1, "findings": [] })
    );
}

/// The rules that report something, in their order.
fn rules(server: &Account) -> Vec<Value> {
    let findings = report(server).into_iter();
    findings.map(|finding| finding["rule"].clone()).collect()
}

/// The good, bad and noted requests of a rule.
fn verdicts(server: &Account, rule: &str) -> [Vec<u64>; 3] {
    ["good", "bad", "note"].map(|verdict| shown(server, rule, verdict))
}

const NONE: Vec<u64> = Vec::new();

/// Assumed: a refusal is noted as a fact, because correct clients are refused too.
#[test]
fn refusals_are_told_apart() {
    let server = Account::demo();
    server.send(&Ask::get(ONE).by_agent());
    server.send(&Ask::get(ONE).anonymous());
    // 403 for other reasons than the role.
    server.send(
        &Ask::update()
            .json(&json!({ "id": 4 }))
            .bearer("demo-oauth-read"),
    );
    server.send(
        &Ask::control(Method::PATCH, "")
            .json(&json!({ "settings": { "omnichannel_routing": false } })),
    );
    assert_eq!(server.update(10011, 4).status, 403);
    server.send(&Ask::raw(Method::GET, "/nowhere"));
    set_limit(&server, 1);
    server.get(ONE);
    server.get(ONE);
    assert_eq!(verdicts(&server, "wrong_role"), [NONE, NONE, vec![1]]);
    assert_eq!(verdicts(&server, "authentication"), [NONE, NONE, vec![2]]);
    assert_eq!(verdicts(&server, "rate_limit"), [NONE, NONE, vec![7]]);
    assert_eq!(
        rules(&server),
        [
            "rate_limit",
            "wrong_role",
            "authentication",
            "old_credentials"
        ]
    );
}

/// Assumed: an answer that a fault made up is not a refusal, and a 429 without `Retry-After` is not
/// from the rate limit.
#[test]
fn refusals_that_faults_make_up_are_not_there() {
    let server = Account::demo();
    let rules = [429, 401, 403]
        .map(|status| json!({ "fault": { "status": status }, "when": { "first": 1 } }));
    let rules = json!({ "faults": rules });
    assert_eq!(
        server
            .send(&Ask::control(Method::PUT, "/faults").json(&rules))
            .status,
        200
    );
    for status in [429, 401, 403, 200] {
        assert_eq!(server.get(ONE).status, status);
    }
    for rule in ["rate_limit", "authentication", "wrong_role"] {
        assert_eq!(verdicts(&server, rule), [NONE, NONE, NONE], "{rule}");
    }
}

/// Assumed: correct clients that are refused first. One sends its first request without credentials
/// and answers the challenge. One renews its token when it has expired. One falls back to `/me`
/// when its role may not do more.
#[test]
fn clients_that_learn_from_a_refusal_are_not_blamed() {
    let server = Account::demo();
    server.send(&Ask::get(ONE).anonymous());
    server.get(ONE);
    server.send(&Ask::get(ONE).bearer("expired"));
    server.send(&Ask::get(&format!("{ONE}?access_token=expired")).anonymous());
    server.send(&Ask::get(ONE).bearer("demo-oauth-admin"));
    server.send(&Ask::get(ONE).by_agent());
    server.send(&Ask::get("/me").by_agent());
    assert_eq!(
        verdicts(&server, "authentication"),
        [NONE, NONE, vec![1, 3, 4]]
    );
    assert_eq!(verdicts(&server, "wrong_role"), [NONE, NONE, vec![6]]);
    assert_eq!(
        rules(&server),
        ["wrong_role", "authentication", "old_credentials"]
    );
}

/// Observed: the Ruby client sends `per_page`, and HTTP libraries add parameters.
#[test]
fn what_nothing_reads_is_named() {
    for validation in ["warn", "off"] {
        let server = Account::demo();
        set_validation(&server, validation);
        let update = Ask::put("/agent_statuses/agents/10011?a&b&c")
            .json(&json!({ "id": 4, "state": 1, "e": 1 }));
        for ask in [
            Ask::get("?per_page=3&page[size]=100"),
            Ask::get(ONE),
            update,
        ] {
            server.send(&ask.bearer(OAUTH));
        }
        let report = report(&server);
        let description =
            "sent what nothing reads: `a`, `b`, `body: /e`, `body: /state`, `c` and 1 more";
        assert_eq!(
            report,
            [json!({
                "rule": "unread_parameters", "verdict": "note", "description": description, "requests": [1, 3],
            })]
        );
    }
}

/// Assumed: a filter in the request for a list should be read. An empty filter counts as absent,
/// one that another spelling overrides counts as read, and a filter on anything but a list has no
/// effect.
#[test]
fn a_filter_that_nothing_reads_is_bad() {
    let server = Account::small_team();
    for query in [
        "?filter[group]=1&x=1",
        "?filter%5Bgroup%5D=1",
        "?filter[group]=",
        "?filter[group]",
        "?filter[group_id]=1&filter[group_id]=42&include=x",
        "/10011?filter[group]=1",
        "?group_id=1",
    ] {
        assert_eq!(server.get(query).status, 200, "{query}");
    }
    // A call that was refused before its query was read.
    server.send(&Ask::get("?filter[group]=1").by_agent());
    assert_eq!(
        verdicts(&server, "unread_parameters"),
        [NONE, vec![1, 2], vec![1, 3, 4, 6, 7]]
    );
    let descriptions: Vec<_> = report(&server)
        .into_iter()
        .map(|it| it["description"].clone())
        .take(2)
        .collect();
    assert_eq!(
        descriptions,
        [
            "asked for lists with filters that nothing reads: `filter[group]`",
            "sent what nothing reads: `filter[group]`, `group_id`, `x`",
        ]
    );
}

/// Assumed: a header that changes nothing is a line of the report.
#[test]
fn a_header_that_changes_nothing_is_a_note() {
    let server = Account::demo();
    server.get("/10011");
    server.send(&Ask::get("/10011").header("x-on-behalf-of", "agent@example.com"));
    assert_eq!(
        verdicts(&server, "unread_parameters"),
        [NONE, NONE, vec![2]]
    );
    assert_eq!(
        report(&server)[0]["description"],
        "sent what nothing reads: `header: X-On-Behalf-Of`"
    );
}
