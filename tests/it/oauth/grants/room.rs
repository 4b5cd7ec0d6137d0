//! What happens where an account has no room, or no id, for another token.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    access_token, account, call, client_credentials, control, grant, refresh, refresh_token,
};
use crate::harness::Account;

/// The account's seed with tokens up to this many.
fn filled(count: u64) -> Account {
    let account = account();
    let mut snapshot = control(&account, Method::GET, "/snapshot", &Value::Null).json();
    let tokens = snapshot["oauth_tokens"].as_array_mut().expect("tokens");
    for id in tokens.len() as u64 + 1..=count {
        tokens.push(json!({ "id": id, "token": format!("token-{id}"), "user_id": 1 }));
    }
    let filled = control(&account, Method::PUT, "/snapshot", &snapshot);
    assert_eq!(filled.status, 200, "{}", filled.text());
    account
}

/// Assumed: an account has at most 10,000 tokens that have not expired, and a seed may have more. A
/// refresh adds none.
#[test]
fn a_full_account_still_renews_tokens() {
    let account = filled(10_001);
    let refused = grant(&account, &client_credentials());
    assert_eq!(refused.refusal(), "400 invalid_request");
    assert!(refused.hint().contains("10,000 tokens"), "{refused:?}");
    let first = refresh(&account, "app-refresh");
    assert_eq!(call(&account, &access_token(&first)), 200);
    let second = refresh(&account, &refresh_token(&first));
    assert_eq!(call(&account, &access_token(&second)), 200);
    assert_eq!(call(&account, "token-10001"), 200);
}

/// Assumed: the largest id is not counted on from, and nothing is replaced.
#[test]
fn the_largest_id_is_no_end() {
    let account = account();
    let path = format!("/oauth_tokens/{}", u64::MAX);
    let largest = control(
        &account,
        Method::PUT,
        &path,
        &json!({ "token": "largest", "user_id": 1 }),
    );
    assert_eq!(largest.status, 201);
    let minted = [(); 3].map(|()| access_token(&grant(&account, &client_credentials())));
    for token in minted
        .iter()
        .map(String::as_str)
        .chain(["largest", "app-access"])
    {
        assert_eq!(call(&account, token), 200, "{token}");
    }
    let ids: Vec<_> = account
        .world()
        .directory()
        .oauth()
        .tokens()
        .map(|token| token.id.0)
        .collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, u64::MAX]);
}
