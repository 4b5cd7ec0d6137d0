//! The number of calls that are left is a setting too, so a test need not use calls up. Zendesk has
//! no such setting, so all of it is assumed.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{InvalidSettings, SettingsPatch};
use zendesk_availability_emulator::{Emulator, StartError};

use super::{call, limit, ms, reading, retry_after};
use crate::harness::{Account, Answer, Ask};

fn with_remaining(requests: u32, remaining: u32) -> SettingsPatch {
    let settings = limit(requests, ms(60_000));
    let rate_limit = settings.rate_limit.remaining(remaining);
    settings.rate_limit(rate_limit)
}

fn patch(account: &Account, rate_limit: &Value) -> Answer {
    let ask = Ask::control(Method::PATCH, "");
    account.send(&ask.json(&json!({ "settings": { "rate_limit": rate_limit } })))
}

fn shown(account: &Account) -> Value {
    account
        .send(&Ask::control(Method::GET, ""))
        .at("/settings/rate_limit/remaining")
}

/// The first window has this number of calls, and the one after it has all of them.
#[test]
fn the_first_window_may_begin_with_fewer() {
    for requests in [1_u32, 2, 7, 200] {
        for remaining in [0, 1, requests / 2, requests - 1, requests] {
            let account = Account::demo_with(with_remaining(requests, remaining));
            account.advance(ms(3_000));
            let uncounted = account.send(&Ask::get("").anonymous());
            assert_eq!(
                reading(&uncounted),
                [requests, remaining, 60].map(u64::from),
                "nothing has been counted yet"
            );
            for left in (0..remaining).rev() {
                assert_eq!(
                    reading(&call(&account)),
                    [requests, left, 60].map(u64::from),
                    "{remaining} of {requests}"
                );
            }
            let refused = call(&account);
            assert_eq!(
                (retry_after(&refused), reading(&refused)),
                (60, [u64::from(requests), 0, 60])
            );
            account.advance(ms(59_999));
            assert_eq!(retry_after(&call(&account)), 1, "{remaining} of {requests}");
            account.advance(ms(1));
            assert_eq!(
                reading(&call(&account)),
                [requests, requests - 1, 60].map(u64::from),
                "the next window"
            );
        }
    }
}

/// If it is set while a window is open, it applies to that window, which ends when it would have.
#[test]
fn a_window_that_is_open_can_be_left_fewer_and_more() {
    let account = Account::demo_with(limit(5, ms(60_000)));
    assert_eq!(reading(&call(&account)), [5, 4, 60]);
    account.advance(ms(10_000));
    for (remaining, expected) in [(2, [5, 1, 50]), (5, [5, 4, 50]), (1, [5, 0, 50])] {
        assert_eq!(
            patch(&account, &json!({ "remaining": remaining })).status,
            200
        );
        assert_eq!(shown(&account), remaining);
        assert_eq!(reading(&call(&account)), expected);
    }
    assert_eq!(retry_after(&call(&account)), 50);
    patch(&account, &json!({ "remaining": 0 }));
    assert_eq!(retry_after(&call(&account)), 50);
    account.advance(ms(50_000));
    assert_eq!(
        reading(&call(&account)),
        [5, 4, 60],
        "it applied to that window only"
    );
    // After a window has ended it applies to the next one.
    account.advance(ms(60_000));
    patch(&account, &json!({ "remaining": 3 }));
    assert_eq!(shown(&account), 3);
    account.advance(ms(5_000));
    assert_eq!(reading(&call(&account)), [5, 2, 60]);
}

#[test]
fn what_is_left_does_not_make_another_limit() {
    let account = Account::demo_with(with_remaining(5, 4));
    assert_eq!(reading(&call(&account)), [5, 3, 60]);
    account.advance(ms(10_000));
    // The same limit, and other settings: the window continues.
    patch(&account, &json!({ "requests": 5, "window": "60s" }));
    assert_eq!(reading(&call(&account)), [5, 2, 50]);
    // Another limit begins a window, with all calls or with the number that is given.
    patch(&account, &json!({ "requests": 6 }));
    assert_eq!(reading(&call(&account)), [6, 5, 60]);
    patch(&account, &json!({ "requests": 7, "remaining": 2 }));
    assert_eq!(reading(&call(&account)), [7, 1, 60]);
}

/// An earlier instant begins a new window. What was set for the next window still applies.
#[test]
fn what_the_next_window_has_outlives_a_move_of_the_clock() {
    let account = Account::demo_with(with_remaining(5, 2));
    let back = Ask::control(Method::PUT, "/clock");
    let back = back.json(&json!({ "mode": "frozen", "at": "2026-01-21T09:00:00Z" }));
    assert_eq!(account.send(&back).status, 200);
    assert_eq!(reading(&call(&account)), [5, 1, 60]);
    account.advance(ms(10_000));
    assert_eq!(account.send(&back).status, 200);
    assert_eq!(
        reading(&call(&account)),
        [5, 4, 60],
        "a window that was open is over"
    );
}

#[test]
fn a_reset_puts_back_what_was_left_at_first() {
    let account = Account::demo_with(with_remaining(5, 2));
    call(&account);
    patch(&account, &json!({ "remaining": 5 }));
    assert_eq!(
        account.send(&Ask::control(Method::POST, "/reset")).status,
        200
    );
    assert_eq!(shown(&account), 2);
    assert_eq!(reading(&call(&account)), [5, 1, 60]);
}

#[test]
fn no_more_can_be_left_than_there_are() {
    let account = Account::demo_with(limit(5, ms(60_000)));
    for bad in [
        json!({ "remaining": 6 }),
        json!({ "requests": 2, "remaining": 3 }),
        json!({ "requests": null, "remaining": 0 }),
    ] {
        assert_eq!(patch(&account, &bad).status, 422, "{bad}");
    }
    assert_eq!(reading(&call(&account)), [5, 4, 60]);
    patch(&account, &json!({ "requests": 300, "remaining": 250 }));
    assert_eq!(
        patch(&account, &json!({ "remaining": 290 })).status,
        200,
        "more than the default limit is accepted"
    );
    patch(&account, &json!({ "requests": null }));
    assert_eq!(shown(&account), Value::Null);
    assert_eq!(
        patch(&account, &json!({ "remaining": 0 })).status,
        422,
        "there is no limit"
    );
    let refused = Emulator::builder()
        .settings(with_remaining(5, 6))
        .build()
        .expect_err("one too many");
    assert!(
        matches!(refused, StartError::Settings(InvalidSettings::Remaining)),
        "{refused}"
    );
}
