//! `openapi/control.yaml` itself, and that no body gives a 500.

use axum::http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{control, create, list};
use crate::harness::{Account, Ask, control_document};

const METHODS: [Method; 6] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// Every operation of the document exists and does what it says. No other method exists.
#[test]
fn the_documents_operations_are_those_of_the_program() {
    for (path, item) in control_document()["paths"].as_object().expect("paths") {
        for method in METHODS {
            let server = Account::demo();
            create(&server, &json!({ "subdomain": "a" }));
            let target = filled_in(path, "a");
            // Calls that need a body, each with an example of one.
            let media =
                &item[method.as_str().to_lowercase()]["requestBody"]["content"]["application/json"];
            let ask = Ask::raw(method.clone(), &target);
            if path.ends_with("/stream") && method == Method::GET {
                // It has no end, and its head is checked.
                server.open(&ask.header("x-emulator-source", "test"));
                continue;
            }
            let answer = server.send(&if media.is_null() {
                ask
            } else {
                ask.json(&media["example"])
            });
            let is_there = item.get(method.as_str().to_lowercase()).is_some();
            assert_eq!(
                answer.status.is_success(),
                is_there,
                "{method} {path}: {}",
                answer.text()
            );
            // Only reading the root is a control call.
            let refusal = if path == "/" { 404 } else { 405 };
            assert!(
                is_there || answer.status == refusal,
                "{method} {path}: {}",
                answer.status
            );
        }
    }
}

/// One object of the demo for each parameter of a path.
fn filled_in(path: &str, account: &str) -> String {
    // Only an agent that was disconnected can come back.
    let agent = if path.ends_with("/reconnect") {
        "1900012345678901"
    } else {
        "10011"
    };
    let named = [
        ("subdomain", account),
        ("agent_id", agent),
        ("channel", "messaging"),
        ("work_item_id", "201"),
        ("file", "main.js"),
    ];
    let others = [
        ("agent_status_id", "123"),
        ("group_id", "42"),
        ("user_id", "10011"),
        ("api_token_id", "1"),
        ("oauth_token_id", "1"),
    ];
    let named = named.into_iter().chain(others);
    named.fold(path.to_owned(), |path, (name, value)| {
        path.replace(&format!("{{{name}}}"), value)
    })
}

/// The name of an operation is the name of its handler.
#[test]
fn operations_have_the_names_of_their_handlers() {
    let handlers = [
        include_str!("../../../src/control/account_stream.rs"),
        include_str!("../../../src/control/accounts.rs"),
        include_str!("../../../src/control/agent_statuses.rs"),
        include_str!("../../../src/control/agent_pages.rs"),
        include_str!("../../../src/control/agents.rs"),
        include_str!("../../../src/control/channels.rs"),
        include_str!("../../../src/control/clock.rs"),
        include_str!("../../../src/control/contract.rs"),
        include_str!("../../../src/control/index.rs"),
        include_str!("../../../src/control/groups.rs"),
        include_str!("../../../src/control/rate_limit.rs"),
        include_str!("../../../src/control/talk_queue.rs"),
        include_str!("../../../src/control/report/mod.rs"),
        include_str!("../../../src/control/requests.rs"),
        include_str!("../../../src/control/verify.rs"),
        include_str!("../../../src/control/events.rs"),
        include_str!("../../../src/control/snapshot.rs"),
        include_str!("../../../src/control/tokens.rs"),
        include_str!("../../../src/control/users.rs"),
        include_str!("../../../src/control/presence.rs"),
        include_str!("../../../src/control/work_items.rs"),
        include_str!("../../../src/control/faults.rs"),
        include_str!("../../../src/server/dashboard_routes.rs"),
    ];
    for item in control_document()["paths"]
        .as_object()
        .expect("paths")
        .values()
    {
        for operation in item
            .as_object()
            .expect("operations")
            .values()
            .filter(|it| it.get("operationId").is_some())
        {
            let handler = format!(
                "async fn {}(",
                operation["operationId"].as_str().expect("a name")
            );
            assert!(
                handlers.iter().any(|text| text.contains(&handler)),
                "{handler}"
            );
        }
    }
}

#[test]
fn the_document_is_served_in_both_forms() {
    let server = Account::demo();
    let yaml = server.send(&Ask::raw(Method::GET, "/_emulator/openapi.control.yaml"));
    assert_eq!(yaml.text(), include_str!("../../../openapi/control.yaml"));
    let json = server
        .send(&Ask::raw(Method::GET, "/_emulator/openapi.control.json"))
        .json();
    assert_eq!(json, *control_document());
}

const WORDS: &[&str] = &[
    "demo",
    "empty",
    "a",
    "",
    "offline",
    "60s",
    "-1s",
    "ga",
    "strict",
    "frozen",
    "scaled",
    "offset",
    "2026-01-21T10:30:00Z",
    "online",
    "messaging",
    "ASSIGNED",
    "PUBLIC_API",
    "vendor",
    "mid_body",
    "show_agent_availability",
    "expired-cursor",
    "\u{0}",
    "☃",
    "list_work_items",
    "GET",
    "/*",
    "4xx",
    "admin@example.com",
];
const KEYS: &[&str] = &[
    "subdomain",
    "seed",
    "settings",
    "agents",
    "rate_limit",
    "requests",
    "window",
    "users",
    "id",
    "release",
    "mode",
    "at",
    "by",
    "factor",
    "operation",
    "method",
    "path",
    "caller",
    "query",
    "count",
    "exactly",
    "at_least",
    "groups",
    "agent_statuses",
    "custom",
    "support",
    "remaining",
    "agent_status",
    "agent_status_id",
    "agent_id",
    "channel",
    "channels",
    "messaging",
    "talk",
    "status",
    "max_capacity",
    "work_items",
    "reason",
    "name",
    "group_ids",
    "version",
    "match",
    "when",
    "first",
    "for",
    "preset",
    "fault",
    "body",
    "latency",
    "uniform",
    "truncate",
    "reset",
    "silence",
    "x",
];

