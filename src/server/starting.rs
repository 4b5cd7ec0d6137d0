//! What is answered while the server starts: before the default account is seeded.
#![cfg(test)]

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::response::Parts;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::account::{Defaults, Registry};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{ServerConfig, SettingsPatch};
use crate::control::contract;
use crate::ids::Ids;
use crate::seed::Seed;
use crate::zendesk::PREFIX;

/// A server without an account yet.
struct Starting {
    registry: Arc<Registry>,
    router: axum::Router,
    runtime: Runtime,
}

#[expect(clippy::expect_used, reason = "a test fails by panicking")]
impl Starting {
    fn new() -> Self {
        let registry = Arc::new(Registry::new("example".to_owned(), None));
        let defaults = Defaults {
            seed: Arc::new(Seed::empty()),
            generated: 0,
            settings: SettingsPatch::default(),
        };
        let config = ServerConfig::default();
        let app = App::new(
            Arc::clone(&registry),
            defaults,
            config,
            Ids::sequential(),
            Clock::real(),
        );
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        Self {
            registry,
            router: super::service(&app).into_router(),
            runtime,
        }
    }

    fn send(&self, method: &str, path: &str, host: &str) -> (Parts, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", host);
        let request = request
            .header("content-type", "application/json")
            .body(Body::from("{}"))
            .expect("a request");
        self.runtime.block_on(async {
            let (head, body) = self
                .router
                .clone()
                .oneshot(request)
                .await
                .expect("infallible")
                .into_parts();
            let body = to_bytes(body, usize::MAX).await.expect("a body");
            (head, String::from_utf8_lossy(&body).into_owned())
        })
    }
}

/// Assumed: until the account is seeded, the server lives, is not ready, and asks clients to come
/// back.
#[test]
fn before_the_account_is_seeded_nothing_but_the_probes_is_answered() {
    let server = Starting::new();
    let get = |path: &str| server.send("GET", path, "localhost").0;
    assert_eq!(get("/_emulator/healthz").status, 200);
    assert_eq!(get("/_emulator/readyz").status, 503);
    let refused = get(PREFIX);
    assert_eq!(
        (
            refused.status.as_u16(),
            refused.headers["retry-after"].as_bytes()
        ),
        (503, &b"1"[..])
    );
}

/// Assumed: until the account is seeded, there is nothing to steer: a control call is refused and
/// changes nothing. That is what the document says of each, and of no probe and no contract file.
#[test]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
fn before_the_account_is_seeded_nothing_is_steered() {
    let server = Starting::new();
    let document: serde_json::Value =
        serde_saphyr::from_str(contract::CONTROL_YAML).expect("the document is YAML");
    let mut refused = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in ["get", "put", "post", "patch", "delete"] {
            let responses = &item[method]["responses"];
            if responses.is_null() {
                continue;
            }
            let path = path.replace("{file}", "main.js").replace(['{', '}'], "");
            let (head, body) = server.send(&method.to_uppercase(), &path, "localhost");
            if responses["503"].is_null() {
                assert_eq!(head.status, 200, "{method} {path}");
                continue;
            }
            refused += 1;
            assert_eq!(head.status, 503, "{method} {path}: {body}");
            assert_eq!(head.headers["retry-after"], "1", "{method} {path}");
            assert_eq!(
                body,
                r#"{"error":"NotReady","description":"the server is still starting"}"#
            );
        }
    }
    assert!(
        refused > 30 && server.registry.accounts().is_empty(),
        "{refused}"
    );
    // A caller that may not steer hears of that first.
    assert_eq!(
        server
            .send("POST", "/_emulator/accounts", "desk.example")
            .0
            .status,
        403
    );
}
