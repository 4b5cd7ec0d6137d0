//! The members of the older API. Observed: six of 14 programs still use them. What they mean is
//! assumed.

use serde_json::{Value, json};

use super::{account, history, patch, put, set, shown, switch_routing};
use crate::harness::Account;

fn legacy_account() -> Account {
    let account = account();
    set(&account, &json!({ "talk_legacy": true }));
    account
}

/// The two members, as they are shown and as an update answers them.
fn members(availability: &Value) -> (Value, Value) {
    let [available, status] = ["available", "status"].map(|name| availability[name].clone());
    (available, status)
}

#[test]
fn they_are_shown_with_the_setting_only() {
    let account = legacy_account();
    let both = |agent| members(&shown(&account, agent));
    assert_eq!(both(11), (json!(true), json!("available")));
    assert_eq!(both(12), (json!(false), json!("not_available")), "away");
    for status in ["on_call", "wrap_up"] {
        patch(&account, 11, &json!({ "talk": { "call_status": status } }));
        assert_eq!(both(11), (json!(true), json!(status)));
    }
    set(&account, &json!({ "talk_legacy": false }));
    assert_eq!(both(11), (Value::Null, Value::Null));
}

#[test]
fn they_are_set_as_the_state() {
    let account = legacy_account();
    switch_routing(&account, false);
    for (update, state) in [
        (json!({ "available": false }), "offline"),
        (json!({ "available": true }), "online"),
        (json!({ "status": "not_available" }), "offline"),
        (json!({ "status": "available" }), "online"),
        (
            json!({ "available": false, "status": "available" }),
            "offline",
        ),
        (json!({ "agent_state": "away", "available": true }), "away"),
        // That is so already.
        (json!({ "available": false }), "away"),
        (json!({ "status": "not_available" }), "away"),
    ] {
        let answer = put(&account, &update);
        assert_eq!(answer.at("/availability/agent_state"), state, "{update}");
        let both = update.get("agent_state").is_some();
        let hint = "`agent_state` decides, so `available` and `status` were ignored";
        assert_eq!(answer.hint(), if both { hint } else { "" }, "{update}");
    }
    let ignored = put(&account, &json!({ "status": "on_call" }));
    assert_eq!(ignored.at("/availability/agent_state"), "away");
    assert!(
        ignored.hint().contains("follows the calls"),
        "{}",
        ignored.hint()
    );
}

/// As with `agent_state`: with routing on only what is so already passes.
#[test]
fn routing_decides_on_them_too() {
    let account = legacy_account();
    for update in [
        json!({ "available": true }),
        json!({ "status": "available" }),
    ] {
        assert_eq!(put(&account, &update).status, 200, "{update}");
    }
    let refused = put(&account, &json!({ "available": false }));
    assert_eq!(refused.refusal(), "400 BadRequest");
    assert_eq!(history(&account), (1, Vec::new()));
    for (wrong, detail) in [
        (
            json!({ "available": "yes" }),
            "`available` is not true or false.",
        ),
        (
            json!({ "status": "online" }),
            "`status` is not one of available, on_call, wrap_up, not_available.",
        ),
    ] {
        let answer = put(&account, &wrong);
        assert_eq!(
            (answer.status.as_u16(), answer.at("/description")),
            (422, json!(detail))
        );
    }
}
