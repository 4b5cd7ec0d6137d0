//! `/api/v2/oauth/tokens`.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::{ADA, BOB, EVE, account, ask, ids, state, walk};
use crate::harness::{Account, Ask};

fn post(account: &Account, token: &Value) -> crate::harness::Answer {
    let body = json!({ "token": token });
    account.send(&ask("POST", "/oauth/tokens", ADA).json(&body))
}

/// Documented: the fields, and the first 10 characters of the token. Observed: the end of the
/// refresh token, and that `expires_at` is there and null if the token never expires.
#[test]
fn a_token_is_shown_without_its_secrets() {
    let account = account();
    let answer = account.send(&ask("GET", "/oauth/tokens/1.json", ADA));
    let expected = json!({ "token": {
        "id": 1, "url": "http://localhost/api/v2/oauth/tokens/1.json", "user_id": 1,
        "client_id": 10, "scopes": ["read", "write"], "token": "ada-token-",
        "refresh_token": "...0123456789", "created_at": "2026-01-21T10:30:00Z",
        "expires_at": "2026-01-21T11:00:00Z",
        "refresh_token_expires_at": "2026-02-20T10:30:00Z", "used_at": null,
    } });
    assert_eq!(answer.json(), expected);
    account.advance(Duration::from_secs(5));
    let plain = account
        .send(&ask("GET", "/oauth/tokens/5", ADA))
        .at("/token");
    let nulls = [
        "client_id",
        "refresh_token",
        "expires_at",
        "refresh_token_expires_at",
    ];
    assert!(
        nulls
            .iter()
            .all(|name| plain.get(name) == Some(&Value::Null)),
        "{plain}"
    );
    assert_eq!(plain["used_at"], "2026-01-21T10:30:05Z");
}

/// Documented: own tokens unless `all`, and the filters. Assumed: the order.
#[test]
fn admins_list_tokens() {
    let account = account();
    for (query, expected) in [
        ("", vec![1, 5]),
        ("?all=false", vec![1, 5]),
        ("?all=true", vec![1, 2, 3, 4, 5]),
        ("?all=true&client_id=20", vec![2]),
        ("?client_id=20", vec![]),
        ("?client_id=10", vec![1]),
        ("?all=true&global_client_id=30", vec![3]),
        ("?all=true&global_client_id=20", vec![]),
        ("?all=true&client_id=99", vec![]),
    ] {
        let answer = account.send(&ask("GET", &format!("/oauth/tokens.json{query}"), ADA));
        assert_eq!(ids(&answer, "tokens"), expected, "{query}");
        assert_eq!(answer.at("/count"), expected.len(), "{query}");
    }
    for query in ["all=yes", "client_id=cli", "global_client_id=-1"] {
        let answer = account.send(&ask("GET", &format!("/oauth/tokens?{query}"), ADA));
        assert_eq!(answer.at("/error"), "InvalidParameter", "{query}");
    }
    for token in [BOB, EVE] {
        assert_eq!(
            account.send(&ask("GET", "/oauth/tokens", token)).status,
            403
        );
    }
}

/// Documented: pages by cursor and by offset. Both have each token once.
#[test]
fn tokens_come_in_pages() {
    let account = account();
    for size in 1..=6 {
        for kind in ["per_page", "page[size]"] {
            let path = format!("/oauth/tokens?all=true&{kind}={size}");
            assert_eq!(walk(&account, &path, "tokens"), [1, 2, 3, 4, 5], "{path}");
        }
    }
    let last = "/oauth/tokens?all=true&page[size]=2&page[before]=5";
    assert_eq!(ids(&account.send(&ask("GET", last, ADA)), "tokens"), [3, 4]);
}

/// Documented: any user shows and revokes its own tokens, admins too. Assumed: a token of another
/// user is not there.
#[test]
fn users_see_their_own_tokens_only() {
    let account = account();
    for (token, id, expected) in [
        (BOB, 2, 200),
        (BOB, 1, 404),
        (BOB, 3, 404),
        (EVE, 3, 200),
        (EVE, 2, 404),
        (ADA, 1, 200),
        (ADA, 2, 404),
        (ADA, 99, 404),
    ] {
        let answer = account.send(&ask("GET", &format!("/oauth/tokens/{id}"), token));
        assert_eq!(answer.status, expected, "{token} {id}");
    }
    let before = state(&account);
    for (token, id) in [(BOB, 1), (ADA, 2)] {
        let refused = account.send(&ask("DELETE", &format!("/oauth/tokens/{id}"), token));
        assert_eq!(
            (refused.status.as_u16(), state(&account)),
            (404, before.clone())
        );
    }
    let word = account.send(&ask("GET", "/oauth/tokens/mine", ADA));
    assert_eq!(word.at("/error/title"), "Invalid attribute");
    assert_eq!(
        account.send(&ask("DELETE", "/oauth/tokens/2", BOB)).status,
        204
    );
    assert_eq!(account.send(&ask("GET", "/users/me", BOB)).status, 401);
}

