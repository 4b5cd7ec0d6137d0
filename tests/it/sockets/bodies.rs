//! Bodies of requests on a socket: unread, too large, chunked, slow, and not sent at all.

use serde_json::json;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::client::{Expectation, Fault, FaultRule, NewAccount};

use super::{AUTH, Connection, MIB};
use crate::harness::{P, kept_body};

/// By design: an answer that was sent before the body was read still reaches the client, and so
/// does the one after it.
#[test]
fn an_unread_body_does_not_break_the_connection() {
    let emulator = Emulator::start();
    let mut connection = Connection::open(&emulator);
    for (path, status) in [
        ("/nowhere".to_owned(), "HTTP/1.1 404 Not Found"),
        (format!("{P}/10011"), "HTTP/1.1 405 Method Not Allowed"),
        (
            format!("{P}/agent_statuses/agents/10011"),
            "HTTP/1.1 413 Payload Too Large",
        ),
    ] {
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: localhost\r\n{AUTH}Content-Length: {}\r\n\r\n",
            8 * MIB
        );
        connection.send(head);
        connection.send(vec![b' '; 8 * MIB]);
        assert_eq!(connection.read(true).status, status);
    }
    assert_eq!(connection.get(&format!("{P}/me")).status, "HTTP/1.1 200 OK");
}

/// By design: up to 16 MiB are discarded. After that the answer comes and the connection closes.
#[test]
fn a_body_that_is_far_too_large_ends_the_connection() {
    let emulator = Emulator::start();
    let mut connection = Connection::open(&emulator);
    // One byte more than is discarded, of a body that announces many more. If some were left
    // unread, closing could reset the answer.
    let size = 16 * MIB + 1;
    connection.send(format!(
        "PUT /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
        64 * MIB
    ));
    connection.send(vec![b' '; size]);
    let answer = connection.read(true);
    assert_eq!(answer.status, "HTTP/1.1 404 Not Found");
    assert!(answer.closes(), "{:?}", answer.headers);
    assert!(connection.is_closed());
}

/// An emulator with these rules, and a connection on which an update of agent 10011 has begun. Its
/// body comes in chunks.
fn chunked_update(rules: &[FaultRule]) -> (Emulator, Connection) {
    let emulator = Emulator::start();
    emulator.default_account().set_faults(rules).expect("rules");
    let mut connection = Connection::open(&emulator);
    connection.send(format!(
        "PUT {P}/agent_statuses/agents/10011 HTTP/1.1\r\nHost: localhost\r\n{AUTH}Transfer-Encoding: chunked\r\n\r\n"
    ));
    (emulator, connection)
}

/// A rule that hits no request of these tests, but has to examine the bodies of all of them.
fn curious() -> FaultRule {
    FaultRule::new(Fault::new().status(503)).body(json!({ "id": 1 }))
}

/// Assumed: a body without a length has the same limit, also if a fault has to examine it.
#[test]
fn a_chunked_body_is_limited_too() {
    for rules in [&[][..], &[curious()]] {
        let (emulator, mut connection) = chunked_update(rules);
        for _ in 0..3 {
            connection.send(format!("{MIB:x}\r\n"));
            connection.send(vec![b' '; MIB]);
            connection.send("\r\n");
        }
        connection.send("0\r\n\r\n");
        assert_eq!(
            connection.read(true).status,
            "HTTP/1.1 413 Payload Too Large"
        );
        assert_eq!(connection.get(&format!("{P}/me")).status, "HTTP/1.1 200 OK");
        assert_eq!(kept_body(&emulator), (Some(" ".repeat(16 * 1024)), false));
    }
}

/// By design: a chunked body is in the journal as a single body, and a fault that examines it gets
/// all of it.
#[test]
fn a_chunked_body_is_put_together() {
    let hit = FaultRule::new(Fault::new().status(503)).body(json!({ "id": 123 }));
    for (rule, status) in [
        (None, "200 OK"),
        (Some(curious()), "200 OK"),
        (Some(hit), "503 Service Unavailable"),
    ] {
        let (emulator, mut connection) = chunked_update(rule.as_slice());
        for piece in ["{\"id\"", ": 12", "3}"] {
            connection.send(format!("{:x}\r\n{piece}\r\n", piece.len()));
        }
        connection.send("0\r\n\r\n");
        assert_eq!(connection.read(true).status, format!("HTTP/1.1 {status}"));
        assert_eq!(
            kept_body(&emulator),
            (Some("{\"id\": 123}".to_owned()), true)
        );
        emulator.default_account().verify(
            &Expectation::any()
                .body(json!({ "id": 123 }))
                .header("Transfer-Encoding", "chunked")
                .exactly(1),
        );
        assert_eq!(connection.get(&format!("{P}/me")).status, "HTTP/1.1 200 OK");
    }
}

/// Assumed: of a body that ends early, the journal has the part that arrived.
#[test]
fn half_a_body_is_kept() {
    for rules in [&[][..], &[curious()]] {
        let (emulator, mut connection) = chunked_update(rules);
        // An invalid chunk ends the body.
        connection.send("9\r\n{\"pwd\":12\r\nno chunk\r\n");
        assert_eq!(connection.read(true).status, "HTTP/1.1 400 Bad Request");
        assert_eq!(kept_body(&emulator), (Some("{\"...".to_owned()), false));
    }
}

