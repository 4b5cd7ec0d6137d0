//! Faults as a client sees them at the other end of a connection.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zendesk_availability_emulator::Emulator;

use crate::harness::{P, http2};

/// The time limit for what should come at once: enough for any machine, and short enough that a
/// test ends.
const PATIENCE: Duration = Duration::from_secs(30);
/// Long enough for a server that answers to have answered.
const SILENCE: Duration = Duration::from_millis(200);

/// What followed on a connection after the part that was read.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The connection is closed.
    Closed,
    Reset,
    /// Nothing follows.
    Silent,
}

struct Client(TcpStream);

impl Client {
    fn open(emulator: &Emulator) -> Self {
        let stream =
            TcpStream::connect(emulator.local_addr().expect("a socket")).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        Self(stream)
    }

    fn send(&mut self, request: &str) {
        self.0
            .write_all(request.as_bytes())
            .expect("the server takes it");
    }

    fn send_get(&mut self) {
        self.send(&format!(
            "GET {P}/10011 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer demo-oauth-admin\r\n\r\n"
        ));
    }

    /// The head of an answer. It is read byte by byte, so that no byte of the body is lost.
    fn read_head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).expect("a head");
            head.push(byte[0]);
        }
        String::from_utf8(head).expect("text")
    }

    /// A whole answer.
    fn read_answer(&mut self) -> (String, Vec<u8>) {
        let head = self.read_head();
        let mut body = vec![0; length(&head)];
        self.0.read_exact(&mut body).expect("a body");
        (head, body)
    }

    /// Everything up to the end of the connection.
    fn read_to_the_end(&mut self) -> (Vec<u8>, End) {
        let mut rest = Vec::new();
        let end = match self.0.read_to_end(&mut rest) {
            Ok(_) => End::Closed,
            Err(error) => match error.kind() {
                ErrorKind::ConnectionReset => End::Reset,
                ErrorKind::WouldBlock | ErrorKind::TimedOut => End::Silent,
                _ => panic!("{error}"),
            },
        };
        (rest, end)
    }
}

fn length(head: &str) -> usize {
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("a length");
    length.parse().expect("a number")
}

/// A server whose requests are all hit except the first.
fn server(fault: &Value) -> Emulator {
    let emulator = Emulator::start();
    set(
        &emulator,
        &json!([{ "when": { "after": 1 }, "fault": fault }]),
    );
    emulator
}

fn set(emulator: &Emulator, rules: &Value) {
    let body = json!({ "faults": rules }).to_string();
    let mut client = Client::open(emulator);
    let (path, length) = ("/_emulator/accounts/example/faults", body.len());
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}"
    );
    client.send(&format!("{head}\r\n\r\n{body}"));
    let (head, answer) = client.read_answer();
    assert!(
        head.starts_with("HTTP/1.1 200 "),
        "{head} {}",
        String::from_utf8_lossy(&answer)
    );
}

/// A connection that has had an answer, and has sent another request that is hit. Returns the body
/// of the first.
fn second_request(emulator: &Emulator) -> (Client, Vec<u8>) {
    let mut client = Client::open(emulator);
    client.send_get();
    let (head, body) = client.read_answer();
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    client.send_get();
    (client, body)
}

/// A part of the announced body, then the end of the connection.
#[test]
fn a_truncated_body_ends_with_the_connection() {
    for bytes in [0, 64, 100_000] {
        let emulator = server(&json!({ "truncate": bytes }));
        let (mut client, whole) = second_request(&emulator);
        let head = client.read_head();
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        assert_eq!(length(&head), whole.len());
        let (rest, end) = client.read_to_the_end();
        assert_eq!(
            (&rest[..], end),
            (&whole[..bytes.min(whole.len() - 1)], End::Closed)
        );
    }
}

/// What was sent before the reset arrives. Then the operating system reports that the connection is
/// reset.
#[test]
fn a_reset_in_the_middle_comes_after_the_first_half() {
    let emulator = server(&json!({ "reset": "mid_body" }));
    let (mut client, whole) = second_request(&emulator);
    let head = client.read_head();
    assert_eq!(length(&head), whole.len());
    let (rest, end) = client.read_to_the_end();
    assert_eq!((&rest[..], end), (&whole[..whole.len() / 2], End::Reset));
}

#[test]
fn a_reset_before_the_answer_comes_without_a_byte() {
    let emulator = server(&json!({ "reset": "before" }));
    let (mut client, _) = second_request(&emulator);
    assert_eq!(client.read_to_the_end(), (Vec::new(), End::Reset));
}

/// The call happens, and no byte of its answer arrives.
#[test]
fn a_reset_after_the_call_comes_without_a_byte() {
    let emulator = server(&json!({ "reset": "after" }));
    let (mut client, _) = second_request(&emulator);
    assert_eq!(client.read_to_the_end(), (Vec::new(), End::Reset));
}

/// The request is read, whatever its size, and gets no answer. The connection stays open.
#[test]
fn silence_reads_and_never_answers() {
    let emulator = server(&json!({ "silence": true }));
    let (mut client, _) = second_request(&emulator);
    client
        .0
        .set_read_timeout(Some(SILENCE))
        .expect("a time-out");
    assert_eq!(client.read_to_the_end(), (Vec::new(), End::Silent));

    let mut upload = Client::open(&emulator);
    let size = 8 << 20;
    upload
        .0
        .set_write_timeout(Some(PATIENCE))
        .expect("a time-out");
    upload.send(&format!(
        "PUT {P}/agent_statuses/agents/10011 HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n"
    ));
    upload.send(&" ".repeat(size));
    upload
        .0
        .set_read_timeout(Some(SILENCE))
        .expect("a time-out");
    assert_eq!(upload.read_to_the_end(), (Vec::new(), End::Silent));
}

