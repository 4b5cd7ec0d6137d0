//! The life of a token.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    access_token, account, call, client_credentials, control, grant, refresh, refresh_token,
};
use crate::authentication::invalid_token;
use crate::harness::{Account, Answer, Ask, P, elements};

const DAY: Duration = Duration::from_hours(24);

/// Calls with an access token in each API, after `Bearer` and in the query.
fn calls(token: &str) -> [Ask; 4] {
    let me = "/api/v2/users/me.json";
    [
        Ask::get("/me").bearer(token),
        Ask::raw(Method::GET, &format!("{P}/me?access_token={token}")),
        Ask::raw(Method::GET, me).bearer(token),
        Ask::raw(Method::GET, &format!("{me}?access_token={token}")),
    ]
}

/// A refresh by the public client `cli`.
fn refresh_cli(account: &Account, refresh_token: &str) -> Answer {
    let parameters = json!({ "grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": "cli" });
    grant(account, &parameters)
}

/// Documented: a refresh deletes both tokens at once, and the error of the old access token.
/// Observed: its challenge. Assumed: no grace period, and the query.
#[test]
fn a_refresh_ends_the_pair_before() {
    let account = account();
    for ask in calls("app-access") {
        assert_eq!(account.send(&ask).status, 200, "{ask:?}");
    }
    let renewed = refresh(&account, "app-refresh");
    for ask in calls("app-access") {
        let refused = account.send(&ask);
        let (body, challenge) = invalid_token();
        assert_eq!(refused.status, 401, "{ask:?}");
        assert_eq!(
            (refused.json(), refused.header("www-authenticate")),
            (body, Some(challenge)),
            "{ask:?}"
        );
        assert!(
            refused.hint().contains("replaced at 2026-01-21T10:30:00Z"),
            "{refused:?}"
        );
    }
    for ask in calls(&access_token(&renewed)) {
        assert_eq!(account.send(&ask).status, 200, "{ask:?}");
    }
}

/// Documented: a refresh token is used once. Assumed: a second use ends nothing else.
#[test]
fn a_spent_refresh_token_is_refused() {
    let account = account();
    let renewed = refresh(&account, "app-refresh");
    account.advance(Duration::from_mins(1));
    for _ in 0..3 {
        let again = refresh(&account, "app-refresh");
        assert_eq!(again.refusal(), "400 invalid_grant");
        assert!(
            again.hint().contains("was used at 2026-01-21T10:30:00Z"),
            "{again:?}"
        );
    }
    assert_eq!(call(&account, &access_token(&renewed)), 200);
    assert_eq!(refresh(&account, &refresh_token(&renewed)).status, 200);
}

/// Documented: a token may be renewed before it expires and after, up to 30 days. Assumed: each
/// refresh starts new 30 days.
#[test]
fn a_refresh_token_lives_for_thirty_days() {
    let account = account();
    let renewed = refresh(&account, "app-refresh");
    account.advance(29 * DAY);
    account.advance(Duration::from_nanos(86_399_999_999_999));
    assert_eq!(call(&account, &access_token(&renewed)), 401);
    let again = refresh(&account, &refresh_token(&renewed));
    account.advance(29 * DAY);
    let third = refresh(&account, &refresh_token(&again));
    account.advance(30 * DAY);
    let late = refresh(&account, &refresh_token(&third));
    assert_eq!(late.refusal(), "400 invalid_grant");
    assert!(late.hint().contains("has expired, at 2026-"), "{late:?}");
    // The seeded ones live as long.
    assert_eq!(
        refresh_cli(&account, "cli-refresh").refusal(),
        "400 invalid_grant"
    );
}

/// Documented: an expired access token does not take its refresh token with it.
#[test]
fn an_expired_access_token_can_be_renewed() {
    let account = account();
    account.advance(Duration::from_mins(30));
    let refused = account.send(&Ask::get("/me").bearer("app-access"));
    assert_eq!(refused.json(), invalid_token().0);
    let renewed = refresh(&account, "app-refresh");
    assert_eq!(call(&account, &access_token(&renewed)), 200);
}

