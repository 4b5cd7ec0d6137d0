//! The rate limit.

mod arrivals;
mod remaining;
mod state;

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::Method;
use serde_json::json;
use zendesk_availability_emulator::config::{RateLimitBody, RateLimitPatch, SettingsPatch};

use crate::harness::{Account, Answer, Ask};

const TEXT: &str = "Number of allowed API requests per minute exceeded";

fn limit(requests: u32, window: Duration) -> SettingsPatch {
    let requests = NonZeroU32::new(requests).expect("not zero");
    let rate_limit = RateLimitPatch::new()
        .requests(Some(requests))
        .window(window);
    SettingsPatch::new().rate_limit(rate_limit)
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn call(account: &Account) -> Answer {
    account.send(&Ask::head("/10011"))
}

/// Limit, remaining calls and seconds to the end of the window. Each pair of headers must agree.
fn reading(answer: &Answer) -> [u64; 3] {
    let number = |name| {
        let value = answer
            .header(name)
            .unwrap_or_else(|| panic!("no {name}: {answer:?}"));
        value
            .parse::<u64>()
            .unwrap_or_else(|_| panic!("{name} is {value}"))
    };
    assert_eq!(
        number("x-rate-limit"),
        number("ratelimit-limit"),
        "{answer:?}"
    );
    assert_eq!(
        number("x-rate-limit-remaining"),
        number("ratelimit-remaining"),
        "{answer:?}"
    );
    [
        number("ratelimit-limit"),
        number("ratelimit-remaining"),
        number("ratelimit-reset"),
    ]
}

/// When a refused call may be repeated, in seconds.
fn retry_after(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 429, "{answer:?}");
    let value = answer
        .header("retry-after")
        .expect("a 429 says when to come back");
    value
        .parse()
        .unwrap_or_else(|_| panic!("Retry-After is {value}"))
}

/// Documented for 200 a minute, assumed for the window: it lasts 60 s from its first call and
/// admits exactly 200, so the 201st is refused however slowly the 200 came.
#[test]
fn a_window_admits_two_hundred_calls_however_slowly_they_come() {
    for gap in [0, 1, 7, 299] {
        let account = Account::demo();
        for number in 1..=200 {
            let answer = call(&account);
            assert_eq!(answer.status, 200, "call {number}, {gap} ms apart");
            assert_eq!(reading(&answer)[..2], [200, 200 - number], "{gap} ms apart");
            if number < 200 {
                account.advance(ms(gap));
            }
        }
        assert_eq!(call(&account).status, 429, "{gap} ms apart");
        account.advance(ms(60_000 - 199 * gap - 1));
        assert_eq!(
            call(&account).status,
            429,
            "{gap} ms apart, the window's last millisecond"
        );
        account.advance(ms(1));
        assert_eq!(
            reading(&call(&account)),
            [200, 199, 60],
            "{gap} ms apart, the next window's first call"
        );
    }
}

/// Documented for Retry-After in whole seconds, assumed for its being exact: the first call after
/// it is admitted, and a call one second earlier is not.
#[test]
fn retry_after_is_exact() {
    for (elapsed, seconds) in [
        (0, 60),
        (1, 60),
        (999, 60),
        (1_000, 59),
        (1_001, 59),
        (29_500, 31),
        (58_999, 2),
        (59_000, 1),
        (59_001, 1),
        (59_999, 1),
    ] {
        let account = Account::demo_with(limit(1, ms(60_000)));
        assert_eq!(call(&account).status, 200);
        account.advance(ms(elapsed));
        let refused = call(&account);
        assert_eq!(retry_after(&refused), seconds, "after {elapsed} ms");
        assert_eq!(reading(&refused), [1, 0, seconds], "after {elapsed} ms");
        account.advance(ms((seconds - 1) * 1000));
        assert_eq!(
            call(&account).status,
            429,
            "refused after {elapsed} ms, a second too early"
        );
        account.advance(ms(1000));
        assert_eq!(
            call(&account).status,
            200,
            "refused after {elapsed} ms, at the time it was given"
        );
    }
}