/// Documented for Bearer, observed with and without `.json` (samson, zdk, tap-zendesk). Assumed:
/// other credentials have no current token.
#[test]
fn the_current_token_is_that_of_the_call() {
    let account = account();
    for path in ["/oauth/tokens/current", "/oauth/tokens/current.json"] {
        let answer = account.send(&ask("GET", path, BOB));
        assert_eq!(answer.at("/token/id"), 2, "{path}");
    }
    let in_query = "/api/v2/oauth/tokens/current?access_token=eve-token-0123456789";
    let answer = account.send(&Ask::raw("GET".parse().expect("a method"), in_query));
    assert_eq!(answer.at("/token/id"), 3);
    for method in ["GET", "DELETE"] {
        let basic = ask(method, "/oauth/tokens/current", BOB);
        let answer = account.send(&basic.password("bob@example.com", "bob-password"));
        assert_eq!(answer.at("/error"), "RecordNotFound");
        assert!(
            answer.hint().contains("no OAuth token"),
            "{}",
            answer.hint()
        );
    }
    account.advance(Duration::from_mins(1));
    let expired = account.send(&ask("GET", "/oauth/tokens/current", "zed-token-0123456789"));
    assert_eq!(expired.at("/error"), "invalid_token");
}

/// Documented: the call. Observed: `full_token`. It never expires, and nothing renews it.
#[test]
fn an_admin_makes_a_token() {
    let account = account();
    let made = post(
        &account,
        &json!({ "client_id": 10, "scopes": ["write", "read", "write"] }),
    );
    assert_eq!(made.status, 201, "{}", made.text());
    let token = made.at("/token");
    assert_eq!(
        [
            &token["id"],
            &token["user_id"],
            &token["client_id"],
            &token["scopes"]
        ],
        [&json!(6), &json!(1), &json!(10), &json!(["write", "read"])]
    );
    assert_eq!(
        [&token["expires_at"], &token["refresh_token"]],
        [&Value::Null; 2]
    );
    let full = token["full_token"].as_str().expect("the whole token");
    assert_eq!((full.len(), token["token"].as_str()), (64, full.get(..10)));
    account.advance(Duration::from_hours(87_600));
    let shown = account.send(&ask("GET", "/oauth/tokens/current", full));
    assert_eq!(
        (shown.at("/token/id"), shown.at("/token/full_token")),
        (json!(6), Value::Null)
    );
}

/// Assumed: without scopes it has those that the client may ask for, or else all.
#[test]
fn a_token_without_scopes_has_those_of_its_client() {
    let account = account();
    for (client, scopes) in [
        (10, json!(["read", "write"])),
        (30, json!(["read", "tickets:read"])),
    ] {
        let made = post(&account, &json!({ "client_id": client }));
        assert_eq!(made.at("/token/scopes"), scopes, "{client}");
    }
}

/// Assumed: the form of the refusals is that of other records. Nothing has changed then.
#[test]
fn a_token_that_cannot_be_made_is_refused() {
    let account = account();
    let before = state(&account);
    for (body, field, error) in [
        (json!({}), "token", "BlankValue"),
        (json!({ "token": 1 }), "token", "BlankValue"),
        (json!([]), "token", "BlankValue"),
        (json!({ "token": {} }), "client_id", "BlankValue"),
        (
            json!({ "token": { "client_id": null } }),
            "client_id",
            "BlankValue",
        ),
        (
            json!({ "token": { "client_id": "app" } }),
            "client_id",
            "InvalidValue",
        ),
        (
            json!({ "token": { "client_id": 99 } }),
            "client_id",
            "InvalidValue",
        ),
        (
            json!({ "token": { "client_id": 10, "scopes": "read" } }),
            "scopes",
            "InvalidValue",
        ),
        (
            json!({ "token": { "client_id": 10, "scopes": ["read write"] } }),
            "scopes",
            "InvalidValue",
        ),
        (
            json!({ "token": { "client_id": 10, "scopes": [""] } }),
            "scopes",
            "InvalidValue",
        ),
        (
            json!({ "token": { "client_id": 10, "scopes": [1] } }),
            "scopes",
            "InvalidValue",
        ),
        (
            json!({ "token": { "client_id": 10, "scopes": vec!["read"; 101] } }),
            "scopes",
            "InvalidValue",
        ),
        (
            json!({ "token": { "client_id": 30, "scopes": ["read", "write"] } }),
            "scopes",
            "InvalidValue",
        ),
    ] {
        let answer = account.send(&ask("POST", "/oauth/tokens", ADA).json(&body));
        assert_eq!(
            answer.refusal(),
            "422 RecordInvalid",
            "{body}: {}",
            answer.text()
        );
        assert_eq!(
            answer.at(&format!("/details/{field}/0/error")),
            error,
            "{body}"
        );
    }
    let text = account.send(&ask("POST", "/oauth/tokens", ADA).body("{"));
    assert_eq!(text.at("/error"), "InvalidRequestBody");
    let agent = ask("POST", "/oauth/tokens", BOB).json(&json!({ "token": { "client_id": 10 } }));
    assert_eq!(account.send(&agent).status, 403);
    assert_eq!(state(&account), before);
}

