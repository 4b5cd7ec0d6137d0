//! Events as a stream. The form is that of server-sent events (WHATWG HTML, "Server-sent events").
//! The content is assumed: Zendesk has no such stream.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::world::{AgentId, StatusId, StatusReason};

use super::stream_without_emulator;
use super::{control, create, reset};
use crate::harness::{Account, Ask, Stream, elements};

const UPDATE: &str = "/agent_statuses/agents/10011";

fn events_of(subdomain: &str, query: &str) -> Ask {
    control(Method::GET, &format!("/{subdomain}/events{query}"))
        .header("accept", "text/event-stream")
}

fn set_status(server: &Account, id: u64) {
    assert_eq!(server.put(UPDATE, &json!({ "id": id })).status, 200);
}

/// The lines of the next message, by name.
fn message(stream: &mut Stream<'_>) -> (Option<u64>, String, Value) {
    let message = stream.next().expect("a message");
    let line = |name: &str| {
        message
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::to_owned)
    };
    let data = line("data: ").unwrap_or_else(|| panic!("{message:?} has no data"));
    let id = line("id: ").map(|id| id.parse().expect("a number"));
    (
        id,
        line("event: ").expect("a name"),
        serde_json::from_str(&data).expect("JSON"),
    )
}

/// A message is an event of the list, with its sequence number and its short name.
#[test]
fn a_stream_has_the_events_of_the_list() {
    let server = Account::demo();
    let mut stream = server.open(&events_of("example", ""));
    set_status(&server, 2);
    let listed = server.send(&control(Method::GET, "/example/events")).json();
    for event in elements(&listed["events"]) {
        let (id, name, data) = message(&mut stream);
        assert_eq!((id, &data), (event["sequence"].as_u64(), event));
        assert_eq!(event["type"], format!("zen:event-type:{name}"));
    }
    // More than one portion.
    for _ in 0..250 {
        let set = server.set_status(AgentId(10013), StatusId(2), StatusReason::PublicApi);
        set.expect("an agent");
    }
    let last = server
        .send(&control(Method::GET, "/example/events?limit=0"))
        .at("/last")
        .as_u64()
        .expect("a number");
    let next = listed["last"].as_u64().expect("a number") + 1;
    assert_eq!(
        (next..=last)
            .map(|_| message(&mut stream).0)
            .collect::<Vec<_>>(),
        (next..=last).map(Some).collect::<Vec<_>>()
    );
}

#[test]
fn a_stream_begins_where_it_is_told_to() {
    let server = Account::demo();
    for _ in 0..3 {
        set_status(&server, 3);
    }
    let first = |ask: Ask| {
        let mut stream = server.open(&ask);
        set_status(&server, 3);
        message(&mut stream).0
    };
    assert_eq!(first(events_of("example", "")), Some(4), "only new events");
    assert_eq!(first(events_of("example", "?after=0")), Some(1));
    assert_eq!(first(events_of("example", "?after=2")), Some(3));
    assert_eq!(
        first(events_of("example", "?after=2").header("last-event-id", "1")),
        Some(2)
    );
    assert_eq!(
        first(events_of("example", "").header("last-event-id", "")),
        Some(8),
        "as if it were absent"
    );
    let of_others = events_of("example", "?after=0&type=agent.state_changed&agent=10013");
    let mut stream = server.open(&of_others);
    set_status(&server, 2);
    server.update(10013, 2);
    let (_, name, data) = message(&mut stream);
    assert_eq!(
        (name.as_str(), &data["subject"]),
        ("agent.state_changed", &json!("zen:agent:10013"))
    );
    for query in ["?wait=1s", "?limit=1", "?after=x", "?more=1"] {
        assert_eq!(
            server.send(&events_of("example", query)).status,
            422,
            "{query}"
        );
    }
    assert_eq!(server.send(&events_of("nobody", "")).status, 404);
}

/// Only a client that asks for a stream gets one.
#[test]
fn the_type_decides() {
    let server = Account::demo();
    for accept in ["*/*", "application/json", "text/*", ""] {
        let answer = server.send(&events_of("example", "").header("accept", accept));
        assert_eq!(
            answer.header("content-type"),
            Some("application/json"),
            "{accept:?}"
        );
    }
    for accept in [
        "text/event-stream; q=1",
        "application/json, Text/Event-Stream",
    ] {
        server.open(&events_of("example", "").header("accept", accept));
    }
}

