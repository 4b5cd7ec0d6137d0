//! Verification by the content of requests: headers and bodies.

use axum::http::Method;
use serde_json::{Value, json};

use super::verify;
use crate::harness::{Account, Ask};

/// The number of requests that match.
fn matched(server: &Account, criteria: &Value) -> Value {
    let mut body = criteria.clone();
    body["count"] = json!({ "at_least": 0 });
    verify(server, &body).at("/matched")
}

/// The places and messages of the problems.
fn problems(server: &Account, body: &Value) -> Vec<(String, String)> {
    verify(server, body).problems()
}

/// By design: "The client set agent 10011 to status 124, once" is one call.
#[test]
fn a_client_set_a_status_once() {
    let server = Account::demo();
    let expected = json!({
        "operation": "update_agent_status", "agent": 10011, "body": { "id": 124 }, "count": { "exactly": 1 },
    });
    let set = |agent: u64, status: u64| {
        let path = format!("/agent_statuses/agents/{agent}");
        server.put(&path, &json!({ "id": status }));
    };
    set(10_011, 4);
    set(10_012, 124);
    let refused = verify(&server, &expected).json();
    assert_eq!(refused["expected"], expected);
    let difference = |field: &str, expected: u64, found: u64| json!({ "field": field, "expected": expected, "found": found });
    let differences: Vec<_> = [0, 1]
        .map(|place| refused["nearest"][place]["differences"].clone())
        .into();
    assert_eq!(
        differences,
        [
            json!([difference("agent", 10_011, 10_012)]),
            json!([difference("body.id", 124, 4)])
        ]
    );
    set(10_011, 124);
    assert_eq!(verify(&server, &expected).json(), json!({ "matched": 1 }));
    set(10_011, 124);
    assert_eq!(verify(&server, &expected).at("/error"), "NotVerified");
}

/// By design: `body` is a subset of a JSON document. Objects match member by member. Any other
/// value matches if it is equal.
#[test]
fn a_body_is_looked_into() {
    let server = Account::demo();
    let document =
        json!({ "id": 4, "a": { "b": [1, { "c": null }], "d": "x" }, "e": 1.5, "f": true });
    for (body, expected, is_like_it) in [
        (&document, json!({}), true),
        (&document, json!({ "id": 4 }), true),
        (&document, json!({ "id": 5 }), false),
        (&document, json!({ "id": "4" }), false),
        (&document, json!({ "id": 4, "f": true, "e": 1.5 }), true),
        (&document, json!({ "id": 4, "g": 1 }), false),
        (&document, json!({ "g": null }), false),
        (&document, json!({ "a": {} }), true),
        (&document, json!({ "a": { "d": "x" } }), true),
        (&document, json!({ "a": { "d": "y" } }), false),
        (&document, json!({ "a": { "b": [1, { "c": null }] } }), true),
        (&document, json!({ "a": { "b": [1, {}] } }), false),
        (&document, json!({ "a": { "b": [1] } }), false),
        (&document, json!({ "a": "x" }), false),
        (&document, json!([]), false),
        (&document, document.clone(), true),
        (&json!([4, 5]), json!([4, 5]), true),
        (&json!([4, 5]), json!([5, 4]), false),
        (&json!([4, 5]), json!({}), false),
        (&json!("x"), json!("x"), true),
        (&json!(4), json!(4), true),
        (&json!(4), json!(4.0), true),
        (&json!(false), json!(false), true),
    ] {
        server.send(&Ask::control(Method::DELETE, "/requests"));
        server.send(&Ask::update().json(body));
        assert_eq!(
            matched(&server, &json!({ "body": expected })),
            u64::from(is_like_it),
            "{body} {expected}"
        );
    }
}

