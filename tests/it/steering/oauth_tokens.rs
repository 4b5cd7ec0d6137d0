//! OAuth tokens, from the tester's side: what is live, revoked, expired now. Zendesk has no such
//! calls, so every test is assumed unless it says otherwise. The answers to refused tokens are
//! documented.

use std::time::Duration;

use serde_json::{Value, json};

use super::{delete, get, patch, post, put};
use crate::harness::{Account, Answer, Ask, START, numbers};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
/// The pair of the demo's client.
const PAIR: &str = "/oauth_tokens/4";

fn with(server: &Account, token: &str) -> Answer {
    server.send(&Ask::get("/10011").bearer(token))
}

/// The hint to the refusal of a call with this token.
fn refused(server: &Account, token: &str) -> String {
    let answer = with(server, token);
    assert_eq!(answer.refusal(), "401 invalid_token", "{}", answer.text());
    answer.hint().to_owned()
}

/// The only trace of a refresh token that does not use it.
fn is_refresh_token(server: &Account, token: &str) -> bool {
    refused(server, token).starts_with("this is a refresh token")
}

fn ids(server: &Account, path: &str) -> Vec<u64> {
    numbers(&get(server, path).at("/oauth_tokens"), "/id")
}

/// A token is live while it can be used or renewed. The others are forgotten only when there is no
/// room for new ones.
#[test]
fn live_tokens_can_be_used_or_renewed() {
    let server = Account::demo();
    let (all, live) = ([1, 2, 3, 4], "/oauth_tokens?live=true");
    assert_eq!(ids(&server, live), all);
    server.advance(30 * MINUTE);
    assert!(refused(&server, "demo-access-token").contains("expired"));
    assert_eq!(ids(&server, live), all, "it can be renewed");
    server.advance(30 * DAY);
    assert_eq!(ids(&server, live), [1, 2, 3]);
    assert_eq!(ids(&server, "/oauth_tokens?live=false"), [4]);
    assert_eq!(ids(&server, "/oauth_tokens"), all);
    // Without a refresh token, it is over when the access token expires.
    post(&server, "/oauth_tokens/1/expire", &json!({}));
    assert_eq!(ids(&server, live), [2, 3]);
}

#[test]
fn another_filter_is_refused() {
    let server = Account::demo();
    for (query, place) in [
        ("live=maybe", "live"),
        ("live=1", "live"),
        ("live=", "live"),
        ("live=true&live=true", ""),
        ("dead=true", ""),
    ] {
        let refused = get(&server, &format!("/oauth_tokens?{query}"));
        assert_eq!(refused.status, 422, "{query}");
        assert_eq!(refused.places(), [place], "{query}");
    }
}

/// Documented: revoking a token ends its refresh token too.
#[test]
fn a_revoked_token_takes_its_refresh_token_with_it() {
    let server = Account::demo();
    assert!(is_refresh_token(&server, "demo-refresh-token"));
    let before = get(&server, PAIR).json();
    server.advance(MINUTE);
    let revoked = delete(&server, PAIR);
    assert_eq!((revoked.status.as_u16(), revoked.json()), (200, before));
    for token in ["demo-access-token", "demo-refresh-token"] {
        assert_eq!(
            refused(&server, token),
            "this OAuth token was revoked at 2026-01-21T10:31:00Z"
        );
    }
    assert_eq!(get(&server, PAIR).status, 404);
    assert_eq!(delete(&server, PAIR).status, 404);
    assert_eq!(with(&server, "demo-oauth-admin").status, 200);
    // A snapshot does not bring it back.
    let whole = get(&server, "/snapshot").json();
    assert_eq!(put(&server, "/snapshot", &whole).status, 200);
    assert_eq!(ids(&server, "/oauth_tokens"), [1, 2, 3]);
}