/// Documented: a client's own token acts as the user who created the client. Assumed: it is renewed
/// by another one, and earlier ones live on.
#[test]
fn a_client_acts_as_the_user_who_created_it() {
    let account = account();
    let bot = json!({ "grant_type": "client_credentials", "client_id": "bot é+%", "client_secret": "s:e c/r&t=" });
    let tokens = [grant(&account, &bot), grant(&account, &bot)].map(|it| access_token(&it));
    for token in &tokens {
        let me = account.send(&Ask::raw(Method::GET, "/api/v2/users/me.json").bearer(token));
        assert_eq!(
            (me.at("/user/id"), me.at("/user/role")),
            (json!(3), json!("admin"))
        );
        let agent = account.send(&Ask::get("/me").bearer(token));
        assert_eq!(agent.at("/data/attributes/agent_id"), 3);
    }
    account.advance(Duration::from_mins(30));
    assert_eq!(call(&account, &tokens[1]), 401);
    assert_eq!(call(&account, &access_token(&grant(&account, &bot))), 200);
}

/// Assumed: a user's tokens end when the user is suspended, deleted or gets a lower role, and do
/// not come back.
#[test]
fn tokens_end_with_the_user() {
    let back = json!({ "suspended": false, "active": true });
    for (change, user, access, renew) in [
        (json!({ "suspended": true }), 2, "cli-access", "cli-refresh"),
        (json!({ "active": false }), 2, "cli-access", "cli-refresh"),
        (
            json!({ "role": "light_agent" }),
            1,
            "app-access",
            "app-refresh",
        ),
        (json!({ "role": "agent" }), 1, "app-access", "app-refresh"),
    ] {
        let account = account();
        let path = format!("/users/{user}");
        if change["role"] == "light_agent" {
            let agent = format!("/agents/{user}");
            assert_eq!(
                control(&account, Method::DELETE, &agent, &json!({})).status,
                200
            );
        }
        assert_eq!(
            control(&account, Method::PATCH, &path, &change).status,
            200,
            "{change}"
        );
        assert_eq!(control(&account, Method::PATCH, &path, &back).status, 200);
        let refused = account.send(&Ask::get("/me").bearer(access));
        assert_eq!(refused.json(), invalid_token().0, "{change}");
        assert!(
            refused.hint().contains("was revoked at"),
            "{change}: {refused:?}"
        );
        let answer = if user == 2 {
            refresh_cli(&account, renew)
        } else {
            refresh(&account, renew)
        };
        assert_eq!(answer.refusal(), "400 invalid_grant", "{change}");
    }
    // What takes nothing away ends nothing.
    let account = account();
    for change in [
        json!({ "name": "N" }),
        json!({ "role": "admin" }),
        json!({ "role": "admin" }),
    ] {
        assert_eq!(
            control(&account, Method::PATCH, "/users/2", &change).status,
            200
        );
        assert_eq!(call(&account, "cli-access"), 200, "{change}");
    }
}

/// Assumed: no token is made for a user who is suspended or deleted, also if the seed has a grant.
#[test]
fn no_token_is_made_for_a_suspended_user() {
    for (member, value) in [("suspended", true), ("active", false)] {
        let account = account();
        let change = json!({ member: value });
        assert_eq!(
            control(&account, Method::PATCH, "/users/1", &change).status,
            200
        );
        let answer = grant(&account, &client_credentials());
        assert_eq!(answer.refusal(), "400 invalid_grant", "{member}");
        assert!(answer.hint().contains("deleted or suspended"), "{answer:?}");
        let back = json!({ member: !value });
        control(&account, Method::PATCH, "/users/1", &back);
        assert_eq!(grant(&account, &client_credentials()).status, 200);
    }
    let mut seed: Value = serde_saphyr::from_str(super::SEED).expect("YAML");
    seed["users"][1]["suspended"] = json!(true);
    let account = Account::seeded(&seed.to_string());
    let answer = refresh_cli(&account, "cli-refresh");
    assert_eq!(answer.refusal(), "400 invalid_grant");
    assert!(answer.hint().contains("deleted or suspended"), "{answer:?}");
}

