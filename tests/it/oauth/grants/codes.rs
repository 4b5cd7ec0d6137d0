//! Codes of the authorization page, which a client exchanges for tokens.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{
    Consent, OauthSettingsPatch, SettingsPatch, Validation,
};

use super::{
    access_token, account_with, by_app, call, control, grant, refresh, refresh_token, with,
};
use crate::harness::{Account, Answer, Ask};

pub(super) const CALLBACK: &str = "https://app.example/callback";
pub(super) const LOCAL: &str = "http://localhost:19186/";
/// The pair of RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Settings with which the first admin allows every request at once.
pub(super) fn allowing() -> SettingsPatch {
    SettingsPatch::new().oauth(OauthSettingsPatch::new().consent(Consent::Allow))
}

/// What the authorization page answers to a client.
pub(super) fn authorize(
    account: &Account,
    client: &str,
    redirect_uri: &str,
    more: &[(&str, &str)],
) -> Answer {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("response_type", "code");
    query.append_pair("client_id", client);
    query.append_pair("redirect_uri", redirect_uri);
    query.extend_pairs(more);
    let target = format!("/oauth/authorizations/new?{}", query.finish());
    account.send(&Ask::raw(Method::GET, &target))
}

/// The code in a redirect.
pub(super) fn code(answer: &Answer) -> String {
    assert_eq!(answer.status, 302, "{} {}", answer.text(), answer.hint());
    let location = answer.header("location").expect("an address");
    let (_, query) = location.split_once('?').expect("a query");
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let code = pairs.find(|(name, _)| name == "code");
    code.expect("a code").1.into_owned()
}

