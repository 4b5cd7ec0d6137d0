//! Agents page by page: cursors, and a filter by status.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use super::{agent, delete, get, patch, post};
use crate::harness::{Account, Ask, numbers};

/// Every agent of the demo.
fn all() -> Vec<u64> {
    [10_001]
        .into_iter()
        .chain(10_011..=10_035)
        .chain([1_900_012_345_678_901])
        .collect()
}

/// The ids of a page, and the cursor of the next one.
fn page(server: &Account, query: &str) -> (Vec<u64>, Option<u64>) {
    let answer = get(server, &format!("/agents{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let ids = numbers(&answer.at("/agents"), "/id");
    (ids, answer.at("/next").as_u64())
}

/// Assumed: every agent once, by id, in the same form as a single agent's document.
#[test]
fn the_pages_are_all_agents() {
    let server = Account::demo();
    assert_eq!(page(&server, ""), (all(), None));
    let first = get(&server, "/agents?limit=2").at("/agents/1");
    assert_eq!(first, agent(&server, 10011));
    for limit in [1, 3, 26, 27, 1000] {
        let (mut found, mut next) = page(&server, &format!("?limit={limit}"));
        while let Some(after) = next {
            let (more, then) = page(&server, &format!("?limit={limit}&after={after}"));
            assert!(!more.is_empty() && more.len() <= limit, "{more:?}");
            found.extend(more);
            next = then;
        }
        assert_eq!(found, all(), "{limit}");
    }
    assert_eq!(
        page(&server, "?after=18446744073709551615"),
        (Vec::new(), None)
    );
}

/// Assumed: without a limit a page has a hundred agents.
#[test]
fn a_page_has_a_hundred_agents() {
    let server = Account::with(|builder| builder.agents(250));
    let (ids, next) = page(&server, "");
    assert_eq!((ids.len(), next), (100, ids.last().copied()));
    let (ids, next) = page(&server, "?limit=1000");
    assert_eq!((ids.len(), next), (277, None));
}

/// Assumed: a cursor is a place, and its agent need not exist.
#[test]
fn pages_keep_their_place() {
    let server = Account::demo();
    let (_, next) = page(&server, "?limit=3");
    assert_eq!(next, Some(10012));
    delete(&server, "/agents/10012");
    post(&server, "/agents", &json!({ "id": 5 }));
    post(&server, "/agents", &json!({ "id": 10036 }));
    assert_eq!(
        page(&server, "?limit=24&after=10012").0,
        (10_013..=10_036).collect::<Vec<_>>()
    );
}

/// Assumed: the filter uses the unified status as it is now, after jobs that are due, and with
/// routing on or off.
#[test]
fn agents_are_found_by_their_status() {
    let server = Account::demo();
    let in_status = |id: u64| page(&server, &format!("?agent_status_id={id}")).0;
    let expected = |id: u64| -> Vec<u64> {
        all()
            .into_iter()
            .filter(|it| agent(&server, *it)["agent_status"]["id"] == id)
            .collect()
    };
    for id in [2, 3, 4, 5, 123, 124] {
        assert_eq!(in_status(id), expected(id), "{id}");
    }
    assert!(in_status(3).len() > 1);
    let (ids, next) = page(&server, "?agent_status_id=3&limit=1");
    assert_eq!(
        (ids, next),
        (expected(3)[..1].to_vec(), Some(expected(3)[0]))
    );
    assert_eq!(
        page(
            &server,
            &format!("?agent_status_id=3&limit=100&after={}", expected(3)[0])
        )
        .0,
        expected(3)[1..]
    );
    patch(&server, "", &json!({ "settings": { "job_delay": "5s" } }));
    server.put(
        "/agent_statuses/agents/update_many?ids=10011,10012",
        &json!({ "id": 123 }),
    );
    assert!(!in_status(123).contains(&10012));
    server.advance(Duration::from_secs(6));
    patch(
        &server,
        "",
        &json!({ "settings": { "omnichannel_routing": false } }),
    );
    assert!(in_status(123).contains(&10012));
}

/// Assumed: an invalid value is refused, with the name of the parameter.
#[test]
fn a_query_that_cannot_be_is_refused() {
    let server = Account::demo();
    for (query, place) in [
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?after=-1", "after"),
        ("?after=", "after"),
        ("?after=18446744073709551616", "after"),
        ("?agent_status_id=online", "agent_status_id"),
        ("?agent_status_id=99", "agent_status_id"),
        ("?limit=1&limit=1", ""),
        ("?status=3", ""),
    ] {
        let refused = get(&server, &format!("/agents{query}"));
        assert_eq!(refused.places(), [place], "{query}");
    }
    let elsewhere = server.send(&Ask::raw(Method::GET, "/_emulator/accounts/nobody/agents"));
    assert_eq!(elsewhere.refusal(), "404 AccountNotFound");
}
