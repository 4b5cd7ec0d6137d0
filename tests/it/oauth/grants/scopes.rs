//! The scopes of tokens.

use axum::http::Method;
use serde_json::{Value, json};

use super::{access_token, account, client_credentials, grant, refresh_of, refresh_token, with};
use crate::harness::{Account, Answer, Ask};

/// A token for the client `app` itself with these scopes.
fn mint(account: &Account, scope: &Value) -> Answer {
    grant(
        account,
        &with(&client_credentials(), &json!({ "scope": scope })),
    )
}

/// A refresh that asks for these scopes.
fn narrowed(account: &Account, refresh_token: &str, scope: &str) -> Answer {
    grant(
        account,
        &with(&refresh_of(refresh_token), &json!({ "scope": scope })),
    )
}

/// Observed: the answer has the scopes in the order in which they were asked for. Assumed: each
/// once.
#[test]
fn scopes_keep_their_order() {
    for (asked, granted) in [
        ("write read", "write read"),
        ("read write", "read write"),
        ("organizations:write read", "organizations:write read"),
        ("  write\tread  write ", "write read"),
    ] {
        let answer = mint(&account(), &json!(asked));
        assert_eq!((answer.at("/scope"), answer.hint()), (json!(granted), ""));
    }
}

/// Observed: without `scope`, the client's allowed scopes, or else full access.
#[test]
fn without_scopes_a_client_gets_what_it_may() {
    let answer = grant(&account(), &client_credentials());
    assert_eq!(answer.at("/scope"), "read write");
    let blank = mint(&account(), &json!("  "));
    assert_eq!(blank.at("/scope"), "read write");
    let narrow = json!({ "client_id": "narrow", "client_secret": "narrow-secret" });
    let answer = grant(&account(), &with(&client_credentials(), &narrow));
    assert_eq!(answer.at("/scope"), "tickets:read read");
}

/// Documented: a scope outside of the client's allowed ones is a 400 `invalid_scope`.
#[test]
fn a_client_asks_for_allowed_scopes_only() {
    let narrow = json!({ "grant_type": "client_credentials", "client_id": "narrow", "client_secret": "narrow-secret" });
    let account = account();
    for (scope, is_allowed) in [
        (json!("read"), true),
        (json!("read tickets:read"), true),
        (json!("write"), false),
        (json!("read write"), false),
        (json!("users:read"), false),
        (json!(["read"]), false),
    ] {
        let answer = grant(&account, &with(&narrow, &json!({ "scope": scope })));
        if is_allowed {
            assert_eq!(answer.at("/scope"), scope);
        } else {
            assert_eq!(answer.refusal(), "400 invalid_scope", "{scope}");
            assert!(
                answer
                    .hint()
                    .contains("the client is not allowed the scope"),
                "{answer:?}"
            );
        }
    }
}

/// Documented: a list of scopes yields a token, and every call with it is a 403. Observed: how the
/// gem splits the list.
#[test]
fn a_list_of_scopes_opens_nothing() {
    let account = account();
    for (list, text) in [
        (json!(["read", "write"]), r#"["read", "write"]"#),
        (json!(["read"]), r#"["read"]"#),
    ] {
        let answer = mint(&account, &list);
        assert_eq!(
            (answer.status.as_u16(), answer.at("/scope")),
            (200, json!(text))
        );
        assert!(answer.hint().contains("does not know"), "{answer:?}");
        let token = access_token(&answer);
        for ask in calls() {
            let refused = account.send(&ask.clone().bearer(&token));
            assert_eq!(refused.status, 403, "{ask:?}");
            assert_eq!(refused.header("www-authenticate"), None);
        }
    }
}

fn calls() -> [Ask; 4] {
    [
        Ask::get("/me"),
        Ask::get(""),
        Ask::put("/agent_statuses/agents/1").json(&json!({ "id": 2 })),
        Ask::raw(Method::GET, "/api/v2/users/me.json"),
    ]
}

/// Assumed: no resource scope opens the agents' availability. A missing scope is a 403 (observed),
/// so that a client does not take it for an expired token.
#[test]
fn a_missing_scope_is_not_an_expired_token() {
    let account = account();
    let answer = mint(&account, &json!("tickets:read users:read"));
    assert_eq!((answer.status.as_u16(), answer.hint()), (200, ""));
    let token = access_token(&answer);
    let refused = account.send(&Ask::get("/me").bearer(&token));
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.json(),
        json!({ "error": "Forbidden", "description": "You are missing the following required scopes: read" })
    );
    assert_eq!(refused.header("www-authenticate"), None);
    assert!(
        refused.hint().contains("lacks the scope `read`"),
        "{refused:?}"
    );
    // Reading and writing are two scopes.
    let update = Ask::put("/agent_statuses/agents/1").json(&json!({ "id": 2 }));
    for (scope, read, write) in [
        ("read", 200, 403),
        ("write", 403, 200),
        ("write read", 200, 200),
    ] {
        let token = access_token(&mint(&account, &json!(scope)));
        let status = |ask: Ask| account.send(&ask.bearer(&token)).status.as_u16();
        assert_eq!(status(Ask::get("/me")), read, "{scope}");
        assert_eq!(status(update.clone()), write, "{scope}");
    }
}

/// Assumed: a refresh keeps the scopes, or asks for some of them. Those that it gives up do not
/// come back.
#[test]
fn a_refresh_narrows_and_never_widens() {
    let account = account();
    let first = narrowed(&account, "app-refresh", "write read");
    assert_eq!(first.at("/scope"), "write read");
    let narrower = narrowed(&account, &refresh_token(&first), "read");
    assert_eq!(narrower.at("/scope"), "read");
    let kept = super::refresh(&account, &refresh_token(&narrower));
    assert_eq!(kept.at("/scope"), "read");
    let token = refresh_token(&kept);
    for wider in ["read write", "write", "tickets:read"] {
        let refused = narrowed(&account, &token, wider);
        assert_eq!(refused.refusal(), "400 invalid_scope", "{wider}");
        assert!(refused.hint().contains("granted before"), "{refused:?}");
    }
    assert_eq!(
        super::refresh(&account, &token).status,
        200,
        "it was not used up"
    );
}

/// Assumed: tokens keep their scopes, so a line of them has a largest length.
#[test]
fn a_line_of_scopes_has_a_largest_length() {
    let line = |length: usize| json!("r".repeat(length));
    assert_eq!(mint(&account(), &line(4096)).status, 200);
    let refused = mint(&account(), &line(4097));
    assert_eq!(refused.refusal(), "400 invalid_scope");
    assert!(refused.hint().contains("4096 bytes"), "{refused:?}");
}
