//! The stream of events and requests, which a page follows. The form is that of server-sent events
//! (WHATWG HTML, "Server-sent events"). The content is assumed: Zendesk has no such stream.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::world::{AgentId, StatusId, StatusReason};

use super::{control, create, put_in, reset, stream_without_emulator};
use crate::harness::{Account, Ask, Stream, elements};

const UPDATE: &str = "/agent_statuses/agents/10011";

fn stream_of(subdomain: &str, query: &str) -> Ask {
    control(Method::GET, &format!("/{subdomain}/stream{query}")).header("x-emulator-source", "test")
}

/// The name and the data of the next message.
fn message(stream: &mut Stream<'_>) -> (String, Value) {
    let message = stream.next().expect("a message");
    let line = |name: &str| {
        let line = message.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{message:?} has no {name}"))
    };
    let data = serde_json::from_str(line("data: ")).expect("JSON");
    (line("event: ").to_owned(), data)
}

fn numbers(events: u64, requests: u64) -> Value {
    json!({ "events": events, "requests": requests })
}

fn said(name: &str, events: u64, requests: u64) -> (String, Value) {
    (name.to_owned(), numbers(events, requests))
}

fn set_status(server: &Account, agent: u64) {
    let done = server.set_status(AgentId(agent), StatusId(3), StatusReason::PublicApi);
    done.expect("an agent");
}

/// A message has what the lists have, a request without its headers and its body.
#[test]
fn a_viewer_sees_what_the_lists_show() {
    let server = Account::demo();
    let mut stream = server.open(&stream_of("example", ""));
    assert_eq!(message(&mut stream), said("start", 0, 0));
    server.put(UPDATE, &json!({ "id": 2 }));
    server.get("/10002?page[size]=1&x=1");
    let events = server.send(&control(Method::GET, "/example/events")).json();
    for event in elements(&events["events"]) {
        let (name, data) = message(&mut stream);
        assert_eq!(&data, event);
        assert_eq!(event["type"], format!("zen:event-type:{name}"));
    }
    let journal = server
        .send(&control(Method::GET, "/example/requests"))
        .json();
    let requests = elements(&journal["requests"]);
    assert_eq!(requests.len(), 2);
    for request in requests {
        let mut request = request.clone();
        let members = request.as_object_mut().expect("a request");
        assert!(members.remove("headers").is_some() && members.remove("body").is_some());
        assert_eq!(message(&mut stream), ("request".to_owned(), request));
    }
}

#[test]
fn a_viewer_begins_where_it_says() {
    let server = Account::demo();
    for _ in 0..3 {
        set_status(&server, 10011);
        server.get("/10011");
    }
    let first = |query: &str| {
        let mut stream = server.open(&stream_of("example", query));
        let start = message(&mut stream);
        assert_eq!(start.0, "start");
        set_status(&server, 10011);
        server.get("/10011");
        let messages = [message(&mut stream), message(&mut stream)];
        (
            start.1,
            messages.map(|(name, data)| (name, data["sequence"].clone())),
        )
    };
    let event = |sequence: u64| ("agent.unified_state_changed".to_owned(), json!(sequence));
    let request = |sequence: u64| ("request".to_owned(), json!(sequence));
    assert_eq!(first(""), (numbers(3, 3), [event(4), request(4)]));
    assert_eq!(
        first("?events_after=3"),
        (numbers(4, 4), [event(4), event(5)])
    );
    assert_eq!(
        first("?events_after=5&requests_after=4"),
        (numbers(5, 5), [event(6), request(5)])
    );
    for query in [
        "?events_after=x",
        "?requests_after=-1",
        "?after=1",
        "?requests_after=",
    ] {
        let answer = server.send(&stream_of("example", query));
        assert_eq!(answer.status, 422, "{query}");
    }
    assert_eq!(server.send(&stream_of("nowhere", "")).status, 404);
}

/// However much happens, a viewer gets the newest fifty of each, and is told how many are missing.
#[test]
fn a_viewer_gets_the_newest_and_is_told_what_it_missed() {
    let server = Account::demo();
    let mut stream = server.open(&stream_of("example", ""));
    assert_eq!(message(&mut stream), said("start", 0, 0));
    for _ in 0..51 {
        set_status(&server, 10011);
    }
    for _ in 0..120 {
        server.get("/10011");
    }
    assert_eq!(message(&mut stream), said("skipped", 1, 70));
    let sequences = |stream: &mut Stream<'_>| -> Vec<_> {
        let messages = (0..50).map(|_| message(stream).1["sequence"].as_u64());
        messages.collect()
    };
    assert_eq!(
        sequences(&mut stream),
        (2..=51).map(Some).collect::<Vec<_>>()
    );
    assert_eq!(
        sequences(&mut stream),
        (71..=120).map(Some).collect::<Vec<_>>()
    );
    // Nothing is skipped between two portions.
    server.get("/10011");
    let (name, data) = message(&mut stream);
    assert_eq!((name.as_str(), &data["sequence"]), ("request", &json!(121)));
    // What the journal does not hold any more was skipped too.
    server.get("/10011");
    server.send(&control(Method::DELETE, "/example/requests"));
    assert_eq!(message(&mut stream), said("skipped", 0, 1));
}

