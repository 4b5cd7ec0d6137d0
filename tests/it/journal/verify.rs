//! Verification.

use axum::http::Method;
use serde_json::{Value, json};

use super::{ONE, verify};
use crate::harness::{Account, Ask, P, elements};

/// Three requests: a page by the admin, a refused call by an agent, an update.
fn filled() -> Account {
    let server = Account::demo();
    server.get("?page[size]=5&page[size]=2&x=1");
    server.send(&Ask::get(ONE).by_agent());
    server.update(10012, 4);
    server
}

/// Field, expected, found.
type Difference = (String, Value, Value);

/// The differences of the nearest requests, each with its number.
fn differences(refused: &Value) -> Vec<(u64, Vec<Difference>)> {
    let of = |nearest: &Value| {
        let differences = elements(&nearest["differences"]).iter().map(|it| {
            (
                it["field"].as_str().expect("a field").to_owned(),
                it["expected"].clone(),
                it["found"].clone(),
            )
        });
        (
            nearest["sequence"].as_u64().expect("a number"),
            differences.collect(),
        )
    };
    elements(&refused["nearest"]).iter().map(of).collect()
}

/// Each criterion by itself: how many requests meet it.
#[test]
fn each_criterion_is_looked_at() {
    let server = filled();
    for (criteria, matched) in [
        (json!({}), 3),
        (
            json!({ "operation": null, "count": null, "query": null, "status": null }),
            3,
        ),
        (json!({ "operation": "update_agent_status" }), 1),
        (json!({ "operation": "show_job_status" }), 0),
        (json!({ "method": "GET" }), 2),
        (json!({ "method": "POST" }), 0),
        (json!({ "path": "/api/v2/agent_availabilities*" }), 3),
        (json!({ "path": "/api/v2/agent_availabilities/*" }), 2),
        (json!({ "path": "/agent_availabilities" }), 0),
        (json!({ "status": 403 }), 1),
        (json!({ "status": "4xx" }), 1),
        (json!({ "status": "2xx" }), 2),
        (json!({ "status": 201 }), 0),
        (json!({ "agent": 10012 }), 1),
        (json!({ "agent": 10001 }), 0),
        (json!({ "caller": "ADMIN@example.com" }), 2),
        (json!({ "caller": 10011 }), 1),
        (json!({ "caller": "nobody@example.com" }), 0),
        (json!({ "query": {} }), 3),
        (json!({ "query": { "page[size]": "2" } }), 1),
        (json!({ "query": { "page[size]": "5" } }), 0),
        (json!({ "query": { "page[size]": null } }), 2),
        (json!({ "query": { "page[size]": "2", "x": null } }), 1),
        (json!({ "query": { "x": "1" } }), 0),
        (
            json!({ "method": "GET", "status": 200, "query": { "page[size]": "2" }, "caller": 10001 }),
            1,
        ),
    ] {
        let with = |count: Value| {
            let mut body = criteria.clone();
            body["count"] = count;
            verify(&server, &body)
        };
        let exactly = with(json!({ "exactly": matched }));
        assert_eq!(
            (exactly.status.as_u16(), exactly.json()),
            (200, json!({ "matched": matched })),
            "{criteria}"
        );
        assert_eq!(
            with(json!({ "exactly": matched + 1 })).at("/error"),
            "NotVerified",
            "{criteria}"
        );
        // At least one, by default.
        assert_eq!(
            verify(&server, &criteria).status.is_success(),
            matched > 0,
            "{criteria}"
        );
    }
    assert_eq!(
        server
            .send(&Ask::control(Method::POST, "/requests/verify"))
            .at("/matched"),
        3
    );
}

