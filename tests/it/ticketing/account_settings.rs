//! The settings of the account.

use serde_json::json;

use super::{ask, json};
use crate::harness::Account;

/// Observed: programs read there whether unified statuses are on.
#[test]
fn they_say_whether_routing_is_on() {
    let account = Account::demo();
    let settings = |on: bool| json!({ "settings": { "agents": { "agent_workspace": true, "unified_agent_statuses": on } } });
    assert_eq!(json(&account, "/account/settings.json"), settings(true));
    let mut off = ask("").to("/_emulator/accounts/example".to_owned());
    off.method = axum::http::Method::PATCH;
    let off = off.json(&json!({ "settings": { "omnichannel_routing": false } }));
    assert_eq!(account.send(&off).status, 200);
    assert_eq!(json(&account, "/account/settings"), settings(false));
    let by_end_user = ask("/account/settings").token("customer@example.com", "demo-api-token");
    assert_eq!(account.send(&by_end_user).status, 403);
}
