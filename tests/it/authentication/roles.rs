//! What callers may do: roles, and the scopes of OAuth tokens.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::json;

use crate::harness::{Account, Answer, Ask, Operation, elements, operations};

fn call_as(operation: &Operation, email: &str) -> Answer {
    let account = Account::demo();
    let ask = operation.ask(&account).token(email, "demo-api-token");
    account.send(&ask)
}

/// Documented: admins may call everything.
#[test]
fn admins_may_call_every_operation() {
    let operations = operations();
    assert_eq!(operations.len(), 11, "the contract's two APIs");
    for operation in operations {
        let answer = call_as(&operation, "admin@example.com");
        assert_eq!(answer.status, 200, "{}: {}", operation.id, answer.text());
    }
}

/// Documented: agents may call the `/me` forms. Light agents and end users get a 403. Assumed:
/// agents may call nothing else, and a refused call changes nothing. Observed: the body.
#[test]
fn other_roles_may_call_what_is_theirs() {
    let forbidden = json!({ "error": {
        "title": "Forbidden",
        "message": "You do not have access to this page. Please contact the account owner of this help desk for further help.",
    } });
    let mut for_agents = Vec::new();
    for operation in operations() {
        for (email, may) in [
            ("agent@example.com", operation.for_agents),
            ("light@example.com", false),
            ("customer@example.com", false),
        ] {
            let account = Account::demo();
            let ask = operation.ask(&account).token(email, "demo-api-token");
            let before = account.state();
            let answer = account.send(&ask);
            if may {
                assert_eq!(
                    answer.status,
                    200,
                    "{} by {email}: {}",
                    operation.id,
                    answer.text()
                );
                continue;
            }
            assert_eq!(answer.status, 403, "{} by {email}", operation.id);
            assert_eq!(answer.json(), forbidden, "{} by {email}", operation.id);
            let hint = if operation.for_agents {
                "only admins and agents may call this"
            } else {
                "only admins may call this; agents may call the /me forms"
            };
            assert_eq!(answer.hint(), hint, "{} by {email}", operation.id);
            assert_eq!(account.state(), before, "{} by {email}", operation.id);
        }
        if operation.for_agents {
            for_agents.push(operation.template);
        }
    }
    assert!(
        for_agents.iter().all(|template| template.contains("/me")),
        "{for_agents:?}"
    );
    assert_eq!(for_agents.len(), 4, "{for_agents:?}");
}

/// Documented: a GET needs the scope `read` and a PUT the scope `write`. A token without it gets a
/// 403. Observed: the body.
#[test]
fn a_token_needs_the_scope_of_the_method() {
    let tokens = ["read", "write"]
        .map(|scope| format!("  - {{ token: only-{scope}, user_id: 10011, scopes: [{scope}] }}\n"));
    let seed = format!(
        "
users:
  - {{ id: 1, name: Admin, email: admin@example.com, role: admin }}
  - {{ id: 10011, name: Other, email: other@example.com, role: admin }}
api_tokens: [{{ token: demo-api-token }}]
oauth_tokens:
{}
agents:
  - {{ id: 10011, agent_status: {{ id: 2 }}, channels: {{ messaging: {{}} }} }}
  - {{ id: 10013, agent_status: {{ id: 2 }} }}
  - {{ id: 10014, agent_status: {{ id: 2 }} }}
",
        tokens.concat()
    );
    for operation in operations() {
        let account = Account::seeded(&seed);
        let ask = operation.ask(&account);
        let (needed, other) = if operation.method == Method::GET {
            ("read", "write")
        } else {
            ("write", "read")
        };
        let mut asks = vec![ask.clone()];
        if operation.method == Method::GET {
            let mut head = ask;
            head.method = Method::HEAD;
            asks.push(head);
        }
        for ask in asks {
            let before = account.state();
            let refused = account.send(&ask.clone().bearer(&format!("only-{other}")));
            assert_eq!(refused.status, 403, "{} {}", ask.method, operation.id);
            assert_eq!(
                refused.hint(),
                format!("the OAuth token lacks the scope `{needed}`"),
                "{}",
                operation.id
            );
            assert_eq!(account.state(), before, "{}", operation.id);
            if ask.method != Method::HEAD {
                let description =
                    format!("You are missing the following required scopes: {needed}");
                assert_eq!(
                    refused.json(),
                    json!({ "error": "Forbidden", "description": description })
                );
            }
            let answer = account.send(&ask.clone().bearer(&format!("only-{needed}")));
            assert_eq!(answer.status, 200, "{} {}", ask.method, operation.id);
        }
    }
}

/// Documented: a scope is any text. A scope other than `read` and `write` gives no access, alone or
/// beside another one. `read` and `write` beside it still do.
#[test]
fn any_other_scope_gives_no_access() {
    let account = Account::demo();
    let others = [
        "tickets:read",
        "Read",
        "READ",
        "read:write",
        "impersonate",
        "raed",
        "☃",
    ];
    let only_others = json!({ "token": "others", "user_id": 10001, "scopes": others });
    let also_read =
        json!({ "token": "some", "user_id": 10001, "scopes": ["hc:write", "read", "Write"] });
    let none = json!({ "token": "none", "user_id": 10001, "scopes": [] });
    let snapshot = Ask::control(Method::PATCH, "/snapshot");
    let patched =
        account.send(&snapshot.json(&json!({ "oauth_tokens": [only_others, also_read, none] })));
    assert_eq!(patched.status, 200, "{}", patched.text());
    // Other scopes are kept and shown.
    let kept = account
        .send(&Ask::control(Method::GET, "/snapshot"))
        .at("/oauth_tokens");
    let scopes = |token: &str| {
        let token = elements(&kept)
            .iter()
            .find(|it| it["token"] == token)
            .expect("the token");
        elements(&token["scopes"])
            .iter()
            .map(|it| it.as_str().expect("text").to_owned())
            .collect::<BTreeSet<_>>()
    };
    let set = |scopes: &[&str]| {
        scopes
            .iter()
            .map(|&scope| scope.to_owned())
            .collect::<BTreeSet<String>>()
    };
    assert_eq!(scopes("others"), set(&others));
    assert_eq!(scopes("some"), set(&["hc:write", "read", "Write"]));
    let missing = |scope| {
        let description = format!("You are missing the following required scopes: {scope}");
        json!({ "error": "Forbidden", "description": description })
    };
    let update = || Ask::update().json(&json!({ "id": 4 }));
    for token in ["others", "none"] {
        for (ask, scope) in [
            (Ask::get("/10011"), "read"),
            (Ask::get("/me"), "read"),
            (update(), "write"),
        ] {
            let answer = account.send(&ask.bearer(token));
            assert_eq!(
                (answer.status.as_u16(), answer.json()),
                (403, missing(scope)),
                "{token}"
            );
        }
    }
    assert_eq!(account.send(&Ask::get("/10011").bearer("some")).status, 200);
    assert_eq!(
        account.send(&update().bearer("some")).json(),
        missing("write")
    );
}

/// Documented: only OAuth tokens have scopes. The other forms of credentials need none.
#[test]
fn passwords_and_api_tokens_have_no_scopes() {
    for operation in operations() {
        let account = Account::demo();
        let ask = operation.ask(&account);
        assert_eq!(
            account
                .send(&ask.clone().password("admin@example.com", "demo-password"))
                .status,
            200
        );
        assert_eq!(
            account
                .send(&ask.token("admin@example.com", "demo-api-token"))
                .status,
            200
        );
    }
}
