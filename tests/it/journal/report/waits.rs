//! `Retry-After`, and whether the client waited.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::clock::Clock;

use super::{NONE, control, set_limit, shown, verdicts};
use crate::harness::{Account, Ask, P, START, elements};
use crate::journal::ONE;

const RULE: &str = "retry_after";

/// Documented: a 429 says how long to wait. The same caller's next request counts, by the account's
/// clock.
#[test]
fn whether_retry_after_was_heeded() {
    let server = Account::demo();
    set_limit(&server, 1);
    server.get(ONE);
    assert_eq!(server.get(ONE).header("retry-after"), Some("60"));
    // Another caller does not know of it.
    server.send(&Ask::get("/me").by_agent());
    server.send(&Ask::get(ONE).anonymous());
    assert_eq!(
        (
            shown(&server, "retry_after", "bad"),
            shown(&server, "retry_after", "good")
        ),
        (vec![], vec![])
    );
    server.advance(Duration::from_millis(59_999));
    server.get(ONE);
    assert_eq!(shown(&server, "retry_after", "bad"), [5]);
    server.advance(Duration::from_millis(1));
    server.get(ONE);
    // The request that came too early was told to wait for a millisecond, which is rounded up to a
    // second. The client did not wait that long.
    assert_eq!(shown(&server, "retry_after", "bad"), [5, 6]);
    server.get(ONE);
    server.advance(Duration::from_mins(1));
    server.get(ONE);
    assert_eq!(
        (
            shown(&server, "retry_after", "bad"),
            shown(&server, "retry_after", "good")
        ),
        (vec![5, 6], vec![8])
    );
    // The agent came back too, after the clock was set back: how long it waited is unknown.
    let earlier = json!({ "mode": "frozen", "at": "2026-01-21T10:00:00Z" });
    assert_eq!(
        server
            .send(&control(Method::PUT, "/clock").json(&earlier))
            .status,
        200
    );
    server.send(&Ask::get("/me").by_agent());
    assert_eq!(
        (
            shown(&server, "retry_after", "bad"),
            shown(&server, "retry_after", "good")
        ),
        (vec![5, 6], vec![8])
    );
}

