//! Accounts that no client calls. Zendesk has none, so all tests are assumed. Tests of the exact
//! end of their life are in `src/account/registry.rs`, where time can be moved. These tests show
//! what a client sees.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use super::{control, create, get_in, list};
use crate::harness::{Account, elements};

/// Shorter than the interval between two checks.
const ATTEMPTS: usize = 1_000_000;

#[test]
fn an_idle_account_is_deleted_and_the_default_one_stays() {
    let server = Account::with(|builder| {
        builder
            .account_idle(Duration::from_millis(1))
            .max_accounts(2)
    });
    assert_eq!(create(&server, &json!({ "subdomain": "a" })).status, 201);
    let gone = (0..ATTEMPTS).any(|_| elements(&list(&server)["accounts"]).len() == 1);
    assert!(gone, "reading the list of accounts calls none of them");
    assert_eq!(
        server.send(&control(Method::GET, "/a")).at("/error"),
        "AccountNotFound"
    );
    assert_eq!(get_in(&server, "a", "/10011").status, 404);
    assert_eq!(server.get("/10011").status, 200);
    assert_eq!(
        create(&server, &json!({ "subdomain": "b" })).status,
        201,
        "there is room for another account"
    );
}
