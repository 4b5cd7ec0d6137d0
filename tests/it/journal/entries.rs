//! The content of one entry.

use axum::http::Method;
use serde_json::{Value, json};

use super::{ONE, newest, requests, set_limit, set_validation};
use crate::harness::{Account, Ask, P, START, elements, operations};

#[test]
fn an_entry_says_all_that_there_is_to_say() {
    let server = Account::demo();
    let ask = Ask::get("/10011.json?include=channels&x=1")
        .header("user-agent", "desk/1")
        .another_header("accept", "a");
    let answer = server.send(&ask.another_header("accept", "b"));
    let mut entry = newest(&server);
    assert!(entry["duration_us"].is_u64());
    entry["duration_us"] = json!(0);
    let expected = json!({
        "sequence": 1,
        "time": START.replace('Z', ".000000Z"),
        "request_id": answer.header("x-request-id"),
        "operation": "show_agent_availability",
        "method": "GET",
        "path": format!("{P}/10011"),
        "query": { "include": "channels" },
        "headers": { "user-agent": "desk/1", "accept": "a, b", "authorization": "..." },
        "body": null,
        "body_complete": true,
        "caller": { "user_id": 10001, "email": "admin@example.com", "role": "admin" },
        "agent": 10011,
        "status": 200,
        "hint": "ignored the unknown parameter `x`",
        "fault": null,
        "duration_us": 0,
        "unread": ["x"],
    });
    assert_eq!(entry, expected);
}

#[test]
fn every_operation_is_there_by_its_id() {
    for operation in operations() {
        let server = Account::demo();
        let answer = server.send(&operation.ask(&server));
        let entry = newest(&server);
        assert_eq!(
            (&entry["operation"], &entry["status"]),
            (&json!(operation.id), &json!(answer.status.as_u16()))
        );
    }
}

/// The agent is that of the path, or the caller's own.
#[test]
fn an_entry_names_operation_agent_and_caller() {
    const SHOW: &str = "show_agent_availability";
    const SHOW_OWN: &str = "show_my_agent_availability";
    let server = Account::demo();
    let admin = json!({ "user_id": 10001, "email": "admin@example.com", "role": "admin" });
    let agent = json!({ "user_id": 10011, "email": "agent@example.com", "role": "agent" });
    let unknown = Value::Null;
    let wrong = Ask::get("/me").basic("admin@example.com:wrong");
    let items = Ask::get("/10019/channels/talk/relationships/work_items");
    let job = Ask::get("/agent_statuses/job_statuses/123");
    let update = Ask::put("/agent_statuses/agents/10012").json(&json!({ "id": 99 }));
    let tickets = Ask::raw(Method::GET, "/api/v2/tickets");
    let own_statuses = Ask::get("/agent_statuses/me/").by_agent();
    for (ask, operation, about, caller, status) in [
        (Ask::head(ONE), SHOW, Some(10011), &admin, 200),
        (Ask::get("/%31%30011"), SHOW, Some(10011), &admin, 200),
        (Ask::get("/me"), SHOW_OWN, Some(10001), &admin, 200),
        (
            Ask::get("/me").by_agent(),
            SHOW_OWN,
            Some(10011),
            &agent,
            200,
        ),
        (
            own_statuses,
            "list_my_agent_statuses",
            Some(10011),
            &agent,
            200,
        ),
        (items, "list_work_items", Some(10019), &admin, 404),
        (Ask::get(ONE).by_agent(), SHOW, Some(10011), &agent, 403),
        (Ask::get(ONE).anonymous(), SHOW, Some(10011), &unknown, 401),
        (wrong, SHOW_OWN, None, &unknown, 401),
        (
            Ask::get("/99999999999999999999999"),
            SHOW,
            None,
            &admin,
            404,
        ),
        (Ask::get("/+10011"), SHOW, None, &admin, 400),
        (Ask::get(""), "list_agent_availabilities", None, &admin, 200),
        (job, "show_job_status", None, &admin, 404),
        (update, "update_agent_status", Some(10012), &admin, 422),
        (Ask::get("/10011/channels"), "", None, &admin, 404),
        (Ask::new(Method::DELETE, ONE), "", None, &admin, 405),
        (tickets, "", None, &unknown, 404),
    ] {
        let answer = server.send(&ask);
        assert_eq!(answer.status, status, "{ask:?}");
        let entry = newest(&server);
        let operation = if operation.is_empty() {
            Value::Null
        } else {
            json!(operation)
        };
        assert_eq!(
            (&entry["operation"], &entry["agent"]),
            (&operation, &json!(about)),
            "{ask:?}"
        );
        assert_eq!(
            (&entry["caller"], &entry["status"]),
            (caller, &json!(status)),
            "{ask:?}"
        );
        assert_eq!(entry["method"], ask.method.as_str());
        assert_eq!(
            entry["hint"],
            answer
                .header("x-emulator-hint")
                .map_or(Value::Null, Value::from),
            "{ask:?}"
        );
    }
}