/// Documented: an expired access token does not take its refresh token with it.
#[test]
fn a_token_expires_now() {
    let server = Account::demo();
    assert_eq!(with(&server, "demo-access-token").status, 200);
    let mut expected = get(&server, PAIR).json();
    assert_eq!(expected["expires_at"], "2026-01-21T11:00:00Z");
    server.advance(MINUTE);
    let expired = post(&server, &format!("{PAIR}/expire"), &json!({}));
    expected["expires_at"] = json!("2026-01-21T10:31:00Z");
    assert_eq!((expired.status.as_u16(), expired.json()), (200, expected));
    assert_eq!(expired.at("/used_at"), START);
    assert_eq!(
        refused(&server, "demo-access-token"),
        "this OAuth token has expired, at 2026-01-21T10:31:00Z"
    );
    assert!(is_refresh_token(&server, "demo-refresh-token"));
    // It has expired already, so nothing changes.
    server.advance(MINUTE);
    let again = post(&server, &format!("{PAIR}/expire"), &json!({}));
    assert_eq!((again.status.as_u16(), again.json()), (200, expired.json()));
    // A token that does not expire expires as well.
    assert_eq!(
        post(&server, "/oauth_tokens/1/expire", &Value::Null).status,
        422
    );
    assert_eq!(with(&server, "demo-oauth-admin").status, 200);
    let ended = post(&server, "/oauth_tokens/1/expire", &json!({}));
    assert_eq!(ended.at("/expires_at"), "2026-01-21T10:32:00Z");
    assert_eq!(with(&server, "demo-oauth-admin").status, 401);
    assert_eq!(
        post(&server, "/oauth_tokens/1/expire", &json!({ "at": 1 })).status,
        422
    );
    for id in ["9", "x"] {
        let path = format!("/oauth_tokens/{id}/expire");
        assert_eq!(post(&server, &path, &json!({})).status, 404);
    }
}

/// A pair is made and changed by documents. Times may be given as what is left of a lifetime.
#[test]
fn a_pair_is_made_and_changed() {
    let server = Account::demo();
    let path = "/oauth_tokens/9";
    let pair = json!({
        "token": "nine", "user_id": 10001, "client_id": 1, "scopes": ["read"], "expires_in": "5m",
        "refresh_token": "renews-nine", "refresh_token_expires_in": "168h",
    });
    let made = put(&server, path, &pair);
    let mut expected = json!({
        "id": 9, "token": "nine", "user_id": 10001, "client_id": 1, "scopes": ["read"],
        "created_at": START, "expires_at": "2026-01-21T10:35:00Z",
        "refresh_token": "renews-nine", "refresh_token_expires_at": "2026-01-28T10:30:00Z",
    });
    assert_eq!((made.status.as_u16(), made.json()), (201, expected.clone()));
    assert!(is_refresh_token(&server, "renews-nine"));
    // A lifetime takes the place of the time that is there.
    server.advance(MINUTE);
    let lives = json!({ "expires_in": "10m", "refresh_token_expires_in": "1h" });
    let changed = patch(&server, path, &lives);
    expected["expires_at"] = json!("2026-01-21T10:41:00Z");
    expected["refresh_token_expires_at"] = json!("2026-01-21T11:31:00Z");
    assert_eq!((changed.status.as_u16(), changed.json()), (200, expected));
    // Without its refresh token, the time of that goes too.
    let single = patch(&server, path, &json!({ "refresh_token": null }));
    assert_eq!(single.status, 200, "{}", single.text());
    assert_eq!(single.json().get("refresh_token_expires_at"), None);
    assert_eq!(
        refused(&server, "renews-nine"),
        "the account has no such OAuth token"
    );
    // Another refresh token lives for 30 days.
    let renewed = patch(&server, path, &json!({ "refresh_token": "another" }));
    assert_eq!(
        renewed.at("/refresh_token_expires_at"),
        "2026-02-20T10:31:00Z"
    );
}

