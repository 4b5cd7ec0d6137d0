//! Finding requests in the journal.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};

use super::{ONE, journal, sequences};
use crate::harness::{Account, Ask, control_document, document, elements};

/// Six requests: 1 to 6.
fn filled() -> Account {
    let server = Account::demo();
    server.get(ONE);
    server.send(&Ask::get("/me").by_agent());
    server.send(&Ask::head("/10012"));
    server.update(10011, 4);
    server.send(&Ask::get("").anonymous());
    server.get("/10002");
    server
}

#[test]
fn filters_are_combined() {
    let server = filled();
    for (query, expected) in [
        ("?operation=show_agent_availability", vec![1, 3, 6]),
        ("?method=HEAD", vec![3]),
        ("?path=/api/v2/agent_availabilities/10011", vec![1]),
        ("?path=*/10011", vec![1, 4]),
        ("?path=/api/v2/agent_availabilities", vec![5]),
        ("?path=/api/*/me", vec![2]),
        ("?status=401", vec![5]),
        ("?status=4xx", vec![5, 6]),
        ("?status=2xx", vec![1, 2, 3, 4]),
        ("?agent=10011", vec![1, 2, 4]),
        ("?caller=10011", vec![2]),
        ("?caller=Agent@Example.com", vec![2]),
        ("?caller=admin@example.com&method=GET", vec![1, 6]),
        ("?agent=10011&status=2xx&method=PUT", vec![4]),
        ("?agent=18446744073709551615", vec![]),
        ("?after=4", vec![5, 6]),
        ("?after=0&limit=2", vec![1, 2]),
        ("?after=1&limit=2&method=GET", vec![2, 5]),
        ("?after=99", vec![]),
    ] {
        let found = journal(&server, query);
        assert_eq!(sequences(&found), expected, "{query}");
        // Entries that are left out still exist.
        assert_eq!(
            (&found["first"], &found["last"]),
            (&json!(1), &json!(6)),
            "{query}"
        );
    }
}

/// As for events: the place in the journal, and no entries.
#[test]
fn a_limit_of_zero_lists_none() {
    let server = filled();
    let all = server.send(&Ask::control(Method::GET, "/requests")).json();
    let none = server
        .send(&Ask::control(Method::GET, "/requests?limit=0"))
        .json();
    assert_eq!(none["requests"], json!([]));
    assert_eq!(
        (&none["first"], &none["last"]),
        (&all["first"], &all["last"])
    );
}

#[test]
fn every_problem_of_a_query_is_named() {
    let server = filled();
    let refused = |query: &str| {
        server
            .send(&Ask::control(Method::GET, &format!("/requests{query}")))
            .places()
    };
    let query = "?operation=show_agent&method=get&path=x&status=999&agent=me&caller=admin&after=-1&limit=x&x=1";
    let expected = [
        "",
        "operation",
        "method",
        "path",
        "status",
        "agent",
        "caller",
        "after",
        "limit",
    ];
    let mut found = refused(query);
    found.sort();
    let mut sorted = expected.to_vec();
    sorted.sort_unstable();
    assert_eq!(found, sorted);
    for (query, place) in [
        ("?after=", "after"),
        ("?limit=10001", "limit"),
        ("?limit=%2B5", "limit"),
        ("?status=6xx", "status"),
        ("?status=4XX", "status"),
        ("?status=", "status"),
        ("?path=/a?b", "path"),
        ("?path=", "path"),
        ("?method=", "method"),
        ("?agent=18446744073709551616", "agent"),
        ("?agent=1&agent=1", ""),
    ] {
        assert_eq!(refused(query), [place], "{query}");
    }
    assert_eq!(
        server
            .send(&Ask::control(
                Method::GET,
                "/requests?limit=10000&status=599"
            ))
            .status,
        200
    );
}

/// The two documents name the same operations.
#[test]
fn the_operations_are_those_of_zendesks_api() {
    let paths = document()["paths"].as_object().expect("paths");
    let of_zendesk = paths
        .iter()
        .filter(|(path, _)| !path.starts_with("/_emulator"));
    let operations = of_zendesk.flat_map(|(_, item)| item.as_object().expect("a path item"));
    let ids = operations.filter_map(|(_, operation)| operation["operationId"].as_str());
    let ids: BTreeSet<_> = ids.collect();
    let listed = &control_document()["components"]["schemas"]["OperationId"]["enum"];
    let listed = elements(listed).iter();
    let listed: Vec<_> = listed.filter_map(Value::as_str).collect();
    assert_eq!(listed.len(), ids.len());
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), ids);
    let server = Account::demo();
    for id in ids {
        journal(&server, &format!("?operation={id}"));
    }
}
