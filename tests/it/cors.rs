//! Calls from web pages. `.ci/browser` checks them with a real browser.

use std::num::NonZeroU32;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{AuthMode, RateLimitPatch, SettingsPatch};

use crate::harness::{Account, Answer, Ask, P, operations};

const ALLOWED: &str = "access-control-allow-origin";

fn set_faults(account: &Account, rules: &Value) {
    let ask = Ask::control(Method::PUT, "/faults").json(&json!({ "faults": rules }));
    assert_eq!(account.send(&ask).status, 200);
}

fn raw(target: &str) -> Ask {
    Ask::raw(Method::GET, target)
}

/// A preflight as Chromium sends it.
fn preflight(target: &str) -> Ask {
    Ask::raw(Method::OPTIONS, target)
        .header("origin", "http://127.0.0.1:9")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization")
}

/// The headers of CORS that an answer has.
fn cors(answer: &Answer) -> Vec<(&str, &str)> {
    let is_cors = |name: &str| name.starts_with("access-control-") || name == "vary";
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| is_cors(name.as_str()));
    let mut headers: Vec<_> = headers
        .map(|(name, value)| (name.as_str(), value.to_str().expect("ASCII")))
        .collect();
    headers.sort_unstable();
    headers
}

/// Documented: an answer with 200, 201, 204 or 404 to a call that authenticates with an OAuth
/// token, with or without `Origin`.
#[test]
fn a_page_reads_what_an_oauth_token_gets() {
    for operation in operations() {
        let account = Account::demo();
        let answer = account.send(&operation.ask(&account).bearer("demo-oauth-admin"));
        assert_eq!(
            (answer.status.as_u16(), cors(&answer)),
            (200, vec![(ALLOWED, "*")]),
            "{}",
            operation.id
        );
    }
    let account = Account::demo();
    for (status, ask) in [
        (200, Ask::get("/10011").bearer("demo-oauth-admin")),
        (200, Ask::head("/10011").bearer("demo-oauth-admin")),
        (200, Ask::get("/me").by_agent()),
        (
            200,
            Ask::get("/10011").header("authorization", "bearer demo-oauth-admin"),
        ),
        (200, raw(&format!("{P}/me?access_token=demo-oauth-agent"))),
        (
            200,
            raw("//api/v2//agent_availabilities/me.json?access_token=demo-oauth-agent"),
        ),
        (
            200,
            raw(&format!(
                "/_account/example{P}/me?access_token=demo-oauth-agent"
            )),
        ),
        (404, Ask::get("/10002").bearer("demo-oauth-admin")),
        (
            404,
            Ask::get("/10002")
                .bearer("demo-oauth-admin")
                .header("accept", "application/vnd.api+json"),
        ),
        (404, raw("/api/v2/no/such/route").bearer("demo-oauth-agent")),
        (
            404,
            Ask::put("/10011/no/such/route").bearer("demo-oauth-agent"),
        ),
    ] {
        for origin in [None, Some("http://127.0.0.1:9"), Some("null")] {
            let ask = origin.map_or(ask.clone(), |origin| ask.clone().header("origin", origin));
            let answer = account.send(&ask);
            assert_eq!(
                (answer.status.as_u16(), cors(&answer)),
                (status, vec![(ALLOWED, "*")]),
                "{ask:?}"
            );
        }
    }
    let any = Account::demo_with(SettingsPatch::new().auth(AuthMode::Any));
    assert_eq!(
        cors(&any.send(&Ask::get("/me").bearer("any"))),
        [(ALLOWED, "*")]
    );
    // The same for answers that a fault damages or replaces.
    for (status, fault) in [
        (200, json!({ "empty": true })),
        (200, json!({ "truncate": 5 })),
        (404, json!({ "status": 404 })),
    ] {
        set_faults(&account, &json!([{ "fault": fault }]));
        let answer = account.send_unchecked(&Ask::get("/10011").bearer("demo-oauth-admin"));
        assert_eq!(
            (answer.status.as_u16(), cors(&answer)),
            (status, vec![(ALLOWED, "*")]),
            "{fault}"
        );
    }
}

