//! How a client says who it is.

use axum::http::Method;
use serde_json::{Value, json};

use super::{account, ask, client_credentials, grant, refresh_of, seeded_with};
use crate::harness::{Account, Answer, Ask};
use zendesk_availability_emulator::config::SettingsPatch;

const DESCRIPTION: &str = "The client identifier provided is invalid, the client failed to authenticate, \
                           the client did not include its credentials, provided multiple client credentials, or used \
                           unsupported credentials type.";

/// A grant for the client of the Basic credentials.
fn basic(account: &Account, credentials: &str, others: &Value) -> Answer {
    let parameters = super::with(&json!({ "grant_type": "client_credentials" }), others);
    account.send(&ask().basic(credentials).json(&parameters))
}

/// Assumed: `Authorization: Basic` with both parts encoded as in a form, which requests-oauthlib
/// and authlib send by default.
#[test]
fn a_client_may_use_basic() {
    let account = account();
    let nothing = json!({});
    for credentials in [
        "app:app-secret",
        "%61pp:app%2Dsecret",
        "bot+%C3%A9%2B%25:s%3Ae+c%2Fr%26t%3D",
        "bot%20%c3%a9%2b%25:s%3ae%20c%2fr%26t%3d",
    ] {
        let answer = basic(&account, credentials, &nothing);
        assert_eq!(answer.status, 200, "{credentials}: {}", answer.text());
        assert!(answer.hint().contains("as parameters only"), "{answer:?}");
    }
    // A public client has nothing after the colon.
    let refresh = json!({ "grant_type": "refresh_token", "refresh_token": "cli-refresh" });
    assert_eq!(
        account.send(&ask().basic("cli:").json(&refresh)).status,
        200
    );
    // A form is what those libraries send.
    let form = ask()
        .basic("app:app-secret")
        .header(
            "content-type",
            "application/x-www-form-urlencoded;charset=UTF-8",
        )
        .body("grant_type=client_credentials&scope=read");
    assert_eq!(account.send(&form).at("/scope"), "read");
    for wrong in [
        "app:x",
        "x:app-secret",
        "app:",
        "11:app-secret",
        "bot é+%:s:e c/r&t=",
    ] {
        assert_eq!(
            basic(&account, wrong, &nothing).refusal(),
            "401 invalid_client",
            "{wrong}"
        );
    }
}

/// Assumed: the same client in both places is one client, and two are too many. The words are those
/// of rack-oauth2.
#[test]
fn basic_and_body_name_one_client() {
    let account = account();
    let same = json!({ "client_id": "app", "client_secret": "app-secret" });
    for parameters in [same, json!({ "client_id": "app" })] {
        assert_eq!(basic(&account, "app:app-secret", &parameters).status, 200);
    }
    for parameters in [
        json!({ "client_id": "cli" }),
        json!({ "client_id": "narrow", "client_secret": "narrow-secret" }),
    ] {
        let answer = basic(&account, "app:app-secret", &parameters);
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json(),
            json!({ "error": "invalid_request", "error_description": "Multiple client credentials are provided." })
        );
    }
    // One client and two secrets: that of Basic counts.
    let other = json!({ "client_id": "app", "client_secret": "x" });
    assert_eq!(basic(&account, "app:app-secret", &other).status, 200);
    let right = json!({ "client_id": "app", "client_secret": "app-secret" });
    assert_eq!(
        basic(&account, "app:x", &right).at("/error"),
        "invalid_client"
    );
    assert_eq!(basic(&account, "app:", &right).status, 200);
    // What is not Basic, or not base64, is not a client.
    for header in ["Bearer app-access", "Basic ?", "Basic", "Digest x"] {
        let ask = ask().header("authorization", header);
        assert_eq!(
            account
                .send(&ask.clone().json(&client_credentials()))
                .status,
            200
        );
        let alone = account.send(&ask.json(&json!({ "grant_type": "client_credentials" })));
        assert_eq!(alone.at("/error_description"), "'client_id' required.");
    }
}

/// Documented: a public client has no secret (PKCE). Observed: zcli refreshes with `client_id`
/// alone.
#[test]
fn a_public_client_needs_no_secret() {
    let refresh = json!({ "grant_type": "refresh_token", "refresh_token": "cli-refresh", "client_id": "cli" });
    let answer = grant(&account(), &refresh);
    assert_eq!((answer.status.as_u16(), answer.hint()), (200, ""));
}

/// Observed: status, text, and that the numeric id is refused. Assumed: the challenge.
#[test]
fn an_unknown_client_is_refused() {
    let account = account();
    let create = json!({ "subdomain": "other", "seed": { "users": [{ "id": 1, "name": "A", "email": "a@example.com", "role": "admin" }],
        "oauth_clients": [{ "id": 1, "identifier": "elsewhere", "secret": "s", "user_id": 1 }] } });
    let created = account.send(&Ask::raw(Method::POST, "/_emulator/accounts").json(&create));
    assert_eq!(created.status, 201);
    for (client, secret, hint) in [
        (
            "nobody",
            json!("app-secret"),
            "no OAuth client with this identifier",
        ),
        (
            "APP",
            json!("app-secret"),
            "no OAuth client with this identifier",
        ),
        (
            "elsewhere",
            json!("s"),
            "no OAuth client with this identifier",
        ),
        ("11", json!("app-secret"), "not its numeric id"),
        ("app", json!("other"), "secret is wrong"),
        ("app", json!("App-secret"), "secret is wrong"),
        ("app", Value::Null, "has to send `client_secret`"),
    ] {
        let parameters = super::with(
            &refresh_of("app-refresh"),
            &json!({ "client_id": client, "client_secret": secret }),
        );
        let answer = grant(&account, &parameters);
        assert_eq!(answer.status, 401, "{client}");
        assert_eq!(
            answer.json(),
            json!({ "error": "invalid_client", "error_description": DESCRIPTION })
        );
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Basic realm=\"OAuth2 Token Endpoint\"")
        );
        assert!(answer.hint().contains(hint), "{client}: {}", answer.hint());
    }
    assert_eq!(super::refresh(&account, "app-refresh").status, 200);
}

/// Assumed: a client that is not public and has no secret cannot say who it is.
#[test]
fn an_old_client_without_a_secret_is_refused() {
    let seed = "
users: [{ id: 1, name: Admin, email: admin@example.com, role: admin }]
oauth_clients:
  - { id: 1, identifier: old, kind: unknown, user_id: 1 }
  - { id: 2, identifier: older, kind: unknown, user_id: 1, secret: s }
";
    let account = Account::with(|builder| seeded_with(builder, seed, SettingsPatch::new()));
    let mint = |client: &str, secret: Value| {
        let parameters = json!({ "grant_type": "client_credentials", "client_id": client, "client_secret": secret });
        grant(&account, &parameters)
    };
    for secret in [Value::Null, json!(""), json!("s")] {
        assert_eq!(mint("old", secret).refusal(), "401 invalid_client");
    }
    assert_eq!(mint("older", json!("s")).status, 200);
    assert_eq!(mint("older", Value::Null).refusal(), "401 invalid_client");
}
