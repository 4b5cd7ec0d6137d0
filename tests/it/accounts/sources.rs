//! `X-Emulator-Source`: what makes a control call, and so its events.

use axum::http::Method;
use serde_json::{Value, json};

use super::{control, reset};
use crate::harness::{Account, Ask, elements};

const SOURCE: &str = "x-emulator-source";
const ALLOWED: &str = "!test/dashboard~";

fn events(server: &Account, query: &str) -> Vec<Value> {
    let listed = server.send(&control(Method::GET, &format!("/example/events{query}")));
    elements(&listed.json()["events"]).to_vec()
}

/// Calls that make events, in an order in which each makes at least one.
fn calls() -> Vec<Ask> {
    let agent = |method: &Method, path: &str| {
        control(method.clone(), &format!("/example/agents/10011{path}"))
    };
    let (post, put, patch) = (&Method::POST, &Method::PUT, &Method::PATCH);
    let whole = json!({ "agent_status": { "id": 2 }, "group_ids": [], "channels": { "talk": {} } });
    vec![
        agent(post, "/disconnect"),
        agent(post, "/reconnect"),
        agent(post, "/idle"),
        agent(post, "/sign-out"),
        agent(post, "/sign-in"),
        agent(put, "/channels/messaging").json(&json!({ "max_capacity": 9 })),
        agent(patch, "/channels/messaging").json(&json!({ "max_capacity": 8 })),
        agent(post, "/channels/messaging/work_items").json(&json!({ "id": 9 })),
        agent(patch, "/channels/messaging/work_items/9").json(&json!({ "reason": "REOPENED" })),
        agent(post, "/channels/messaging/work_items/9/move").json(&json!({ "channel": "support" })),
        agent(&Method::DELETE, "/channels/support/work_items/9"),
        agent(&Method::DELETE, "/channels/messaging"),
        agent(patch, "").json(&json!({ "agent_status": { "id": 123 } })),
        control(Method::DELETE, "/example/agent_statuses/123"),
        agent(put, "").json(&whole),
        control(Method::PATCH, "/example")
            .json(&json!({ "settings": { "omnichannel_routing": false } })),
        control(Method::PATCH, "/example")
            .json(&json!({ "settings": { "omnichannel_routing": true }, "agents": "offline" })),
        control(Method::PATCH, "/example/snapshot")
            .json(&json!({ "settings": { "omnichannel_routing": false } })),
        control(Method::PUT, "/example/snapshot")
            .json(&json!({ "settings": { "omnichannel_routing": true } })),
    ]
}

/// Every event of a call has its source, right after its number. Without the header there is no
/// such member, and nothing else differs.
#[test]
fn the_events_of_a_call_have_its_source() {
    let server = Account::demo();
    for source in [None, Some(ALLOWED)] {
        let mut last = 0;
        for ask in calls() {
            let ask = source.map_or(ask.clone(), |source| ask.header(SOURCE, source));
            let answer = server.send(&ask);
            assert!(answer.status.is_success(), "{ask:?}: {}", answer.text());
            let made = events(&server, &format!("?after={last}"));
            assert!(!made.is_empty(), "{ask:?} makes an event");
            for event in &made {
                assert_eq!(
                    event.get("source").and_then(Value::as_str),
                    source,
                    "{ask:?}: {event}"
                );
            }
            last += made.len() as u64;
        }
        let first = events(&server, "?limit=1")[0].clone();
        let members: Vec<_> = first.as_object().expect("an event").keys().collect();
        let expected: &[&str] = match source {
            None => &["sequence", "type", "id"],
            Some(_) => &["sequence", "source", "type", "id"],
        };
        assert_eq!(members[..expected.len()], *expected);
        assert_eq!(reset(&server, "example").status, 200);
    }
}

/// The header belongs to the control API. What Zendesk's API does has no source, also when a
/// control call sets it off by moving the clock.
#[test]
fn only_control_calls_have_a_source() {
    let server = Account::demo();
    let update = Ask::update().json(&json!({ "id": 4 }));
    assert_eq!(server.send(&update.header(SOURCE, "x")).status, 200);
    let job = Ask::put("/agent_statuses/agents/update_many?ids=10011").json(&json!({ "id": 3 }));
    assert_eq!(server.send(&job).status, 200);
    let advance = control(Method::POST, "/example/clock/advance").json(&json!({ "by": "60s" }));
    assert_eq!(server.send(&advance.header(SOURCE, "x")).status, 200);
    let made = events(&server, "");
    let is_of_the_job = |event: &&Value| event["event"]["new_unified_state"]["id"] == "3";
    assert_eq!(made.iter().filter(is_of_the_job).count(), 1, "{made:?}");
    assert!(
        made.iter().all(|event| event.get("source").is_none()),
        "{made:?}"
    );
}

/// A wrong header is refused for every call, and the call changes nothing.
#[test]
fn a_wrong_source_is_refused() {
    let server = Account::demo();
    let sign_out = || control(Method::POST, "/example/agents/10011/sign-out");
    let long = "x".repeat(65);
    for wrong in [&b""[..], b"a b", b"\xe2\x98\x83", b"a\tb", long.as_bytes()] {
        for ask in [
            sign_out(),
            control(Method::GET, ""),
            control(Method::GET, "/example/events"),
            control(Method::DELETE, "/example/requests"),
        ] {
            let answer = server.send(&ask.header(SOURCE, wrong));
            assert_eq!(answer.status, 422, "{wrong:?}: {}", answer.text());
            assert_eq!(
                answer.at("/problems/0"),
                json!({ "path": "X-Emulator-Source", "message": "expected 1 to 64 visible ASCII characters" })
            );
        }
    }
    let twice = sign_out().header(SOURCE, "a").another_header(SOURCE, "a");
    let answer = server.send(&twice);
    assert_eq!(
        (answer.status.as_u16(), answer.at("/problems/0/message")),
        (422, json!("\"X-Emulator-Source\" is there twice"))
    );
    assert_eq!(events(&server, ""), [json!(null); 0]);
    let longest = server.send(&sign_out().header(SOURCE, &long[1..]));
    assert_eq!(longest.status, 200);
    assert_eq!(events(&server, "")[0]["source"], long[1..]);
}