/// Documented for 403, 429 and Basic, assumed for the rest: no page can read any other answer.
#[test]
fn a_page_reads_nothing_else() {
    let account = Account::demo();
    let admin = |ask: Ask| ask.bearer("demo-oauth-admin");
    let update = || Ask::update();
    for (status, ask) in [
        (200, Ask::get("/10011")),
        (
            200,
            Ask::get("/me").password("agent@example.com", "demo-password"),
        ),
        (200, Ask::get("/me?access_token=demo-oauth-agent")),
        (404, Ask::get("/10002")),
        (404, raw("/api/v2/no/such/route")),
        (404, raw("/api/v2/no/such/route").bearer("wrong")),
        (400, admin(Ask::get("?page[size]=0"))),
        (400, admin(Ask::get("/10011")).header("host", "no host")),
        (401, Ask::get("/10011").bearer("wrong")),
        (401, Ask::get("/10011").anonymous()),
        (403, Ask::get("/10011").by_agent()),
        (
            403,
            update().json(&json!({ "id": 4 })).bearer("demo-oauth-read"),
        ),
        (405, admin(Ask::new(Method::POST, "/10011"))),
        (415, admin(update().header("content-type", "text/plain"))),
        (422, admin(update().json(&json!({})))),
        // Neither of these paths belongs to the API.
        (404, admin(raw("/no/such/route"))),
        (405, admin(raw("/oauth/tokens"))),
        (404, admin(raw("/api/v2"))),
        (404, admin(raw(&format!("/_account/missing{P}/10011")))),
        (200, admin(raw("/_emulator/healthz"))),
        (200, admin(raw("/_emulator/accounts"))),
        (
            200,
            raw("/_emulator/accounts?access_token=demo-oauth-admin"),
        ),
        (404, admin(raw("/_emulator/nothing"))),
        (404, admin(raw("/_emulator/api/v2/agent_availabilities"))),
        (404, admin(raw("//_emulator/accounts"))),
        (404, admin(raw("/_account/example/_emulator/accounts"))),
        (405, admin(Ask::raw(Method::PUT, "/_emulator/healthz"))),
    ] {
        for origin in [None, Some("http://localhost")] {
            let ask = origin.map_or(ask.clone(), |origin| ask.clone().header("origin", origin));
            let ask = if ask.target.contains("_emulator") {
                ask.header("host", "localhost")
            } else {
                ask
            };
            let answer = account.send(&ask);
            assert_eq!(
                (answer.status.as_u16(), cors(&answer)),
                (status, vec![]),
                "{ask:?}"
            );
        }
    }
    for status in [400, 401, 403, 429, 500, 503] {
        set_faults(&account, &json!([{ "fault": { "status": status } }]));
        let answer = account.send(&admin(Ask::get("/10011")));
        assert_eq!((answer.status.as_u16(), cors(&answer)), (status, vec![]));
    }
    let requests = Some(NonZeroU32::new(1));
    let rate_limit = RateLimitPatch::new().requests(requests);
    let limited = Account::demo_with(SettingsPatch::new().rate_limit(rate_limit));
    limited.get("/10011");
    let refused = limited.send(&admin(Ask::get("/10011")));
    assert_eq!((refused.status.as_u16(), cors(&refused)), (429, vec![]));
}

