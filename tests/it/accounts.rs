//! Accounts that a test creates. Zendesk has no such calls, so every test is assumed unless it says
//! otherwise.

mod addresses;
mod beside;
mod clock;
mod contract;
mod defaults;
mod events;
mod guard;
mod idle;
mod index;
mod isolation;
mod limits;
mod logins;
mod nowhere;
mod settings;
mod snapshot_changes;
mod snapshots;
mod sources;
mod streams;
mod token_settings;
mod viewers;
mod waits;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::InvalidSettings;
use zendesk_availability_emulator::{Emulator, StartError};

use crate::harness::{Account, Answer, Ask, P, elements};

/// A control call.
fn control(method: Method, path: &str) -> Ask {
    Ask::raw(method, &format!("/_emulator/accounts{path}"))
}

fn create(server: &Account, body: &Value) -> Answer {
    server.send(&control(Method::POST, "").json(body))
}

fn patch(server: &Account, subdomain: &str, body: &Value) -> Answer {
    server.send(&control(Method::PATCH, &format!("/{subdomain}")).json(body))
}

fn reset(server: &Account, subdomain: &str) -> Answer {
    server.send(&control(Method::POST, &format!("/{subdomain}/reset")))
}

fn list(server: &Account) -> Value {
    server.send(&control(Method::GET, "")).json()
}

fn set_clock(server: &Account, subdomain: &str, body: &Value) -> Answer {
    server.send(&control(Method::PUT, &format!("/{subdomain}/clock")).json(body))
}

fn advance(server: &Account, subdomain: &str, by: &str) -> Answer {
    server.send(
        &control(Method::POST, &format!("/{subdomain}/clock/advance")).json(&json!({ "by": by })),
    )
}

/// A GET of Zendesk's API in an account, by the demo's admin.
fn get_in(server: &Account, subdomain: &str, path: &str) -> Answer {
    server.send(
        &Ask::raw(Method::GET, &in_account(subdomain, path))
            .token("admin@example.com", "demo-api-token"),
    )
}

/// A PUT of Zendesk's API in an account, by the demo's admin.
fn put_in(server: &Account, subdomain: &str, path: &str, body: &Value) -> Answer {
    let ask = Ask::raw(Method::PUT, &in_account(subdomain, path))
        .token("admin@example.com", "demo-api-token");
    server.send(&ask.json(body))
}

fn in_account(subdomain: &str, path: &str) -> String {
    format!("/_account/{subdomain}{P}{path}")
}

/// Without a body an account is created too, and the answer says how to reach it.
#[test]
fn an_account_needs_nothing() {
    let server = Account::demo();
    for name in ["t1", "t2"] {
        let answer = server.send(&control(Method::POST, "").header("host", "127.0.0.1:8080"));
        assert_eq!(answer.status, 201);
        assert_eq!(answer.at("/subdomain"), name);
        assert_eq!(answer.at("/default"), false);
        assert_eq!(
            answer.at("/urls/host"),
            format!("http://{name}.localhost:8080")
        );
        assert_eq!(
            answer.at("/urls/path"),
            format!("http://127.0.0.1:8080/_account/{name}")
        );
        let credentials = json!({ "email": "admin@example.com", "api_token": "demo-api-token" });
        assert_eq!(answer.at("/credentials"), credentials);
        let dotted = server
            .send(&control(Method::GET, &format!("/{name}")).header("host", "localhost.:8080"));
        assert_eq!(
            dotted.at("/urls/host"),
            format!("http://{name}.localhost:8080")
        );
        assert_eq!(get_in(&server, name, "/10011").status, 200);
    }
    // A name that is taken is skipped.
    assert_eq!(create(&server, &json!({ "subdomain": "t3" })).status, 201);
    assert_eq!(create(&server, &json!({})).at("/subdomain"), "t4");
}

#[test]
fn accounts_are_listed_and_shown() {
    let server = Account::demo();
    let made = create(
        &server,
        &json!({ "subdomain": "b", "settings": { "release": "eap" } }),
    )
    .json();
    create(&server, &json!({ "subdomain": "a" }));
    let listed = list(&server);
    let names: Vec<_> = elements(&listed["accounts"])
        .iter()
        .map(|it| &it["subdomain"])
        .collect();
    assert_eq!(names, ["a", "b", "example"]);
    assert_eq!(listed["accounts"][1], made);
    assert_eq!(listed["accounts"][2]["default"], true);
    assert_eq!(server.send(&control(Method::GET, "/b")).json(), made);
    for unknown in ["/c", "/B", "/%FF"] {
        let answer = server.send(&control(Method::GET, unknown));
        assert_eq!(answer.refusal(), "404 AccountNotFound", "{unknown}");
    }
}

#[test]
fn a_seed_may_come_with_the_call() {
    let server = Account::demo();
    let seed = json!({
        "settings": { "page_size_default": 7 },
        "users": [{ "id": 1, "name": "Admin", "email": "admin@example.com", "role": "admin" }],
        "api_tokens": [{ "token": "demo-api-token" }],
        "agents": [{ "id": 5, "agent_status": { "id": 3 } }],
    });
    let made = create(
        &server,
        &json!({ "subdomain": "own", "seed": seed, "settings": { "work_items_per_page": 1 } }),
    );
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.at("/settings/page_size_default"), 7);
    assert_eq!(made.at("/settings/work_items_per_page"), 1);
    assert_eq!(
        get_in(&server, "own", "/5").at("/data/attributes/agent_id"),
        5
    );
    assert_eq!(get_in(&server, "own", "/10011").status, 404);
    let empty = create(&server, &json!({ "subdomain": "bare", "seed": "empty" }));
    assert_eq!(empty.at("/credentials"), Value::Null);
    assert_eq!(
        get_in(&server, "bare", "").status,
        401,
        "there is no user to sign in as"
    );
}

