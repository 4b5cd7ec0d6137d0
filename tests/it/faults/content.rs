//! Rules about the content of requests: headers and bodies.

use axum::http::Method;
use serde_json::{Value, json};

use super::{counted, faults, is_hit, set, teapot};
use crate::harness::{Account, Ask};

/// By design: rules match a subset of a JSON body. A call that is not hit happens.
#[test]
fn a_rule_looks_into_the_body() {
    let server = Account::demo();
    let long = json!({ "id": 4, "x": "x".repeat(16 * 1024) });
    for (expected, ask, hits) in [
        (
            json!({ "id": 4 }),
            Ask::update().json(&json!({ "id": 4, "x": 1 })),
            true,
        ),
        (
            json!({ "id": 3 }),
            Ask::update().json(&json!({ "id": 4 })),
            false,
        ),
        (json!({}), Ask::update().json(&json!({ "id": 4 })), true),
        (
            json!({ "x": { "y": 1 } }),
            Ask::update().json(&json!({ "id": 4, "x": { "y": 1, "z": 2 } })),
            true,
        ),
        (
            json!({ "x": [1] }),
            Ask::update().json(&json!({ "id": 4, "x": [1, 2] })),
            false,
        ),
        (json!([]), Ask::update().json(&json!({ "id": 4 })), false),
        // The body as it arrived, unmasked.
        (
            json!({ "token": "x" }),
            Ask::update().json(&json!({ "id": 4, "token": "x" })),
            true,
        ),
        (
            json!({ "token": "..." }),
            Ask::update().json(&json!({ "id": 4, "token": "x" })),
            false,
        ),
        // For any caller, path and content type.
        (
            json!({ "id": 4 }),
            Ask::update().anonymous().body("{\"id\": 4}"),
            true,
        ),
        (
            json!({ "id": 4 }),
            Ask::raw(Method::POST, "/nowhere")
                .header("content-type", "text/plain")
                .body("{\"id\": 4}"),
            true,
        ),
        // A body that is not JSON, or is too long, matches nothing.
        (json!({}), Ask::update().json(&long), false),
    ] {
        set(&server, &json!([teapot(&json!({ "body": expected }))]));
        let answer = server.send(&ask);
        assert_eq!(is_hit(&answer), hits, "{expected} {ask:?}: {answer:?}");
        assert_eq!(
            answer.status,
            if hits { 418 } else { 200 },
            "{expected} {ask:?}: {answer:?}"
        );
        assert_eq!(counted(&server), [(u64::from(hits), u64::from(hits))]);
    }
}

/// By design: problems of a body are reported the same way if a rule asked for the body.
#[test]
fn a_body_that_was_read_before_is_refused_as_ever() {
    let server = Account::demo();
    let form = "application/x-www-form-urlencoded";
    for ask in [
        Ask::update().json(&json!({ "id": 99 })),
        Ask::update().body("{"),
        Ask::update().body("x"),
        Ask::update().body(b"\xff".to_vec()),
        Ask::update(),
        Ask::update().body(vec![b' '; 1024 * 1024 + 1]),
        Ask::update().header("content-length", "1048577").body("{}"),
        Ask::update().header("content-type", form).body("id=4"),
        Ask::update().anonymous().body("x"),
        Ask::update().bearer("demo-oauth-agent").body("x"),
        Ask::put("/agent_statuses/agents/x").body("x"),
        Ask::put("/agent_statuses/agents/10011?x=1").body("x"),
        Ask::get("/10011").body("x"),
        Ask::raw(Method::POST, "/nowhere").body("x"),
    ] {
        set(&server, &json!([]));
        let plain = server.send(&ask);
        for rule in [
            json!({ "body": { "id": 4 } }),
            json!({ "body": "y", "method": ask.method.as_str() }),
        ] {
            set(&server, &json!([teapot(&rule)]));
            let answer = server.send(&ask);
            assert_eq!(
                (answer.status, answer.text()),
                (plain.status, plain.text()),
                "{rule} {ask:?}"
            );
            assert_eq!(answer.hint(), plain.hint(), "{rule} {ask:?}");
        }
    }
}

