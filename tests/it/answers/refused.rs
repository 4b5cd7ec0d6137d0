//! Answers that cannot work are refused when the rule is set, each with its place.

use axum::http::Method;
use serde_json::{Value, json};

use super::post;
use crate::faults::{faults, set};
use crate::harness::Account;

/// A problem of a rule: its place in the rule, and a part of its text.
type Problem = (&'static str, &'static str);

fn check(server: &Account, rule: &Value, (place, part): Problem) {
    let answer = server.send(&faults(Method::PUT).json(&json!({ "faults": [rule] })));
    let problems = answer.problems();
    assert!(
        problems
            .iter()
            .any(|(found, text)| *found == format!("faults[0]{place}") && text.contains(part)),
        "{rule}: {problems:?}"
    );
}

fn headers(count: usize) -> Value {
    (0..count)
        .map(|number| (format!("x-{number}"), json!("a")))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// By design: limits, and headers that cannot be decided. Unknown members are a 422 as everywhere.
#[test]
fn what_cannot_work_is_refused() {
    let server = Account::demo();
    let before = set(
        &server,
        &json!([{ "name": "old", "answer": { "status": 201 } }]),
    );
    let long = "x".repeat(1024 * 1024 + 1);
    let names: Vec<_> = (0..33).map(|number| format!("x-{number}")).collect();
    let one_of = "expected one of \"preset\", \"fault\" and \"answer\"";
    for (rule, problem) in [
        (json!({}), ("", one_of)),
        (
            json!({ "answer": { "status": 200 }, "preset": "tickets" }),
            ("", one_of),
        ),
        (
            json!({ "answer": { "status": 200 }, "fault": { "status": 500 } }),
            ("", one_of),
        ),
    ] {
        check(&server, &rule, problem);
    }
    for (answer, problem) in [
        (json!([]), (".answer", "expected an object")),
        (
            json!({ "x": 1, "status": 200 }),
            (".answer", "unknown key \"x\""),
        ),
        (json!({}), (".answer", "expected a \"status\"")),
        (
            json!({ "headers": { "a": "b" } }),
            (".answer", "use \"patch\": {}"),
        ),
        (
            json!({ "body": null }),
            (".answer", "expected a \"status\""),
        ),
        (
            json!({ "status": 199 }),
            (".answer.status", "from 200 to 599"),
        ),
        (
            json!({ "status": 600 }),
            (".answer.status", "from 200 to 599"),
        ),
        (
            json!({ "status": "200" }),
            (".answer.status", "from 200 to 599"),
        ),
        (
            json!({ "body": 1, "text": "a" }),
            (".answer", "at most one of"),
        ),
        (
            json!({ "patch": {}, "echo": {} }),
            (".answer", "at most one of"),
        ),
        (json!({ "text": "" }), (".answer.text", "expected text")),
        (json!({ "text": 1 }), (".answer.text", "expected text")),
        (json!({ "text": long }), (".answer.text", "at most 1 MiB")),
        (json!({ "body": long }), (".answer.body", "at most 1 MiB")),
        (
            json!({ "patch": { "a": long } }),
            (".answer.patch", "at most 1 MiB"),
        ),
        (
            json!({ "echo": { "a": long } }),
            (".answer.echo", "at most 1 MiB"),
        ),
        (
            json!({ "patch": [] }),
            (".answer.patch", "expected an object"),
        ),
        (json!({ "echo": 1 }), (".answer.echo", "expected an object")),
        (
            json!({ "status": 204, "body": {} }),
            (".answer.body", "204 has no body"),
        ),
        (
            json!({ "status": 205, "text": "a" }),
            (".answer.text", "205 has no body"),
        ),
        (
            json!({ "status": 304, "patch": {} }),
            (".answer.patch", "304 has no body"),
        ),
        (
            json!({ "status": 200, "authenticate": 0 }),
            (".answer.authenticate", "true or false"),
        ),
        (
            json!({ "status": 200, "headers": [] }),
            (".answer.headers", "expected an object"),
        ),
        (
            json!({ "status": 200, "headers": headers(33) }),
            (".answer.headers", "more than 32"),
        ),
        (
            json!({ "status": 200, "without_headers": names }),
            (".answer.without_headers", "more than 32"),
        ),
        (
            json!({ "status": 200, "headers": { "a": "1", "A": "2" } }),
            (".answer.headers", "there twice"),
        ),
        (
            json!({ "status": 200, "without_headers": ["a", "A"] }),
            (".answer.without_headers", "there twice"),
        ),
        (
            json!({ "status": 200, "without_headers": "a" }),
            (".answer.without_headers", "expected a list"),
        ),
        (
            json!({ "status": 200, "without_headers": ["a b"] }),
            (".answer.without_headers[0]", "the name of a header"),
        ),
    ] {
        check(&server, &json!({ "answer": answer }), problem);
    }
    assert_eq!(server.send(&faults(Method::GET)).json(), before);
}

/// By design: these headers cannot be decided, and names and values are valid HTTP.
#[test]
fn some_headers_cannot_be_decided() {
    let server = Account::demo();
    for name in [
        "Content-Length",
        "te",
        "Trailer",
        "keep-alive",
        "Proxy-Connection",
        "upgrade",
        "transfer-encoding",
        "Connection",
        "date",
        "X-Request-Id",
        "x-zendesk-request-id",
    ] {
        let part = "the emulator writes it";
        let place = format!(".answer.headers.{name}").leak();
        check(
            &server,
            &json!({ "answer": { "status": 200, "headers": { name: "1" } } }),
            (place, part),
        );
        check(
            &server,
            &json!({ "answer": { "status": 200, "without_headers": [name] } }),
            (".answer.without_headers[0]", part),
        );
    }
    for name in ["", "a b", "a:", "ä", &"a".repeat(101)] {
        let place = format!(".answer.headers.{name}").leak();
        check(
            &server,
            &json!({ "answer": { "status": 200, "headers": { name: "1" } } }),
            (place, "the name of a header"),
        );
    }
    for value in ["a\nb", " a", "a ", "\u{7f}", "ä", &"a".repeat(4097)] {
        check(
            &server,
            &json!({ "answer": { "status": 200, "headers": { "x": value } } }),
            (".answer.headers.x", "expected visible ASCII"),
        );
    }
    for value in [json!(""), json!(null), json!(1)] {
        check(
            &server,
            &json!({ "answer": { "status": 200, "headers": { "x": value } } }),
            (".answer.headers.x", "expected text"),
        );
    }
}

/// What is just within the limits works.
#[test]
fn the_limits_themselves_are_allowed() {
    let server = Account::demo();
    let text = "x".repeat(1024 * 1024);
    assert_eq!(
        post(&server, &json!({ "text": text })).body.len(),
        text.len()
    );
    let body = "x".repeat(1024 * 1024 - 2);
    assert_eq!(
        post(&server, &json!({ "body": body })).body.len(),
        body.len() + 2
    );
    let answer = post(&server, &json!({ "status": 200, "headers": headers(32) }));
    assert_eq!(answer.header("x-31"), Some("a"));
    let value = "~".repeat(4096);
    let answer = json!({ "status": 599, "headers": { "a".repeat(100): value } });
    assert_eq!(post(&server, &answer).status, 599);
    for status in [204, 205, 304] {
        let answer = post(&server, &json!({ "status": status }));
        assert_eq!((answer.status.as_u16(), answer.body.len()), (status, 0));
    }
}
