//! What each grant answers, how it is refused, and in which order.

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{SettingsPatch, Validation};

use super::{
    account, account_with, ask, by_app, call, client_credentials, grant, refresh, refresh_of, with,
};
use crate::harness::{Account, Answer};

const INVALID_GRANT: &str = "The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, \
                             expired authorization token, bad end-user password credentials, or mismatching \
                             authorization code and redirection URI).";

fn check_headers(answer: &Answer) {
    for (name, value) in [
        ("content-type", "application/json; charset=utf-8"),
        ("cache-control", "no-store"),
        ("pragma", "no-cache"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{answer:?}");
    }
}

/// Documented: the members; observed: status 200 and `bearer` in small letters; assumed: the
/// headers.
#[test]
fn a_refresh_answers_with_a_pair() {
    let answer = refresh(&account(), "app-refresh");
    assert_eq!(answer.status, 200);
    check_headers(&answer);
    let mut body = answer.json();
    let members = body.as_object_mut().expect("an object");
    let [access, refresh] = ["access_token", "refresh_token"].map(|name| members.remove(name));
    assert_ne!(access, refresh);
    let rest = json!({
        "token_type": "bearer", "scope": "read write", "expires_in": 1800,
        "refresh_token_expires_in": 2_592_000,
    });
    assert_eq!(body, rest);
}

/// Documented: a client that acts by itself gets no refresh token.
#[test]
fn client_credentials_answer_without_a_refresh_token() {
    let account = account();
    let answer = grant(&account, &client_credentials());
    check_headers(&answer);
    let mut body = answer.json();
    let access = body
        .as_object_mut()
        .expect("an object")
        .remove("access_token");
    let access = access.as_ref().and_then(Value::as_str).expect("a token");
    assert_eq!(call(&account, access), 200);
    assert_eq!(
        body,
        json!({ "token_type": "bearer", "scope": "read write", "expires_in": 1800 })
    );
}

/// Observed: the errors of a live account; the words are those of rack-oauth2.
#[test]
fn every_refusal_has_its_error() {
    let public = json!({ "client_id": "cli", "client_secret": null });
    let grant_type = |name: &str| by_app(&json!({ "grant_type": name }));
    let not_allowed =
        "The authenticated client is not authorized to use the access grant type provided.";
    let not_supported = "The access grant included - its type or another attribute - is not supported by the \
                         authorization server.";
    let scope = "The requested scope is invalid, unknown, malformed, or exceeds the previously granted scope.";
    for (parameters, error, description, hint) in [
        (
            refresh_of("unknown"),
            "invalid_grant",
            INVALID_GRANT,
            "no such refresh token",
        ),
        (
            refresh_of("cli-refresh"),
            "invalid_grant",
            INVALID_GRANT,
            "issued to another client",
        ),
        (
            refresh_of("app-access"),
            "invalid_grant",
            INVALID_GRANT,
            "this is an access token",
        ),
        (
            with(
                &grant_type("authorization_code"),
                &json!({ "code": "unknown" }),
            ),
            "invalid_grant",
            INVALID_GRANT,
            "no such code",
        ),
        (
            with(&client_credentials(), &public),
            "unauthorized_client",
            not_allowed,
            "",
        ),
        (
            grant_type("password"),
            "unsupported_grant_type",
            not_supported,
            "2025-02-17",
        ),
        (
            grant_type("refresh token"),
            "unsupported_grant_type",
            not_supported,
            "`refresh_token`",
        ),
        (
            grant_type("Refresh_token"),
            "unsupported_grant_type",
            not_supported,
            "`refresh_token`",
        ),
        (
            grant_type("implicit"),
            "unsupported_grant_type",
            not_supported,
            "the grants are",
        ),
        (
            with(
                &refresh_of("app-refresh"),
                &json!({ "scope": "read users:read" }),
            ),
            "invalid_scope",
            scope,
            "granted before",
        ),
        (json!({}), "invalid_request", "'grant_type' required.", ""),
        (
            json!({ "grant_type": "client_credentials" }),
            "invalid_request",
            "'client_id' required.",
            "",
        ),
        (
            grant_type("authorization_code"),
            "invalid_request",
            "'code' required.",
            "",
        ),
        (
            grant_type("refresh_token"),
            "invalid_request",
            "'refresh_token' required.",
            "",
        ),
    ] {
        let answer = grant(&account(), &parameters);
        assert_eq!(answer.status, 400, "{parameters}");
        assert_eq!(
            answer.json(),
            json!({ "error": error, "error_description": description }),
            "{parameters}"
        );
        assert!(
            answer.hint().contains(hint),
            "{parameters}: {}",
            answer.hint()
        );
        assert_eq!(answer.header("www-authenticate"), None);
        check_headers(&answer);
    }
}

/// Assumed, and agrees with a live account: parameters, grant, client, whether the client may use
/// the grant, the refresh token, scopes, lifetimes. Nothing is used up before all pass.
#[test]
fn the_first_of_several_defects_counts() {
    let account = account_with(SettingsPatch::new().validation(Validation::Strict));
    let mut parameters =
        json!({ "scope": "users:read", "expires_in": 1, "refresh_token_expires_in": 1 });
    let mut refuse = |given: Value, error: &str, description: &str| {
        parameters = with(&parameters, &given);
        let answer = grant(&account, &parameters);
        assert_eq!(answer.at("/error"), error, "{parameters}");
        let text = answer.at("/error_description");
        let text = text.as_str().expect("a text");
        assert!(text.contains(description), "{parameters}: {text}");
    };
    refuse(json!({}), "invalid_request", "'grant_type'");
    refuse(
        json!({ "grant_type": "x" }),
        "invalid_request",
        "'client_id'",
    );
    refuse(
        json!({ "client_id": "nobody" }),
        "unsupported_grant_type",
        "",
    );
    refuse(
        json!({ "grant_type": "refresh_token" }),
        "invalid_request",
        "'refresh_token'",
    );
    refuse(json!({ "refresh_token": "x" }), "invalid_client", "");
    let public = json!({ "client_id": "cli", "grant_type": "client_credentials" });
    refuse(public, "unauthorized_client", "");
    let by_app =
        json!({ "client_id": "app", "client_secret": "app-secret", "grant_type": "refresh_token" });
    refuse(by_app, "invalid_grant", "");
    refuse(
        json!({ "refresh_token": "app-refresh" }),
        "invalid_scope",
        "",
    );
    refuse(
        json!({ "scope": "read" }),
        "invalid_request",
        "`expires_in`",
    );
    refuse(
        json!({ "expires_in": 300 }),
        "invalid_request",
        "`refresh_token_expires_in`",
    );
    let answer = grant(
        &account,
        &with(&parameters, &json!({ "refresh_token_expires_in": 604_800 })),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Assumed: a refused request leaves both tokens of the pair as they were.
#[test]
fn a_refused_refresh_uses_nothing_up() {
    let account = account_with(SettingsPatch::new().validation(Validation::Strict));
    let before = directory(&account);
    for (defect, refused) in [
        (json!({ "client_secret": "x" }), "401 invalid_client"),
        (
            json!({ "client_id": "narrow", "client_secret": "narrow-secret" }),
            "400 invalid_grant",
        ),
        (json!({ "scope": "read impersonate" }), "400 invalid_scope"),
        (json!({ "expires_in": 299 }), "400 invalid_request"),
        (
            json!({ "refresh_token_expires_in": "x" }),
            "400 invalid_request",
        ),
    ] {
        let answer = grant(&account, &with(&refresh_of("app-refresh"), &defect));
        assert_eq!(answer.refusal(), refused, "{defect}");
        assert_eq!(directory(&account), before, "{defect}");
        assert_eq!(call(&account, "app-access"), 200, "{defect}");
    }
    assert_eq!(refresh(&account, "app-refresh").status, 200);
    assert_ne!(directory(&account), before);
}

fn directory(account: &Account) -> String {
    let directory = account.world().directory();
    let oauth = directory.oauth();
    let texts: Vec<_> = oauth
        .tokens()
        .map(|token| (token.id, token.token.clone(), token.refresh.clone()))
        .collect();
    format!("{texts:?}")
}

/// Observed: Go's oauth2 tries Basic first, and then the body with the same refresh token. A server
/// that uses the token up at the first try locks the client out.
#[test]
fn a_second_try_in_another_form_works() {
    let account = account();
    let first = ask()
        .basic("app:wrong")
        .json(&json!({ "grant_type": "refresh_token", "refresh_token": "app-refresh" }));
    assert_eq!(account.send(&first).refusal(), "401 invalid_client");
    assert_eq!(refresh(&account, "app-refresh").status, 200);
    assert_eq!(
        refresh(&account, "app-refresh").refusal(),
        "400 invalid_grant"
    );
}