/// Assumed: a form is an object of texts. A secret in it is masked, and cannot be asked for.
#[test]
fn a_form_is_matched_by_its_parameters() {
    let server = Account::demo();
    let form = Ask::raw(Method::POST, "/oauth/tokens")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials&client_id=demo-app&client_secret=demo-app-secret&scope=read+write");
    assert_eq!(server.send(&form).status, 200);
    for (body, status) in [
        (
            json!({ "grant_type": "client_credentials", "scope": "read write" }),
            200,
        ),
        (json!({ "grant_type": "refresh_token" }), 409),
        (json!({ "client_secret": "..." }), 200),
    ] {
        assert_eq!(
            verify(&server, &json!({ "body": body })).status,
            status,
            "{body}"
        );
    }
}

/// By design: a body that is longer than 16 KiB, or not JSON, never matches. The failure shows what
/// it is.
#[test]
fn some_bodies_match_nothing() {
    let server = Account::demo();
    let long = json!({ "id": 4, "x": "x".repeat(16 * 1024) }).to_string();
    for (ask, found) in [
        (Ask::update().body("{\"id\": 4"), json!("{\"id\": 4")),
        (
            Ask::update().body(b"{\"id\": 4, \"x\": \"\xff\"}".to_vec()),
            json!("{\"id\": 4, \"x\": \"\u{fffd}\"}"),
        ),
        (Ask::update().body("\0{\"id\": 4}"), json!("{\"id\": 4}")),
        (
            Ask::update().body(long.clone()),
            json!(format!("{}…", &long[..200])),
        ),
        (Ask::update(), Value::Null),
        (Ask::get("/10011"), Value::Null),
        (Ask::update().anonymous().body("{\"id\": 4}"), Value::Null),
    ] {
        server.send(&Ask::control(Method::DELETE, "/requests"));
        server.send(&ask);
        for expected in [json!({}), json!({ "id": 4 })] {
            let refused = verify(&server, &json!({ "body": expected })).json();
            let differences = json!([{ "field": "body", "expected": expected, "found": found }]);
            assert_eq!(refused["nearest"][0]["differences"], differences, "{ask:?}");
        }
    }
}

/// By design: a header matches by its name in any case and its whole value, as the journal shows
/// it.
#[test]
fn headers_are_looked_at() {
    let server = Account::demo();
    let ask = Ask::get("/10011")
        .header("user-agent", "desk/1")
        .another_header("accept", "a");
    server.send(
        &ask.another_header("accept", "b")
            .header("x-api-key", "SECRET"),
    );
    server.send(
        &Ask::get("/10011")
            .header("user-agent", "Desk/1")
            .anonymous(),
    );
    for (headers, expected) in [
        (json!({}), 2),
        (json!({ "user-agent": "desk/1" }), 1),
        (json!({ "User-Agent": "desk/1" }), 1),
        (json!({ "User-Agent": "desk" }), 0),
        (json!({ "accept": "a, b" }), 1),
        (json!({ "accept": "a" }), 0),
        (json!({ "accept": null }), 1),
        (json!({ "accept": null, "USER-AGENT": "Desk/1" }), 1),
        (json!({ "authorization": null }), 1),
        (json!({ "Authorization": "..." }), 1),
        (json!({ "X-Api-Key": "..." }), 1),
        (json!({ "x-api-key": null }), 1),
    ] {
        assert_eq!(
            matched(&server, &json!({ "headers": headers })),
            expected,
            "{headers}"
        );
    }
    let body = json!({ "headers": { "Accept": "c", "x-y": null, "User-Agent": "desk/1" }, "count": { "exactly": 1 } });
    let refused = verify(&server, &body).json();
    assert_eq!(
        refused["expected"]["headers"],
        json!({ "accept": "c", "x-y": null, "user-agent": "desk/1" })
    );
    let difference = |expected: &str, found: &str| json!([{ "field": "headers.accept", "expected": expected, "found": found }]);
    assert_eq!(
        refused["nearest"][0]["differences"],
        difference("c", "a, b")
    );
}

