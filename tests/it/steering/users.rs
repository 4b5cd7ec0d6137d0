//! Users and tokens, one at a time. Tokens have ids, so that no secret is part of a path.

use axum::http::Method;
use serde_json::{Value, json};

use super::{call, delete, get, patch, post, put};
use crate::harness::{Account, Ask, elements, numbers};

/// The answer to an admin's call with this OAuth token.
fn status_with(server: &Account, token: &str) -> u16 {
    server
        .send(&Ask::get("/10011").bearer(token))
        .status
        .as_u16()
}

fn snapshot(server: &Account) -> Value {
    get(server, "/snapshot").json()
}

/// Assumed: lists are ordered by id, and each document has the form of a seed.
#[test]
fn users_and_tokens_are_as_in_the_snapshot() {
    let server = Account::demo();
    let whole = snapshot(&server);
    for list in ["users", "api_tokens", "oauth_tokens"] {
        let listed = get(&server, &format!("/{list}"));
        assert_eq!(listed.json(), json!({ list: whole[list] }));
        for document in elements(&whole[list]) {
            assert_eq!(
                get(&server, &format!("/{list}/{}", document["id"])).json(),
                *document
            );
        }
    }
    assert_eq!(whole["oauth_tokens"][1]["id"], 2);
}

/// Assumed: a token without an id gets the lowest free id, in the order of the seed, and keeps it.
#[test]
fn tokens_without_an_id_get_one() {
    let server = Account::seeded(
        "users: [{ id: 7, name: A, email: a@example.com, role: admin }]
api_tokens: [{ token: z }, { id: 1, token: y }, { token: demo-api-token }]
oauth_tokens: [{ token: c, user_id: 7 }, { id: 2, token: b, user_id: 7 }, { token: a, user_id: 7 }]
",
    );
    let texts = |list: &str| -> Vec<(u64, String)> {
        let tokens = get(&server, &format!("/{list}")).at(&format!("/{list}"));
        elements(&tokens)
            .iter()
            .map(|it| {
                (
                    it["id"].as_u64().expect("an id"),
                    it["token"].as_str().expect("a token").to_owned(),
                )
            })
            .collect()
    };
    let expected = |texts: [&str; 3]| (1..).zip(texts.map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(texts("api_tokens"), expected(["y", "z", "demo-api-token"]));
    assert_eq!(texts("oauth_tokens"), expected(["c", "b", "a"]));
    delete(&server, "/oauth_tokens/1");
    let kept = snapshot(&server);
    assert_eq!(put(&server, "/snapshot", &kept).status, 200);
    assert_eq!(snapshot(&server)["oauth_tokens"], kept["oauth_tokens"]);
    assert_eq!(kept["oauth_tokens"][0]["id"], 2);
}

/// Assumed: a user is replaced by the document, and the next request uses it.
#[test]
fn a_user_is_made_changed_and_deleted() {
    let server = Account::demo();
    let as_new = || {
        server
            .send(&Ask::get("/10011").password("NEW@example.com", "pw"))
            .status
            .as_u16()
    };
    let document = json!({ "id": 50, "name": "New", "email": "new@example.com", "role": "admin", "password": "pw" });
    let made = put(&server, "/users/50", &document);
    assert_eq!((made.status.as_u16(), made.json()), (201, document.clone()));
    assert_eq!(as_new(), 200);
    let changed = patch(&server, "/users/50", &json!({ "role": "agent" }));
    assert_eq!(
        (changed.status.as_u16(), changed.at("/role")),
        (200, json!("agent"))
    );
    assert_eq!(as_new(), 403);
    let without = patch(&server, "/users/50", &json!({ "password": null }));
    assert_eq!(
        without.json(),
        json!({ "id": 50, "name": "New", "email": "new@example.com", "role": "agent" })
    );
    assert_eq!(as_new(), 401);
    let replaced = put(
        &server,
        "/users/50",
        &json!({ "name": "N", "email": "other@example.com", "role": "admin" }),
    );
    assert_eq!(replaced.status, 200);
    // The address that it had is free.
    assert_eq!(
        patch(
            &server,
            "/users/10012",
            &json!({ "email": "new@example.com" })
        )
        .status,
        200
    );
    let deleted = delete(&server, "/users/50");
    assert_eq!(
        (deleted.status.as_u16(), deleted.json()),
        (200, replaced.json())
    );
    assert_eq!(get(&server, "/users/50").status, 404);
    assert_eq!(delete(&server, "/users/50").status, 404);
    // A reset undoes what a call has done.
    post(&server, "/reset", &json!({}));
    assert_eq!(
        get(&server, "/users/10012").at("/email"),
        "bruno@example.com"
    );
}

/// Assumed: the OAuth tokens of a user go with it, and its agent stays.
#[test]
fn the_oauth_tokens_of_a_user_go_with_it() {
    let server = Account::demo();
    assert_eq!(delete(&server, "/users/10011").status, 200);
    let left = numbers(&snapshot(&server)["oauth_tokens"], "/id");
    assert_eq!(left, [1, 2, 4]);
    assert_eq!(server.send(&Ask::get("/me").by_agent()).status, 401);
    assert_eq!(server.get("/10011").status, 200);
    let whole = snapshot(&server);
    assert_eq!(
        put(&server, "/snapshot", &whole).status,
        200,
        "what is left is a seed"
    );
}

/// Assumed: a token is created, renewed, given an expiry and deleted by its id. Its former value is
/// unknown.
#[test]
fn a_token_is_made_changed_and_deleted() {
    let server = Account::demo();
    let made = put(
        &server,
        "/oauth_tokens/9",
        &json!({ "token": "nine", "user_id": 10001 }),
    );
    let expected = json!({ "id": 9, "token": "nine", "user_id": 10001, "scopes": ["read", "write"], "created_at": "2026-01-21T10:30:00Z" });
    assert_eq!((made.status.as_u16(), made.json()), (201, expected));
    assert_eq!(status_with(&server, "nine"), 200);
    assert_eq!(
        patch(&server, "/oauth_tokens/9", &json!({ "token": "renewed" })).status,
        200
    );
    assert_eq!(
        [
            status_with(&server, "nine"),
            status_with(&server, "renewed")
        ],
        [401, 200]
    );
    patch(&server, "/oauth_tokens/9", &json!({ "user_id": 10011 }));
    assert_eq!(status_with(&server, "renewed"), 403);
    patch(
        &server,
        "/oauth_tokens/9",
        &json!({ "user_id": 10001, "expires_at": "2026-01-21T10:30:00Z" }),
    );
    assert_eq!(status_with(&server, "renewed"), 401);
    patch(
        &server,
        "/oauth_tokens/9",
        &json!({ "expires_at": null, "scopes": ["write"] }),
    );
    assert_eq!(status_with(&server, "renewed"), 403);
    assert_eq!(delete(&server, "/oauth_tokens/9").at("/token"), "renewed");
    assert_eq!(status_with(&server, "renewed"), 401);

    let by_api_token = |token: &str| {
        server
            .send(&Ask::get("/10011").token("admin@example.com", token))
            .status
            .as_u16()
    };
    assert_eq!(
        put(&server, "/api_tokens/1", &json!({ "token": "other" })).status,
        200
    );
    assert_eq!(
        [by_api_token("demo-api-token"), by_api_token("other")],
        [401, 200]
    );
    assert_eq!(
        put(
            &server,
            "/api_tokens/2",
            &json!({ "token": "second", "description": "d" })
        )
        .status,
        201
    );
    assert_eq!(delete(&server, "/api_tokens/1").status, 200);
    assert_eq!([by_api_token("other"), by_api_token("second")], [401, 200]);
}

/// Assumed: every refusal gives its reason and changes nothing.
#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let server = Account::demo();
    let before = snapshot(&server);
    let admin = json!({ "name": "A", "email": "a@example.com", "role": "admin" });
    let with = |key: &str, value: Value| {
        let mut user = admin.clone();
        user[key] = value;
        user
    };
    let problems: &[(&str, Value, &str)] = &[
        ("/users/50", json!({}), "\"name\" is missing"),
        (
            "/users/50",
            with("id", json!(51)),
            "the id is 50 and cannot change",
        ),
        (
            "/users/50",
            with("email", json!("a")),
            "expected an e-mail address",
        ),
        ("/users/50", with("role", json!("owner")), "unknown role"),
        ("/users/50", with("x", json!(1)), "unknown key"),
        (
            "/oauth_tokens/9",
            json!({ "token": "t", "user_id": 50 }),
            "there is no user 50",
        ),
        (
            "/oauth_tokens/9",
            json!({ "token": "a b", "user_id": 10001 }),
            "expected visible ASCII",
        ),
        (
            "/oauth_tokens/9",
            json!({ "token": "t", "user_id": 10001, "scopes": ["a b"] }),
            "white space",
        ),
        ("/api_tokens/9", json!({ "token": "" }), "expected text"),
    ];
    for (path, document, message) in problems {
        let refused = put(&server, path, document);
        assert_eq!(refused.status, 422, "{document}: {}", refused.text());
        assert!(
            refused.text().contains(&message.replace('"', "\\\"")),
            "{document}: {}",
            refused.text()
        );
    }
    for (path, document) in [
        ("/users/10011", json!({ "name": null })),
        ("/api_tokens/1", json!({ "x": null })),
    ] {
        assert_eq!(patch(&server, path, &document).status, 422, "{document}");
    }
    let conflicts: &[(&str, Value, &str)] = &[
        (
            "/users/50",
            with("email", json!("ADMIN@example.com")),
            "another user has the e-mail address",
        ),
        (
            "/users/10011",
            with("role", json!("end_user")),
            "there is an agent 10011",
        ),
        (
            "/oauth_tokens/9",
            json!({ "token": "demo-oauth-read", "user_id": 10001 }),
            "another token has the same text",
        ),
        (
            "/oauth_tokens/9",
            json!({ "token": "demo-api-token", "user_id": 10001 }),
            "another token has the same text",
        ),
        (
            "/api_tokens/9",
            json!({ "token": "demo-api-token" }),
            "another token has the same text",
        ),
        (
            "/api_tokens/9",
            json!({ "token": "demo-oauth-read" }),
            "another token has the same text",
        ),
    ];
    for (path, document, message) in conflicts {
        let refused = put(&server, path, document);
        assert_eq!(refused.status, 409, "{document}: {}", refused.text());
        assert!(
            refused.text().contains(message),
            "{document}: {}",
            refused.text()
        );
    }
    for path in [
        "/users/50",
        "/users/x",
        "/api_tokens/9",
        "/oauth_tokens/9",
        "/oauth_tokens/demo-oauth-admin",
    ] {
        for method in [Method::GET, Method::DELETE, Method::PATCH] {
            assert_eq!(
                call(&server, method, path, &json!({})).status,
                404,
                "{path}"
            );
        }
    }
    assert_eq!(snapshot(&server), before);
}
