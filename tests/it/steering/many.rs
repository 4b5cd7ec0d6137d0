//! Many agents in one call.

use std::cell::RefCell;
use std::convert::Infallible;

use axum::body::Body;
use axum::http::Method;
use futures_util::future::join;
use futures_util::stream;
use serde_json::{Value, json};
use zendesk_availability_emulator::world::{AgentFilter, AgentId, Position};

use super::{agent, events};
use crate::harness::{Account, Answer, Ask};

/// The call that adds many agents, without a body.
fn many() -> Ask {
    Ask::control(Method::POST, "/agents").header("content-type", "application/x-ndjson")
}

fn send(server: &Account, body: impl Into<Vec<u8>>) -> Answer {
    server.send(&many().body(body))
}

fn lines(documents: impl IntoIterator<Item = Value>) -> String {
    documents
        .into_iter()
        .map(|document| document.to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Invalid JSON is reported with its line in the body, and with no other line number.
#[test]
fn invalid_json_is_named_by_its_line() {
    let server = Account::demo();
    let refused = send(&server, "{\"id\": 50001}\n{\"id\":\n");
    let problem =
        json!({ "path": "line 2", "message": "not JSON: EOF while parsing a value at column 6" });
    assert_eq!(
        (refused.status.as_u16(), refused.at("/problems")),
        (422, json!([problem]))
    );
}

/// Ids below, between and above the existing ones, in no order: lists and filters show all of them,
/// in order.
#[test]
fn agents_with_any_ids_are_added() {
    let server = Account::demo();
    let agent_of = |id: u64| json!({ "id": id, "agent_status": { "id": 2 + id % 4 }, "channels": { "talk": { "status": "online" } } });
    let is_free = |id: &u64| !(10_011..=10_035).contains(id);
    let ids: Vec<u64> = (0..700)
        .map(|n| n * 7919 % 700 * 21 + 3)
        .filter(is_free)
        .collect();
    let made = send(&server, lines(ids.iter().copied().map(agent_of)));
    assert_eq!(
        (made.status.as_u16(), made.json()),
        (201, json!({ "created": 699 }))
    );
    let all = server
        .world()
        .agents(&AgentFilter::default(), &Position::First, usize::MAX)
        .items;
    let mut found: Vec<_> = all.iter().map(|agent| agent.id).collect();
    assert_eq!(found.len(), 726);
    assert!(found.is_sorted());
    found.retain(|id| ids.contains(&id.0));
    assert_eq!(found.len(), 699);
    let online =
        AgentFilter::new().agent_status(vec![zendesk_availability_emulator::world::StatusId(5)]);
    let of_status = server
        .world()
        .agents(&online, &Position::First, usize::MAX)
        .items;
    // A fourth of them, and two agents of the demo.
    assert_eq!(of_status.len(), 177);
    for id in &ids {
        assert_eq!(agent(&server, *id)["agent_status"]["id"], 2 + id % 4);
    }
    assert_eq!(
        server.json("/3")["data"]["attributes"]["agent_status"]["name"],
        "transfers_only"
    );
    assert_eq!(events(&server), Vec::<String>::new());
    // Later agents are sorted in too, whether they come after all others or between them.
    assert_eq!(
        send(
            &server,
            "{\"id\": 4}\n{\"id\": 2000000}\n{\"id\": 99999999999999999}"
        )
        .at("/created"),
        3
    );
    let all = server
        .world()
        .agents(&AgentFilter::default(), &Position::First, usize::MAX)
        .items;
    assert!(all.is_sorted_by_key(|agent| agent.id) && all.len() == 729 && all[1].id == AgentId(4));
}

/// If one line is wrong, no agent is added. The first hundred problems are named, and all are
/// counted.
#[test]
fn all_agents_are_added_or_none() {
    let server = Account::demo();
    let before = server.state();
    let body = "\n{\"id\": 5}\r\n  \n{\"id\": 5, \"channels\": {\"messaging\": {\"status\": \"busy\"}}}\n{\"id\": 10011}\nnot json\n[]\n\u{feff}{}\n{\"id\": 6}";
    let refused = send(&server, body);
    let expected = [
        "line 4: id",
        "line 4: channels.messaging.status",
        "line 5: id",
        "line 6",
        "line 7",
        "line 8",
    ];
    assert_eq!(refused.places(), expected, "{}", refused.text());
    assert_eq!(refused.at("/problem_count"), 6);
    let taken = send(&server, "{\"id\": 5}\n\n{\"id\": 10011}\n{\"id\": 10012}\n");
    assert_eq!(taken.places(), ["line 3: id", "line 4: id"]);
    let many = send(
        &server,
        lines((0..1000).map(|id| json!({ "id": id, "agent_status": { "id": id + 200 }, "x": 1 }))),
    );
    assert_eq!(
        (many.places().len(), many.at("/problem_count")),
        (100, json!(2000))
    );
    assert_eq!(many.places()[99], "line 50: agent_status.id");
    assert_eq!(
        send(&server, b"{\"id\": 7}\n\xff\n".as_slice()).places(),
        ["line 2"]
    );
    assert_eq!(send(&server, "{\"id\": 20001}").places(), ["line 1: id"]);
    assert_eq!(server.state(), before);
}

#[test]
fn a_body_without_agents_adds_none() {
    let server = Account::demo();
    let before = server.state();
    for body in ["", "\n", "\r\n \t\n\n"] {
        assert_eq!(send(&server, body).json(), json!({ "created": 0 }));
    }
    let large = many().header("content-length", "268435457");
    assert_eq!(server.send(&large).status, 413);
    let typed = many().header("content-type", "application/x-ndjson; charset=utf-8");
    assert_eq!(server.send(&typed).status, 201);
    assert_eq!(server.state(), before);
}

/// Sends a body in pieces of this size.
fn send_pieces(server: &Account, body: &str, size: usize) -> Answer {
    let pieces: Vec<_> = body.as_bytes().chunks(size).map(<[u8]>::to_vec).collect();
    let pieces = stream::iter(pieces.into_iter().map(Ok::<_, Infallible>));
    server.send_body(&many(), Body::from_stream(pieces))
}

/// The lines are the same for every way to cut the body into pieces.
#[test]
fn lines_may_be_cut_anywhere() {
    let body = lines(
        (100..110).map(|id| json!({ "id": id, "group_ids": [1], "channels": { "chat": {} } })),
    );
    for size in [1, 2, 7, 64, 65, 1000] {
        let server = Account::demo();
        assert_eq!(send_pieces(&server, &body, size).status, 201, "{size}");
        for id in 100..110 {
            let added = server.world().agent(AgentId(id));
            assert!(added.is_some(), "{id} in pieces of {size}");
        }
    }
}

/// A line that is too long is a problem of that line alone, whether it is complete or goes on for
/// longer than the read buffer, in pieces of any size.
#[test]
fn a_line_that_is_too_long_is_named() {
    const MOST: usize = 1 << 20;
    let padded = |id: u64, length: usize| {
        let line = json!({ "id": id }).to_string();
        format!("{}{line}", " ".repeat(length - line.len()))
    };
    let server = Account::demo();
    let long = [
        padded(100, MOST),
        padded(101, MOST + 1),
        "{}".to_owned(),
        padded(102, 4 * MOST),
        "[]".to_owned(),
    ];
    for body in [long.join("\n"), long.join("\n") + "\n"] {
        for size in [10_000, 70_000, MOST, 8 * MOST] {
            let found = send_pieces(&server, &body, size).problems();
            let too_long = "it is longer than 1048576 bytes";
            let expected = [
                ("line 2", too_long),
                ("line 3", "\"id\" is missing"),
                ("line 4", too_long),
                ("line 5", "expected an object, found a list"),
            ];
            let expected = expected.map(|(place, text)| (place.to_owned(), text.to_owned()));
            assert_eq!(found, expected, "in pieces of {size}");
        }
    }
    let alone = send_pieces(&server, &padded(102, 4 * MOST), 70_000);
    assert_eq!(alone.at("/problem_count"), 1);
    assert_eq!(send_pieces(&server, &padded(100, MOST), 70_000).status, 201);
}

/// On a single thread, a call that arrives while a long body is read is answered before that is
/// finished.
#[test]
fn others_are_served_meanwhile() {
    let server = Account::demo();
    // Its last line is wrong, so the call only reads.
    let body = lines(
        (1..2_000)
            .map(|id| json!({ "id": id + 100_000 }))
            .chain([json!(null)]),
    );
    let (long, short) = (
        many().body(body),
        Ask::control(Method::GET, "/agents/10011"),
    );
    let order = RefCell::new(Vec::new());
    let send = async |ask: &Ask| {
        let answer = server.respond(ask.request()).await;
        order.borrow_mut().push(answer.status().as_u16());
    };
    server.run(join(send(&long), send(&short)));
    assert_eq!(order.into_inner(), [200, 422]);
}