/// A request that was already sent when another was told to wait cannot know of it.
#[test]
fn requests_side_by_side_do_not_know_of_each_other() {
    let clock = Clock::frozen(START.parse().expect("a time"));
    let emulator = Emulator::builder()
        .clock(clock)
        .build()
        .expect("valid settings");
    let router = emulator.router();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let call = |method: &str, target: &str, body: Body| {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("authorization", "Bearer demo-oauth-admin");
        let request = request
            .header("content-type", "application/json")
            .body(body)
            .expect("a request");
        let router = router.clone();
        async move {
            let response = router.oneshot(request).await.expect("infallible");
            (
                response.status().as_u16(),
                response.collect().await.expect("a body").to_bytes(),
            )
        }
    };
    runtime.block_on(async {
        let settings = Body::from(r#"{"settings":{"rate_limit":{"requests":1}}}"#);
        assert_eq!(
            call("PATCH", "/_emulator/accounts/example", settings)
                .await
                .0,
            200
        );
        let (sender, body) = tokio::sync::oneshot::channel::<&'static str>();
        let body = Body::from_stream(futures_util::stream::once(body));
        let slow = tokio::spawn(call(
            "PUT",
            &format!("{P}/agent_statuses/agents/10011"),
            body,
        ));
        // It gets as far as it can before the test continues.
        tokio::task::yield_now().await;
        assert_eq!(
            call("GET", &format!("{P}/10011"), Body::empty()).await.0,
            429
        );
        sender.send(r#"{"id":4}"#).expect("the receiver exists");
        assert_eq!(slow.await.expect("an answer").0, 200);
        let report = call("GET", "/_emulator/accounts/example/report", Body::empty())
            .await
            .1;
        let report: Value = serde_json::from_slice(&report).expect("JSON");
        let rules: Vec<_> = elements(&report["findings"])
            .iter()
            .map(|it| &it["rule"])
            .collect();
        assert_eq!(
            (&report["requests"], rules),
            (&json!(2), vec![&json!("rate_limit")])
        );
    });
}

/// An account whose first requests, this many, are told to wait for a minute.
fn unavailable(first: u64) -> Account {
    let server = Account::demo();
    let rule = json!({ "fault": { "status": 503, "retry_after": 60 }, "when": { "first": first } });
    assert_eq!(
        server
            .send(&control(Method::PUT, "/faults").json(&json!({ "faults": [rule] })))
            .status,
        200
    );
    server
}

/// Assumed: another request of the same caller may come from another worker, which was told
/// nothing.
#[test]
fn only_the_same_request_again_is_bad() {
    let told = "?page[size]=3&filter[group_id]=1,42";
    for (again, verdicts_then) in [
        (Ask::get(told), [NONE, vec![2], NONE]),
        (
            Ask::get("?filter%5Bgroup_id%5D=42,+1&page%5Bsize%5D=3"),
            [NONE, vec![2], NONE],
        ),
        (
            Ask::get("?page[size]=4&filter[group_id]=1,42"),
            [NONE, NONE, vec![2]],
        ),
        (Ask::get(ONE), [NONE, NONE, vec![2]]),
        (Ask::head(told), [NONE, NONE, vec![2]]),
        // Another program, another caller, an unknown caller.
        (
            Ask::get(told).header("user-agent", "another"),
            [NONE, NONE, NONE],
        ),
        (Ask::get(told).by_agent(), [NONE, NONE, NONE]),
        (Ask::get(told).anonymous(), [NONE, NONE, NONE]),
    ] {
        let server = unavailable(1);
        assert_eq!(server.get(told).status, 503);
        server.advance(Duration::from_secs(10));
        server.send(&again);
        assert_eq!(verdicts(&server, RULE), verdicts_then, "{again:?}");
        // The worker that was told to wait comes back, exactly in time.
        server.advance(Duration::from_secs(50));
        server.get(told);
        let [good, bad, note] = verdicts_then;
        let good = if bad.is_empty() && note.is_empty() {
            vec![3]
        } else {
            good
        };
        assert_eq!(verdicts(&server, RULE), [good, bad, note], "{again:?}");
    }
}

/// Assumed: a request by `me` and by id is the same request. A worker that continues does not hide
/// one that comes back too early.
#[test]
fn an_early_request_is_found_behind_others() {
    let server = unavailable(1);
    server.get("/me");
    server.get(ONE);
    server.send(&Ask::get("/10001").token("admin@example.com", "demo-api-token"));
    assert_eq!(verdicts(&server, RULE), [NONE, vec![3], NONE]);
}

/// Assumed: what unknown callers were told does not affect other callers.
#[test]
fn unknown_callers_are_not_taken_for_each_other() {
    let server = unavailable(2);
    for _ in 0..4 {
        server.send(&Ask::get(ONE).anonymous());
        server.send(&Ask::get(ONE).bearer("unknown"));
    }
    assert_eq!(verdicts(&server, RULE), [NONE, NONE, NONE]);
}

/// Assumed: once the account's clock was set back, there is no verdict, even if it then moves on.
#[test]
fn a_clock_that_is_put_back_proves_nothing() {
    let server = unavailable(1);
    server.get(ONE);
    server.advance(Duration::from_secs(90));
    server.send(&Ask::get("/me").by_agent());
    let earlier = json!({ "mode": "frozen", "at": "2026-01-21T10:30:30Z" });
    assert_eq!(
        server
            .send(&control(Method::PUT, "/clock").json(&earlier))
            .status,
        200
    );
    server.get(ONE);
    assert_eq!(verdicts(&server, RULE), [NONE, NONE, NONE]);
}