/// Documented: revoking ends the token, and needs the scope `write`.
#[test]
fn a_user_revokes_its_tokens() {
    let account = account();
    let refused = account.send(&ask("DELETE", "/oauth/tokens/current.json", EVE));
    assert_eq!(
        refused.at("/description"),
        "You are missing the following required scopes: write"
    );
    let revoked = account.send(&ask("DELETE", "/oauth/tokens/current.json", BOB));
    assert_eq!((revoked.status.as_u16(), revoked.text()), (204, ""));
    let after = account.send(&ask("GET", "/oauth/tokens/current.json", BOB));
    assert_eq!(after.at("/error"), "invalid_token");
    assert!(after.hint().contains("was revoked"), "{}", after.hint());
    assert_eq!(
        account
            .send(&ask("DELETE", "/oauth/tokens/1.json", ADA))
            .status,
        204
    );
    assert_eq!(
        account.send(&ask("DELETE", "/oauth/tokens/1", ADA)).status,
        404
    );
    let directory = account.world().directory();
    assert!(
        directory
            .oauth()
            .by_refresh_token("ada-refresh-0123456789")
            .is_none()
    );
}

/// Assumed: an expired token is there as long as it can be renewed.
#[test]
fn a_token_that_cannot_be_renewed_any_more_is_not_there() {
    let account = account();
    let all = |expected: &[u64]| {
        let list = account.send(&ask("GET", "/oauth/tokens?all=true", ADA));
        assert_eq!(ids(&list, "tokens"), expected);
        assert_eq!(list.at("/count"), expected.len());
    };
    account.advance(Duration::from_mins(30));
    all(&[1, 2, 3, 5]);
    assert_eq!(
        account.send(&ask("GET", "/oauth/tokens/1", ADA)).status,
        200
    );
    account.advance(Duration::from_hours(24 * 30));
    all(&[2, 3, 5]);
    for method in ["GET", "DELETE"] {
        assert_eq!(
            account.send(&ask(method, "/oauth/tokens/1", ADA)).status,
            404
        );
    }
}

/// Assumed: at most 10,000 tokens. Those that cannot be used or renewed make room for another.
#[test]
fn an_account_has_room_for_10_000_tokens() {
    let mut seed = super::SEED.to_owned();
    for id in 6..=10_000 {
        writeln!(seed, "  - {{ id: {id}, token: token-{id}, user_id: 2 }}").expect("text");
    }
    let account = Account::seeded(&seed);
    let full = post(&account, &json!({ "client_id": 10 }));
    assert_eq!(full.at("/error"), "BadRequest", "{}", full.text());
    account.advance(Duration::from_mins(1));
    let made = post(&account, &json!({ "client_id": 10 }));
    assert_eq!(made.at("/token/id"), 10_001, "{}", made.text());
    assert_eq!(post(&account, &json!({ "client_id": 10 })).status, 400);
}

/// Assumed: the calls count against the account-wide limit, and pages may read answers to calls
/// with an OAuth token.
#[test]
fn calls_count_against_the_limit_of_the_account() {
    let account = account();
    let first = account.send(&ask("GET", "/oauth/tokens", ADA));
    assert_eq!(first.header("x-rate-limit-remaining"), Some("699"));
    let second = account.send(&ask("DELETE", "/oauth/tokens/2", ADA));
    assert_eq!(second.header("x-rate-limit-remaining"), Some("698"));
    assert_eq!(second.header("access-control-allow-origin"), Some("*"));
}

/// Assumed: with sequential ids a restored account can have the text that would be drawn next.
/// Another one is drawn then.
#[test]
fn a_text_that_another_token_has_is_not_drawn() {
    let wanted = json!({ "client_id": 10 });
    let first = post(&account(), &wanted).at("/token/full_token");
    let first = first.as_str().expect("the whole token");
    let seed = format!(
        "{}  - {{ id: 6, token: \"{first}\", user_id: 2 }}\n",
        super::SEED
    );
    let other = post(&Account::seeded(&seed), &wanted);
    assert_eq!(other.status, 201, "{}", other.text());
    assert_ne!(other.at("/token/full_token"), first);
}

/// Assumed: a token has at most 100 scopes of 4,096 bytes, however it is made.
#[test]
fn the_scopes_of_a_token_are_few() {
    let account = account();
    let few = |count: usize| {
        (0..count)
            .map(|place| format!("s{place}"))
            .collect::<Vec<_>>()
    };
    let long = |length: usize| vec!["s".repeat(length)];
    for (scopes, status) in [
        (few(100), 201),
        (few(101), 422),
        (long(2000), 201),
        (
            [long(2000), vec!["t".repeat(2000)], vec!["u".repeat(95)]].concat(),
            422,
        ),
    ] {
        let made = post(&account, &json!({ "client_id": 10, "scopes": scopes }));
        assert_eq!(made.status, status, "{}", made.text());
    }
}
