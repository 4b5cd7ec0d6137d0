//! Many refreshes of one token at once.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::sync::Barrier;
use tower::ServiceExt;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::clock::Clock;

use super::{refresh_of, with_seed};
use crate::harness::{P, START};

const WORKERS: usize = 200;
const ROUNDS: usize = 20;

async fn send(router: Router, request: Request<Body>) -> (StatusCode, Value) {
    let answer = router.oneshot(request).await.expect("infallible");
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("a body");
    (
        status,
        serde_json::from_slice(&body.to_bytes()).expect("JSON"),
    )
}

fn refresh(token: &str) -> Request<Body> {
    let body = refresh_of(token).to_string();
    let request = Request::post("/oauth/tokens").header("content-type", "application/json");
    request.body(Body::from(body)).expect("a request")
}

fn me(token: &str) -> Request<Body> {
    let request =
        Request::get(format!("{P}/me")).header("authorization", format!("Bearer {token}"));
    request.body(Body::empty()).expect("a request")
}

/// By design: of any number of simultaneous refreshes with one token exactly one succeeds.
/// The others are `invalid_grant`.
#[test]
fn one_of_many_refreshes_succeeds() {
    let clock = Clock::frozen(START.parse().expect("a time"));
    let emulator = with_seed(Emulator::builder().clock(clock)).build();
    let emulator = emulator.expect("valid settings");
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime");
    let (mut access, mut token) = ("app-access".to_owned(), "app-refresh".to_owned());
    for round in 0..ROUNDS {
        let barrier = Arc::new(Barrier::new(WORKERS));
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                let (router, request) = (emulator.router(), refresh(&token));
                let barrier = Arc::clone(&barrier);
                runtime.spawn(async move {
                    barrier.wait().await;
                    send(router, request).await
                })
            })
            .collect();
        let mut winners = Vec::new();
        for worker in workers {
            let (status, body) = runtime.block_on(worker).expect("no panic");
            if status == StatusCode::OK {
                winners.push(body);
            } else {
                assert_eq!(
                    (status.as_u16(), &body["error"]),
                    (400, &"invalid_grant".into())
                );
            }
        }
        assert_eq!(winners.len(), 1, "round {round}");
        let member = |name: &str| winners[0][name].as_str().expect("a token").to_owned();
        let status = |token: &str| runtime.block_on(send(emulator.router(), me(token))).0;
        assert_eq!(status(&access), 401, "round {round}");
        (access, token) = (member("access_token"), member("refresh_token"));
        assert_eq!(status(&access), 200, "round {round}");
        let live = emulator.world().directory().oauth().tokens().count();
        assert_eq!(live, 2, "the renewed one and that of the other client");
    }
}