/// Documented for `X-Rate-Limit` and `X-Rate-Limit-Remaining`, assumed here for the `ratelimit`
/// headers, which are documented for other APIs: they are on every answer of these APIs. Assumed:
/// every call with valid credentials counts, whatever its result.
#[test]
fn every_answer_says_how_much_is_left() {
    let update = || Ask::update();
    let nowhere = "/10011/no/such/route";
    for (status, ask) in [
        (200, Ask::get("")),
        (200, Ask::head("")),
        (200, Ask::get("/10011.json")),
        (200, update().json(&json!({ "id": 4 }))),
        (400, Ask::get("?page[size]=0")),
        (400, Ask::get("/nobody")),
        (400, Ask::get("").header("host", "no host")),
        (400, update().body("{")),
        (403, Ask::get("").by_agent()),
        (
            403,
            update().bearer("demo-oauth-read").json(&json!({ "id": 4 })),
        ),
        (404, Ask::get("/10002")),
        (404, Ask::get(nowhere)),
        (404, Ask::head(nowhere)),
        (405, Ask::new(Method::DELETE, "/10011")),
        (413, update().body(vec![b' '; 1024 * 1024 + 1])),
        (
            415,
            update().header("content-type", "text/plain").body("id=4"),
        ),
        (422, update().json(&json!({}))),
    ] {
        let account = Account::demo();
        account.advance(ms(5000));
        let answer = account.send(&ask);
        assert_eq!(answer.status, status, "{ask:?}");
        assert_eq!(reading(&answer), [200, 199, 60], "{ask:?}");
        account.advance(ms(20_500));
        // The caller of these is unknown, so none of them counts.
        for anonymous in [
            Ask::get("").anonymous(),
            Ask::get(nowhere).anonymous(),
            Ask::get("").bearer("wrong"),
        ] {
            assert_eq!(
                reading(&account.send(&anonymous)),
                [200, 199, 40],
                "{anonymous:?}"
            );
        }
        let deleted = account.send(&Ask::new(Method::DELETE, "").anonymous());
        assert_eq!(
            (deleted.status.as_u16(), reading(&deleted)),
            (405, [200, 199, 40])
        );
    }
}

/// Assumed: the limit belongs to these APIs. A path that only begins with the same letters is not
/// theirs.
#[test]
fn other_paths_are_not_counted() {
    let account = Account::demo();
    for path in [
        "/api/v2/tickets",
        "/api/v2/agent_availabilities_of_others",
        "/api/v2/agent_availabilitie",
    ] {
        let answer =
            account.send(&Ask::raw(Method::GET, path).token("admin@example.com", "demo-api-token"));
        assert_eq!(
            (answer.status.as_u16(), answer.header("x-rate-limit")),
            (404, None),
            "{path}"
        );
    }
    assert_eq!(reading(&call(&account)), [200, 199, 60]);
}

/// Assumed: the order of the checks. A wrong path, method or host is reported before anything is
/// counted.
#[test]
fn a_used_up_limit_does_not_hide_what_is_wrong_with_the_address() {
    let account = Account::demo_with(limit(1, ms(60_000)));
    assert_eq!(call(&account).status, 200);
    for (status, ask) in [
        (400, Ask::get("").header("host", "no host")),
        (404, Ask::get("/10011/no/such/route")),
        (405, Ask::new(Method::DELETE, "/10011")),
        (401, Ask::get("").anonymous()),
        (429, Ask::get("").by_agent()),
        (429, Ask::get("?page[size]=0")),
    ] {
        let answer = account.send(&ask);
        assert_eq!(answer.status, status, "{ask:?}");
        assert_eq!(reading(&answer), [1, 0, 60], "{ask:?}");
    }
}

/// Documented: the limit is on these APIs. The control API and other paths have none.
#[test]
fn nothing_else_is_counted() {
    let account = Account::demo_with(limit(1, ms(60_000)));
    for target in [
        "/_emulator/healthz",
        "/_emulator/readyz",
        "/_emulator/nothing",
        "/api/v2/tickets.json",
        "/",
    ] {
        for _ in 0..3 {
            let answer = account
                .send(&Ask::raw(Method::GET, target).token("admin@example.com", "demo-api-token"));
            assert!(
                answer
                    .headers
                    .keys()
                    .all(|name| !name.as_str().contains("rate")),
                "{target}: {answer:?}"
            );
        }
    }
    assert_eq!(reading(&call(&account)), [1, 0, 60]);
}

/// Assumed: refused calls and calls that fail authentication are not counted. They do not open a
/// window either.
#[test]
fn calls_that_are_refused_or_unauthenticated_do_not_count() {
    let account = Account::demo_with(limit(2, ms(60_000)));
    assert_eq!(account.send(&Ask::get("").anonymous()).status, 401);
    account.advance(ms(30_000));
    assert_eq!(
        reading(&call(&account)),
        [2, 1, 60],
        "the window opens here"
    );
    account.advance(ms(10_000));
    assert_eq!(
        reading(&account.send(&Ask::get("").bearer("wrong"))),
        [2, 1, 50]
    );
    assert_eq!(reading(&call(&account)), [2, 0, 50]);
    for _ in 0..10 {
        assert_eq!(reading(&call(&account)), [2, 0, 50], "refused");
    }
    account.advance(ms(50_000));
    for left in [1, 0] {
        assert_eq!(
            reading(&call(&account)),
            [2, left, 60],
            "the refused calls do not count in the next window"
        );
    }
}

