//! What the control API says is left. Assumed: Zendesk has no such call.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use super::limit;
use crate::harness::{Account, Ask};

fn state(server: &Account) -> Value {
    let ask = Ask::control(Method::GET, "/rate_limit");
    server.send(&ask).json()
}

/// It says what the headers of the next answer will say, and is not counted itself.
#[test]
fn what_is_left_is_shown_and_not_counted() {
    let server = Account::demo_with(limit(3, Duration::from_mins(1)));
    let untouched = json!({ "limit": 3, "remaining": 3, "reset": 60, "reset_at": null });
    assert_eq!(state(&server), untouched);
    server.advance(Duration::from_secs(1));
    assert_eq!(state(&server), untouched, "no window is open");
    for (left, seconds) in [(2, 60), (1, 50), (0, 40), (0, 30)] {
        server.get("/10011");
        let shown = state(&server);
        assert_eq!(
            shown,
            json!({ "limit": 3, "remaining": left, "reset": seconds, "reset_at": "2026-01-21T10:31:01.000000Z" })
        );
        assert_eq!(state(&server), shown);
        server.advance(Duration::from_secs(10));
    }
    server.advance(Duration::from_millis(19_001));
    assert_eq!(state(&server)["reset"], 1, "seconds are rounded up");
    server.advance(Duration::from_millis(999));
    assert_eq!(state(&server), untouched);
}

#[test]
fn a_limit_that_is_off_says_nothing() {
    let server = Account::demo();
    let off = json!({ "settings": { "rate_limit": "off" } });
    let ask = Ask::control(Method::PATCH, "").json(&off);
    assert_eq!(server.send(&ask).status, 200);
    assert_eq!(
        state(&server),
        json!({ "limit": null, "remaining": null, "reset": null, "reset_at": null })
    );
}