/// Every call of the document that takes JSON.
fn calls_with_a_body() -> Vec<(Method, String)> {
    let paths = control_document()["paths"].as_object().expect("paths");
    let calls = paths.iter().flat_map(|(path, item)| {
        let takes_json = |method: &&Method| {
            let operation = &item[method.as_str().to_lowercase()];
            !operation["requestBody"]["content"]["application/json"].is_null()
        };
        METHODS
            .iter()
            .filter(takes_json)
            .map(|method| (method.clone(), path.clone()))
            .collect::<Vec<_>>()
    });
    calls.collect()
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        proptest::sample::select(&[0, 1, 2, 3, 42, 123, 201, 10011, 10012][..])
            .prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(WORDS).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((proptest::sample::select(KEYS), inner), 0..6).prop_map(
                |pairs| pairs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()
            ),
        ]
    })
}

/// A rule whose parts are often valid.
fn rule() -> impl Strategy<Value = Value> {
    let numbers =
        || proptest::sample::select(&[0_u32, 1, 64, 429, 503, 599, 600][..]).prop_map(Value::from);
    let durations =
        || proptest::sample::select(&["0ms", "1s", "10m", "11m", "1"][..]).prop_map(Value::from);
    let words = || {
        proptest::sample::select(&["vendor", "html", "empty", "before", "mid_body"][..])
            .prop_map(Value::from)
    };
    let latency = prop_oneof![
        (durations(), durations()).prop_map(|(least, most)| json!({ "uniform": [least, most] })),
        (durations(), numbers()).prop_map(
            |(median, sigma)| json!({ "log_normal": { "median": median, "sigma": sigma } })
        ),
    ];
    let dribble = (numbers(), durations())
        .prop_map(|(bytes, every)| json!({ "bytes": bytes, "every": every }));
    let value = prop_oneof![
        anything(),
        numbers(),
        durations(),
        words(),
        latency,
        dribble,
        any::<bool>().prop_map(Value::from)
    ];
    // Spelled here too, so that a misspelt key is seen.
    let keys = &[
        "status",
        "retry_after",
        "body",
        "latency",
        "slow_first_byte",
        "dribble",
        "truncate",
        "break_json",
        "empty",
        "reset",
        "silence",
    ][..];
    let fault = proptest::collection::vec((proptest::sample::select(keys), value), 1..3).prop_map(
        |pairs| {
            pairs
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<Value>()
        },
    );
    (
        fault,
        proptest::option::weighted(0.2, anything()),
        proptest::option::weighted(0.2, anything()),
    )
        .prop_map(
            |(fault, matching, when)| json!({ "fault": fault, "match": matching, "when": when }),
        )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// No body of any call gives a 500, and a refused call changes nothing.
    #[test]
    fn any_body_is_accepted_or_refused(body in anything()) {
        let server = Account::demo();
        // Other tests check these answers against the contract. Here each call has three.
        let show = |path| server.send_unchecked(&control(Method::GET, path)).text().to_owned();
        let state = || (show(""), server.state(), show("/example/snapshot"));
        let mut before = state();
        for (method, path) in calls_with_a_body() {
            let answer = server.send(&Ask::raw(method.clone(), &filled_in(&path, "example")).json(&body));
            let done = answer.status.is_success();
            prop_assert!(done || answer.status.is_client_error(), "{method} {path}: {}", answer.status);
            let after = state();
            prop_assert!(done || after == before, "{method} {path}: {}", answer.text());
            before = after;
        }
    }

    /// No query gives a 500.
    #[test]
    fn any_query_for_events_is_answered(values in proptest::collection::vec((0..7_usize, "\\PC{0,8}|[0-9]{1,21}|1ms"), 0..5)) {
        let server = Account::demo();
        let names = ["after", "limit", "type", "agent", "wait", "more", ""];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(values.iter().map(|(name, value)| (names[*name], value)));
        let answer = server.send(&control(Method::GET, &format!("/example/events?{}", query.finish())));
        prop_assert!(answer.status == 200 || answer.status == 422, "{}", answer.status);
    }

    /// The same for rules of faults, which are seldom complete.
    #[test]
    fn any_rules_are_set_or_refused(rule in rule()) {
        let server = Account::demo();
        create(&server, &json!({ "subdomain": "a" }));
        let set = |rules: &Value| server.send(&control(Method::PUT, "/a/faults").json(&json!({ "faults": rules })));
        set(&json!([{ "preset": "truncated-json" }]));
        let show = || server.send(&control(Method::GET, "/a/faults")).json();
        let before = show();
        let answer = set(&json!([rule]));
        let done = answer.status.is_success();
        prop_assert!(done || answer.status == 422, "{}", answer.status);
        prop_assert_eq!(show(), if done { answer.json() } else { before });
        if done {
            // A rule that is shown can be set again, without its counts.
            let mut shown = answer.at("/faults/0");
            for seen in ["id", "matched", "hits"] {
                shown.as_object_mut().expect("a rule").remove(seen);
            }
            prop_assert_eq!(set(&json!([shown])).json(), answer.json());
        }
    }

    #[test]
    fn any_bytes_are_refused(body in proptest::collection::vec(any::<u8>(), 1..64)) {
        let server = Account::demo();
        let before = list(&server);
        let answer = server.send(&control(Method::POST, "").header("content-type", "application/json").body(body));
        prop_assert!(answer.status.is_client_error() || answer.status == 201, "{}", answer.status);
        prop_assert!(answer.status == 201 || list(&server) == before);
    }
}