/// Every problem is named at once, with its place, and no account is created.
#[test]
fn every_problem_is_named_and_nothing_is_made() {
    let server = Account::demo();
    let before = list(&server);
    let seed =
        json!({ "agents": [{ "id": 5, "agent_status": { "id": 99 } }, { "id": -1 }], "more": 1 });
    let body = json!({ "subdomain": "-", "seed": seed, "settings": { "release": "beta", "rate_limit": { "requests": 0 } }, "x": 1 });
    let places = create(&server, &body).places();
    let expected = [
        "",
        "subdomain",
        "seed",
        "seed.agents[0].agent_status.id",
        "seed.agents[1].id",
        "settings.release",
    ];
    for place in expected.into_iter().chain(["settings.rate_limit.requests"]) {
        assert!(
            places.iter().any(|named| named == place),
            "{place:?} is not in {places:?}"
        );
    }
    for (body, status) in [
        (json!({ "seed": "small" }), 422),
        (json!({ "seed": 3 }), 422),
        (json!([]), 422),
        (json!({ "subdomain": "Upper" }), 422),
        (json!({ "subdomain": "a".repeat(64) }), 422),
        (json!({ "subdomain": "example" }), 409),
        // A name that is taken is noticed before anything is built from the seed.
        (
            json!({ "subdomain": "example", "seed": { "agents": [{ "id": -1 }] }, "more": 1 }),
            409,
        ),
        (
            json!({ "settings": { "rate_limit": { "requests": 4_294_967_295_u32, "window": "1000h" } } }),
            422,
        ),
    ] {
        let answer = create(&server, &body);
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
    }
    assert_eq!(list(&server), before);
}

#[test]
fn only_json_is_read() {
    let server = Account::demo();
    let before = list(&server);
    let post = |body: &[u8]| control(Method::POST, "").body(body);
    for (ask, status) in [
        (post(b"{}").header("content-type", "text/plain"), 415),
        (
            post(b"{}").header("content-type", "application/x-www-form-urlencoded"),
            415,
        ),
        (post(b"{}"), 415),
        (post(b"{").header("content-type", "application/json"), 400),
        (
            post(b"\xff").header("content-type", "application/json"),
            400,
        ),
        (
            post(b"{\"seed\":\"demo\",\"seed\":\"demo\"}")
                .header("content-type", "application/json"),
            400,
        ),
        (
            post(&vec![b' '; 16 << 20 | 1]).header("content-type", "application/json"),
            413,
        ),
    ] {
        let answer = server.send(&ask);
        assert_eq!(answer.status, status, "{ask:?}: {}", answer.text());
    }
    assert_eq!(list(&server), before);
    let typed = post(b"{}").header("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(server.send(&typed).status, 201);
}

#[test]
fn a_deleted_account_has_no_help_desk() {
    let server = Account::demo();
    create(&server, &json!({ "subdomain": "gone" }));
    let delete = |name: &str| server.send(&control(Method::DELETE, &format!("/{name}")));
    assert_eq!(delete("gone").status, 204);
    assert_eq!(delete("gone").status, 404);
    assert_eq!(
        get_in(&server, "gone", "/10011").at("/error/title"),
        "No help desk at gone"
    );
    // The name is free again.
    assert_eq!(create(&server, &json!({ "subdomain": "gone" })).status, 201);
    // The default account stays: it serves requests that name no other account.
    assert_eq!(delete("example").status, 409);
    assert_eq!(server.get("/10011").status, 200);
}

#[test]
fn the_default_account_has_a_subdomain_too() {
    for bad in ["", "a.b", "a_b", "-a", "a-", "\"", "ä"] {
        let refused = Emulator::builder().subdomain(bad).build().expect_err(bad);
        assert!(
            matches!(refused, StartError::Settings(InvalidSettings::Subdomain)),
            "{bad:?}: {refused}"
        );
    }
    // Case does not matter in hosts.
    let server = Account::with(|builder| builder.subdomain("Desk"));
    assert_eq!(
        server
            .send(&Ask::get("/10011").header("host", "DESK.zendesk.com"))
            .status,
        200
    );
}

#[test]
fn there_are_no_more_than_allowed() {
    let server = Account::with(|builder| builder.max_accounts(3));
    for name in ["a", "b"] {
        assert_eq!(create(&server, &json!({ "subdomain": name })).status, 201);
    }
    let full = create(&server, &json!({ "seed": { "agents": [{ "id": -1 }] } }));
    assert_eq!(
        full.status, 409,
        "the seed is not built if there is no room for the account"
    );
    let full = create(&server, &json!({}));
    assert_eq!(full.refusal(), "409 Conflict");
    server.send(&control(Method::DELETE, "/a"));
    assert_eq!(create(&server, &json!({})).status, 201);
}

/// What an open stream sends until its emulator is gone, which ends it.
fn stream_without_emulator(path: &str, header: &'static str, value: &'static str) -> Vec<u8> {
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    let emulator = Emulator::builder().build().expect("valid settings");
    let router = emulator.router();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.expect("a runtime").block_on(async {
        let request = axum::http::Request::get(path).header(header, value);
        let request = request.body(axum::body::Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("infallible");
        drop(emulator);
        let body = response.into_body().collect().await;
        body.expect("a body").to_bytes().to_vec()
    })
}
