//! The answers of rules. Zendesk has none, so every test is assumed unless it says otherwise.

mod admission;
mod changes;
mod echoes;
mod headers;
mod presets;
mod random;
mod refused;

use axum::http::Method;
use serde_json::{Value, json};

use crate::faults::{counted, faults, set};
use crate::harness::{Account, Answer, Ask};

/// A path that Zendesk has and the emulator has not.
const TICKETS: &str = "/api/v2/tickets";

/// A call by the admin.
fn ask(method: &str, target: &str) -> Ask {
    let method = method.parse().expect("a method");
    Ask::raw(method, target).bearer("demo-oauth-admin")
}

/// A rule for the tickets.
fn on_tickets(answer: &Value) -> Value {
    json!({ "match": { "path": TICKETS }, "answer": answer })
}

/// What a POST of tickets gets with a rule.
fn post(server: &Account, answer: &Value) -> Answer {
    set(server, &json!([on_tickets(answer)]));
    server.send(&ask("POST", TICKETS).json(&json!({ "ticket": { "subject": "Hi" } })))
}

fn kind(answer: &Answer) -> Option<&str> {
    answer.header("content-type")
}

/// By design: a path that only a rule knows is a known one, for each method, and so is each method
/// of a path that the emulator has.
#[test]
fn a_rule_answers_at_any_path() {
    let server = Account::demo();
    let body = json!({ "ticket": { "id": 1, "tags": [] } });
    for target in [TICKETS, "/nowhere", "/api/v2/agent_availabilities/10011"] {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "GET"] {
            let before = server.send(&ask(method, target));
            let rule = json!({
                "match": { "method": method, "path": target },
                "answer": { "status": 201, "headers": { "Location": "/1" }, "body": body },
            });
            set(&server, &json!([rule]));
            let answer = server.send(&ask(method, target));
            assert_eq!(
                (answer.status.as_u16(), answer.json(), answer.hint()),
                (201, body.clone(), "answer: 1"),
                "{method} {target}, else {}",
                before.status
            );
            assert_eq!(answer.header("location"), Some("/1"));
            assert_eq!(kind(&answer), Some("application/json; charset=utf-8"));
            set(&server, &json!([]));
            let after = server.send(&ask(method, target));
            assert_eq!((after.status, after.body), (before.status, before.body));
        }
    }
}

/// By design: a `.json` or a slash at the end makes no difference, nor do runs of slashes, in the
/// path of a rule as in that of a request.
#[test]
fn the_end_of_a_path_makes_no_difference() {
    let server = Account::demo();
    for (pattern, shown) in [
        ("/api/v2/tickets.json", "/api/v2/tickets"),
        ("/api/v2/tickets/", "/api/v2/tickets"),
        ("//api/v2//tickets.json/", "/api/v2/tickets"),
        ("/api/v2/*.json", "/api/v2/*"),
        ("/api/*.json", "/api/*"),
        ("*/tickets.json", "*/tickets"),
        ("*/tickets/", "*/tickets"),
    ] {
        let rule = json!({ "match": { "path": pattern }, "answer": { "status": 202 } });
        let set = set(&server, &json!([rule]));
        assert_eq!(set["faults"][0]["match"]["path"], shown, "{pattern}");
        for target in [
            "/api/v2/tickets",
            "/api/v2/tickets.json",
            "/api/v2/tickets/?a=/",
            "/_account/example/api/v2/tickets.json",
        ] {
            let answer = server.send(&ask("GET", target));
            assert_eq!(answer.status, 202, "{pattern} {target}");
        }
    }
    // Elsewhere `.json` is a part of the name.
    for (pattern, target, status) in [
        ("/x.json", "/x.json", 202),
        ("/x.json", "/x", 404),
        ("/", "/api/v2", 404),
    ] {
        let rule = json!({ "match": { "path": pattern }, "answer": { "status": 202 } });
        set(&server, &json!([rule]));
        assert_eq!(server.send(&ask("GET", target)).status, status, "{target}");
    }
}

