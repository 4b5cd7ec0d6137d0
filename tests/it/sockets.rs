//! What only a socket shows: connections, HTTP versions, bodies that arrive slowly or are too
//! large, and shutdown.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::client::{
    Expectation, Fault, FaultRule, NewAccount, RequestFilter,
};

use crate::harness::P;

const AUTH: &str = "Authorization: Bearer demo-oauth-admin\r\n";
const MIB: usize = 1024 * 1024;
/// The time limit for what should come at once: enough for any machine, and short enough that a
/// test ends.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client's end of a connection.
struct Connection(BufReader<TcpStream>);

/// An answer.
#[derive(Debug)]
struct Answer {
    status: String,
    headers: Vec<String>,
    body: String,
}

impl Answer {
    /// Whether the answer says that the connection closes.
    fn closes(&self) -> bool {
        self.headers
            .iter()
            .any(|header| header == "connection: close")
    }
}

impl Connection {
    fn open(emulator: &Emulator) -> Self {
        let stream =
            TcpStream::connect(emulator.local_addr().expect("a socket")).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        stream
            .set_write_timeout(Some(PATIENCE))
            .expect("a time-out");
        Self(BufReader::new(stream))
    }

    fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0
            .get_mut()
            .write_all(bytes.as_ref())
            .expect("the server takes it");
    }

    /// Reads a whole answer with a `Content-Length`.
    fn read(&mut self, with_body: bool) -> Answer {
        let mut line = || {
            let mut line = String::new();
            self.0.read_line(&mut line).expect("a line");
            line.trim_end().to_owned()
        };
        let status = line();
        let headers: Vec<_> =
            std::iter::from_fn(|| Some(line()).filter(|line| !line.is_empty())).collect();
        let length = headers
            .iter()
            .find_map(|header| header.strip_prefix("content-length: "))
            .unwrap_or("0");
        let mut body = vec![
            0;
            if with_body {
                length.parse().expect("a length")
            } else {
                0
            }
        ];
        self.0.read_exact(&mut body).expect("a body");
        Answer {
            status,
            headers,
            body: String::from_utf8(body).expect("UTF-8"),
        }
    }

    fn get(&mut self, path: &str) -> Answer {
        self.send(format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\n{AUTH}\r\n"
        ));
        self.read(true)
    }

    /// Whether the server has closed the connection.
    fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => rest.is_empty(),
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

/// Observed: clients keep connections open.
#[test]
fn a_connection_serves_many_requests() {
    let emulator = Emulator::start();
    let mut connection = Connection::open(&emulator);
    for _ in 0..3 {
        assert_eq!(
            connection.get(&format!("{P}/10011")).status,
            "HTTP/1.1 200 OK"
        );
    }
}

/// Section 1: a HEAD has its GET's headers and no body. On a socket a body would be read as the
/// next answer.
#[test]
fn a_head_has_no_body() {
    let emulator = Emulator::start();
    let mut connection = Connection::open(&emulator);
    for path in [
        format!("{P}/10011"),
        format!("{P}/1"),
        "/nowhere".to_owned(),
    ] {
        let get = connection.get(&path);
        connection.send(format!(
            "HEAD {path} HTTP/1.1\r\nHost: localhost\r\n{AUTH}\r\n"
        ));
        let head = connection.read(false);
        let stable = |answer: &Answer| -> Vec<String> {
            let changing = [
                "date",
                "x-request-id",
                "x-zendesk-request-id",
                "x-rate-limit-remaining",
                "ratelimit-",
            ];
            let headers = answer.headers.iter().cloned();
            headers
                .filter(|header| !changing.iter().any(|name| header.starts_with(name)))
                .collect()
        };
        assert_eq!(head.status, get.status);
        assert_eq!(stable(&head), stable(&get), "{path}");
    }
    assert_eq!(connection.get(&format!("{P}/me")).status, "HTTP/1.1 200 OK");
}

/// Assumed: clients that speak HTTP/2 without TLS are served too. Links take the authority from the
/// request.
#[test]
fn http2_is_spoken() {
    let emulator = Emulator::start();
    let address = emulator.local_addr().expect("a socket");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (status, body) = runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(address)
            .await
            .expect("a connection");
        let handshake =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.expect("HTTP/2");
        tokio::spawn(connection);
        let request = hyper::Request::get(format!("http://desk.example:81{P}/10011"))
            .header("authorization", "Bearer demo-oauth-admin")
            .body(Full::<Bytes>::default())
            .expect("a request");
        let response = sender.send_request(request).await.expect("an answer");
        (
            response.status(),
            response.collect().await.expect("a body").to_bytes(),
        )
    });
    assert_eq!(status, 200);
    let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(
        body["data"]["links"]["self"],
        "http://desk.example:81/api/v2/agent_availabilities/10011"
    );
}

/// Assumed: an HTTP/1.0 request names no host. Links then begin with the listening address.
#[test]
fn http_1_0_is_answered_and_the_connection_ends() {
    let emulator = Emulator::start();
    let mut connection = Connection::open(&emulator);
    connection.send(format!("GET {P}/10011 HTTP/1.0\r\n{AUTH}\r\n"));
    let answer = connection.read(true);
    assert!(
        answer
            .body
            .contains(&format!("\"self\":\"{}{P}/10011\"", emulator.url())),
        "{}",
        answer.body
    );
    assert!(connection.is_closed());
}

