//! Limits on the bodies and the refusals of control calls.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{control, create};
use crate::harness::{Account, Answer, Ask};

fn yaml(server: &Account, text: &str) -> Answer {
    server.send(
        &control(Method::POST, "")
            .header("content-type", "application/yaml")
            .body(text),
    )
}

/// By design: the first hundred problems of any body or query, and the number of all problems.
#[test]
fn a_hundred_problems_are_named_and_all_are_counted() {
    let server = Account::demo();
    let junk: Map<_, _> = (0..300).map(|n| (format!("k{n}"), json!(n))).collect();
    let agents: Vec<_> = (0..300).map(|_| json!({ "id": 10011 })).collect();
    let query: Vec<_> = (0..300).map(|n| format!("k{n}=1")).collect();
    let query = query.join("&");
    let put =
        |path: &str, body: &Value| control(Method::PUT, &format!("/example{path}")).json(body);
    let get = |path: &str| control(Method::GET, &format!("/example{path}?{query}"));
    let asks: [(Ask, u64); 10] = [
        (
            control(Method::POST, "").json(&json!({ "seed": { "agents": agents } })),
            299,
        ),
        (
            control(Method::POST, "").json(&json!({ "settings": junk })),
            300,
        ),
        (
            control(Method::PATCH, "/example").json(&json!({ "settings": junk })),
            300,
        ),
        (
            control(Method::PATCH, "/example/snapshot").json(&json!({ "settings": junk })),
            300,
        ),
        (put("/snapshot", &json!({ "agents": agents })), 299),
        (
            put(
                "/faults",
                &json!({ "faults": vec![json!({ "fault": { "status": 503 }, "x": 1 }); 300] }),
            ),
            300,
        ),
        (
            put("/agents/10011", &json!({ "group_ids": vec![99; 300] })),
            599,
        ),
        (
            control(Method::PATCH, "/example/agents/10011")
                .json(&json!({ "x": null, "group_ids": vec![99; 300] })),
            600,
        ),
        (get("/events"), 300),
        (get("/requests"), 300),
    ];
    for (ask, count) in asks {
        let answer = server.send(&ask);
        let named = answer.at("/problems").as_array().map(Vec::len);
        assert_eq!(
            (answer.status.as_u16(), named),
            (422, Some(100)),
            "{ask:?}: {}",
            answer.text()
        );
        assert_eq!(answer.at("/problem_count"), count, "{ask:?}");
        assert!(
            answer
                .at("/description")
                .as_str()
                .is_some_and(|text| text.contains(&count.to_string())),
            "{ask:?}"
        );
    }
    let one = create(&server, &json!({ "x": 1 }));
    assert_eq!(
        (one.at("/problem_count"), one.at("/problems/1")),
        (json!(1), Value::Null)
    );
}

/// A problem that quotes a text or a key is short, however long the quoted text is.
#[test]
fn problems_quote_the_beginning() {
    let server = Account::demo();
    let long = "x".repeat(100_000);
    let token = json!({ "token": long });
    let mut key = Map::new();
    key.insert(long.clone(), json!(1));
    for body in [
        json!({ "seed": long }),
        json!({ "seed": { "skills": [{ "id": long, "name": "a" }, { "id": long, "name": "b" }] } }),
        json!({ "seed": { "agents": [{ "id": 1, "skill_ids": [long] }] } }),
        json!({ "seed": { "api_tokens": [token, token] } }),
        json!({ "settings": key }),
        json!({ "settings": { "release": long, "job_delay": long } }),
        json!({ "subdomain": long }),
    ] {
        let answer = create(&server, &body);
        assert_eq!(answer.status, 422);
        assert!(answer.text().len() < 1_000, "{}", answer.text());
    }
    let twice = control(Method::POST, "").header("content-type", "application/json");
    let answer = server.send(&twice.body(format!("{{\"{long}\":1,\"{long}\":1}}")));
    assert_eq!(answer.status, 400);
    assert!(answer.text().len() < 300, "{}", answer.text());
}

/// Aliases multiply: what they expand to may be as large as any body, and no larger.
#[test]
fn aliases_are_counted_as_if_they_were_written_out() {
    let server = Account::demo();
    let text = |count: usize| format!("- &a {}\n{}", "x".repeat(60_000), "- *a\n".repeat(count));
    assert_eq!(yaml(&server, &text(200)).status, 422, "a list");
    let refused = yaml(&server, &text(400));
    let why = "not YAML: it is too large once its aliases and escapes are written out";
    assert_eq!(refused.status, 400);
    assert!(
        refused
            .at("/description")
            .as_str()
            .is_some_and(|text| text.starts_with(why)),
        "{}",
        refused.text()
    );
    // A text of nothing but escapes grows too.
    let escapes = |count: usize| format!("seed: [\"{}\"]", "\\0".repeat(count));
    assert_eq!(yaml(&server, &escapes(10_000)).status, 422);
    assert_eq!(yaml(&server, &escapes(100_000)).status, 400);
}

/// The number of parameters that a verification may name.
#[test]
fn a_query_has_a_thousand_parameters_at_most() {
    let server = Account::demo();
    let verify = |count: usize| {
        let query: Map<_, _> = (0..count).map(|n| (format!("k{n}"), Value::Null)).collect();
        let body = json!({ "query": query, "count": { "exactly": 0 } });
        server.send(&control(Method::POST, "/example/requests/verify").json(&body))
    };
    assert_eq!(verify(1000).status, 200);
    let refused = verify(1001);
    let problem = json!([{ "path": "query", "message": "there are more than 1000 members" }]);
    assert_eq!(
        (refused.status.as_u16(), refused.at("/problems")),
        (422, problem)
    );
}