/// Delayed answers end with the server, which does not wait for them.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the grace that the server gives to others is real time"
)]
fn no_fault_holds_up_the_end_of_the_server() {
    for fault in [
        json!({ "silence": true }),
        json!({ "latency": "10m" }),
        json!({ "latency": "10m", "reset": "before" }),
        json!({ "slow_first_byte": "10m" }),
        json!({ "dribble": { "bytes": 1, "every": "10m" } }),
    ] {
        let emulator = server(&fault);
        let (mut client, whole) = second_request(&emulator);
        // The server has read the request once it has counted it.
        while counted(&emulator) < 2 {
            std::thread::yield_now();
        }
        let begin = Instant::now();
        emulator.stop();
        assert!(
            begin.elapsed() < Duration::from_secs(1),
            "{fault} took the whole grace"
        );
        let (rest, end) = client.read_to_the_end();
        let is_reset = fault.get("reset").is_some();
        assert_eq!(
            end,
            if is_reset { End::Reset } else { End::Closed },
            "{fault}"
        );
        let is_answered = fault.get("silence").is_none() && !is_reset;
        assert_eq!(
            rest.ends_with(&whole),
            is_answered,
            "{fault}: {}",
            String::from_utf8_lossy(&rest)
        );
    }
}

/// How many requests the first rule has matched.
fn counted(emulator: &Emulator) -> u64 {
    let mut client = Client::open(emulator);
    client.send("GET /_emulator/accounts/example/faults HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let (_, body) = client.read_answer();
    let faults: Value = serde_json::from_slice(&body).expect("JSON");
    faults["faults"][0]["matched"].as_u64().expect("a number")
}

/// The head comes at once and the body later. The connection can be used again.
#[test]
fn a_slow_first_byte_comes_after_the_head() {
    let emulator = server(&json!({ "slow_first_byte": "300ms" }));
    let (mut client, whole) = second_request(&emulator);
    assert_eq!(client.read_answer().1, whole);
    client.send_get();
    assert!(client.read_head().starts_with("HTTP/1.1 200 "));

    let emulator = server(&json!({ "slow_first_byte": "10m" }));
    let (mut client, _) = second_request(&emulator);
    assert!(client.read_head().starts_with("HTTP/1.1 200 "));
    client
        .0
        .set_read_timeout(Some(SILENCE))
        .expect("a time-out");
    assert_eq!(client.read_to_the_end(), (Vec::new(), End::Silent));
}

#[test]
fn a_dribbled_body_is_whole_in_the_end() {
    let emulator =
        server(&json!({ "latency": "100ms", "dribble": { "bytes": 500, "every": "20ms" } }));
    let (mut client, whole) = second_request(&emulator);
    for _ in 0..2 {
        assert_eq!(client.read_answer().1, whole);
        client.send_get();
    }

    let emulator = server(&json!({ "dribble": { "bytes": 500, "every": "10m" } }));
    let (mut client, whole) = second_request(&emulator);
    client.read_head();
    client
        .0
        .set_read_timeout(Some(SILENCE))
        .expect("a time-out");
    assert_eq!(
        client.read_to_the_end(),
        (whole[..500].to_vec(), End::Silent)
    );
}

/// An error, an empty body and broken JSON do not affect the connection.
#[test]
fn other_faults_leave_the_connection_alone() {
    for (fault, status) in [
        (json!({ "status": 503 }), "HTTP/1.1 503 "),
        (json!({ "status": 502, "body": "html" }), "HTTP/1.1 502 "),
        (json!({ "status": 504, "body": "empty" }), "HTTP/1.1 504 "),
        (json!({ "empty": true }), "HTTP/1.1 200 "),
        (json!({ "break_json": true }), "HTTP/1.1 200 "),
    ] {
        let emulator = server(&fault);
        let (mut client, whole) = second_request(&emulator);
        for _ in 0..2 {
            let (head, body) = client.read_answer();
            assert!(head.starts_with(status), "{fault}: {head}");
            assert_ne!(body, whole, "{fault}");
            client.send_get();
        }
        client.read_answer();
    }
}

/// On HTTP/2 a fault affects its stream only.
#[test]
fn on_http2_a_fault_is_of_the_stream() {
    use http_body_util::{BodyExt, Full};
    use hyper::body::Bytes;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for (fault, is_answered) in [
        (json!({ "reset": "before" }), false),
        (json!({ "reset": "mid_body" }), true),
        (json!({ "truncate": 64 }), true),
        (json!({ "truncate": 0 }), true),
    ] {
        let emulator = Emulator::start();
        set(
            &emulator,
            &json!([{ "when": { "first": 1 }, "fault": fault }]),
        );
        let address = emulator.local_addr().expect("a socket");
        let exchange = async {
            let mut sender = http2(address).await;
            let get = || {
                let request = hyper::Request::get(format!("http://localhost{P}/10011"));
                let request = request.header("authorization", "Bearer demo-oauth-admin");
                request.body(Full::<Bytes>::default()).expect("a request")
            };
            match sender.send_request(get()).await {
                Ok(answer) => {
                    assert!(is_answered, "{fault}");
                    let error = answer.collect().await.expect_err("the body is cut off");
                    assert!(!error.is_closed(), "{fault}: {error:?}");
                }
                Err(error) => assert!(!is_answered, "{fault}: {error:?}"),
            }
            let next = sender
                .send_request(get())
                .await
                .expect("the connection is alive");
            assert_eq!(next.status(), 200);
            next.collect().await.expect("a body");
        };
        runtime
            .block_on(async { tokio::time::timeout(PATIENCE, exchange).await })
            .expect("it ends");
    }
}