/// Texts of tokens differ, whatever kind they are of, and references lead somewhere.
#[test]
fn what_cannot_be_is_refused() {
    let server = Account::demo();
    let before = get(&server, "/snapshot").json();
    let pair = |key: &str, value: Value| {
        let mut pair = json!({ "token": "nine", "user_id": 10001, "refresh_token": "renews-nine" });
        pair[key] = value;
        pair
    };
    for (document, status) in [
        (pair("token", json!("demo-refresh-token")), 409),
        (pair("refresh_token", json!("demo-refresh-token")), 409),
        (pair("refresh_token", json!("demo-access-token")), 409),
        (pair("refresh_token", json!("demo-api-token")), 409),
        (pair("refresh_token", json!("nine")), 422),
        (pair("refresh_token", json!("")), 422),
        (pair("client_id", json!(3)), 422),
        (pair("user_id", json!(50)), 422),
        (pair("expires_in", json!("1d")), 422),
        (pair("live", json!(true)), 422),
    ] {
        let refused = put(&server, "/oauth_tokens/9", &document);
        assert_eq!(refused.status, status, "{document}: {}", refused.text());
    }
    for (document, status) in [
        (json!({ "refresh_token": "demo-oauth-read" }), 409),
        (json!({ "refresh_token": "demo-access-token" }), 422),
        (json!({ "token": "demo-refresh-token" }), 422),
        (json!({ "expires_in": "1h", "expires_at": START }), 422),
        (json!({ "client_id": 3 }), 422),
    ] {
        let refused = patch(&server, PAIR, &document);
        assert_eq!(refused.status, status, "{document}: {}", refused.text());
    }
    let api_token = json!({ "token": "demo-refresh-token" });
    assert_eq!(put(&server, "/api_tokens/9", &api_token).status, 409);
    assert_eq!(get(&server, "/snapshot").json(), before);
}

/// The use of a token is known to the second, and changes of the token do not touch it.
#[test]
fn the_last_use_is_noted() {
    let server = Account::demo();
    let used_at = || get(&server, PAIR).json().get("used_at").cloned();
    assert_eq!(used_at(), None);
    server.advance(Duration::from_millis(1_500));
    with(&server, "demo-access-token");
    assert_eq!(used_at(), Some(json!("2026-01-21T10:30:01Z")));
    patch(&server, PAIR, &json!({ "scopes": ["read"] }));
    post(&server, &format!("{PAIR}/expire"), &json!({}));
    assert_eq!(with(&server, "demo-access-token").status, 401);
    assert_eq!(used_at(), Some(json!("2026-01-21T10:30:01Z")));
    patch(&server, PAIR, &json!({ "used_at": null }));
    assert_eq!(used_at(), None);
}

/// Assumed: a user who may do less, or nothing, has allowed nothing.
#[test]
fn a_user_who_loses_access_loses_its_tokens() {
    for (change, ends) in [
        (json!({ "role": "agent" }), true),
        (json!({ "suspended": true }), true),
        (json!({ "active": false }), true),
        (
            json!({ "role": "admin", "name": "Ada", "password": null }),
            false,
        ),
        (json!({ "suspended": false, "active": true }), false),
    ] {
        let server = Account::demo();
        assert_eq!(patch(&server, "/users/10001", &change).status, 200);
        let (left, tokens) = if ends {
            (vec![3], ["revoked", "revoked"])
        } else {
            (vec![1, 2, 3, 4], ["", "this is a refresh token"])
        };
        assert_eq!(ids(&server, "/oauth_tokens"), left, "{change}");
        for (token, hint) in ["demo-access-token", "demo-refresh-token"]
            .into_iter()
            .zip(tokens)
        {
            let answer = with(&server, token);
            assert!(answer.hint().contains(hint), "{change}: {}", answer.hint());
        }
        // What was lost does not come back with the access.
        let back = json!({ "role": "admin", "suspended": false, "active": true });
        patch(&server, "/users/10001", &back);
        assert_eq!(ids(&server, "/oauth_tokens"), left, "{change}");
    }
    // A higher role takes nothing away.
    let server = Account::demo();
    patch(&server, "/users/10011", &json!({ "role": "admin" }));
    assert_eq!(with(&server, "demo-oauth-agent").status, 200);
}

/// Assumed: a client acts as the user who created it, so it goes with the user, and so do the
/// tokens that other users have allowed it.
#[test]
fn the_clients_of_a_user_go_with_it() {
    let server = Account::demo();
    let of_agent = json!({ "token": "nine", "user_id": 10011, "client_id": 2 });
    assert_eq!(put(&server, "/oauth_tokens/9", &of_agent).status, 201);
    assert_eq!(with(&server, "nine").status, 403, "it is an agent's");
    assert_eq!(delete(&server, "/users/10001").status, 200);
    assert_eq!(ids(&server, "/oauth_tokens"), [3]);
    assert!(refused(&server, "nine").contains("revoked"));
    let whole = get(&server, "/snapshot").json();
    assert_eq!(whole["oauth_clients"], json!([]));
    assert_eq!(
        put(&server, "/snapshot", &whole).status,
        200,
        "what is left is a seed"
    );
}