/// Documented: the limit belongs to the account and counts all callers.
#[test]
fn all_callers_share_the_limit() {
    let account = Account::demo_with(limit(4, ms(60_000)));
    let callers = [
        Ask::get("/me"),
        Ask::get("/me").by_agent(),
        Ask::get("/me").password("agent@example.com", "demo-password"),
        Ask::get("").token("light@example.com", "demo-api-token"),
    ];
    for (left, ask) in (0..4).rev().zip(&callers) {
        assert_eq!(reading(&account.send(ask)), [4, left, 60], "{ask:?}");
    }
    for ask in &callers {
        assert_eq!(account.send(ask).status, 429, "{ask:?}");
    }
    assert_eq!(
        call(&Account::demo()).status,
        200,
        "another account has its own limit"
    );
}

/// Assumed: the limit is a setting.
#[test]
fn limit_and_window_can_be_set() {
    for (requests, window) in [
        (1, 1_000),
        (3, 1_500),
        (300, 60_000),
        (2, 3_600_000),
        (5, 86_400_000),
    ] {
        let account = Account::demo_with(limit(requests, ms(window)));
        let seconds = window.div_ceil(1000);
        for left in (0..u64::from(requests)).rev() {
            assert_eq!(
                reading(&call(&account)),
                [u64::from(requests), left, seconds],
                "{requests} in {window} ms"
            );
        }
        assert_eq!(
            retry_after(&call(&account)),
            seconds,
            "{requests} in {window} ms"
        );
        account.advance(ms(window - 1));
        assert_eq!(retry_after(&call(&account)), 1, "{requests} in {window} ms");
        account.advance(ms(1));
        assert_eq!(call(&account).status, 200, "{requests} in {window} ms");
    }
}

/// Assumed: the limit can be switched off. Then no answer mentions it.
#[test]
fn without_a_limit_nothing_is_counted() {
    let account = Account::demo_with(SettingsPatch::new().rate_limit(RateLimitPatch::off()));
    for _ in 0..300 {
        assert_eq!(call(&account).status, 200);
    }
    for ask in [
        Ask::get(""),
        Ask::get("").anonymous(),
        Ask::get("/no/such/route"),
        Ask::new(Method::DELETE, ""),
    ] {
        let answer = account.send(&ask);
        assert!(
            answer
                .headers
                .keys()
                .all(|name| !name.as_str().contains("rate")),
            "{answer:?}"
        );
    }
}

/// Documented: the body of a 429 is one line of `text/html`, for any `Accept`.
#[test]
fn a_refused_call_gets_a_line_of_text() {
    for accept in ["*/*", "application/json", "application/vnd.api+json"] {
        let account = Account::demo_with(limit(1, ms(60_000)));
        let ask = Ask::get("/10011").header("accept", accept);
        account.send(&ask);
        let refused = account.send(&ask);
        assert_eq!(refused.status, 429);
        assert_eq!(
            refused.header("content-type"),
            Some("text/html; charset=utf-8"),
            "{accept}"
        );
        assert_eq!(refused.text(), TEXT, "{accept}");
    }
}

/// Observed: the other form of a 429. A setting chooses the form.
#[test]
fn a_refused_call_may_get_json() {
    let settings = limit(1, ms(60_000)).rate_limit_body(RateLimitBody::Json);
    for (accept, content_type) in [
        ("*/*", "application/json; charset=utf-8"),
        ("text/html", "application/json; charset=utf-8"),
        ("application/vnd.api+json", "application/vnd.api+json"),
    ] {
        let account = Account::demo_with(settings.clone());
        let ask = Ask::get("/10011").header("accept", accept);
        account.send(&ask);
        let refused = account.send(&ask);
        assert_eq!(retry_after(&refused), 60);
        assert_eq!(
            refused.header("content-type"),
            Some(content_type),
            "{accept}"
        );
        assert_eq!(
            refused.json(),
            json!({ "error": "APIRateLimitExceeded", "description": TEXT }),
            "{accept}"
        );
    }
}

/// Assumed: a call that the limit refuses changes nothing.
#[test]
fn a_refused_update_changes_nothing() {
    let account = Account::demo_with(limit(1, ms(60_000)));
    call(&account);
    let before = account.state();
    let refused = account.update(10011, 4);
    assert_eq!(retry_after(&refused), 60);
    assert_eq!(account.state(), before);
}
