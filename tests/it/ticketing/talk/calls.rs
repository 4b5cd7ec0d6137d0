//! Whether an agent is in a call. Assumed: `on_call` while a work item on `talk` is accepted, then
//! `wrap_up` for the time of the setting.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use super::{account, patch, set, shown, steer};
use crate::harness::Account;

const ITEMS: &str = "/agents/11/channels/talk/work_items";

fn call_status(account: &Account) -> Value {
    shown(account, 11)["call_status"].clone()
}

fn add(account: &Account, id: u64, reason: &str) {
    let item = json!({ "id": id, "reason": reason });
    steer(account, Method::POST, ITEMS, &item);
}

fn change(account: &Account, id: u64, reason: &str) {
    let path = format!("{ITEMS}/{id}");
    steer(account, Method::PATCH, &path, &json!({ "reason": reason }));
}

fn remove(account: &Account, id: u64) {
    steer(
        account,
        Method::DELETE,
        &format!("{ITEMS}/{id}"),
        &json!({}),
    );
}

/// An account with a wrap-up time, whose agent is in a call.
fn in_call() -> Account {
    let account = account();
    set(&account, &json!({ "talk_wrap_up": "30s" }));
    add(&account, 1, "ACCEPTED");
    assert_eq!(call_status(&account), "on_call");
    account
}

#[test]
fn a_call_is_accepted_and_ends_with_a_wrap_up() {
    let account = account();
    set(&account, &json!({ "talk_wrap_up": "30s" }));
    add(&account, 1, "OFFERED");
    assert_eq!(call_status(&account), Value::Null);
    change(&account, 1, "ACCEPTED");
    assert_eq!(call_status(&account), "on_call");
    add(&account, 2, "ACCEPTED");
    remove(&account, 1);
    assert_eq!(call_status(&account), "on_call", "the other call goes on");
    account.advance(Duration::from_mins(1));
    remove(&account, 2);
    assert_eq!(call_status(&account), "wrap_up");
    account.advance(Duration::from_micros(29_999_999));
    assert_eq!(call_status(&account), "wrap_up");
    account.advance(Duration::from_micros(1));
    assert_eq!(call_status(&account), Value::Null);
}

/// The default wrap-up takes no time, and a later change of the setting counts at once.
#[test]
fn the_wrap_up_lasts_as_long_as_the_setting_says_now() {
    let account = account();
    add(&account, 1, "ACCEPTED");
    remove(&account, 1);
    assert_eq!(call_status(&account), Value::Null);
    set(&account, &json!({ "talk_wrap_up": "1500ms" }));
    assert_eq!(call_status(&account), "wrap_up");
    account.advance(Duration::from_millis(1500));
    assert_eq!(call_status(&account), Value::Null);
    let back = json!({ "mode": "frozen", "at": "2026-01-21T10:30:00.5Z" });
    steer(&account, Method::PUT, "/clock", &back);
    assert_eq!(call_status(&account), "wrap_up");
    let before_the_call = json!({ "mode": "frozen", "at": "2026-01-21T10:29:00Z" });
    steer(&account, Method::PUT, "/clock", &before_the_call);
    assert_eq!(call_status(&account), Value::Null);
}

/// What ends the call.
type End = fn(&Account);

/// However the accepted item goes, the call has ended.
#[test]
fn every_way_in_which_a_call_can_end() {
    let ends: [(&str, End); 6] = [
        ("removed", |account| remove(account, 1)),
        ("another reason", |account| {
            change(account, 1, "OFFER_OBSOLETED");
        }),
        ("moved", |account| {
            let to = json!({ "agent_id": 12 });
            steer(account, Method::POST, &format!("{ITEMS}/1/move"), &to);
        }),
        ("moved to another channel", |account| {
            let to = json!({ "channel": "support" });
            steer(account, Method::POST, &format!("{ITEMS}/1/move"), &to);
        }),
        ("patched", |account| {
            let none = json!({ "channels": { "talk": { "work_items": [] } } });
            patch(account, 11, &none);
        }),
        ("without the channel", |account| {
            let path = "/agents/11/channels/talk";
            steer(account, Method::DELETE, path, &json!({}));
            steer(account, Method::PUT, path, &json!({}));
        }),
    ];
    for (how, end) in ends {
        let account = in_call();
        account.advance(Duration::from_secs(5));
        end(&account);
        assert_eq!(call_status(&account), "wrap_up", "{how}");
        let document = patch(&account, 11, &json!({}));
        assert_eq!(
            document["talk"]["call_ended_at"],
            "2026-01-21T10:30:05.000000Z"
        );
        account.advance(Duration::from_secs(30));
        assert_eq!(call_status(&account), Value::Null, "{how}");
    }
}

/// Items that were not accepted, and items on other channels, are no calls.
#[test]
fn nothing_else_ends_a_call() {
    let account = account();
    set(&account, &json!({ "talk_wrap_up": "30s" }));
    add(&account, 1, "OFFERED");
    remove(&account, 1);
    let items = "/agents/11/channels/support/work_items";
    steer(
        &account,
        Method::POST,
        items,
        &json!({ "id": 2, "reason": "ACCEPTED" }),
    );
    assert_eq!(call_status(&account), Value::Null);
    steer(&account, Method::DELETE, &format!("{items}/2"), &json!({}));
    assert_eq!(call_status(&account), Value::Null);
}

/// A write that does not end the call leaves its end where it was, and one may say another time.
#[test]
fn the_end_of_a_call_stays_until_the_next() {
    let account = in_call();
    remove(&account, 1);
    account.advance(Duration::from_secs(10));
    let replaced = steer(
        &account,
        Method::PUT,
        "/agents/11",
        &json!({ "agent_status": { "id": 3 }, "channels": { "talk": {} }, "talk": { "via": "phone" } }),
    );
    let talk = json!({ "via": "phone", "call_ended_at": "2026-01-21T10:30:00.000000Z" });
    assert_eq!(replaced["talk"], talk);
    assert_eq!(call_status(&account), "wrap_up");
    let earlier = json!({ "talk": { "call_ended_at": "2026-01-21T10:29:00Z" } });
    patch(&account, 11, &earlier);
    assert_eq!(call_status(&account), Value::Null);
    add(&account, 1, "ACCEPTED");
    let both = json!({ "channels": { "talk": { "work_items": [] } }, "talk": { "via": "client" } });
    patch(&account, 11, &both);
    assert_eq!(call_status(&account), "wrap_up", "it ended now");
}

/// Assumed: the control API can fix the call status, and let it follow the items again.
#[test]
fn a_fixed_call_status_hides_the_items() {
    let account = in_call();
    for fixed in ["wrap_up", "on_call"] {
        patch(&account, 11, &json!({ "talk": { "call_status": fixed } }));
        assert_eq!(call_status(&account), fixed);
    }
    remove(&account, 1);
    assert_eq!(call_status(&account), "on_call");
    patch(&account, 11, &json!({ "talk": { "call_status": null } }));
    assert_eq!(call_status(&account), "wrap_up");
}
