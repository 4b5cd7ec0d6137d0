//! What the journal keeps of the bodies of requests.

use axum::http::Method;
use serde_json::{Value, json};

use super::{journal, newest, sequences, set_limit};
use crate::harness::{Account, Ask};

const KIB: usize = 1024;

/// What is kept of the newest request: its status, its body and whether the body is complete.
fn kept(server: &Account) -> (Value, Value, Value) {
    let entry = newest(server);
    (
        entry["status"].clone(),
        entry["body"].clone(),
        entry["body_complete"].clone(),
    )
}

/// By design: everything that was read of a body is kept, also if the call was refused because of
/// it.
#[test]
fn a_body_is_there_as_far_as_it_was_read() {
    let server = Account::demo();
    let (form, json) = ("application/x-www-form-urlencoded", "application/json");
    for (ask, status, body, is_complete) in [
        (
            Ask::update().json(&json!({ "id": 4 })),
            200,
            json!("{\"id\":4}"),
            true,
        ),
        (
            Ask::update().body("{\"id\": 4,\n \"x\": \"☃\"}"),
            200,
            json!("{\"id\": 4,\n \"x\": \"☃\"}"),
            true,
        ),
        (
            Ask::update().json(&json!({ "id": 99 })),
            422,
            json!("{\"id\":99}"),
            true,
        ),
        (
            Ask::update()
                .header("content-type", json)
                .body("{\"id\": 4"),
            400,
            json!("{\"id\": 4"),
            true,
        ),
        (
            Ask::update().body("{\"id\": \"\\u00\"}"),
            400,
            json!("{\"id\": \"\\u00\"}"),
            true,
        ),
        // A body that is not UTF-8 is shown as such.
        (
            Ask::update().body(b"\xff{\xc3".to_vec()),
            400,
            json!("\u{fffd}{\u{fffd}"),
            true,
        ),
        (Ask::update(), 400, Value::Null, true),
        (Ask::get("/10011"), 200, Value::Null, true),
        // The bodies of these were not read.
        (
            Ask::update().anonymous().json(&json!({ "id": 4 })),
            401,
            Value::Null,
            false,
        ),
        (
            Ask::update().header("content-type", form).body("id=4"),
            415,
            Value::Null,
            false,
        ),
        (Ask::get("/10011").body("x"), 200, Value::Null, false),
        (
            Ask::new(Method::POST, "/tickets").json(&json!({ "id": 4 })),
            405,
            Value::Null,
            false,
        ),
        (
            Ask::update().header("content-length", "1048577").body("{}"),
            413,
            Value::Null,
            false,
        ),
    ] {
        assert_eq!(server.send(&ask).status, status, "{ask:?}");
        assert_eq!(
            kept(&server),
            (json!(status), body, json!(is_complete)),
            "{ask:?}"
        );
    }
    set_limit(&server, 1);
    server.get("/10011");
    assert_eq!(
        server.send(&Ask::update().json(&json!({ "id": 4 }))).status,
        429
    );
    assert_eq!(kept(&server), (json!(429), Value::Null, json!(false)));
}

/// By design: a body longer than 16 KiB is kept as its first 16 KiB.
#[test]
fn the_beginning_of_a_long_body_is_kept() {
    let server = Account::demo();
    // The object takes 15 bytes beside the text.
    let with = |text: &str| format!("{{\"id\": 4, \"x\":\"{text}\"}}");
    let fits = with(&"x".repeat(16 * KIB - with("").len()));
    server.send(&Ask::update().body(fits.clone()));
    assert_eq!(kept(&server), (json!(200), json!(fits), json!(true)));
    for text in [
        "x".repeat(16 * KIB - with("").len() + 1),
        "☃".repeat(16 * KIB),
        "é".repeat(400 * KIB),
    ] {
        let sent = with(&text);
        server.send(&Ask::update().body(sent.clone()));
        let (status, body, is_complete) = kept(&server);
        assert_eq!((status, is_complete), (json!(200), json!(false)));
        let body = body.as_str().expect("a body");
        // Cut between two characters.
        assert!(
            sent.starts_with(body) && (16 * KIB - 2..=16 * KIB).contains(&body.len()),
            "{}",
            body.len()
        );
    }
    // A body that is too large was read up to its limit.
    let sent = vec![b'x'; 1025 * KIB];
    assert_eq!(server.send(&Ask::update().body(sent)).status, 413);
    assert_eq!(
        kept(&server),
        (json!(413), json!("x".repeat(16 * KIB)), json!(false))
    );
}