/// By design: rules are evaluated once, in their order, whether or not they ask for the body.
#[test]
fn rules_are_asked_in_their_order() {
    let server = Account::demo();
    let rule = |name: &str, matching: Value, when: Value| json!({ "name": name, "match": matching, "when": when, "fault": { "status": 503 } });
    set(
        &server,
        &json!([
            rule("agent", json!({ "agent": 10012 }), json!({})),
            rule(
                "body",
                json!({ "body": { "id": 3 } }),
                json!({ "first": 1 })
            ),
            rule(
                "other",
                json!({ "body": { "id": 4 }, "operation": "update_agent_status" }),
                json!({ "after": 1 })
            ),
            rule("all", json!({}), json!({ "every": 2 })),
        ]),
    );
    let hint = |agent: u64, id: u64| {
        let answer = server.update(agent, id);
        answer.hint().to_owned()
    };
    assert_eq!(hint(10_012, 3), "fault: agent");
    assert_eq!(hint(10_011, 3), "fault: body");
    assert_eq!(hint(10_011, 4), "fault: all");
    assert_eq!(hint(10_011, 4), "fault: other");
    assert_eq!(hint(10_011, 3), "");
    assert_eq!(server.get("/10011").hint(), "fault: all");
    assert_eq!(counted(&server), [(1, 1), (2, 1), (2, 1), (3, 2)]);
}

/// By design: a header matches by its name in any case and its whole value. Several values are
/// joined with commas.
#[test]
fn a_rule_looks_at_headers() {
    let server = Account::demo();
    let ask = Ask::get("/10011")
        .header("user-agent", "desk/1")
        .another_header("accept", "a");
    let ask = ask.another_header("accept", "b").bearer("demo-oauth-admin");
    for (headers, hits) in [
        (json!({ "User-Agent": "desk/1" }), true),
        (json!({ "user-agent": "Desk/1" }), false),
        (json!({ "accept": "a, b" }), true),
        (json!({ "accept": "a" }), false),
        (json!({ "x-y": null }), true),
        (json!({ "accept": null }), false),
        // The value as it arrived, unmasked.
        (
            json!({ "authorization": "Bearer demo-oauth-admin", "accept": "a, b" }),
            true,
        ),
        (json!({ "authorization": "..." }), false),
        (
            json!({ "authorization": "Bearer demo-oauth-admin", "accept": "b" }),
            false,
        ),
    ] {
        set(&server, &json!([teapot(&json!({ "headers": headers }))]));
        assert_eq!(is_hit(&server.send(&ask)), hits, "{headers}");
    }
}

/// Rules are shown as they were set, with lower-case names of headers.
#[test]
fn rules_about_content_are_shown() {
    let server = Account::demo();
    let matching =
        json!({ "headers": { "Accept": "a", "x-y": null }, "body": { "id": [4, null] } });
    let shown = set(
        &server,
        &json!([
            teapot(&matching),
            teapot(&json!({ "headers": {}, "body": null }))
        ]),
    );
    let expected =
        json!({ "headers": { "accept": "a", "x-y": null }, "body": { "id": [4, null] } });
    assert_eq!(
        (&shown["faults"][0]["match"], &shown["faults"][1]["match"]),
        (&expected, &json!({}))
    );
    for (matching, path) in [
        (json!({ "headers": 1 }), "faults[0].match.headers"),
        (
            json!({ "headers": { "a:": "x" } }),
            "faults[0].match.headers.a:",
        ),
        (
            json!({ "headers": { "a": "x", "A": null } }),
            "faults[0].match.headers",
        ),
        (
            json!({ "headers": { "a": "" } }),
            "faults[0].match.headers.a",
        ),
    ] {
        let refused =
            server.send(&faults(Method::PUT).json(&json!({ "faults": [teapot(&matching)] })));
        assert_eq!(refused.places(), [path]);
    }
}
