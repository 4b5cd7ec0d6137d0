//! Faults that take real time. In these tests it is tokio's paused time, which moves only when a
//! task waits for it.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use futures_util::stream;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::ServiceExt;
use zendesk_availability_emulator::Emulator;

use crate::harness::P;

/// An emulator whose delays take no time.
struct Paused {
    router: Router,
    runtime: tokio::runtime::Runtime,
}

impl Paused {
    fn with(rules: &Value) -> Self {
        let router = Emulator::builder()
            .build()
            .expect("valid settings")
            .router();
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let paused = Self {
            router,
            runtime: builder
                .enable_time()
                .start_paused(true)
                .build()
                .expect("a runtime"),
        };
        let set = Request::put("/_emulator/accounts/example/faults")
            .header("content-type", "application/json");
        let set = set
            .body(Body::from(json!({ "faults": rules }).to_string()))
            .expect("a request");
        let answer = paused
            .runtime
            .block_on(paused.router.clone().oneshot(set))
            .expect("infallible");
        assert_eq!(answer.status(), 200, "{rules}");
        paused
    }

    /// Milliseconds until the head, and until each piece of the body.
    #[expect(
        clippy::disallowed_methods,
        reason = "it is tokio's time, which does not go by itself here"
    )]
    fn times(&self) -> (u128, Vec<u128>) {
        self.runtime.block_on(async {
            let begin = Instant::now();
            let mut answer = self
                .router
                .clone()
                .oneshot(get())
                .await
                .expect("infallible");
            let head = begin.elapsed().as_millis();
            let mut pieces = Vec::new();
            while let Some(Ok(_)) = answer.body_mut().frame().await {
                pieces.push(begin.elapsed().as_millis());
            }
            (head, pieces)
        })
    }
}

fn get() -> Request<Body> {
    let request = Request::get(format!("{P}/agent_statuses"))
        .header("authorization", "Bearer demo-oauth-admin");
    request.body(Body::empty()).expect("a request")
}

#[test]
fn latency_is_before_the_answer() {
    for fault in [
        json!({ "latency": "1500ms" }),
        json!({ "latency": "1500ms", "status": 503 }),
    ] {
        let (head, pieces) = Paused::with(&json!([{ "fault": fault }])).times();
        assert_eq!((head, pieces), (1500, vec![1500]), "{fault}");
    }
}

#[test]
fn a_slow_first_byte_is_after_the_head() {
    let (head, pieces) = Paused::with(&json!([{ "preset": "slow-first-byte" }])).times();
    assert_eq!((head, pieces), (0, vec![2000]));
}

#[test]
fn a_dribbled_body_comes_in_pieces() {
    let fault = json!({ "latency": "1s", "slow_first_byte": "2s", "dribble": { "bytes": 3, "every": "100ms" }, "truncate": 10 });
    let (head, pieces) = Paused::with(&json!([{ "fault": fault }])).times();
    assert_eq!((head, pieces), (1000, vec![3000, 3100, 3200, 3300]));
}

/// The issue: it ends after ten minutes, whether or not the body is complete by then, or when the
/// body is cut off.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "it is tokio's time, which does not go by itself here"
)]
fn silence_ends_after_ten_minutes() {
    let paused = Paused::with(&json!([{ "fault": { "silence": true } }]));
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
        let took = paused.runtime.block_on(async {
            let begin = Instant::now();
            let answer = paused
                .router
                .clone()
                .oneshot(get().map(|_| body))
                .await
                .expect("infallible");
            assert!(
                answer.into_body().collect().await.is_err(),
                "nothing is answered"
            );
            begin.elapsed()
        });
        assert_eq!(took, Duration::from_secs(seconds));
    }
}

/// The issue: the same rules and requests give the same faults again, and each hit draws new random
/// values.
#[test]
fn what_is_drawn_can_be_drawn_again() {
    let rules = json!([
        { "when": { "every": 2 }, "fault": { "latency": { "uniform": ["100ms", "300ms"] } } },
        { "fault": { "latency": { "log_normal": { "median": "200ms", "sigma": 0.5 } } } },
    ]);
    let draw = || {
        let paused = Paused::with(&rules);
        (0..20).map(|_| paused.times().0).collect::<Vec<_>>()
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