/// Assumed: a body may arrive in pieces.
#[test]
fn a_body_may_come_in_pieces() {
    let emulator = Emulator::start();
    let mut connection = Connection::open(&emulator);
    let body = r#"{"id": 123}"#;
    let path = format!("{P}/agent_statuses/agents/10011");
    let length = body.len();
    connection.send(format!(
        "PUT {path} HTTP/1.1\r\nHost: localhost\r\n{AUTH}Content-Length: {length}\r\n\r\n"
    ));
    for byte in body.bytes() {
        connection.send([byte]);
    }
    assert_eq!(connection.read(true).status, "HTTP/1.1 200 OK");
}

/// RFC 9110: a client that waits for leave to send its body gets the refusal instead, and need not
/// send it. The answer says that the connection closes, and it does, because the client may have
/// begun to send.
#[test]
fn a_client_that_expects_100_continue_is_refused_without_its_body() {
    let emulator = Emulator::start();
    for expect in ["100-continue", "100-CONTINUE"] {
        let mut connection = Connection::open(&emulator);
        let head = format!(
            "PUT /nowhere HTTP/1.1\r\nHost: localhost\r\nExpect: {expect}\r\nContent-Length: 100\r\n\r\n"
        );
        connection.send(head);
        let answer = connection.read(true);
        assert_eq!(answer.status, "HTTP/1.1 404 Not Found");
        assert!(answer.closes(), "{:?}", answer.headers);
        assert!(connection.is_closed());
    }
}

/// Assumed: if no more bytes can follow, the connection stays open: there is no body, the client
/// does not wait, or it was given leave.
#[test]
fn a_client_that_expects_100_continue_keeps_a_connection_without_rest() {
    let emulator = Emulator::start();
    let mut connection = Connection::open(&emulator);
    let (expects, other) = ("Expect: 100-continue\r\n", "Expect: another\r\n");
    for (expect, length, body) in [(expects, 0, ""), (other, 2, "{}"), ("", 2, "{}")] {
        let head = format!(
            "PUT /nowhere HTTP/1.1\r\nHost: localhost\r\n{expect}Content-Length: {length}\r\n\r\n{body}"
        );
        connection.send(head);
        let answer = connection.read(true);
        assert_eq!(answer.status, "HTTP/1.1 404 Not Found");
        assert!(!answer.closes(), "{expect}: {:?}", answer.headers);
    }
    let path = format!("{P}/agent_statuses/agents/10011");
    let begin = format!("PUT {path} HTTP/1.1\r\nHost: localhost\r\n{AUTH}{expects}");
    connection.send(format!("{begin}Content-Length: 11\r\n\r\n"));
    assert_eq!(connection.read(false).status, "HTTP/1.1 100 Continue");
    connection.send(r#"{"id": 123}"#);
    let answer = connection.read(true);
    assert_eq!(
        (answer.status.as_str(), answer.closes()),
        ("HTTP/1.1 200 OK", false)
    );
    // The body turns out to be too large. The rest of it is discarded as it is without leave.
    connection.send(format!("{begin}Transfer-Encoding: chunked\r\n\r\n"));
    assert_eq!(connection.read(false).status, "HTTP/1.1 100 Continue");
    for _ in 0..3 {
        connection.send(format!("{MIB:x}\r\n{}\r\n", " ".repeat(MIB)));
    }
    connection.send("0\r\n\r\n");
    let answer = connection.read(true);
    assert_eq!(
        (answer.status.as_str(), answer.closes()),
        ("HTTP/1.1 413 Payload Too Large", false)
    );
    assert_eq!(connection.get(&format!("{P}/me")).status, "HTTP/1.1 200 OK");
}

/// Assumed: while a body arrives, its account may be reset or deleted. The change is made to the
/// account that has the name then, or to none if no account has it.
#[test]
fn a_body_that_arrives_during_a_reset_is_for_the_account_of_that_name() {
    let emulator = Emulator::start();
    let begin = |account: &str, kind: &str| {
        let mut connection = Connection::open(&emulator);
        let path = format!("/_emulator/accounts/{account}/agents");
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n");
        connection.send(format!(
            "{head}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n"
        ));
        // The server says so when the handler waits for the body.
        assert_eq!(connection.read(false).status, "HTTP/1.1 100 Continue");
        connection
    };
    for kind in ["application/json", "application/x-ndjson"] {
        let mut connection = begin("example", kind);
        emulator.default_account().reset().expect("an account");
        connection.send(r#"{"id":77}"#);
        assert_eq!(
            connection.read(true).status,
            "HTTP/1.1 201 Created",
            "{kind}"
        );
        emulator
            .default_account()
            .delete_agent(77)
            .expect("it is there");

        let account = emulator
            .create_account(&NewAccount::default())
            .expect("a free name");
        let mut connection = begin(account.subdomain(), kind);
        drop(account);
        connection.send(r#"{"id":77}"#);
        assert_eq!(
            connection.read(true).status,
            "HTTP/1.1 404 Not Found",
            "{kind}"
        );
    }
}