#[test]
fn counts_have_bounds() {
    let server = filled();
    for (count, holds) in [
        (json!({}), true),
        (json!({ "exactly": 3 }), true),
        (json!({ "exactly": 2 }), false),
        (json!({ "at_least": 3 }), true),
        (json!({ "at_least": 4 }), false),
        (json!({ "at_most": 3 }), true),
        (json!({ "at_most": 2 }), false),
        (json!({ "at_least": 0, "at_most": 3 }), true),
        (
            json!({ "at_least": 2, "at_most": 2, "exactly": null }),
            false,
        ),
        (json!({ "at_least": 0 }), true),
        (json!({ "at_most": 0 }), false),
        (json!({ "at_least": u64::MAX }), false),
    ] {
        let answer = verify(&server, &json!({ "count": count }));
        assert_eq!(
            answer.status.as_u16(),
            if holds { 200 } else { 409 },
            "{count}"
        );
    }
}

/// Too few matches: the nearest requests, and how they differ.
#[test]
fn a_refusal_shows_the_nearest_requests() {
    let server = filled();
    let body = json!({
        "operation": "update_agent_status", "method": "PUT", "path": "*/10011", "status": "2xx", "agent": 10011, "caller": 10001,
        "query": { "x": null, "page[size]": "2" },
    });
    let refused = verify(&server, &body).json();
    assert_eq!(
        (&refused["error"], &refused["matched"]),
        (&json!("NotVerified"), &json!(0))
    );
    let description = "at least 1 of the requests should be like this, and 0 of 3 are";
    assert_eq!(refused["description"], description);
    let mut expected = body.clone();
    expected["count"] = json!({ "at_least": 1 });
    assert_eq!(refused["expected"], expected);
    assert_eq!(refused.get("matching"), None);
    let difference =
        |field: &str, expected: Value, found: Value| (field.to_owned(), expected, found);
    let operation =
        |found: &str| difference("operation", json!("update_agent_status"), json!(found));
    let path = |below: &str| difference("path", json!("*/10011"), json!(format!("{P}{below}")));
    let (get, size) = (json!("GET"), json!("2"));
    assert_eq!(
        differences(&refused),
        [
            (
                3,
                vec![
                    path("/agent_statuses/agents/10012"),
                    difference("agent", json!(10011), json!(10012)),
                    difference("query.page[size]", size.clone(), Value::Null),
                ]
            ),
            (
                1,
                vec![
                    operation("list_agent_availabilities"),
                    difference("method", json!("PUT"), get.clone()),
                    path(""),
                    difference("agent", json!(10011), Value::Null),
                ]
            ),
            (
                2,
                vec![
                    operation("show_agent_availability"),
                    difference("method", json!("PUT"), get),
                    difference("status", json!("2xx"), json!(403)),
                    difference("caller", json!(10001), json!(10011)),
                    difference("query.page[size]", size, Value::Null),
                ]
            ),
        ]
    );
    assert_eq!(
        refused["nearest"][1]["request"],
        format!("GET {P}?page%5Bsize%5D=2 → 200")
    );
}

/// Among those with the same number of differences, the newest first. At most five.
#[test]
fn the_newest_are_shown_first() {
    let server = Account::demo();
    for agent in 10011..=10017 {
        server.get(&format!("/{agent}"));
    }
    let refused = verify(
        &server,
        &json!({ "agent": 10012, "count": { "at_least": 2 } }),
    )
    .json();
    let numbers: Vec<_> = differences(&refused)
        .into_iter()
        .map(|(number, _)| number)
        .collect();
    assert_eq!(
        (&refused["matched"], numbers),
        (&json!(1), vec![7, 6, 5, 4, 3])
    );
    let refused = verify(
        &server,
        &json!({ "agent": 10012, "caller": "agent@example.com" }),
    )
    .json();
    assert_eq!(differences(&refused)[0].0, 2);
    let found =
        json!({ "field": "caller", "expected": "agent@example.com", "found": "admin@example.com" });
    assert_eq!(refused["nearest"][0]["differences"], json!([found]));
}

