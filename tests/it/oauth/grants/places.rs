//! Where the endpoint is, how it may be called, and what happens to its calls as to all others:
//! faults, and bodies that do not come.

use std::io;

use axum::body::Body;
use axum::http::Method;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::{Value, json};

use super::{account, ask, client_credentials, control, refresh, refresh_of};
use crate::harness::{Account, Ask};

/// Assumed: a path below `/_account`, and the host, name an account. Slashes do not matter, and
/// only the API's paths may end in `.json`.
#[test]
fn an_account_is_found_by_path_and_host() {
    let account = account();
    let seed: Value = serde_saphyr::from_str(super::SEED).expect("YAML");
    let create = json!({ "subdomain": "b", "seed": seed });
    let created = account.send(&Ask::raw(Method::POST, "/_emulator/accounts").json(&create));
    assert_eq!(created.status, 201);
    let mut token = "app-refresh".to_owned();
    for (target, host) in [
        ("/_account/b/oauth/tokens", "localhost"),
        ("/oauth/tokens", "b.zendesk.com"),
        ("/oauth/tokens", "b.localhost:8080"),
        ("/oauth/tokens/", "b.localhost"),
        ("//oauth//tokens", "b.localhost"),
        ("/_account/b/oauth/tokens/", "example.zendesk.com"),
    ] {
        let ask = ask()
            .to(target.to_owned())
            .header("host", host)
            .json(&refresh_of(&token));
        let answer = account.send(&ask);
        assert_eq!(answer.status, 200, "{target} {host}: {}", answer.text());
        token = super::refresh_token(&answer);
    }
    // The other account has kept its token.
    assert_eq!(refresh(&account, "app-refresh").status, 200);
    for target in [
        "/oauth/tokens.json",
        "/api/v2/oauth/token",
        "/oauth",
        "/oauth/token",
    ] {
        let ask = ask().to(target.to_owned()).json(&client_credentials());
        assert_eq!(account.send(&ask).status, 404, "{target}");
    }
}

/// Assumed: a POST, and nothing else. Web pages of other origins cannot read the answer.
#[test]
fn other_methods_are_refused() {
    let account = account();
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let refused = account.send(&Ask::raw(method.clone(), "/oauth/tokens"));
        assert_eq!(refused.status, 405, "{method}");
        assert_eq!(refused.header("allow"), Some("POST"), "{method}");
    }
    let preflight = Ask::raw(Method::OPTIONS, "/oauth/tokens")
        .header("origin", "http://127.0.0.1:9")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let from_page = ask()
        .json(&client_credentials())
        .header("origin", "http://127.0.0.1:9")
        .bearer("app-access");
    for (ask, status) in [(preflight, 405), (from_page, 200)] {
        let answer = account.send(&ask);
        assert_eq!(answer.status, status);
        let mut names = answer.headers.keys();
        assert!(
            !names.any(|name| name.as_str().starts_with("access-control")),
            "{answer:?}"
        );
    }
}

/// Assumed: no limit counts a call, and an answer has no headers of a limit.
#[test]
fn no_limit_counts_a_call() {
    let account = Account::seeded(super::SEED);
    let limit = json!({ "settings": { "rate_limit": "2/1m", "account_rate_limit": "2/1m" } });
    assert_eq!(control(&account, Method::PATCH, "", &limit).status, 200);
    for number in 0..10 {
        let answer = super::grant(&account, &client_credentials());
        assert_eq!(answer.status, 200);
        let mut names = answer.headers.keys().map(axum::http::HeaderName::as_str);
        assert!(
            !names.any(|name| name.contains("rate")),
            "{number}: {answer:?}"
        );
    }
    assert_eq!(
        super::call(&account, "app-access"),
        200,
        "all calls are left"
    );
    assert_eq!(super::call(&account, "app-access"), 200);
    assert_eq!(super::call(&account, "app-access"), 429);
    assert_eq!(super::grant(&account, &client_credentials()).status, 200);
}

/// By design: a fault replaces the call, and nothing is used up; or it damages the answer of a call
/// that has happened, and the tokens are rotated.
#[test]
fn faults_concern_it() {
    let account = account();
    let set = |fault: &Value| {
        let rule = json!({ "match": { "path": "/oauth/tokens", "method": "POST", "body": { "grant_type": "refresh_token" } },
            "when": { "first": 1 }, "fault": fault });
        let answer = control(
            &account,
            Method::PUT,
            "/faults",
            &json!({ "faults": [rule] }),
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    set(&json!({ "status": 503 }));
    assert_eq!(super::grant(&account, &client_credentials()).status, 200);
    let replaced = refresh(&account, "app-refresh");
    assert_eq!(replaced.status, 503);
    assert_eq!(super::call(&account, "app-access"), 200);
    let renewed = refresh(&account, "app-refresh");
    set(&json!({ "truncate": 20 }));
    let damaged = refresh(&account, &super::refresh_token(&renewed));
    assert!(damaged.hint().contains("fault: "), "{damaged:?}");
    assert!(serde_json::from_slice::<Value>(&damaged.body).is_err());
    assert_eq!(super::call(&account, &super::access_token(&renewed)), 401);
}

const MIB: usize = 1024 * 1024;

/// Assumed: the largest body is that of all calls.
#[test]
fn a_body_has_a_largest_size() {
    let account = account();
    let padded = |size: usize| {
        let mut body = refresh_of("app-refresh").to_string();
        body.push_str(&" ".repeat(size - body.len()));
        account.send(&ask().header("content-type", "application/json").body(body))
    };
    let refused = padded(MIB + 1);
    assert_eq!(refused.refusal(), "413 PayloadTooLarge");
    assert_eq!(padded(MIB).status, 200);
}

/// Assumed: a body that does not arrive within 30 seconds gets the answer of all calls. One that
/// ends early is an `invalid_request`.
#[test]
fn a_body_that_does_not_come_is_refused() {
    let account = account();
    let ask = ask().header("content-type", "application/json");
    let send = |start: String, rest: BoxStream<'static, io::Result<String>>| {
        let start = stream::once(async { Ok(start) });
        account.send_body(&ask, Body::from_stream(start.chain(rest)))
    };
    let endless = send("{\"grant_type\"".to_owned(), stream::pending().boxed());
    assert_eq!(endless.refusal(), "408 RequestTimeout");
    let closed = stream::once(async { Err(io::Error::other("closed")) });
    let cut_off = send(refresh_of("app-refresh").to_string(), closed.boxed());
    assert_eq!(cut_off.status, 400);
    assert_eq!(
        cut_off.json(),
        json!({ "error": "invalid_request", "error_description": "The request body ended early." })
    );
}
