//! The limit of the Ticketing API. Documented: 700 calls a minute with the Enterprise plan, for the
//! whole account. Assumed: the calls to the availability APIs do not count against it.

use std::num::NonZeroU32;

use axum::http::Method;
use serde_json::json;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};

use super::{ask, get};
use crate::harness::{Account, Answer, Ask};

fn limit(requests: u32) -> SettingsPatch {
    let limit = RateLimitPatch::new().requests(Some(NonZeroU32::new(requests).expect("not zero")));
    SettingsPatch::new().account_rate_limit(limit)
}

/// The limit and the calls that are left.
fn reading(answer: &Answer) -> [Option<&str>; 2] {
    ["x-rate-limit", "x-rate-limit-remaining"].map(|name| answer.header(name))
}

#[test]
fn the_two_limits_count_apart_from_each_other() {
    let account = Account::demo();
    let users = get(&account, "/users/me");
    assert_eq!(reading(&users), [Some("700"), Some("699")]);
    let agents = account.send(&Ask::get("/10011"));
    assert_eq!(reading(&agents), [Some("200"), Some("199")]);
    let missing = get(&account, "/users/10011/nothing");
    assert_eq!(missing.status, 404);
    assert_eq!(reading(&missing), [Some("700"), Some("698")]);
    let other = get(&account, "/usersandmore");
    assert_eq!(reading(&other), [None, None], "this path is of neither API");
}

#[test]
fn exactly_the_limit_is_admitted() {
    let account = Account::demo_with(limit(2));
    for left in ["1", "0"] {
        let answer = get(&account, "/users");
        assert_eq!(
            (answer.status.as_u16(), reading(&answer)[1]),
            (200, Some(left))
        );
    }
    let refused = get(&account, "/users");
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert_eq!(
        refused.text(),
        "Number of allowed API requests per minute exceeded"
    );
    assert_eq!(account.send(&Ask::get("/10011")).status, 200);
    let anonymous = account.send(&ask("/users").anonymous());
    assert_eq!(anonymous.status, 401, "not counted, and so not refused");
}

/// The control API changes this limit as it does the other one, and shows what is left of it.
#[test]
fn the_control_api_sets_and_shows_it() {
    let account = Account::demo_with(limit(5));
    get(&account, "/users/me");
    let state = || {
        account
            .send(&Ask::control(Method::GET, "/account_rate_limit"))
            .json()
    };
    assert_eq!(
        (&state()["limit"], &state()["remaining"]),
        (&json!(5), &json!(4))
    );
    let patch = |limit| {
        let body = json!({ "settings": { "account_rate_limit": limit } });
        let ask = Ask::control(Method::PATCH, "").json(&body);
        account.send(&ask)
    };
    assert_eq!(patch(json!({ "remaining": 1 })).status, 200);
    assert_eq!(state()["remaining"], 1);
    let wrong = patch(json!({ "remaining": 6 }));
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    // The other limit is changed, so this one goes on.
    let body = json!({ "settings": { "rate_limit": 7 } });
    let ask = Ask::control(Method::PATCH, "").json(&body);
    assert_eq!(account.send(&ask).status, 200);
    assert_eq!(state()["remaining"], 1);
    assert_eq!(patch(json!("off")).status, 200);
    assert_eq!(state()["limit"], json!(null));
    assert_eq!(reading(&get(&account, "/users/me")), [None, None]);
}