/// A portion comes at once after a silence, and the next one not before its time.
#[test]
fn portions_are_paced() {
    let server = Account::demo();
    let mut stream = server.open(&stream_of("example", ""));
    message(&mut stream);
    server.get("/10011");
    assert_eq!(message(&mut stream).0, "request");
    server.get("/10012");
    assert!(stream.is_silent_for(Duration::from_millis(249)));
    assert_eq!(
        message(&mut stream).1["path"],
        "/api/v2/agent_availabilities/10012"
    );
    // The time of a pause passes as well while nothing happens.
    assert!(stream.is_silent_for(Duration::from_secs(1)));
    set_status(&server, 10011);
    assert!(!stream.is_silent_for(Duration::from_millis(1)));
}

/// A viewer stays over a reset, and sees what happens in the new account.
#[test]
fn a_viewer_stays_over_a_reset() {
    let server = Account::demo();
    create(&server, &json!({ "subdomain": "a" }));
    let update = || {
        assert_eq!(
            put_in(&server, "a", UPDATE, &json!({ "id": 3 })).status,
            200
        );
    };
    let mut stream = server.open(&stream_of("a", ""));
    message(&mut stream);
    (0..2).for_each(|_| update());
    for _ in 0..4 {
        message(&mut stream);
    }
    reset(&server, "a");
    assert_eq!(message(&mut stream), said("reset", 0, 0));
    update();
    let names = [message(&mut stream), message(&mut stream)];
    assert_eq!(
        names.map(|(name, data)| (name, data["sequence"].clone())),
        [
            ("agent.unified_state_changed".to_owned(), json!(1)),
            ("request".to_owned(), json!(1))
        ]
    );
    // A viewer that was away during the reset comes with numbers that are not there yet.
    for query in [
        "?events_after=2",
        "?requests_after=2",
        "?events_after=0&requests_after=2",
    ] {
        let mut late = server.open(&stream_of("a", query));
        assert_eq!(message(&mut late), said("start", 1, 1), "{query}");
        assert_eq!(message(&mut late), said("reset", 1, 1), "{query}");
    }
    server.send(&control(Method::DELETE, "/a"));
    assert_eq!(stream.next(), None, "it ends with the account");
}

#[test]
fn a_quiet_viewer_is_alive() {
    let server = Account::demo();
    let mut stream = server.open(&stream_of("example", ""));
    message(&mut stream);
    for _ in 0..2 {
        assert!(stream.is_silent_for(Duration::from_millis(14_999)));
        assert_eq!(stream.next().as_deref(), Some(": "));
    }
    server.get("/10011");
    assert_eq!(message(&mut stream).0, "request");
}

/// A page of another origin can send a GET without `Origin`, and without `Sec-Fetch-Site` where its
/// browser adds none. What it cannot send without a preflight is a header of the emulator's own.
#[test]
fn no_other_page_may_open_a_stream() {
    let server = Account::demo();
    let plain = || control(Method::GET, "/example/stream").header("host", "192.0.2.1:8080");
    let own = ("origin", "http://192.0.2.1:8080");
    for (headers, status) in [
        (&[][..], 403),
        (&[("accept", "text/event-stream")][..], 403),
        (&[("authorization", "Bearer x")][..], 403),
        (&[("x-emulator-source", "page")][..], 200),
        (&[own][..], 200),
        (&[("sec-fetch-site", "same-origin")][..], 200),
        (&[("sec-fetch-site", "none")][..], 200),
        (&[("sec-fetch-site", "cross-site")][..], 403),
        (&[("origin", "http://evil.test")][..], 403),
        (&[own, ("sec-fetch-site", "cross-site")][..], 403),
        (
            &[
                ("x-emulator-source", "page"),
                ("sec-fetch-site", "cross-site"),
            ][..],
            403,
        ),
        (
            &[("x-emulator-source", "page"), ("origin", "null")][..],
            403,
        ),
        (
            &[("x-emulator-source", "page"), ("host", "evil.test")][..],
            403,
        ),
    ] {
        let ask = headers
            .iter()
            .fold(plain(), |ask, (name, value)| ask.header(name, value));
        if status == 200 {
            server.open(&ask);
        } else {
            assert_eq!(server.send(&ask).status, status, "{headers:?}");
        }
    }
    let refused = server.send(&plain());
    let why = refused.at("/description");
    assert!(
        why.as_str()
            .is_some_and(|why| why.contains("X-Emulator-Source")),
        "{why}"
    );
    // Only the operator's clients know the token.
    let server = Account::with(|builder| builder.control_token("s3cret"));
    server.open(&plain().header("authorization", "Bearer s3cret"));
    let unknown = plain().header("x-emulator-source", "page");
    assert_eq!(server.send(&unknown).status, 401);
}

/// A journal that keeps no requests counts them.
#[test]
fn a_viewer_is_told_of_requests_that_are_not_kept() {
    let server = Account::with(|builder| builder.journal_requests(0));
    let mut stream = server.open(&stream_of("example", ""));
    message(&mut stream);
    server.get("/10011");
    assert_eq!(message(&mut stream), said("skipped", 0, 1));
}

/// An open stream does not outlive its emulator.
#[test]
fn a_viewer_leaves_with_the_emulator() {
    let body = stream_without_emulator(
        "/_emulator/accounts/example/stream",
        "x-emulator-source",
        "test",
    );
    assert_eq!(
        body,
        b"event: start\ndata: {\"events\":0,\"requests\":0}\n\n"
    );
}