/// The query as the handler read it, and what it did not read. Whether a hint says so is tested
/// elsewhere.
#[test]
fn the_query_is_shown_as_it_was_understood() {
    for validation in ["strict", "warn", "off"] {
        let server = Account::demo();
        set_validation(&server, validation);
        for (path, query, unread) in [
            ("", json!({}), json!([])),
            ("?", json!({}), json!([])),
            (
                "?page[size]=5&filter%5Bgroup_id%5D=1%2C42",
                json!({ "page[size]": "5", "filter[group_id]": "1,42" }),
                json!([]),
            ),
            (
                "?page[size]=5&page[size]=6",
                json!({ "page[size]": "6" }),
                json!([]),
            ),
            ("?page[size]=5&page[size]=", json!({}), json!([])),
            (
                "?filter[agent_id]=1&filter[agent_ids]=2",
                json!({ "filter[agent_ids]": "2" }),
                json!([]),
            ),
            (
                "?filter[agent_id]=1&filter[agent_ids]=",
                json!({}),
                json!([]),
            ),
            ("?include=a&include=", json!({}), json!([])),
            ("?include=a&include=b", json!({ "include": "b" }), json!([])),
            (
                "?x=1&per_page=3&x=2&page[size]=5",
                json!({ "page[size]": "5" }),
                json!(["x", "per_page"]),
            ),
            (
                "?page[size]=none",
                json!({ "page[size]": "none" }),
                json!([]),
            ),
            (
                "?filter[skill_id]=a+b%26c",
                json!({ "filter[skill_id]": "a b&c" }),
                json!([]),
            ),
            (
                "/10011?page[size]=5&include=",
                json!({}),
                json!(["page[size]"]),
            ),
            (
                "/unknown?include=x&y",
                json!({ "include": "x" }),
                json!(["y"]),
            ),
        ] {
            server.get(path);
            let entry = newest(&server);
            assert_eq!(
                (&entry["query"], &entry["unread"]),
                (&query, &unread),
                "{validation} {path}"
            );
        }
    }
}

/// Assumed: `X-On-Behalf-Of` changes nothing. A hint says so if hints are on. The journal lists it
/// with any setting and any result of the call.
#[test]
fn on_behalf_of_changes_nothing_and_is_recorded() {
    let hint = "`X-On-Behalf-Of` changes nothing: a call runs as the user of its credentials";
    for (validation, is_said) in [("strict", true), ("warn", true), ("off", false)] {
        let server = Account::demo();
        set_validation(&server, validation);
        let update = Ask::put("/agent_statuses/agents/me").json(&json!({ "id": 4, "x": 1 }));
        for ask in [
            Ask::get("/me"),
            Ask::get("?x=1"),
            Ask::get("/me").anonymous(),
            Ask::get("/no/route"),
            update,
        ] {
            let plain = server.send(&ask);
            let left = newest(&server)["unread"].clone();
            let answer = server.send(&ask.header("x-on-behalf-of", "agent@example.com"));
            assert_eq!(
                (answer.status, answer.text()),
                (plain.status, plain.text()),
                "{validation}"
            );
            assert_eq!(
                answer.hint().contains(hint),
                is_said,
                "{validation}: {}",
                answer.hint()
            );
            let entry = newest(&server);
            let unread = elements(&left)
                .iter()
                .cloned()
                .chain([json!("header: X-On-Behalf-Of")]);
            assert_eq!(entry["unread"], unread.collect::<Value>(), "{validation}");
            assert_eq!(entry["headers"]["x-on-behalf-of"], "agent@example.com");
        }
    }
    // The control API ignores it.
    let control =
        Ask::raw(Method::GET, "/_emulator/accounts").header("x-on-behalf-of", "agent@example.com");
    assert_eq!(
        Account::demo().send(&control).header("x-emulator-hint"),
        None
    );
}

