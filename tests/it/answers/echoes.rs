//! Answers that are made of the body of the request.

use serde_json::json;

use super::{TICKETS, ask, on_tickets};
use crate::faults::set;
use crate::harness::Account;

const NOT_AN_OBJECT: &str = "answer: 1; the body of the request cannot be read as a JSON object, so the answer \
                             echoes an empty one";

/// By design: the JSON body of the request with a merge patch over it.
#[test]
fn an_echo_is_the_request_with_a_patch() {
    let server = Account::demo();
    let patch = json!({ "ticket": { "id": 7, "comment": null, "via": { "channel": "api" } } });
    set(
        &server,
        &json!([on_tickets(&json!({ "status": 201, "echo": patch }))]),
    );
    let sent = r#"{"ticket":{"z":1,"comment":{"body":"b"},"via":{"source":1.50}},"x":[null]}"#;
    let answer = server.send(&ask("POST", TICKETS).body(sent));
    assert_eq!(
        (answer.status.as_u16(), answer.text(), answer.hint()),
        (
            201,
            r#"{"ticket":{"z":1,"via":{"source":1.50,"channel":"api"},"id":7},"x":[null]}"#,
            "answer: 1"
        )
    );
}

/// A body that is not a JSON object counts as an empty one, and a hint says so.
#[test]
fn a_body_that_is_not_an_object_echoes_as_an_empty_one() {
    let server = Account::demo();
    set(
        &server,
        &json!([on_tickets(&json!({ "echo": { "id": 1, "no": null } }))]),
    );
    for sent in [
        "",
        "{",
        "[]",
        "1",
        "null",
        "a=b",
        "{} {}",
        r#"{"a":1,"a":2}"#,
        "\u{feff}{}",
    ] {
        let answer = server.send(&ask("POST", TICKETS).body(sent));
        assert_eq!(
            (answer.status.as_u16(), answer.json(), answer.hint()),
            (200, json!({ "id": 1 }), NOT_AN_OBJECT),
            "{sent}"
        );
    }
    let answer = server.send(&ask("POST", TICKETS).body(b"\xff".to_vec()));
    assert_eq!(answer.hint(), NOT_AN_OBJECT);
}

/// An echo needs the whole body, so a larger one is refused as by any route. Other answers do not
/// need it: uploads may have any length.
#[test]
fn only_an_echo_needs_the_body() {
    let server = Account::demo();
    let large = || ask("POST", TICKETS).body(vec![b' '; 1024 * 1024 + 1]);
    set(&server, &json!([on_tickets(&json!({ "echo": {} }))]));
    let refused = server.send(&large());
    assert_eq!(refused.refusal(), "413 PayloadTooLarge");
    set(&server, &json!([on_tickets(&json!({ "status": 201 }))]));
    assert_eq!(server.send(&large()).status, 201);
}

/// Objects with very many members on both sides, and deep ones, are merged.
#[test]
fn an_echo_of_many_members_is_merged() {
    let server = Account::demo();
    let many = |from: u32, value: u32| -> serde_json::Value {
        (from..from + 40_000)
            .map(|id| (id.to_string(), json!(value)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    set(
        &server,
        &json!([on_tickets(&json!({ "echo": many(20_000, 2) }))]),
    );
    let answer = server.send(&ask("POST", TICKETS).json(&many(0, 1))).json();
    assert_eq!(answer.as_object().map(serde_json::Map::len), Some(60_000));
    assert_eq!(
        ["0", "19999", "20000", "39999", "59999"].map(|id| answer[id].clone()),
        [1, 1, 2, 2, 2].map(|value| json!(value))
    );
    let deep = |inner: &str| "{\"a\":".repeat(100) + inner + &"}".repeat(100);
    let rule = format!(
        r#"{{"faults":[{{"answer":{{"echo":{}}}}}]}}"#,
        deep("{\"c\":2}")
    );
    let put =
        crate::faults::faults(axum::http::Method::PUT).header("content-type", "application/json");
    assert_eq!(server.send(&put.body(rule)).status, 200);
    let answer = server.send(&ask("POST", TICKETS).body(deep("{\"b\":1}")));
    assert_eq!(answer.text(), deep("{\"b\":1,\"c\":2}"));
}
