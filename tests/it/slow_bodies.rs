//! A body that never arrives. Time is tokio's and paused: it jumps to the next thing that is due.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Request;
use http_body::Frame;
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::client::{Fault, FaultRule};

use crate::harness::{P, kept_body};

/// The first half of a body, and then nothing.
struct Half(Option<&'static str>);

impl HttpBody for Half {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.take().map_or(Poll::Pending, |half| {
            Poll::Ready(Some(Ok(Frame::data(Bytes::from(half)))))
        })
    }
}

/// Assumed: a body that does not arrive within 30 seconds is a 408, and nothing is changed. The
/// journal has what arrived.
#[test]
fn a_body_that_never_comes_is_given_up() {
    is_given_up(&Emulator::builder().build().expect("valid settings"));
}

/// The same, after the same time, if a fault has to examine the body.
#[test]
fn a_body_that_never_comes_to_a_fault_is_given_up() {
    let emulator = Emulator::builder().build().expect("valid settings");
    let rule = FaultRule::new(Fault::new().status(503)).body(json!({ "id": 4 }));
    emulator
        .default_account()
        .set_faults(&[rule])
        .expect("a rule");
    is_given_up(&emulator);
    assert_eq!(
        emulator.default_account().faults().expect("rules")[0].matched,
        0
    );
}

fn is_given_up(emulator: &Emulator) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let (status, body) = runtime.expect("a runtime").block_on(async {
        let request = Request::put(format!("{P}/agent_statuses/agents/10011"))
            .header("authorization", "Bearer demo-oauth-admin")
            .body(Body::new(Half(Some("{\"id\""))))
            .expect("a request");
        let answered =
            tokio::time::timeout(Duration::from_secs(31), emulator.router().oneshot(request)).await;
        let response = answered.expect("an answer in time").expect("infallible");
        let status = response.status();
        (status, response.collect().await.expect("a body").to_bytes())
    });
    assert_eq!(status, 408);
    assert_eq!(
        body,
        r#"{"error":"RequestTimeout","description":"The request body did not arrive in time"}"#
    );
    assert_eq!(emulator.world().events(), []);
    assert_eq!(kept_body(emulator), (Some("{\"id\"".to_owned()), false));
}