/// The query of a call that was refused earlier was not interpreted: the last value of each name is
/// shown.
#[test]
fn an_unread_query_is_shown_as_it_was_given() {
    let server = Account::demo();
    let path = "?page[size]=5&page[size]=6&x=1&include=&y=2&y=";
    set_limit(&server, 1);
    server.get(ONE);
    for (ask, status) in [
        (Ask::get(path), 429),
        (Ask::get(path).anonymous(), 401),
        (Ask::get(&format!("/agent/state{path}")), 404),
    ] {
        assert_eq!(server.send(&ask).status, status);
        let entry = newest(&server);
        assert_eq!(
            (&entry["query"], &entry["unread"]),
            (&json!({ "page[size]": "6", "x": "1" }), &json!([]))
        );
    }
}

#[test]
fn fields_of_a_body_that_nothing_reads_are_named() {
    for validation in ["strict", "warn", "off"] {
        let server = Account::demo();
        set_validation(&server, validation);
        let body = json!({ "id": 4, "status": 1, "a/b~c": { "id": 1 } });
        server.put("/agent_statuses/agents/10011?z=1", &body);
        let expected = json!(["z", "body: /status", "body: /a~1b~0c"]);
        // A strict account has refused the parameter before it read the body.
        let expected = if validation == "strict" {
            json!(["z"])
        } else {
            expected
        };
        assert_eq!(newest(&server)["unread"], expected, "{validation}");
        server.put("/agent_statuses/agents/10011", &body);
        assert_eq!(
            newest(&server)["unread"],
            json!(["body: /status", "body: /a~1b~0c"]),
            "{validation}"
        );
        server.update(10011, 4);
        assert_eq!(newest(&server)["unread"], json!([]), "{validation}");
    }
}

/// The time is that of the account's clock, and what was known at that time stays.
#[test]
fn an_entry_is_as_of_then() {
    let server = Account::demo();
    server.get(ONE);
    server.advance(std::time::Duration::from_micros(1_500_001));
    server.get(ONE);
    let times: Vec<_> = requests(&server)
        .iter()
        .map(|entry| entry["time"].clone())
        .collect();
    assert_eq!(
        times,
        ["2026-01-21T10:30:00.000000Z", "2026-01-21T10:30:01.500001Z"]
    );
}

/// With `auth: any`, an admin who is not one of the users has no id.
#[test]
fn a_caller_may_have_no_user() {
    let server = Account::seeded("settings: { auth: any }\n");
    server.get(ONE);
    assert_eq!(
        newest(&server)["caller"],
        json!({ "user_id": null, "email": null, "role": "admin" })
    );
}

/// A call that meets a fault is recorded as the call that it is, whether or not it happens.
#[test]
fn a_call_that_meets_a_fault_is_there_as_what_it_is() {
    for (preset, status) in [
        ("html-error-page", 502),
        ("rate-limit-json-body", 429),
        ("slow-first-byte", 200),
    ] {
        let server = Account::demo();
        let rules = json!({ "faults": [{ "preset": preset, "match": { "agent": 10011 } }] });
        assert_eq!(
            server
                .send(&Ask::control(Method::PUT, "/faults").json(&rules))
                .status,
            200
        );
        for ask in [Ask::get(ONE), Ask::get("/me").by_agent()] {
            server.send(&ask);
            let entry = newest(&server);
            assert_eq!(
                (&entry["fault"], &entry["status"]),
                (&json!(preset), &json!(status))
            );
            assert_eq!(entry["agent"], 10011, "{preset} {ask:?}");
            assert!(entry["operation"].is_string(), "{preset} {ask:?}");
        }
    }
}
