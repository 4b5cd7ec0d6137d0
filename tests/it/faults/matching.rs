//! Which requests a rule matches.

use axum::http::Method;
use serde_json::{Value, json};

use super::{counted, is_hit, set, teapot};
use crate::harness::{Account, Ask, P, operations};

/// Whether a rule with this `match` hits the request.
fn hits(server: &Account, matching: &Value, ask: &Ask) -> bool {
    set(server, &json!([teapot(matching)]));
    is_hit(&server.send(ask))
}

/// Operations are documented in the contract: each is hit by its own name and by no other, and so
/// is its HEAD.
#[test]
fn each_operation_is_hit_by_its_name() {
    let server = Account::demo();
    let operations = operations();
    for operation in &operations {
        set(&server, &json!([]));
        let ask = operation.ask(&server);
        let rules: Vec<_> = operations
            .iter()
            .map(|it| teapot(&json!({ "operation": it.id })))
            .collect();
        set(&server, &json!(rules));
        assert!(is_hit(&server.send(&ask)), "{}", operation.id);
        let expected: Vec<_> = operations
            .iter()
            .map(|it| u64::from(it.id == operation.id))
            .collect();
        assert_eq!(
            counted(&server)
                .into_iter()
                .map(|(_, hits)| hits)
                .collect::<Vec<_>>(),
            expected
        );
        if operation.method == Method::GET {
            let mut head = ask;
            head.method = Method::HEAD;
            assert!(
                hits(&server, &json!({ "operation": operation.id }), &head),
                "{}",
                operation.id
            );
            assert!(!hits(&server, &json!({ "method": "GET" }), &head));
            assert!(hits(&server, &json!({ "method": "HEAD" }), &head));
        }
    }
}

#[test]
fn requests_are_matched_by_what_they_are() {
    let server = Account::demo();
    let agent = || Ask::get("/10011");
    let mine = || Ask::get("/me").by_agent();
    for (matching, ask, expected) in [
        (json!({}), agent(), true),
        (json!({ "method": "PUT" }), agent(), false),
        (json!({ "method": "GET" }), agent(), true),
        (
            json!({ "path": "/api/v2/agent_availabilities/10011" }),
            agent(),
            true,
        ),
        (
            json!({ "path": "/api/v2/agent_availabilities/1001" }),
            agent(),
            false,
        ),
        (
            json!({ "path": "/api/v2/agent_availabilities*" }),
            agent(),
            true,
        ),
        (json!({ "path": "*/me" }), agent(), false),
        (
            json!({ "path": "*" }),
            Ask::raw(Method::GET, "/api/v2/users"),
            true,
        ),
        // The path as the router sees it: without the suffix, the slash and the account's prefix.
        (
            json!({ "path": "/api/v2/agent_availabilities/10011" }),
            Ask::get("/10011.json"),
            true,
        ),
        (
            json!({ "path": "/api/v2/agent_availabilities/10011" }),
            Ask::get("/10011/?include=x"),
            true,
        ),
        (
            json!({ "path": "/api/v2/agent_availabilities/10011" }),
            Ask::raw(Method::GET, &format!("/_account/example{P}/10011")),
            true,
        ),
        (
            json!({ "path": "/api/*" }),
            Ask::raw(Method::GET, "/nowhere"),
            false,
        ),
        (json!({}), Ask::raw(Method::GET, "/nowhere"), true),
        // The agent in the path, in any position, and the caller's own.
        (json!({ "agent": 10011 }), agent(), true),
        (json!({ "agent": 10012 }), agent(), false),
        (
            json!({ "agent": 10011 }),
            Ask::get("/10011/channels/messaging/relationships/work_items"),
            true,
        ),
        (
            json!({ "agent": 10011 }),
            Ask::update().json(&json!({ "id": 3 })),
            true,
        ),
        (json!({ "agent": 10011 }), mine(), true),
        (
            json!({ "agent": 10011 }),
            Ask::put("/agent_statuses/agents/me")
                .by_agent()
                .json(&json!({ "id": 3 })),
            true,
        ),
        (json!({ "agent": 10011 }), Ask::get("/me"), false),
        (json!({ "agent": 10011 }), Ask::get("").by_agent(), false),
        (
            json!({ "agent": 10011 }),
            Ask::get("/me").anonymous(),
            false,
        ),
        // The caller, by the id or the e-mail address of the user, with any scheme.
        (json!({ "caller": 10011 }), mine(), true),
        (json!({ "caller": "10011" }), mine(), true),
        (json!({ "caller": 10011 }), agent(), false),
        (json!({ "caller": "Admin@Example.com" }), agent(), true),
        (
            json!({ "caller": "admin@example.com" }),
            Ask::get("/10011").bearer("demo-oauth-admin"),
            true,
        ),
        (json!({ "caller": "admin@example.com" }), mine(), false),
        (
            json!({ "caller": "admin@example.com" }),
            agent().anonymous(),
            false,
        ),
        (
            json!({ "caller": "admin@example.com" }),
            agent().token("admin@example.com", "wrong"),
            false,
        ),
        // All criteria must match.
        (
            json!({ "agent": 10011, "caller": 10011, "operation": "show_my_agent_availability" }),
            mine(),
            true,
        ),
        (
            json!({ "agent": 10011, "caller": 10011, "operation": "show_agent_availability" }),
            mine(),
            false,
        ),
    ] {
        assert_eq!(
            hits(&server, &matching, &ask),
            expected,
            "{matching} {ask:?}"
        );
    }
}

/// Callers that fail authentication are hit too: only the check of the host comes before faults.
#[test]
fn a_fault_comes_before_every_refusal() {
    let server = Account::demo();
    for ask in [
        Ask::get("/10011").anonymous(),
        Ask::get("/10011").by_agent(),
        Ask::get("?page=2"),
        Ask::new(Method::DELETE, "/10011"),
        Ask::update().body("{"),
    ] {
        assert!(hits(&server, &json!({}), &ask), "{ask:?}");
    }
    // A method that the path does not have is not an operation.
    assert!(!hits(
        &server,
        &json!({ "operation": "show_agent_availability" }),
        &Ask::new(Method::DELETE, "/10011")
    ));
}

/// Only a request with a cursor can have an expired one.
#[test]
fn an_expired_cursor_needs_a_cursor() {
    let server = Account::demo();
    set(&server, &json!([{ "preset": "expired-cursor" }]));
    for query in [
        "",
        "?page[size]=2",
        "?page[after]=",
        "?page%5Bbefore%5D",
        "?page[after]=1&page[after]=",
    ] {
        assert!(!is_hit(&server.get(query)), "{query}");
    }
    assert_eq!(counted(&server), [(0, 0)]);
    for query in ["?page[after]=10011", "?page%5Bbefore%5D=10012&page[size]=1"] {
        let name = if query.contains("after") {
            "page[after]"
        } else {
            "page[before]"
        };
        // The same answer as for a cursor that never existed.
        let expired = server.get(query);
        set(&server, &json!([]));
        let bad = server.get(&format!("?{name}=x"));
        assert_eq!(
            (expired.status, expired.json()),
            (bad.status, bad.json()),
            "{query}"
        );
        assert_eq!(expired.status, 400);
        assert!(is_hit(&expired), "{query}");
        set(&server, &json!([{ "preset": "expired-cursor" }]));
    }
}