#[test]
fn a_stream_says_what_it_cannot_show() {
    let server = Account::demo();
    for _ in 0..10_003 {
        let done = server.world().set_status(
            AgentId(10011),
            StatusId(3),
            StatusReason::PublicApi,
            server.now(),
        );
        done.expect("an agent");
    }
    for (after, missed) in [("0", 3), ("1", 2)] {
        let mut stream = server.open(&events_of("example", "").header("last-event-id", after));
        assert_eq!(
            message(&mut stream),
            (None, "dropped".to_owned(), json!({ "dropped": missed }))
        );
        assert_eq!(message(&mut stream).0, Some(4));
    }
    let mut stream = server.open(&events_of("example", "?after=3"));
    assert_eq!(message(&mut stream).0, Some(4), "nothing is missing");
    // Even with a filter that no event passes, the stream says that events may be missing.
    let mut stream = server.open(&events_of("example", "?after=0&agent=1"));
    assert_eq!(message(&mut stream).1, "dropped");
}

/// After a reset a client comes back with an id that no event has yet.
#[test]
fn a_stream_starts_again_after_a_reset() {
    let server = Account::demo();
    create(&server, &json!({ "subdomain": "a" }));
    let update = |id: u64| {
        let done = super::put_in(&server, "a", UPDATE, &json!({ "id": id }));
        assert_eq!(done.status, 200);
    };
    let mut stream = server.open(&events_of("a", ""));
    (0..4).for_each(|_| update(3));
    assert_eq!(
        (1..=4).map(|_| message(&mut stream).0).collect::<Vec<_>>(),
        [1, 2, 3, 4].map(Some)
    );
    reset(&server, "a");
    assert_eq!(stream.next(), None, "it ends with the account as it was");
    update(3);
    let mut stream = server.open(&events_of("a", "").header("last-event-id", "4"));
    assert_eq!(
        message(&mut stream),
        (None, "reset".to_owned(), json!({ "last": 1 }))
    );
    assert_eq!(message(&mut stream).0, Some(1));
    server.send(&control(Method::DELETE, "/a"));
    assert_eq!(stream.next(), None, "it ends with the account");
}

#[test]
fn a_quiet_stream_is_alive() {
    let server = Account::demo();
    let mut stream = server.open(&events_of("example", ""));
    assert_eq!(stream.next().as_deref(), Some(": "));
    assert_eq!(stream.next().as_deref(), Some(": "));
    set_status(&server, 3);
    assert_eq!(message(&mut stream).0, Some(1));
}

/// Over a socket: events are sent when they happen, and an open stream does not keep the server
/// from stopping.
#[test]
fn a_stream_goes_over_a_socket_and_ends_with_the_server() {
    let emulator = Emulator::start();
    let mut socket =
        TcpStream::connect(emulator.local_addr().expect("a socket")).expect("a connection");
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a time-out");
    let request = "GET /_emulator/accounts/example/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
    socket
        .write_all(request.as_bytes())
        .expect("the server takes it");
    let mut lines = BufReader::new(socket)
        .lines()
        .map(|line| line.expect("a line"));
    let head: Vec<_> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    assert_eq!(head[0], "HTTP/1.1 200 OK");
    for expected in [
        "content-type: text/event-stream",
        "cache-control: no-cache",
        "transfer-encoding: chunked",
    ] {
        assert!(
            head.iter().any(|line| line == expected),
            "{expected} is not in {head:?}"
        );
    }
    let now = emulator.default_account().clock().expect("an account").now;
    emulator
        .world()
        .set_status(AgentId(10011), StatusId(3), StatusReason::PublicApi, now)
        .expect("an agent");
    let event = lines.by_ref().find(|line| line.starts_with("id: "));
    assert_eq!(event.as_deref(), Some("id: 1"));
    emulator.stop();
    assert_eq!(lines.last().as_deref(), Some(""), "the stream has ended");
}

/// The same without a socket: a stream ends when its emulator is gone.
#[test]
fn a_stream_ends_with_the_emulator() {
    let body = stream_without_emulator(
        "/_emulator/accounts/example/events",
        "accept",
        "text/event-stream",
    );
    assert_eq!(body, b"");
}