/// By design: an expectation that no request can meet is refused. A value that the journal masks
/// can only be expected to be present.
#[test]
fn what_cannot_be_known_is_refused() {
    let server = Account::demo();
    server.send(
        &Ask::update().json(&json!({ "id": 4, "a": [{ "password": "x" }], "token": { "b": 1 } })),
    );
    for body in [
        json!({ "body": { "token": "..." } }),
        json!({ "body": { "a": [{ "password": "..." }] } }),
        json!({ "headers": { "authorization": "..." }, "query": { "api_key": null, "access_token": null } }),
        json!({ "headers": null, "body": null, "query": null }),
    ] {
        assert_eq!(matched(&server, &body), 1, "{body}");
    }
    let masked = "the journal masks this value; expect \"...\", which stands for any value";
    for (body, paths) in [
        (json!({ "body": { "token": "x" } }), &["body.token"][..]),
        (json!({ "body": { "token": null } }), &["body.token"]),
        (json!({ "body": { "token": { "b": 1 } } }), &["body.token"]),
        (
            json!({ "body": [{ "Client-Secret": 1, "code": 2 }] }),
            &["body[0].Client-Secret", "body[0].code"],
        ),
        (
            json!({ "headers": { "Authorization": "Bearer x" } }),
            &["headers.Authorization"],
        ),
        (json!({ "query": { "api_key": "x" } }), &["query.api_key"]),
    ] {
        let expected: Vec<_> = paths
            .iter()
            .map(|path| ((*path).to_owned(), masked.to_owned()))
            .collect();
        assert_eq!(problems(&server, &body), expected, "{body}");
    }
    for (body, path) in [
        (json!({ "headers": [] }), "headers"),
        (json!({ "headers": { "a b": "x" } }), "headers.a b"),
        (json!({ "headers": { "": "x" } }), "headers."),
        (json!({ "headers": { "a": 1 } }), "headers.a"),
        (json!({ "headers": { "a": "" } }), "headers.a"),
        (json!({ "headers": { "a": "x", "A": "x" } }), "headers"),
    ] {
        let found: Vec<_> = problems(&server, &body)
            .into_iter()
            .map(|(path, _)| path)
            .collect();
        assert_eq!(found, [path], "{body}");
    }
    // These do not ask for a list.
    let refused = server.send(&Ask::control(Method::GET, "/requests?body=1&headers=2"));
    assert_eq!(refused.status, 422);
}

/// By design: a text of which the journal masks a part is refused too, because it could never
/// match.
#[test]
fn what_the_journal_masks_in_part_is_refused() {
    let server = Account::demo();
    let referer = "http://u:SECRET@h/?access_token=SECRET&a=1";
    server.send(
        &Ask::update()
            .header("referer", referer)
            .json(&json!({ "id": 4.0, "u": [referer] })),
    );
    let shown = "http://...@h/?...&a=1";
    for body in [
        json!({ "headers": { "referer": shown } }),
        json!({ "body": { "u": [shown], "id": 4 } }),
        json!({ "headers": { "referer": shown }, "body": { "id": 4.0 } }),
    ] {
        assert_eq!(matched(&server, &body), 1, "{body}");
    }
    for (body, path) in [
        (
            json!({ "headers": { "referer": referer } }),
            "headers.referer",
        ),
        (
            json!({ "headers": { "x-a": "Bearer SECRET" } }),
            "headers.x-a",
        ),
        (
            json!({ "headers": { "access_token": "..." } }),
            "headers.access_token",
        ),
        (json!({ "query": { "a": "pin=SECRET" } }), "query.a"),
        (
            json!({ "query": { "a=1&pin=SECRET": "..." } }),
            "query.a=1&pin=SECRET",
        ),
        (
            json!({ "body": { "a": [{ "b": referer }] } }),
            "body.a[0].b",
        ),
        (
            json!({ "body": { "pin=SECRET": "..." } }),
            "body.pin=SECRET",
        ),
        (json!({ "body": referer }), "body"),
        (json!({ "path": "/a%3Faccess_token=SECRET" }), "path"),
    ] {
        let found = problems(&server, &body);
        assert!(found.len() == 1 && found[0].0 == path, "{body}: {found:?}");
        assert!(
            found[0].1.starts_with("the journal masks "),
            "{body}: {found:?}"
        );
    }
}