/// Assumed: a user who is taken out of the account takes its tokens and the clients that it
/// created, with their tokens. What is left is a seed.
#[test]
fn clients_and_tokens_go_with_a_deleted_user() {
    let account = account();
    assert_eq!(
        control(&account, Method::DELETE, "/users/2", &json!({})).status,
        200
    );
    assert_eq!(call(&account, "cli-access"), 401);
    assert_eq!(
        refresh_cli(&account, "cli-refresh").refusal(),
        "400 invalid_grant"
    );
    assert_eq!(call(&account, "app-access"), 200);
    assert_eq!(
        control(&account, Method::DELETE, "/users/1", &json!({})).status,
        200
    );
    for answer in [
        refresh(&account, "app-refresh"),
        grant(&account, &client_credentials()),
        refresh_cli(&account, "cli-refresh"),
    ] {
        assert_eq!(answer.refusal(), "401 invalid_client");
    }
    let snapshot = control(&account, Method::GET, "/snapshot", &json!({})).json();
    assert_eq!(elements(&snapshot["oauth_clients"]).len(), 1);
    assert_eq!(
        control(&account, Method::PUT, "/snapshot", &snapshot).status,
        200
    );
}

/// The control API: a token that is deleted is revoked, with its refresh token.
#[test]
fn a_revoked_token_cannot_be_renewed() {
    let account = account();
    assert_eq!(
        control(&account, Method::DELETE, "/oauth_tokens/1", &json!({})).status,
        200
    );
    let refused = account.send(&Ask::get("/me").bearer("app-access"));
    assert_eq!(refused.json(), invalid_token().0);
    let answer = refresh(&account, "app-refresh");
    assert_eq!(answer.refusal(), "400 invalid_grant");
    assert!(answer.hint().contains("was revoked at"), "{answer:?}");
}

/// Documented: what is not an access token is `invalid_token`, and an access token renews nothing.
#[test]
fn the_two_tokens_of_a_pair_do_not_replace_each_other() {
    let account = account();
    let refused = account.send(&Ask::get("/me").bearer("app-refresh"));
    assert_eq!(
        (refused.status.as_u16(), refused.json()),
        (401, invalid_token().0)
    );
    assert!(
        refused.hint().contains("this is a refresh token"),
        "{refused:?}"
    );
    assert_eq!(
        refresh(&account, "app-access").refusal(),
        "400 invalid_grant"
    );
    assert_eq!(call(&account, "app-access"), 200);
}

/// Assumed: an account has at most 10,000 tokens that can be used or renewed. Those that cannot are
/// forgotten first.
#[test]
fn there_are_at_most_ten_thousand_tokens() {
    let mut seed: Value = serde_saphyr::from_str(super::SEED).expect("YAML");
    let tokens = (0..9_998)
        .map(|number| json!({ "token": format!("t{number}"), "user_id": 1, "expires_in": "1h" }));
    seed["oauth_tokens"]
        .as_array_mut()
        .expect("tokens")
        .extend(tokens);
    let account = Account::seeded(&seed.to_string());
    let refused = grant(&account, &client_credentials());
    assert_eq!(refused.refusal(), "400 invalid_request");
    assert!(refused.hint().contains("10,000 tokens"), "{refused:?}");
    // A refresh needs no more room.
    let renewed = refresh(&account, "app-refresh");
    assert_eq!(renewed.status, 200);
    account.advance(Duration::from_hours(1));
    assert_eq!(grant(&account, &client_credentials()).status, 200);
    assert_eq!(refresh(&account, &refresh_token(&renewed)).status, 200);
    assert_eq!(account.world().directory().oauth().tokens().count(), 3);
}