fn pkce() -> [(&'static str, &'static str); 2] {
    [
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

/// A code for `app`, without PKCE.
fn of_app(account: &Account, scope: &str) -> String {
    code(&authorize(account, "app", CALLBACK, &[("scope", scope)]))
}

/// A code for `cli`, with PKCE.
fn of_cli(account: &Account) -> String {
    code(&authorize(account, "cli", LOCAL, &pkce()))
}

/// The exchange of a code of `app`.
fn exchange(code: &str) -> Value {
    by_app(&json!({ "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK }))
}

/// The exchange of a code of `cli`, as zcli sends it: without a scope, a secret and a lifetime.
fn exchange_of_cli(code: &str) -> Value {
    json!({ "grant_type": "authorization_code", "code": code, "client_id": "cli",
        "code_verifier": VERIFIER, "redirect_uri": LOCAL })
}

/// Documented: the pair, and that the token acts as the user who allowed it.
#[test]
fn a_code_is_exchanged_for_a_pair() {
    let account = account_with(allowing());
    let answer = grant(&account, &exchange(&of_app(&account, "write read")));
    assert_eq!((answer.status.as_u16(), answer.hint()), (200, ""));
    let mut body = answer.json();
    let members = body.as_object_mut().expect("an object");
    for name in ["access_token", "refresh_token"] {
        assert!(members.remove(name).is_some_and(|token| token.is_string()));
    }
    assert_eq!(
        body,
        json!({ "token_type": "bearer", "scope": "write read", "expires_in": 1800, "refresh_token_expires_in": 2_592_000 })
    );
    let me = Ask::raw(Method::GET, "/api/v2/users/me.json").bearer(&access_token(&answer));
    assert_eq!(account.send(&me).at("/user/id"), 1);
    assert_eq!(refresh(&account, &refresh_token(&answer)).status, 200);
}

/// Documented: PKCE in place of a secret. Observed: zcli.
#[test]
fn a_public_client_sends_a_verifier() {
    let account = account_with(allowing());
    let answer = grant(&account, &exchange_of_cli(&of_cli(&account)));
    assert_eq!((answer.status.as_u16(), answer.hint()), (200, ""));
    assert_eq!(
        (answer.at("/scope"), answer.at("/expires_in")),
        (json!("read write"), json!(1800))
    );
    let renew = json!({ "grant_type": "refresh_token", "client_id": "cli", "refresh_token": refresh_token(&answer) });
    assert_eq!(grant(&account, &renew).status, 200);
    // A client with a secret may use PKCE besides.
    let with_pkce = code(&authorize(&account, "app", CALLBACK, &pkce()));
    let exchange = with(&exchange(&with_pkce), &json!({ "code_verifier": VERIFIER }));
    assert_eq!(grant(&account, &exchange).status, 200);
}

/// Documented: a code is used once. Assumed: a second use ends nothing else.
#[test]
fn a_code_is_used_once() {
    let account = account_with(allowing());
    let code = of_app(&account, "read");
    let first = grant(&account, &exchange(&code));
    account.advance(Duration::from_secs(1));
    let second = grant(&account, &exchange(&code));
    assert_eq!(second.refusal(), "400 invalid_grant");
    assert!(
        second.hint().contains("was used at 2026-01-21T10:30:00Z"),
        "{second:?}"
    );
    assert_eq!(call(&account, &access_token(&first)), 200);
}

/// Documented: a code is valid for 120 seconds.
#[test]
fn a_code_lives_for_two_minutes() {
    let account = account_with(allowing());
    let codes = [of_app(&account, "read"), of_app(&account, "read")];
    account.advance(Duration::from_nanos(119_999_999_999));
    assert_eq!(grant(&account, &exchange(&codes[0])).status, 200);
    account.advance(Duration::from_nanos(1));
    let late = grant(&account, &exchange(&codes[1]));
    assert_eq!(late.refusal(), "400 invalid_grant");
    assert!(late.hint().contains("the code has expired, at"), "{late:?}");
}

/// Observed: `invalid_grant` for what does not fit a code. Assumed: nothing is used up by a request
/// that is refused.
#[test]
fn a_code_fits_one_request() {
    let account = account_with(allowing().validation(Validation::Strict));
    let code = of_cli(&account);
    let app = json!({ "client_id": "app", "client_secret": "app-secret" });
    for (defect, refused, hint) in [
        (app, "400 invalid_grant", "issued to another client"),
        (
            json!({ "redirect_uri": "http://localhost:19187/" }),
            "400 invalid_grant",
            "`redirect_uri`",
        ),
        (
            json!({ "redirect_uri": "http://localhost:19186" }),
            "400 invalid_grant",
            "`redirect_uri`",
        ),
        (
            json!({ "redirect_uri": null }),
            "400 invalid_grant",
            "`redirect_uri`",
        ),
        (
            json!({ "code_verifier": CHALLENGE }),
            "400 invalid_grant",
            "does not fit",
        ),
        (
            json!({ "code_verifier": null }),
            "400 invalid_grant",
            "`code_verifier` is missing",
        ),
        (
            json!({ "code": format!("{code}0") }),
            "400 invalid_grant",
            "no such code",
        ),
        (
            json!({ "scope": "users:read" }),
            "400 invalid_scope",
            "granted before",
        ),
        (json!({ "expires_in": 1 }), "400 invalid_request", ""),
    ] {
        let answer = grant(&account, &with(&exchange_of_cli(&code), &defect));
        assert_eq!(answer.refusal(), refused, "{defect}");
        assert!(answer.hint().contains(hint), "{defect}: {answer:?}");
        assert!(!answer.hint().contains(VERIFIER) && !answer.hint().contains(CHALLENGE));
    }
    assert_eq!(grant(&account, &exchange_of_cli(&code)).status, 200);
    let code = of_app(&account, "read");
    for (defect, refused) in [
        (json!({ "client_secret": null }), "401 invalid_client"),
        (json!({ "client_secret": "x" }), "401 invalid_client"),
        (json!({ "code_verifier": VERIFIER }), "400 invalid_grant"),
    ] {
        let answer = grant(&account, &with(&exchange(&code), &defect));
        assert_eq!(answer.refusal(), refused, "{defect}");
    }
    assert_eq!(grant(&account, &exchange(&code)).status, 200);
}

/// Documented: `scope` is a parameter of the exchange. Assumed: it narrows, and never widens.
#[test]
fn an_exchange_narrows_the_scopes() {
    let account = account_with(allowing());
    for (asked, given) in [
        (json!("read"), "read"),
        (json!("read write"), "read write"),
        (json!(null), "write read"),
    ] {
        let code = of_app(&account, "write read");
        let answer = grant(
            &account,
            &with(&exchange(&code), &json!({ "scope": asked })),
        );
        assert_eq!(answer.at("/scope"), given);
    }
    let code = of_app(&account, "read");
    let wider = grant(
        &account,
        &with(&exchange(&code), &json!({ "scope": "read write" })),
    );
    assert_eq!(wider.refusal(), "400 invalid_scope");
    assert_eq!(grant(&account, &exchange(&code)).at("/scope"), "read");
}

/// Observed: an authorization does not end the tokens of an earlier one.
#[test]
fn authorizations_live_side_by_side() {
    let account = account_with(allowing());
    let answers = [0, 1].map(|_| grant(&account, &exchange(&of_app(&account, "read write"))));
    for answer in &answers {
        assert_eq!(call(&account, &access_token(answer)), 200);
        assert_eq!(refresh(&account, &refresh_token(answer)).status, 200);
    }
}

/// Assumed: codes end with their client and with their user, and no snapshot has them.
#[test]
fn codes_end_with_client_and_user() {
    let empty = json!({});
    let suspended = json!({ "suspended": true });
    let snapshot = |account: &Account| {
        let taken = control(account, Method::GET, "/snapshot", &empty);
        control(account, Method::PUT, "/snapshot", &taken.json())
    };
    let suspend = |account: &Account| {
        let there = control(account, Method::PATCH, "/users/1", &suspended);
        control(
            account,
            Method::PATCH,
            "/users/1",
            &json!({ "suspended": false }),
        );
        there
    };
    let ends: [&dyn Fn(&Account) -> Answer; 2] = [&snapshot, &suspend];
    for end in ends {
        let account = account_with(allowing());
        let code = of_app(&account, "read");
        assert_eq!(end(&account).status, 200);
        assert_eq!(
            grant(&account, &exchange(&code)).refusal(),
            "400 invalid_grant"
        );
    }
    let account = account_with(allowing());
    let code = of_app(&account, "read");
    let delete = Ask::raw(Method::DELETE, "/api/v2/oauth/clients/11")
        .token("admin@example.com", "demo-api-token");
    assert_eq!(account.send(&delete).status, 204);
    assert_eq!(
        grant(&account, &exchange(&code)).refusal(),
        "401 invalid_client"
    );
    assert_eq!(call(&account, "app-access"), 401);
}

/// Assumed: the page refuses the line of scopes that the endpoint refuses.
#[test]
fn a_line_of_scopes_has_a_largest_length() {
    let account = account_with(allowing());
    let line = "r".repeat(4097);
    let refused = authorize(&account, "app", CALLBACK, &[("scope", &line)]);
    assert_eq!(refused.status, 400);
    assert!(refused.hint().contains("4096 bytes"), "{refused:?}");
    of_app(&account, &line[1..]);
}

/// Assumed: a public client needs PKCE, also for a code from before it became public.
#[test]
fn a_client_that_becomes_public_needs_pkce() {
    let account = account_with(allowing());
    let code = of_app(&account, "read");
    let change = Ask::raw(Method::PUT, "/api/v2/oauth/clients/11")
        .token("admin@example.com", "demo-api-token")
        .json(&json!({ "client": { "kind": "public" } }));
    assert_eq!(account.send(&change).status, 200);
    let refused = grant(&account, &exchange(&code));
    assert_eq!(refused.refusal(), "400 invalid_grant");
    assert!(refused.hint().contains("without PKCE"), "{refused:?}");
}
