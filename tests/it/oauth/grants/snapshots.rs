//! Clients and tokens in snapshots.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::SettingsPatch;

use super::{
    access_token, account, client_credentials, control, grant, refresh, refresh_of, refresh_token,
    seeded_with,
};
use crate::harness::{Account, Ask, P, elements};

fn snapshot(account: &Account) -> Value {
    control(account, Method::GET, "/snapshot", &json!({})).json()
}

/// By design: a snapshot has clients and tokens, with what is left of their lives, and another
/// account that takes it goes on where the first one was.
#[test]
fn clients_and_tokens_survive() {
    let account = account();
    let before = refresh(&account, "app-refresh");
    let minted = grant(&account, &client_credentials());
    account.advance(Duration::from_mins(10));
    let taken = snapshot(&account);
    let create =
        Ask::raw(Method::POST, "/_emulator/accounts").json(&json!({ "subdomain": "copy" }));
    assert_eq!(account.send(&create).status, 201);
    let put = Ask::raw(Method::PUT, "/_emulator/accounts/copy/snapshot").json(&taken);
    assert_eq!(account.send(&put).status, 200);
    let copied = Ask::raw(Method::GET, "/_emulator/accounts/copy/snapshot");
    let copied = account.send(&copied).json();
    for list in ["oauth_clients", "oauth_tokens"] {
        assert_eq!(copied[list], taken[list]);
        assert_eq!(
            elements(&taken[list]).len(),
            if list == "oauth_clients" { 4 } else { 3 }
        );
    }
    let in_copy = |ask: Ask| {
        let target = format!("/_account/copy{}", ask.target);
        account.send(&ask.to(target))
    };
    let me = |token: &str| in_copy(Ask::raw(Method::GET, &format!("{P}/me")).bearer(token)).status;
    for answer in [&before, &minted] {
        assert_eq!(me(&access_token(answer)), 200);
    }
    let renew = |token: &str| in_copy(super::ask().json(&refresh_of(token)));
    assert_eq!(renew("app-refresh").refusal(), "400 invalid_grant");
    let renewed = renew(&refresh_token(&before));
    assert_eq!(renewed.status, 200);
    assert_eq!(me(&access_token(&before)), 401);
    assert_eq!(
        renew(&refresh_token(&before)).refusal(),
        "400 invalid_grant"
    );
    // The first account has its own tokens.
    assert_eq!(refresh(&account, &refresh_token(&before)).status, 200);
    let times = ["/oauth_tokens/2/expires_at", "/oauth_tokens/2/created_at"];
    let times = times.map(|pointer| taken.pointer(pointer).cloned().unwrap_or_default());
    assert_eq!(
        times,
        [json!("2026-01-21T11:00:00Z"), json!("2026-01-21T10:30:00Z")]
    );
}

/// By design: a snapshot can be the seed of another server. Its sequential ids begin again, so the
/// texts that it draws first are those of tokens that the snapshot has.
#[test]
fn no_text_is_given_twice() {
    let first = account();
    let mut pair = refresh(&first, "app-refresh");
    for _ in 0..10 {
        grant(&first, &client_credentials());
        pair = refresh(&first, &refresh_token(&pair));
    }
    let seed = snapshot(&first);
    let texts = |snapshot: &Value| -> Vec<String> {
        let texts = elements(&snapshot["oauth_tokens"])
            .iter()
            .flat_map(|it| [it["token"].clone(), it["refresh_token"].clone()]);
        texts
            .filter_map(|text| text.as_str().map(str::to_owned))
            .collect()
    };
    let second =
        Account::with(|builder| seeded_with(builder, &seed.to_string(), SettingsPatch::new()));
    let mut pair = refresh(&second, &refresh_token(&pair));
    for _ in 0..30 {
        assert_eq!(grant(&second, &client_credentials()).status, 200);
        pair = refresh(&second, &refresh_token(&pair));
    }
    let mut all = texts(&snapshot(&second));
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}