/// Too many matches: they are listed, the newest first, at most twenty.
#[test]
fn a_refusal_shows_what_there_is_too_much_of() {
    let server = Account::demo();
    for _ in 0..22 {
        server.get(ONE);
    }
    let refused = verify(
        &server,
        &json!({ "agent": 10011, "count": { "at_most": 3 } }),
    )
    .json();
    assert_eq!(
        (&refused["matched"], refused.get("nearest")),
        (&json!(22), None)
    );
    assert_eq!(
        refused["description"],
        "at most 3 of the requests should be like this, and 22 of 22 are"
    );
    let matching = elements(&refused["matching"]);
    assert_eq!(
        (
            matching.len(),
            &matching[0]["sequence"],
            &matching[19]["sequence"]
        ),
        (20, &json!(22), &json!(3))
    );
    assert_eq!(matching[0]["request"], format!("GET {P}/10011 → 200"));
}

/// Four requests were made and two are held, one of each agent. The other two are unknown.
#[test]
fn what_was_dropped_is_not_guessed() {
    let server = Account::with(|builder| builder.journal_requests(2));
    for agent in [10011, 10012, 10011, 10012] {
        server.get(&format!("/{agent}"));
    }
    for (count, outcome) in [
        (json!({ "at_least": 1 }), "holds"),
        (json!({ "at_least": 2 }), "Incomplete"),
        (json!({ "at_least": 3 }), "Incomplete"),
        (json!({ "at_least": 4 }), "NotVerified"),
        (json!({ "exactly": 0 }), "NotVerified"),
        (json!({ "exactly": 1 }), "Incomplete"),
        (json!({ "exactly": 3 }), "Incomplete"),
        (json!({ "exactly": 4 }), "NotVerified"),
        (json!({ "at_most": 0 }), "NotVerified"),
        (json!({ "at_most": 2 }), "Incomplete"),
        (json!({ "at_most": 3 }), "holds"),
        (json!({ "at_least": 1, "at_most": 3 }), "holds"),
        (json!({ "at_least": 1, "at_most": 2 }), "Incomplete"),
    ] {
        let answer = verify(&server, &json!({ "agent": 10011, "count": count }));
        let found = answer.json();
        assert_eq!(
            found["error"].as_str().unwrap_or("holds"),
            outcome,
            "{count}: {found}"
        );
        assert_eq!(
            answer.status.as_u16(),
            if outcome == "holds" { 200 } else { 409 }
        );
        assert!(
            outcome == "holds"
                || found["description"]
                    .as_str()
                    .is_some_and(|it| it.contains("dropped")),
            "{found}"
        );
    }
}

#[test]
fn every_problem_of_a_body_is_named() {
    let server = filled();
    let body = json!({
        "operation": "show_agent", "method": "get", "path": "api", "status": "40x", "agent": "10011", "caller": "admin",
        "query": { "a": 1, "b": "" }, "count": { "exactly": -1, "at_least": "1" }, "x": 1,
    });
    let mut places = verify(&server, &body).places();
    places.sort();
    let expected = [
        "",
        "agent",
        "caller",
        "count.at_least",
        "count.exactly",
        "method",
        "operation",
        "path",
        "query.a",
        "query.b",
        "status",
    ];
    assert_eq!(places, expected);
    for body in [
        json!([]),
        json!({ "count": 1 }),
        json!({ "count": { "exactly": 1, "at_most": 1 } }),
        json!({ "count": { "at_least": 2, "at_most": 1 } }),
        json!({ "count": { "about": 2 } }),
        json!({ "status": 99 }),
        json!({ "status": 600 }),
        json!({ "status": 200.5 }),
        json!({ "agent": -1 }),
        json!({ "caller": true }),
        json!({ "query": ["a"] }),
        json!({ "path": "/a?b=1" }),
        json!({ "method": "" }),
    ] {
        assert_eq!(verify(&server, &body).status, 422, "{body}");
    }
}
