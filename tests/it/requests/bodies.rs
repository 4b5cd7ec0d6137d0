//! The body of an update: its media type, its size, and what is not JSON.

use serde_json::json;

use crate::harness::{Account, Answer, Ask};

const MIB: usize = 1024 * 1024;

fn update() -> Ask {
    Ask::update().body(r#"{"id": 4}"#)
}

/// Sends a request that must be refused, and checks that it changes nothing.
fn refused(ask: &Ask, case: &str) -> Answer {
    let account = Account::demo();
    let before = account.state();
    let answer = account.send(ask);
    assert_ne!(answer.status, 200, "{case}");
    assert_eq!(account.state(), before, "{case}");
    answer
}

/// JSON of this length that sets the status 4.
fn padded(length: usize) -> Vec<u8> {
    let mut body = br#"{"id": 4}"#.to_vec();
    body.resize(length, b' ');
    body
}

/// Assumed: a body is `application/json` or `application/vnd.api+json` with any parameters, in any
/// case of letters as usual for media types, or has no content type.
#[test]
fn a_body_may_have_either_json_type_or_none() {
    for content_type in [
        None,
        Some("application/json"),
        Some("application/json; charset=utf-8"),
        Some("application/json;charset=UTF-8"),
        Some("application/json ; charset=iso-8859-1; profile=\"x; y\""),
        Some("Application/JSON"),
        Some("application/vnd.api+json"),
        Some("application/vnd.api+json; ext=\"https://jsonapi.org/ext/version\""),
        Some("APPLICATION/VND.API+JSON;version=1"),
    ] {
        let ask = update();
        let ask = content_type
            .iter()
            .fold(ask, |ask, value| ask.header("content-type", value));
        let answer = Account::demo().send(&ask);
        assert_eq!(answer.status, 200, "{content_type:?}: {}", answer.text());
        assert_eq!(
            answer.at("/data/attributes/agent_status/id"),
            4,
            "{content_type:?}"
        );
    }
}

/// Assumed: a body of any other type is a 415, even if it is valid JSON.
#[test]
fn a_body_of_another_type_is_refused() {
    for content_type in [
        &b"application/x-www-form-urlencoded"[..],
        b"text/plain",
        b"text/json",
        b"application/*",
        b"*/*",
        b"application/jsonx",
        b"application/json+x",
        b"application/json, text/plain",
        b"application/hal+json",
        b"multipart/form-data; boundary=application/json",
        b"json",
        b"",
        b";",
        b"application/json\xff",
    ] {
        let case = String::from_utf8_lossy(content_type);
        let answer = refused(&update().header("content-type", content_type), &case);
        assert_eq!(answer.status, 415, "{case}");
        let description = "The content type must be application/json or application/vnd.api+json";
        assert_eq!(
            answer.json(),
            json!({ "error": "UnsupportedMediaType", "description": description }),
            "{case}"
        );
    }
}

/// Assumed: the type of a body that is not read does not matter.
#[test]
fn the_type_of_an_unread_body_does_not_matter() {
    for path in ["/10011", "/agent_statuses/me"] {
        let ask = Ask::get(path)
            .header("content-type", "text/plain")
            .body("not JSON");
        assert_eq!(Account::demo().send(&ask).status, 200, "{path}");
    }
}

/// Assumed: a body over 1 MiB is a 413, with and without a `Content-Length`.
#[test]
fn a_body_may_have_one_mebibyte() {
    let exact = Account::demo().send(&update().body(padded(MIB)));
    assert_eq!(exact.status, 200, "{}", exact.text());
    let announced = MIB.to_string();
    assert_eq!(
        Account::demo()
            .send(
                &update()
                    .header("content-length", announced)
                    .body(padded(MIB))
            )
            .status,
        200
    );
    for ask in [
        update().body(padded(MIB + 1)),
        update().body(vec![b'['; 3 * MIB]),
        update()
            .header("content-length", (MIB + 1).to_string())
            .body(padded(MIB + 1)),
        // A client is not given leave to send a body that is too large.
        update().header("content-length", (MIB + 1).to_string()),
        update().header("content-length", u64::MAX.to_string()),
    ] {
        let answer = refused(&ask, "too large");
        assert_eq!(answer.status, 413);
        let description = "The request body is larger than 1 MiB";
        assert_eq!(
            answer.json(),
            json!({ "error": "PayloadTooLarge", "description": description })
        );
    }
}

/// Assumed: a body that is not JSON is a 400.
#[test]
fn a_body_has_to_be_json() {
    let deep = "[".repeat(100_000);
    for body in [
        &b""[..],
        b" ",
        b"{",
        br#"{"id": 4"#,
        br#"{"id": 4,}"#,
        br#"{"id": 4} {"id": 3}"#,
        b"{'id': 4}",
        b"{id: 4}",
        br#"{"id": 04}"#,
        br#"{"id": NaN}"#,
        b"id=4",
        b"<id>4</id>",
        b"\x00",
        b"\xef\xbb\xbf{\"id\": 4}",
        b"{\"id\": 4, \"\xff\": 1}",
        br#"{"id": 4, "x": "\ud800"}"#,
        deep.as_bytes(),
    ] {
        let case = String::from_utf8_lossy(&body[..body.len().min(40)]);
        let answer = refused(&update().body(body), &case);
        assert_eq!(answer.refusal(), "400 InvalidRequestBody", "{case}");
        assert!(
            answer.errors("detail")[0].starts_with("The request body is not JSON: "),
            "{case}: {}",
            answer.text()
        );
    }
}
