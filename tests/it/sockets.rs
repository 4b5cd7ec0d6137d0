//! What only a socket shows: connections, HTTP versions, bodies that arrive slowly or are too
//! large, and shutdown.

mod bodies;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use zendesk_availability_emulator::Emulator;

use crate::harness::{P, http2};

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

/// A HEAD has its GET's headers and no body. On a socket a body would be read as the next answer.
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
        let mut sender = http2(address).await;
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

/// Assumed: they have no route.
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

/// By design: the server stops while connections are open, and then nothing listens.
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