/// By design: a rule stands in for the route, so nothing happens to the world.
#[test]
fn the_call_does_not_happen() {
    let server = Account::demo();
    let before = server.state();
    let answer = json!({ "status": 200, "body": { "job_status": { "id": "1" } } });
    set(&server, &json!([{ "answer": answer }]));
    let done = server.update(10011, 4);
    assert_eq!(done.at("/job_status/id"), "1");
    assert_eq!(server.state(), before);
}

/// HEAD has the headers of the GET, and no body.
#[test]
fn a_head_has_the_headers_of_the_get() {
    let server = Account::demo();
    for answer in [
        json!({ "status": 203, "body": { "a": 1 }, "headers": { "ETag": "\"1\"" } }),
        json!({ "text": "a line" }),
        json!({ "echo": { "a": 1 } }),
        json!({ "patch": { "data": { "new": 1 } } }),
    ] {
        set(&server, &json!([{ "answer": answer }]));
        let [get, head] = ["GET", "HEAD"]
            .map(|method| server.send(&ask(method, "/api/v2/agent_availabilities/10011")));
        assert!(!get.body.is_empty() && head.body.is_empty(), "{answer}");
        for name in ["content-length", "content-type", "etag"] {
            assert_eq!(head.header(name), get.header(name), "{answer}");
        }
        assert_eq!((head.status, head.hint()), (get.status, get.hint()));
    }
}