/// By design: secrets are masked before the body is cut, whatever comes after the cut, also if the
/// body is then not JSON.
#[test]
fn a_long_body_is_masked_before_it_is_cut() {
    let server = Account::demo();
    for (start, end) in [
        (0, "]}"),
        (16 * KIB - 40, "]}"),
        (16 * KIB - 20, "]}"),
        (20, ""),
    ] {
        let secret = "SECRET".repeat(16 * KIB);
        let sent = format!(
            "{{\"id\": 4, \"x\":[\"{}\",{{\"password\": \"{secret}\"}}{end}",
            "x".repeat(start)
        );
        server.send(&Ask::update().body(sent.clone()));
        let entry = newest(&server);
        assert!(!entry.to_string().contains("SEC"), "{start}");
        let body = entry["body"].as_str().expect("a body");
        assert!(
            body.len() <= 16 * KIB && body.starts_with("{\"id\": 4"),
            "{start}"
        );
        assert_eq!(entry["body_complete"], false, "{start}");
    }
    // What follows a secret is there, up to 16 KiB of what is shown.
    let text = "x".repeat(20 * KIB);
    server.send(&Ask::update().body(format!(
        "{{\"password\":\"SECRET\",\"id\":4,\"x\":\"{text}\"}}"
    )));
    let mut shown = format!("{{\"password\":\"...\",\"id\":4,\"x\":\"{text}");
    shown.truncate(16 * KIB);
    assert_eq!(kept(&server), (json!(200), json!(shown), json!(false)));
}

/// By design: bodies count towards the journal's memory limit.
#[test]
fn bodies_count_in_the_memory_of_the_journal() {
    let server = Account::with(|builder| builder.journal_bytes(100_000));
    for _ in 0..20 {
        server.update(10011, 4);
    }
    assert_eq!(sequences(&journal(&server, "")).len(), 20);
    for length in [12_000, 30_000] {
        for _ in 0..20 {
            server.put(
                "/agent_statuses/agents/10011",
                &json!({ "id": 4, "x": "x".repeat(length) }),
            );
        }
        let held = sequences(&journal(&server, "")).len();
        assert!((5..=8).contains(&held), "{length}: {held}");
    }
}

fn set_fault(server: &Account, matching: &Value) {
    let rules = json!({ "faults": [{ "match": matching, "when": { "for": "1m" }, "fault": { "status": 503 } }] });
    assert_eq!(
        server
            .send(&Ask::control(Method::PUT, "/faults").json(&rules))
            .status,
        200
    );
}

/// By design: a body is read for a fault only if an active rule depends on it.
#[test]
fn a_body_that_no_fault_looks_into_is_not_read() {
    let server = Account::demo();
    let ask = Ask::update().anonymous().json(&json!({ "id": 4 }));
    for (matching, status, is_read) in [
        (json!({}), 503, false),
        (json!({ "agent": 10011 }), 503, false),
        (json!({ "body": { "id": 5 } }), 401, true),
        (
            json!({ "body": { "id": 5 }, "agent": 10011, "headers": { "x": null } }),
            401,
            true,
        ),
        (json!({ "body": { "id": 5 }, "agent": 10012 }), 401, false),
        (
            json!({ "body": { "id": 5 }, "headers": { "x": "y" } }),
            401,
            false,
        ),
    ] {
        set_fault(&server, &matching);
        assert_eq!(server.send(&ask).status, status, "{matching}");
        let body = if is_read {
            json!("{\"id\":4}")
        } else {
            Value::Null
        };
        assert_eq!(
            kept(&server),
            (json!(status), body, json!(is_read)),
            "{matching}"
        );
    }
    set_fault(&server, &json!({ "body": { "id": 4 } }));
    server.advance(std::time::Duration::from_mins(1));
    assert_eq!(server.send(&ask).status, 401);
    assert_eq!(kept(&server), (json!(401), Value::Null, json!(false)));
}

/// By design: a body that a fault had to examine is in the journal, whatever the result of the
/// call.
#[test]
fn a_body_that_a_fault_looks_into_is_kept() {
    let server = Account::demo();
    set_fault(&server, &json!({ "body": {} }));
    let form = Ask::update().header("content-type", "application/x-www-form-urlencoded");
    for (ask, status, body) in [
        (Ask::update().json(&json!({ "id": 4 })), 503, "{\"id\":4}"),
        (form.clone().body("id=4&api_key=x"), 503, "id=4&api_key=..."),
        (form.clone().body("id 4"), 415, "id 4"),
        (form.body("{\"api_key\": 1}"), 503, "{\"api_key\": \"...\"}"),
        (Ask::update().anonymous().body("[]"), 401, "[]"),
        (Ask::raw(Method::POST, "/x").body("x"), 404, "x"),
    ] {
        assert_eq!(server.send(&ask).status, status, "{ask:?}");
        assert_eq!(
            kept(&server),
            (json!(status), json!(body), json!(true)),
            "{ask:?}"
        );
    }
}
