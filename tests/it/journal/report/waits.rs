//! `Retry-After`, and whether the client waited.

use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use futures_util::future::join;
use futures_util::stream;
use serde_json::json;

use super::{NONE, OAUTH, rules, set_limit, shown, verdicts};
use crate::harness::{Account, Ask};
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
            .send(&Ask::control(Method::PUT, "/clock").json(&earlier))
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
    let server = Account::demo();
    set_limit(&server, 1);
    let (sender, body) = tokio::sync::oneshot::channel::<&'static str>();
    let slow = Ask::update().bearer(OAUTH);
    let slow = slow.header("content-type", "application/json");
    let body = Body::from_stream(stream::once(body));
    // The first of the two is polled first, and gets as far as it can before the other begins.
    let (slow, ()) = server.run(join(server.answer_body(&slow, body), async {
        let refused = server.answer(&Ask::get(ONE).bearer(OAUTH)).await;
        assert_eq!(refused.status, 429);
        sender.send(r#"{"id":4}"#).expect("the receiver exists");
    }));
    assert_eq!(slow.status, 200);
    assert_eq!(
        server
            .send(&Ask::control(Method::GET, "/report"))
            .at("/requests"),
        2
    );
    assert_eq!(rules(&server), ["rate_limit"]);
}

/// An account whose first requests, this many, are told to wait for a minute.
fn unavailable(first: u64) -> Account {
    let server = Account::demo();
    let rule = json!({ "fault": { "status": 503, "retry_after": 60 }, "when": { "first": first } });
    assert_eq!(
        server
            .send(&Ask::control(Method::PUT, "/faults").json(&json!({ "faults": [rule] })))
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
            .send(&Ask::control(Method::PUT, "/clock").json(&earlier))
            .status,
        200
    );
    server.get(ONE);
    assert_eq!(verdicts(&server, RULE), [NONE, NONE, NONE]);
}