/// The issue: an answer that was sent before the body was read still reaches the client, and so
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

/// The issue: up to 16 MiB are discarded. After that the answer comes and the connection closes.
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

/// A rule that hits no request of these tests, but has to examine the bodies of all of them.
fn curious() -> FaultRule {
    FaultRule::new(Fault::new().status(503)).body(json!({ "id": 1 }))
}

/// Assumed: a body without a length has the same limit, also if a fault has to examine it.
#[test]
fn a_chunked_body_is_limited_too() {
    for rules in [&[][..], &[curious()]] {
        let emulator = Emulator::start();
        emulator.default_account().set_faults(rules).expect("rules");
        let mut connection = Connection::open(&emulator);
        let path = format!("{P}/agent_statuses/agents/10011");
        connection.send(format!(
            "PUT {path} HTTP/1.1\r\nHost: localhost\r\n{AUTH}Transfer-Encoding: chunked\r\n\r\n"
        ));
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
        let entry = &emulator
            .default_account()
            .requests(&RequestFilter::any())
            .expect("requests")
            .requests[0];
        assert_eq!(
            (entry.body.as_deref(), entry.body_complete),
            (Some(&*" ".repeat(16 * 1024)), false)
        );
    }
}

/// The issue: a chunked body is in the journal as a single body, and a fault that examines it gets
/// all of it.
#[test]
fn a_chunked_body_is_put_together() {
    let hit = FaultRule::new(Fault::new().status(503)).body(json!({ "id": 123 }));
    for (rule, status) in [
        (None, "200 OK"),
        (Some(curious()), "200 OK"),
        (Some(hit), "503 Service Unavailable"),
    ] {
        let emulator = Emulator::start();
        emulator
            .default_account()
            .set_faults(rule.as_slice())
            .expect("rules");
        let mut connection = Connection::open(&emulator);
        let path = format!("{P}/agent_statuses/agents/10011");
        connection.send(format!(
            "PUT {path} HTTP/1.1\r\nHost: localhost\r\n{AUTH}Transfer-Encoding: chunked\r\n\r\n"
        ));
        for piece in ["{\"id\"", ": 12", "3}"] {
            connection.send(format!("{:x}\r\n{piece}\r\n", piece.len()));
        }
        connection.send("0\r\n\r\n");
        assert_eq!(connection.read(true).status, format!("HTTP/1.1 {status}"));
        let entry = &emulator
            .default_account()
            .requests(&RequestFilter::any())
            .expect("requests")
            .requests[0];
        assert_eq!(
            (entry.body.as_deref(), entry.body_complete),
            (Some("{\"id\": 123}"), true)
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
        let emulator = Emulator::start();
        emulator.default_account().set_faults(rules).expect("rules");
        let mut connection = Connection::open(&emulator);
        let path = format!("{P}/agent_statuses/agents/10011");
        connection.send(format!(
            "PUT {path} HTTP/1.1\r\nHost: localhost\r\n{AUTH}Transfer-Encoding: chunked\r\n\r\n"
        ));
        // An invalid chunk ends the body.
        connection.send("9\r\n{\"pwd\":12\r\nno chunk\r\n");
        assert_eq!(connection.read(true).status, "HTTP/1.1 400 Bad Request");
        let entry = &emulator
            .default_account()
            .requests(&RequestFilter::any())
            .expect("requests")
            .requests[0];
        assert_eq!(
            (entry.body.as_deref(), entry.body_complete),
            (Some("{\"..."), false)
        );
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

/// Unusual targets have no route.
#[test]
fn unusual_targets_are_not_found() {
    let emulator = Emulator::start();
    for head in [
        "OPTIONS * HTTP/1.1\r\nHost: localhost",
        "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80",
    ] {
        let mut connection = Connection::open(&emulator);
        connection.send(format!("{head}\r\n\r\n"));
        let answer = connection.read(true);
        assert_eq!(answer.status, "HTTP/1.1 404 Not Found", "{head}");
        assert_eq!(
            answer.body, r#"{"error":"InvalidEndpoint","description":"Not found"}"#,
            "{head}"
        );
    }
    let mut connection = Connection::open(&emulator);
    connection.send(format!(
        "GET http://desk.example{P}/10011 HTTP/1.1\r\nHost: other.example\r\n{AUTH}\r\n"
    ));
    assert!(
        connection
            .read(true)
            .body
            .contains("\"self\":\"http://desk.example/api/")
    );
}

/// The guide's page on limits: bytes that are not HTTP get the HTTP library's own empty answer.
#[test]
fn malformed_http_gets_an_empty_400() {
    let emulator = Emulator::start();
    let mut connection = Connection::open(&emulator);
    connection.send("this is not HTTP\r\n\r\n");
    let answer = connection.read(true);
    assert_eq!(
        (answer.status.as_str(), answer.body.as_str()),
        ("HTTP/1.1 400 Bad Request", "")
    );
    assert!(connection.is_closed());
}

/// The issue: the server stops while connections are open, and then nothing listens.
#[test]
fn stopping_ends_idle_connections() {
    let emulator = Emulator::start();
    let address = emulator.local_addr().expect("a socket");
    let mut idle = Connection::open(&emulator);
    assert_eq!(idle.get("/_emulator/healthz").status, "HTTP/1.1 200 OK");
    emulator.stop();
    assert!(idle.is_closed());
    assert!(TcpStream::connect(address).is_err());
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
