//! Bad input: every request gets an answer of the contract, and a refused request changes nothing.

mod requests;

use std::time::Duration;

use axum::http::{Method, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{
    AuthMode, ErrorsForm, RateLimitPatch, Release, SettingsPatch, StatusesShape, Validation,
};

use crate::harness::{Account, Answer, Ask, P};
use crate::property::{REQUESTS, check};

const MIB: usize = 1024 * 1024;

/// Sends a request whose answer the harness checks against the contract, so that an undocumented
/// status, an empty body and plain text fail. In addition: no 500, and no change by a request that
/// is refused or only reads.
fn send(account: &Account, ask: &Ask) -> Answer {
    let before = account.state();
    let answer = account.send(ask);
    assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    if !answer.status.is_success() || [Method::GET, Method::HEAD].contains(&ask.method) {
        assert_eq!(
            account.state(),
            before,
            "{} {} changed the world",
            ask.method,
            ask.target
        );
    }
    answer
}

/// Accounts that treat bad requests differently. None of them has a rate limit, which would end
/// each test after 200 calls.
fn accounts() -> Vec<Account> {
    let usual = SettingsPatch::new().rate_limit(RateLimitPatch::off());
    let strict = usual
        .clone()
        .validation(Validation::Strict)
        .errors(ErrorsForm::Classic)
        .statuses_shape(StatusesShape::Flat);
    let lax = usual
        .clone()
        .auth(AuthMode::Any)
        .validation(Validation::Off)
        .job_delay(Duration::from_secs(1))
        .page_size_default(1);
    let off = usual
        .clone()
        .omnichannel_routing(false)
        .release(Release::Eap);
    let forwarded = Account::with(|builder| builder.settings(usual.clone()).trust_forwarded(true));
    [usual, strict, lax, off]
        .into_iter()
        .map(Account::demo_with)
        .chain([forwarded])
        .collect()
}

fn holds_for(requests: impl Strategy<Value = Ask>) {
    let accounts = accounts();
    let which = 0..accounts.len();
    check(REQUESTS, &(which, requests), |(which, ask)| {
        send(&accounts[which], &ask);
    });
}

/// Assumed: no error is plain text or empty, for any path.
#[test]
fn any_path_is_answered() {
    let asks = (requests::methods(), requests::paths());
    holds_for(asks.prop_map(|(method, path)| {
        Ask::raw(method, &path)
            .bearer("demo-oauth-admin")
            .json(&json!({ "id": 3 }))
    }));
}

/// Assumed: as above, for any query, on the routes that read one.
#[test]
fn any_query_is_answered() {
    let asks = (requests::routes(), requests::queries()).prop_map(|((method, path), query)| {
        Ask::raw(method, &format!("{path}?{query}"))
            .bearer("demo-oauth-admin")
            .json(&json!({ "id": 4 }))
    });
    holds_for(asks);
}

/// Assumed: as above, for any headers, also with bytes that are not text.
#[test]
fn any_header_is_answered() {
    let asks = (requests::routes(), requests::headers()).prop_map(|((method, path), headers)| {
        let ask = Ask::raw(method, &format!("{path}?ids=10011"))
            .bearer("demo-oauth-admin")
            .json(&json!({ "id": 5 }));
        headers
            .into_iter()
            .fold(ask, |ask, (replaces, name, value)| {
                if replaces {
                    ask.header(name, value)
                } else {
                    ask.another_header(name, value)
                }
            })
    });
    holds_for(asks);
}

/// Assumed: as above, for any body.
#[test]
fn any_body_is_answered() {
    let asks = (requests::routes(), requests::bodies()).prop_map(|((method, path), body)| {
        Ask::raw(method, &format!("{path}?ids=10011,10012"))
            .bearer("demo-oauth-admin")
            .body(body)
    });
    holds_for(asks);
}

/// Assumed: as above, with everything at once.
#[test]
fn any_request_is_answered() {
    let asks = (
        requests::methods(),
        requests::paths(),
        requests::queries(),
        requests::headers(),
        requests::bodies(),
    );
    holds_for(asks.prop_map(|(method, path, query, headers, body)| {
        let ask = Ask::raw(method, &format!("{path}?{query}")).body(body);
        headers
            .into_iter()
            .fold(ask, |ask, (_, name, value)| ask.another_header(name, value))
    }));
}

/// Assumed: a target that is not a path has no route. For a whole URL, its path counts.
#[test]
fn targets_in_every_form_are_answered() {
    let account = Account::demo();
    for (method, target, status) in [
        (Method::OPTIONS, "*", 404),
        (Method::GET, "*", 404),
        (Method::CONNECT, "localhost:80", 404),
        (Method::GET, "localhost:80", 404),
        (Method::GET, "http://desk.example", 200),
        (Method::GET, "http://desk.example/nothing", 404),
        (
            Method::GET,
            "http://desk.example/api/v2/agent_availabilities/10011.json/",
            200,
        ),
        (
            Method::TRACE,
            "http://desk.example/api/v2/agent_availabilities/10011",
            405,
        ),
        (Method::GET, "http://desk.example/_emulator/healthz", 200),
        (Method::GET, "ftp://desk.example/_emulator/readyz", 200),
    ] {
        let ask = Ask::raw(method, target).bearer("demo-oauth-admin");
        assert_eq!(
            send(&account, &ask).status,
            status,
            "{} {target}",
            ask.method
        );
    }
}

/// Assumed: a body has at most 1 MiB. A request that announces more is refused for that alone.
#[test]
fn large_bodies_are_refused_and_not_too_early() {
    let account = Account::demo();
    let padded = |size: usize| [br#"{"id":4}"#.to_vec(), vec![b' '; size - 8]].concat();
    let long_field =
        |size: usize| format!(r#"{{"id":4,"note":"{}"}}"#, "n".repeat(size)).into_bytes();
    for (body, status) in [
        (padded(MIB), 200),
        (padded(MIB + 1), 413),
        (padded(16 * MIB), 413),
        (long_field(MIB - 64), 200),
        (vec![0; MIB], 400),
        (vec![0; MIB + 1], 413),
        (vec![b'['; MIB], 400),
        (vec![b'1'; MIB], 400),
        (b"\"\\u0000".repeat(MIB / 8), 400),
    ] {
        let length = body.len();
        for path in ["/agent_statuses/agents/10011", "/agent_statuses/agents/me"] {
            let answer = send(&account, &Ask::put(path).body(body.clone()));
            assert_eq!(answer.status, status, "{length} bytes: {}", answer.text());
        }
    }
    for (announced, status) in [
        ("1048577", 413),
        ("18446744073709551615", 413),
        ("18446744073709551616", 200),
        ("-1", 200),
    ] {
        let ask = Ask::update()
            .json(&json!({ "id": 4 }))
            .header("content-length", announced);
        assert_eq!(send(&account, &ask).status, status, "{announced}");
    }
}

/// Assumed: a body that is not JSON is a 400. JSON that cannot be used is a 422, however deep or
/// large.
#[test]
fn odd_bodies_are_told_apart() {
    let account = Account::demo();
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}4{}", open.repeat(depth), close.repeat(depth))
    };
    for (body, status, pointer) in [
        (nested("[", "]", 100_000), 400, Value::Null),
        (nested("{\"id\":", "}", 100_000), 400, Value::Null),
        (nested("[", "]", 100), 422, json!("")),
        (nested("{\"id\":", "}", 100), 422, json!("/id")),
        ("[".repeat(100_000), 400, Value::Null),
        (r#"{"id":-1}"#.to_owned(), 422, json!("/id")),
        (r#"{"id":4.0}"#.to_owned(), 422, json!("/id")),
        (r#"{"id":"4"}"#.to_owned(), 422, json!("/id")),
        (r#"{"id":null}"#.to_owned(), 422, json!("/id")),
        (
            r#"{"id":18446744073709551615}"#.to_owned(),
            422,
            json!("/id"),
        ),
        (
            r#"{"id":18446744073709551616}"#.to_owned(),
            422,
            json!("/id"),
        ),
        (r#"{"id":1e400}"#.to_owned(), 400, Value::Null),
        (r#"{"id":NaN}"#.to_owned(), 400, Value::Null),
        ("{\"id\":4}\0".to_owned(), 400, Value::Null),
        ("\u{feff}{\"id\":4}".to_owned(), 400, Value::Null),
        (r#"{"id":4}{"id":4}"#.to_owned(), 400, Value::Null),
        (r#"{"id":4,"x":"\ud800"}"#.to_owned(), 400, Value::Null),
        (r#"{"ID":4}"#.to_owned(), 422, json!("")),
        ("4".to_owned(), 422, json!("")),
        ("null".to_owned(), 422, json!("")),
        (String::new(), 400, Value::Null),
    ] {
        for path in [
            "/agent_statuses/agents/10011",
            "/agent_statuses/agents/update_many?ids=10011",
        ] {
            let answer = send(&account, &Ask::put(path).body(body.clone()));
            let shown: String = body.chars().take(60).collect();
            assert_eq!(answer.status, status, "{shown}: {}", answer.text());
            assert_eq!(answer.at("/errors/0/source/pointer"), pointer, "{shown}");
        }
    }
}

/// Assumed: a number beyond u64 is a 404, anything else that is not a number a 400.
#[test]
fn odd_ids_are_told_apart() {
    let account = Account::demo();
    for (id, status) in [
        ("10011", 200),
        ("00010011", 200),
        ("%31%30%30%31%31", 200),
        ("0", 404),
        ("18446744073709551615", 404),
        ("18446744073709551616", 404),
        (&"9".repeat(10_000), 404),
        ("-1", 400),
        ("+10011", 400),
        ("10011.0", 400),
        ("1e4", 400),
        ("0x2713", 400),
        ("%D9%A1", 400),
        ("%00", 400),
        ("10011%00", 400),
        ("10011%20", 400),
        ("%FF", 400),
        ("%2F", 400),
        ("%2e%2e", 400),
        ("..", 400),
        ("%", 400),
        ("%zz", 400),
        ("ME", 400),
    ] {
        for path in [
            format!("/{id}"),
            format!("/{id}/channels/messaging/relationships/work_items"),
        ] {
            assert_eq!(send(&account, &Ask::get(&path)).status, status, "{path}");
        }
        let put = Ask::put(&format!("/agent_statuses/agents/{id}")).json(&json!({ "id": 3 }));
        assert_eq!(send(&account, &put).status, status, "{id}");
    }
}

/// Assumed: a promise of this project: headers of 64 KiB cause no failure.
#[test]
fn long_headers_are_answered() {
    let account = Account::demo();
    let long = "x".repeat(64 * 1024);
    for (name, value, status) in [
        ("authorization", format!("Bearer {long}"), 401),
        ("authorization", format!("Basic {long}"), 401),
        ("authorization", long.clone(), 401),
        ("host", long.clone(), 400),
        ("host", format!("{long}:80"), 400),
        ("accept", long.clone(), 200),
        ("cookie", long.clone(), 200),
        ("x-forwarded-host", long.clone(), 200),
        ("zendesk-api-version", long.clone(), 200),
    ] {
        let answer = send(&account, &Ask::get("/10011").header(name, &value));
        // A host may have any length, as far as the syntax of hosts goes.
        assert!(
            answer.status == status || name == "host",
            "{name}: {}",
            answer.status
        );
    }
    let put = Ask::update()
        .json(&json!({ "id": 4 }))
        .header("content-type", &long);
    assert_eq!(send(&account, &put).status, 415);
    for query in [
        format!("{}=1", &long[..60_000]),
        format!("filter[agent_id]={}", "1,".repeat(30 * 1024)),
        "a&".repeat(30 * 1024),
    ] {
        assert_eq!(
            send(&account, &Ask::get(&format!("?{query}"))).status,
            200,
            "{}…",
            &query[..20]
        );
    }
}

/// Documented for the limit, assumed for what is not counted: a refused call is also answered by
/// the contract.
#[test]
fn calls_over_the_limit_change_nothing() {
    let account = Account::demo();
    let put = Ask::update().json(&json!({ "id": 4 }));
    let statuses: Vec<_> = (0..205)
        .map(|_| send(&account, &put).status.as_u16())
        .collect();
    assert_eq!(statuses, [vec![200; 200], vec![429; 5]].concat());
    assert_eq!(send(&account, &Ask::get("/anna")).status, 429);
    assert_eq!(
        send(&account, &Ask::raw(Method::GET, &format!("{P}/10011"))).status,
        401
    );
}