/// Observed for the status, on another endpoint, assumed for the rest: a preflight for any path of
/// the API is answered without credentials and without a body, and everything that it asks for is
/// allowed.
#[test]
fn a_preflight_is_answered() {
    let account = Account::demo();
    let answer = account.send(&preflight(&format!("{P}/10011")));
    let expected = [
        ("access-control-allow-headers", "authorization"),
        (
            "access-control-allow-methods",
            "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        ),
        (ALLOWED, "*"),
        ("access-control-max-age", "7200"),
    ];
    assert_eq!(
        (answer.status.as_u16(), cors(&answer)),
        (200, expected.to_vec())
    );
    let plain = preflight(P).without("access-control-request-headers");
    assert_eq!(
        cors(&account.send(&plain)),
        expected[1..],
        "no headers are asked for"
    );
    let other = preflight(P).header(
        "access-control-request-headers",
        "authorization,content-type, X-Any",
    );
    assert_eq!(
        cors(&account.send(&other))[0].1,
        "authorization,content-type, X-Any",
        "they come back as they were"
    );
    for ask in [
        preflight("/api/v2/no/such/route"),
        preflight("//api/v2/agent_availabilities.json?page[size]=1"),
        preflight(&format!("/_account/example{P}/me/")),
        preflight(P).header("origin", "null"),
        preflight(P).header("access-control-request-method", "PUT"),
        preflight(P).bearer("wrong"),
        preflight(P).token("admin@example.com", "demo-api-token"),
    ] {
        assert_eq!(
            (
                account.send(&ask).status.as_u16(),
                cors(&account.send(&ask))
            ),
            (200, expected.to_vec()),
            "{ask:?}"
        );
    }
}

/// Assumed: any other OPTIONS request is handled as before, and so is one for another path.
#[test]
fn any_other_options_is_not_a_preflight() {
    let account = Account::demo();
    for (status, ask) in [
        (405, preflight(P).without("origin")),
        (405, preflight(P).without("access-control-request-method")),
        (405, Ask::new(Method::OPTIONS, "/10011")),
        (
            405,
            Ask::new(Method::OPTIONS, "/10011").bearer("demo-oauth-admin"),
        ),
        (404, preflight("/api/v2")),
        (405, preflight("/oauth/tokens")),
        (404, preflight("//")),
        (404, preflight("/")),
        (405, preflight("/_emulator/healthz")),
        (405, preflight("/_emulator/accounts")),
        (404, preflight("//_emulator/accounts")),
        (404, preflight("/_account/example/_emulator/accounts")),
        (400, preflight(P).header("host", "no host")),
        (404, preflight(&format!("/_account/missing{P}"))),
    ] {
        let answer = account.send(&ask);
        assert_eq!(
            (answer.status.as_u16(), cors(&answer)),
            (status, vec![]),
            "{ask:?}"
        );
    }
    let mut get = preflight(&format!("{P}/10011"));
    get.method = Method::GET;
    assert_eq!(
        account.send(&get).status,
        401,
        "a GET with these headers is a GET"
    );
}

/// Assumed: a preflight is not counted, even with credentials, and its answer says how many calls
/// are left. No fault hits it. It is in the journal.
#[test]
fn a_preflight_is_not_counted_and_is_in_the_journal() {
    let account = Account::demo();
    set_faults(
        &account,
        &json!([{ "fault": { "status": 503 } }, { "match": { "method": "OPTIONS" }, "fault": { "silence": true } }]),
    );
    for ask in [
        preflight(P),
        preflight(P).token("admin@example.com", "demo-api-token"),
    ] {
        let answer = account.send(&ask);
        assert_eq!(answer.header("x-rate-limit-remaining"), Some("200"));
        assert_eq!(answer.header("ratelimit-reset"), Some("60"));
        assert_eq!(answer.header("x-emulator-hint"), None);
    }
    let faults = account.send(&raw("/_emulator/accounts/example/faults"));
    assert_eq!(
        [
            faults.at("/faults/0/matched"),
            faults.at("/faults/1/matched")
        ],
        [0, 0]
    );
    let journal = account.send(&raw("/_emulator/accounts/example/requests"));
    assert_eq!(journal.at("/last"), 2);
    let entry = journal.at("/requests/0");
    assert_eq!(
        (&entry["method"], &entry["path"], &entry["status"]),
        (&json!("OPTIONS"), &json!(P), &json!(200))
    );
    assert_eq!(
        (&entry["operation"], &entry["caller"]),
        (&Value::Null, &Value::Null)
    );
    let report = account.send(&raw("/_emulator/accounts/example/report"));
    assert_eq!(report.at("/findings"), json!([]), "it has no problems");
}
