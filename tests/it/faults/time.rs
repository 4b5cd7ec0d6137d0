//! Faults that take real time. In these tests it is tokio's paused time, which moves only when a
//! task waits for it.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::set;
use crate::harness::{Account, Ask};

fn with(rules: &Value) -> Account {
    let server = Account::demo();
    set(&server, rules);
    server
}

/// Milliseconds until the head, and until each piece of the body.
#[expect(
    clippy::disallowed_methods,
    reason = "it is tokio's time, which does not go by itself here"
)]
fn times(server: &Account) -> (u128, Vec<u128>) {
    server.run(async {
        let begin = Instant::now();
        let request = Ask::get("/agent_statuses").request();
        let mut answer = server.respond(request).await;
        let head = begin.elapsed().as_millis();
        let mut pieces = Vec::new();
        while let Some(Ok(_)) = answer.body_mut().frame().await {
            pieces.push(begin.elapsed().as_millis());
        }
        (head, pieces)
    })
}

#[test]
fn latency_is_before_the_answer() {
    for fault in [
        json!({ "latency": "1500ms" }),
        json!({ "latency": "1500ms", "status": 503 }),
    ] {
        let (head, pieces) = times(&with(&json!([{ "fault": fault }])));
        assert_eq!((head, pieces), (1500, vec![1500]), "{fault}");
    }
}

#[test]
fn a_slow_first_byte_is_after_the_head() {
    let (head, pieces) = times(&with(&json!([{ "preset": "slow-first-byte" }])));
    assert_eq!((head, pieces), (0, vec![2000]));
}

#[test]
fn a_dribbled_body_comes_in_pieces() {
    let fault = json!({ "latency": "1s", "slow_first_byte": "2s", "dribble": { "bytes": 3, "every": "100ms" }, "truncate": 10 });
    let (head, pieces) = times(&with(&json!([{ "fault": fault }])));
    assert_eq!((head, pieces), (1000, vec![3000, 3100, 3200, 3300]));
}

/// By design: it ends after ten minutes, whether or not the body is complete by then, or when the
/// body is cut off.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "it is tokio's time, which does not go by itself here"
)]
fn silence_ends_after_ten_minutes() {
    let server = with(&json!([{ "fault": { "silence": true } }]));
    let cut_off =
        stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::UnexpectedEof)) });
    for (body, seconds) in [
        (Body::empty(), 600),
        (Body::from("{}"), 600),
        (
            Body::from_stream(stream::pending::<io::Result<Bytes>>()),
            600,
        ),
        (Body::from_stream(cut_off), 0),
    ] {
        let took = server.run(async {
            let begin = Instant::now();
            let silent = server.answer_body(&Ask::get("/agent_statuses"), body).await;
            assert!(silent.is_cut_off && silent.body.is_empty(), "{silent:?}");
            begin.elapsed()
        });
        assert_eq!(took, Duration::from_secs(seconds));
    }
}

/// By design: the same rules and requests give the same faults again, and each hit draws new random
/// values.
#[test]
fn what_is_drawn_can_be_drawn_again() {
    let rules = json!([
        { "when": { "every": 2 }, "fault": { "latency": { "uniform": ["100ms", "300ms"] } } },
        { "fault": { "latency": { "log_normal": { "median": "200ms", "sigma": 0.5 } } } },
    ]);
    let draw = || {
        let server = with(&rules);
        (0..20).map(|_| times(&server).0).collect::<Vec<_>>()
    };
    let drawn = draw();
    assert_eq!(drawn, draw());
    let different: std::collections::BTreeSet<_> = drawn.iter().collect();
    assert!(different.len() > 15, "{drawn:?}");
    assert!(
        drawn
            .iter()
            .step_by(2)
            .all(|latency| (100..=301).contains(latency)),
        "{drawn:?}"
    );
}
