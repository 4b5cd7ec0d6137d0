//! The body of an update. It is the same for one agent, for the caller and for many.

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{SettingsPatch, Validation};

use crate::harness::{Account, Ask};

/// Every operation with a body.
fn updates(body: &[u8]) -> [Ask; 3] {
    [
        "/agent_statuses/agents/10011",
        "/agent_statuses/agents/me",
        "/agent_statuses/agents/update_many?ids=10011,10012",
    ]
    .map(|path| {
        Ask::put(path)
            .header("content-type", "application/json")
            .body(body)
    })
}

/// Assumed: a body that is not JSON is a 400.
#[test]
fn a_body_that_is_not_json_is_refused() {
    let deep = format!(
        "{{\"id\":4,\"x\":{}{}}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    let open = "[".repeat(100_000);
    let long = format!("{{\"id\":4{}", " ".repeat(1000 * 1000));
    let bodies: &[&[u8]] = &[
        b"",
        b" ",
        b"\n",
        b"\0",
        b"{",
        b"}",
        b"{\"id\":4",
        b"{\"id\":4}}",
        b"{\"id\":4}{\"id\":5}",
        b"{\"id\":4,}",
        b"{\"id\":}",
        b"{\"id\":04}",
        b"{\"id\":+4}",
        b"{\"id\":0x4}",
        b"{\"id\":NaN}",
        b"{id:4}",
        b"{'id':4}",
        b"id=4",
        b"4 5",
        b"nul",
        b"\"",
        b"{\"id\":4} // away",
        b"{\"\xff\":4}",
        b"{\"id\":4,\"note\":\"\xc3\x28\"}",
        b"\xef\xbb\xbf{\"id\":4}",
        b"\xff\xfe{\0",
        deep.as_bytes(),
        open.as_bytes(),
        long.as_bytes(),
    ];
    let account = Account::demo();
    let before = account.state();
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]);
        for ask in updates(body) {
            let answer = account.send(&ask);
            assert_eq!(
                answer.refusal(),
                "400 InvalidRequestBody",
                "{shown:?}: {}",
                answer.text()
            );
            assert_eq!(
                answer.at("/errors/0/source"),
                Value::Null,
                "{shown:?}: no part of it is to blame"
            );
        }
    }
    assert_eq!(account.state(), before);
}

/// Assumed: a well-formed body without a usable id is a 422 with `source.pointer`. The pointer
/// names an existing place, as JSON:API requires: the whole body if the id is missing, the id if it
/// is not a number.
#[test]
fn a_body_without_a_usable_id_is_refused() {
    let cases = [
        ("null", ""),
        ("true", ""),
        ("4", ""),
        ("\"4\"", ""),
        ("[]", ""),
        ("[{\"id\":4}]", ""),
        ("{}", ""),
        ("{\"status_id\":4}", ""),
        ("{\"ID\":4}", ""),
        ("{\"agent_status\":{\"id\":4}}", ""),
        ("{\"id\":null}", "/id"),
        ("{\"id\":true}", "/id"),
        ("{\"id\":\"4\"}", "/id"),
        ("{\"id\":\"online\"}", "/id"),
        ("{\"id\":[4]}", "/id"),
        ("{\"id\":{\"id\":4}}", "/id"),
        ("{\"id\":4.5}", "/id"),
        ("{\"id\":-4}", "/id"),
        ("{\"id\":4e3}", "/id"),
        ("{\"id\":18446744073709551616}", "/id"),
        ("{\"id\":999}", "/id"),
        ("{\"id\":18446744073709551615}", "/id"),
    ];
    let account = Account::demo();
    let before = account.state();
    for (body, pointer) in cases {
        for ask in updates(body.as_bytes()) {
            let answer = account.send(&ask);
            assert_eq!(
                answer.refusal(),
                "422 RecordInvalid",
                "{body}: {}",
                answer.text()
            );
            assert_eq!(
                answer.at("/errors/0/source"),
                json!({ "pointer": pointer }),
                "{body}"
            );
        }
    }
    assert_eq!(account.state(), before);
}

/// Documented: the body `{"id": 4}`. Assumed: all other fields are ignored, and a field given twice
/// has its last value.
#[test]
fn a_body_with_an_id_is_taken() {
    let bodies = [
        "{\"id\":4}",
        " \r\n\t{ \"id\" : 4 } \n",
        "{\"id\":4,\"reason\":\"lunch\"}",
        "{\"agent_status\":{\"id\":3},\"id\":4}",
        "{\"id\":3,\"id\":4}",
        "{\"\\u0069d\":4}",
    ];
    for body in bodies {
        for ask in updates(body.as_bytes()) {
            let account = Account::demo();
            let answer = account.send(&ask);
            assert_eq!(answer.status, 200, "{body}: {}", answer.text());
            let id = if ask.target.ends_with("/me") {
                10001
            } else {
                10011
            };
            let status =
                account.json(&format!("/{id}"))["data"]["attributes"]["agent_status"]["id"].clone();
            assert_eq!(status, 4, "{} {body}", ask.target);
        }
    }
}

/// Assumed: unknown fields are refused in strict mode, all at once and together with other
/// problems, each with its JSON pointer (`source.pointer`).
#[test]
fn strict_validation_lists_every_unknown_field() {
    let settings = SettingsPatch::new().validation(Validation::Strict);
    let account = Account::demo_with(settings);
    let before = account.state();
    for ask in updates(br#"{"id":4,"reason":"lunch","a/b~c":1}"#) {
        let answer = account.send(&ask);
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.codes(), ["UnknownField", "UnknownField"]);
        let sources: Vec<_> = [0, 1]
            .map(|index| answer.at(&format!("/errors/{index}/source/pointer")))
            .into();
        assert_eq!(sources, ["/reason", "/a~1b~0c"]);
    }
    for ask in updates(br#"{"idd":4}"#) {
        let answer = account.send(&ask);
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.codes(), ["RecordInvalid", "UnknownField"]);
    }
    assert_eq!(account.state(), before);
    for ask in updates(br#"{"id":4}"#) {
        assert_eq!(account.send(&ask).status, 200);
    }
}