/// The form of an answer: its type is that of its body, and clients that accept only JSON:API get
/// its type, as in Zendesk's answers.
#[test]
fn an_answer_has_the_type_of_its_body() {
    let server = Account::demo();
    let json_api = "application/vnd.api+json";
    for (answer, expected, accepted) in [
        (
            json!({ "body": [1] }),
            Some("application/json; charset=utf-8"),
            Some(json_api),
        ),
        (
            json!({ "echo": {} }),
            Some("application/json; charset=utf-8"),
            Some(json_api),
        ),
        (
            json!({ "text": "a" }),
            Some("text/plain; charset=utf-8"),
            Some("text/plain; charset=utf-8"),
        ),
        (json!({ "status": 204 }), None, None),
        (
            json!({ "body": 1, "headers": { "content-type": "application/json; charset=utf-8" } }),
            Some("application/json; charset=utf-8"),
            Some("application/json; charset=utf-8"),
        ),
        (
            json!({ "text": "a,b", "headers": { "content-type": "text/csv" } }),
            Some("text/csv"),
            Some("text/csv"),
        ),
    ] {
        let plain = post(&server, &answer);
        assert_eq!(kind(&plain), expected, "{answer}");
        let choosy = server.send(&ask("POST", TICKETS).header("accept", json_api));
        assert_eq!(kind(&choosy), accepted, "{answer}");
    }
    let text = post(&server, &json!({ "text": "süß" }));
    assert_eq!(text.text(), "süß");
    // As it was written, whatever its order and its numbers.
    let written = r#"{"z":1.50,"a":[ 1e2, null ],"z2":"\u00e4"}"#;
    let rule = format!(r#"{{"faults":[{{"answer":{{"body":{written}}}}}]}}"#);
    let put = faults(Method::PUT).header("content-type", "application/json");
    assert_eq!(server.send(&put.body(rule)).status, 200);
    assert_eq!(server.send(&ask("GET", "/a")).text(), written);
}

/// `when` counts the requests of an answer as those of a fault, and the first rule that hits
/// decides, faults and answers alike.
#[test]
fn the_first_rule_that_hits_decides() {
    let server = Account::demo();
    let rule = |name: &str, when: Value, what: (&str, Value)| {
        let mut rule = on_tickets(&what.1);
        if what.0 == "fault" {
            rule = json!({ "match": { "path": TICKETS }, "fault": what.1 });
        }
        rule["name"] = name.into();
        rule["when"] = when;
        rule
    };
    let text = |text: &str| ("answer", json!({ "text": text }));
    set(
        &server,
        &json!([
            rule("first", json!({ "first": 1 }), text("a")),
            rule(
                "every",
                json!({ "every": 2 }),
                ("fault", json!({ "status": 503 }))
            ),
            rule("later", json!({ "after": 1 }), text("b")),
        ]),
    );
    let hints: Vec<_> = (0..5)
        .map(|_| server.send(&ask("GET", TICKETS)).hint().to_owned())
        .collect();
    let nothing = "nothing is at `/api/v2/tickets`; a rule with `answer` can answer here";
    assert_eq!(hints[2], nothing);
    assert_eq!(
        [&*hints[0], &hints[1], &hints[3], &hints[4]],
        [
            "answer: first",
            "fault: every",
            "fault: every",
            "answer: later"
        ]
    );
    assert_eq!(counted(&server), [(5, 1), (4, 2), (2, 1)]);
}

/// By design: the call is journalled and verified like any other. The journal has the body of the
/// request, although no route reads it.
#[test]
fn the_journal_has_the_call() {
    let server = Account::demo();
    post(&server, &json!({ "status": 201 }));
    let at = |path: &str| Ask::control(Method::GET, path);
    let journal = server.send(&at("/requests")).json();
    let entry = &journal["requests"][0];
    for (name, expected) in [
        ("operation", json!(null)),
        ("method", json!("POST")),
        ("path", json!(TICKETS)),
        ("status", json!(201)),
        ("fault", json!("1")),
        ("hint", json!("answer: 1")),
        ("body", json!("{\"ticket\":{\"subject\":\"Hi\"}}")),
        ("body_complete", json!(true)),
    ] {
        assert_eq!(entry[name], expected, "{name}");
    }
    let expectation = json!({
        "method": "POST",
        "path": "/api/v2/tickets.json",
        "status": 201,
        "body": { "ticket": { "subject": "Hi" } },
        "count": { "exactly": 1 },
    });
    let mut verify = at("/requests/verify").json(&expectation);
    verify.method = Method::POST;
    let verified = server.send(&verify);
    assert_eq!(verified.status, 200, "{}", verified.text());
}

/// Rules belong to an account, and a reset removes them.
#[test]
fn answers_belong_to_an_account() {
    let server = Account::demo();
    server.send(&Ask::raw(Method::POST, "/_emulator/accounts").json(&json!({ "subdomain": "a" })));
    assert_eq!(post(&server, &json!({ "status": 201 })).status, 201);
    let other = ask("POST", &format!("/_account/a{TICKETS}"));
    assert_eq!(server.send(&other).status, 404);
    server.send(&Ask::control(Method::POST, "/reset"));
    assert_eq!(server.send(&ask("POST", TICKETS)).status, 404);
}

/// Rules are shown as they were set, with lower-case names of headers.
#[test]
fn answers_are_shown_as_they_were_set() {
    let server = Account::demo();
    let long = "x".repeat(100_000);
    let rules = json!([
        { "answer": { "status": 599 } },
        { "answer": { "status": null, "body": { "b": 1, "a": [null] }, "text": null } },
        { "answer": { "text": long, "headers": { "X-A": "b" }, "without_headers": ["X-Rate-Limit"] } },
        { "answer": { "patch": { "data": null }, "authenticate": false, "headers": {} } },
        { "answer": { "echo": {}, "authenticate": true }, "preset": null, "fault": null },
        { "preset": "tickets" },
    ]);
    let set = set(&server, &rules);
    let answers: Vec<_> = (0..6)
        .map(|at| set["faults"][at]["answer"].clone())
        .collect();
    let expected = [
        json!({ "status": 599 }),
        json!({ "body": { "b": 1, "a": [null] } }),
        json!({ "text": long, "headers": { "x-a": "b" }, "without_headers": ["x-rate-limit"] }),
        json!({ "patch": { "data": null }, "authenticate": false }),
        json!({ "echo": {} }),
        json!(null),
    ];
    assert_eq!(answers, expected);
    assert_eq!(server.send(&faults(Method::GET)).json(), set);
}
