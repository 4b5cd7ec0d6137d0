//! What an account's document says about credentials: everything needed to log in.

use axum::http::Method;
use serde_json::{Value, json};

use super::{control, create, in_account};
use crate::harness::{Account, Answer, Ask};

/// The answers to a request with these credentials, at a path for admins and at a path for agents
/// too.
fn statuses(server: &Account, subdomain: &str, sign: impl Fn(Ask) -> Ask) -> [u16; 2] {
    ["/10011", "/me"].map(|path| {
        let ask = sign(Ask::raw(Method::GET, &in_account(subdomain, path)));
        server.send(&ask).status.as_u16()
    })
}

fn text<'a>(login: &'a Value, member: &str) -> &'a str {
    login[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member} in {login}"))
}

/// Assumed: every form of credentials in the document works, for a plain agent and for an admin.
#[test]
fn a_new_account_says_how_to_sign_in() {
    let server = Account::demo();
    let logins = create(&server, &json!({ "subdomain": "a" })).at("/logins");
    for (login, user, expected) in [
        (&logins["admin"], 10001, [200, 200]),
        (&logins["agent"], 10011, [403, 200]),
    ] {
        assert_eq!(login["user_id"], user);
        let email = text(login, "email");
        let by_password = |ask: Ask| ask.password(email, text(login, "password"));
        assert_eq!(statuses(&server, "a", by_password), expected, "{login}");
        assert_eq!(
            statuses(&server, "a", |ask| ask
                .token(email, text(login, "api_token"))),
            expected,
            "{login}"
        );
        assert_eq!(
            statuses(&server, "a", |ask| ask.bearer(text(login, "oauth_token"))),
            expected,
            "{login}"
        );
        let ready = |ask: Ask| ask.header("authorization", text(login, "authorization"));
        assert_eq!(statuses(&server, "a", ready), expected, "{login}");
    }
    assert_eq!(
        server.send(&control(Method::GET, "/a")).at("/logins"),
        logins
    );
}

/// Assumed: an agent is preferred. `Authorization` uses the first that exists of API token, OAuth
/// token and password. An OAuth token that cannot write, or that expires, is skipped.
#[test]
fn what_is_missing_is_null() {
    let server = Account::demo();
    let users = json!([
        { "id": 1, "name": "A", "email": "a@x", "role": "admin", "password": "p" },
        { "id": 2, "name": "B", "email": "b@x", "role": "admin", "password": "a:b" },
        { "id": 3, "name": "C", "email": "c@x", "role": "agent" },
    ]);
    let tokens = json!([
        { "token": "a-reads", "user_id": 3, "scopes": ["read"] },
        { "token": "b-ends", "user_id": 3, "expires_at": "2030-01-01T00:00:00Z" },
        { "token": "c-is-good", "user_id": 3 },
        { "token": "d-is-anothers", "user_id": 1 },
    ]);
    let seed = json!({ "users": users, "oauth_tokens": tokens, "agents": [{ "id": 2 }] });
    let made = create(&server, &json!({ "subdomain": "a", "seed": seed }));
    let none = Value::Null;
    let expected = json!({
        "admin": {
            "user_id": 2, "email": "b@x", "password": "a:b", "api_token": none, "oauth_token": none,
            "authorization": "Basic YkB4OmE6Yg==",
        },
        "agent": {
            "user_id": 3, "email": "c@x", "password": none, "api_token": none, "oauth_token": "c-is-good",
            "authorization": "Bearer c-is-good",
        },
    });
    assert_eq!(
        (made.at("/credentials"), made.at("/logins")),
        (Value::Null, expected)
    );
    for login in ["admin", "agent"] {
        let ready = made.at(&format!("/logins/{login}/authorization"));
        let ready = |ask: Ask| ask.header("authorization", ready.as_str().expect("a header"));
        assert_ne!(statuses(&server, "a", ready)[1], 401, "{login}");
    }
    let empty = create(&server, &json!({ "seed": "empty" }));
    assert_eq!(empty.at("/logins"), json!({ "admin": none, "agent": none }));
    // A user may have no credentials at all.
    let seed = json!({ "users": [{ "id": 1, "name": "A", "email": "a@x", "role": "agent" }] });
    let locked = create(&server, &json!({ "seed": seed }));
    assert_eq!(
        (
            locked.at("/logins/agent/email"),
            locked.at("/logins/agent/authorization")
        ),
        (json!("a@x"), none)
    );
}

/// By design: what the document names works. API tokens that have ended are left out.
#[test]
fn ended_api_tokens_are_not_named() {
    let server = Account::demo();
    let api_tokens = json!({ "end_at": "2020-01-01T00:00:00Z" });
    let settings = json!({ "api_tokens": api_tokens });
    let made = create(&server, &json!({ "subdomain": "a", "settings": settings }));
    assert_eq!(made.at("/credentials"), Value::Null);
    for (login, expected) in [("admin", [200, 200]), ("agent", [403, 200])] {
        let login = made.at(&format!("/logins/{login}"));
        assert_eq!(login["api_token"], Value::Null, "{login}");
        let ready = |ask: Ask| ask.header("authorization", text(&login, "authorization"));
        assert_eq!(statuses(&server, "a", ready), expected, "{login}");
    }
}

/// By design: a client that can keep a secret asks for tokens with it. Assumed: it is the first by
/// its id.
#[test]
fn an_account_names_a_client_that_can_keep_a_secret() {
    let server = Account::demo();
    let client = |made: &Answer| made.at("/oauth_client").clone();
    assert_eq!(
        client(&create(&server, &json!({ "subdomain": "a" }))),
        json!({ "client_id": "demo-app", "client_secret": "demo-app-secret" })
    );
    let users = json!([{ "id": 1, "name": "A", "email": "a@x", "role": "admin" }]);
    let clients = json!([
        { "id": 9, "identifier": "nine", "secret": "s9", "user_id": 1 },
        { "id": 1, "identifier": "one", "kind": "public", "secret": "s1", "user_id": 1 },
        { "id": 2, "identifier": "two", "kind": "unknown", "user_id": 1 },
    ]);
    let seed = json!({ "users": users, "oauth_clients": clients });
    assert_eq!(
        client(&create(&server, &json!({ "seed": seed }))),
        json!({ "client_id": "nine", "client_secret": "s9" })
    );
    let empty = create(&server, &json!({ "seed": "empty" }));
    assert_eq!(client(&empty), Value::Null);
}
