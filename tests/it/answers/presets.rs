//! Answers by name.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{TICKETS, ask};
use crate::faults::{counted, set};
use crate::harness::{Account, Answer, Ask, P, below};

fn preset(server: &Account, name: &str) {
    set(server, &json!([{ "preset": name }]));
}

/// Documented: creating a ticket is a 201 and updating one a 200, each with the ticket. Assumed:
/// the ticket is what was sent, with the id in the path, or else the number of the hit.
#[test]
fn tickets_are_echoed_with_an_id() {
    let server = Account::demo();
    preset(&server, "tickets");
    let ticket = |text: &str| json!({ "ticket": { "subject": text, "comment": { "body": "b" } } });
    let send = |method: &str, path: &str, id: Value, status: u16| {
        let call = ask(method, &format!("{TICKETS}{path}")).json(&ticket(path));
        let answer = server.send(&call);
        let mut expected = ticket(path);
        expected["ticket"]["id"] = id;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (status, expected),
            "{path}"
        );
    };
    send("POST", ".json", json!(1), 201);
    send("PUT", "/35436.json", json!(35_436), 200);
    send("POST", "", json!(3), 201);
    for (method, path) in [
        ("GET", ""),
        ("GET", "/1"),
        ("PUT", "/update_many?ids=1,2"),
        ("POST", "/1"),
        ("DELETE", "/1"),
    ] {
        let answer = server.send(&ask(method, &format!("{TICKETS}{path}")));
        assert_eq!(answer.status, 404, "{method} {path}");
    }
    assert_eq!(counted(&server), [(3, 3)]);
    let empty = server.send(&ask("POST", TICKETS));
    assert_eq!(empty.json(), json!({ "ticket": { "id": 4 } }));
    assert!(
        empty.hint().contains("cannot be read as a JSON object"),
        "{}",
        empty.hint()
    );
    let anonymous = server.send_unchecked(&ask("POST", TICKETS).anonymous());
    assert_eq!(anonymous.status, 401);
    // The criteria of the rule narrow both.
    set(
        &server,
        &json!([{ "preset": "tickets", "match": { "method": "PUT" } }]),
    );
    assert_eq!(server.send(&ask("POST", TICKETS)).status, 404);
    assert_eq!(
        server.send(&ask("PUT", &format!("{TICKETS}/1"))).status,
        200
    );
}

/// The targets that a client asks for that follows pages in this way, up to ten.
fn walk(server: &Account, next: impl Fn(&Answer) -> Option<String>) -> Vec<String> {
    let mut targets = vec!["?page[size]=2".to_owned()];
    while targets.len() < 10 {
        let answer = server.get(targets.last().expect("a target"));
        assert_eq!(answer.at("/meta/has_more"), true, "{}", answer.text());
        match next(&answer) {
            Some(next) => targets.push(next),
            None => break,
        }
    }
    targets
}

/// By design: `has_more` stays true, and link and cursor name the page that they are on. So a
/// client that follows either of them never ends.
#[test]
fn a_stuck_cursor_never_ends() {
    let server = Account::demo();
    preset(&server, "stuck-cursor");
    let links = walk(&server, |answer| Some(below(&answer.at("/links/next"))));
    assert_eq!(links.len(), 10);
    let decoded: BTreeSet<_> = links
        .iter()
        .map(|link| link.replace("%5B", "[").replace("%5D", "]"))
        .collect();
    assert_eq!(decoded.into_iter().collect::<Vec<_>>(), ["?page[size]=2"]);
    let cursors = walk(&server, |answer| {
        let cursor = answer.at("/meta/after_cursor");
        Some(format!(
            "?page[size]=2&page[after]={}",
            cursor.as_str().expect("a cursor")
        ))
    });
    let different: BTreeSet<_> = cursors.iter().collect();
    assert_eq!((cursors.len(), different.len()), (10, 2), "{cursors:?}");
    // Also on the last page, in lists of users, and with a token in the query, which no link
    // repeats.
    let last = server.get("?page[after]=18446744073709551615");
    assert_eq!(
        (last.at("/meta/has_more"), last.at("/data")),
        (json!(true), json!([]))
    );
    assert_eq!(last.at("/meta/after_cursor"), "18446744073709551615");
    let users = "/api/v2/users?page%5Bsize%5D=1&access_token=demo-oauth-admin";
    let users = server.send(&ask("GET", users).anonymous());
    assert_eq!(
        users.at("/links/next"),
        "http://localhost/api/v2/users?page%5Bsize%5D=1"
    );
    let plain = server.get("");
    assert_eq!(plain.at("/links/next"), format!("http://localhost{P}"));
}

/// By design: there is more, and nothing says where. The rest of the answer stays.
#[test]
fn a_missing_cursor_leads_nowhere() {
    let server = Account::demo();
    let real = server.get("?page[size]=2").json();
    preset(&server, "missing-cursor");
    for target in ["?page[size]=2", "?page[size]=100", "?page[after]=10012"] {
        let page = server.get(target);
        assert_eq!(page.status, 200);
        assert_eq!(
            page.at("/meta"),
            json!({ "has_more": true, "after_cursor": null, "before_cursor": null })
        );
        assert_eq!(
            page.at("/links"),
            json!({ "prev": null, "next": null }),
            "{target}"
        );
    }
    assert_eq!(server.get("?page[size]=2").at("/data"), real["data"]);
}

/// What is not a page by cursor is left as it is, with a hint.
#[test]
fn other_answers_have_no_cursor() {
    let server = Account::demo();
    for name in ["stuck-cursor", "missing-cursor"] {
        for call in [
            Ask::get("/10011"),
            ask("GET", "/api/v2/users"),
            Ask::get("?page[size]=x"),
        ] {
            set(&server, &json!([]));
            let real = server.send(&call);
            preset(&server, name);
            let left = server.send(&call);
            assert_eq!(
                (left.status, left.text()),
                (real.status, real.text()),
                "{call:?}"
            );
            let hint = "the answer is not a page by cursor, so it is left as it is";
            assert!(left.hint().contains(hint), "{}", left.hint());
        }
    }
}

/// Observed in airbyte #14253: the body. By design: without rate headers and `Retry-After`.
/// Assumed: what answers knows neither callers nor the limits of an account.
#[test]
fn the_edge_does_not_say_how_long_to_wait() {
    let server = Account::demo();
    preset(&server, "edge-rate-limit");
    for call in [
        Ask::get("/10011"),
        Ask::get("/10011").anonymous(),
        ask("POST", TICKETS),
    ] {
        let answer = server.send(&call);
        assert_eq!(answer.status, 429);
        assert_eq!(
            answer.text(),
            r#"{"detail":"Rate limited by Zendesk edge protection","status":"429","title":"Automated response"}"#
        );
        let told = |name: &str| name.contains("rate") || name == "retry-after";
        let told: Vec<_> = answer
            .headers
            .keys()
            .filter(|name| told(name.as_str()))
            .collect();
        assert!(told.is_empty(), "{told:?}");
    }
    set(&server, &json!([]));
    assert_eq!(
        server.get("/10011").header("x-rate-limit-remaining"),
        Some("199")
    );
}
