//! How much a journal holds, and which calls.

use axum::http::Method;
use serde_json::{Value, json};

use super::{ONE, journal, requests, sequences, verify};
use crate::harness::{Account, Ask, P, elements};

/// First, last, dropped.
fn bounds(journal: &Value) -> (Value, Value, Value) {
    (
        journal["first"].clone(),
        journal["last"].clone(),
        journal["dropped"].clone(),
    )
}

#[test]
fn the_oldest_requests_go_first_and_are_counted() {
    let server = Account::with(|builder| builder.journal_requests(3));
    let empty = journal(&server, "");
    assert_eq!(
        (sequences(&empty), bounds(&empty)),
        (vec![], (Value::Null, json!(0), json!(0)))
    );
    for agent in 10011..10016 {
        server.get(&format!("/{agent}"));
    }
    let held = journal(&server, "");
    assert_eq!(
        (sequences(&held), bounds(&held)),
        (vec![3, 4, 5], (json!(3), json!(5), json!(2)))
    );
    assert_eq!(held["requests"][0]["agent"], 10013);
}

#[test]
fn a_journal_takes_no_more_memory_than_it_may() {
    let server = Account::with(|builder| builder.journal_bytes(10_000));
    for _ in 0..100 {
        server.get(ONE);
    }
    let held = sequences(&journal(&server, "")).len();
    assert!((5..=20).contains(&held), "{held}");
    // An entry that is a hundred times as large replaces all others.
    server.send(&Ask::get(ONE).header("x-long", "x".repeat(9_000)));
    assert!(sequences(&journal(&server, "")).len() <= 1);
    server.get(ONE);
    assert_eq!(sequences(&journal(&server, "")).last(), Some(&102));
}

/// The demo account's calls, by default up to a thousand.
#[test]
fn a_thousand_requests_are_held_unless_told_otherwise() {
    let server = Account::demo();
    for _ in 0..1_002 {
        server.send_unchecked(&Ask::get(ONE));
    }
    let held = journal(&server, "");
    assert_eq!(
        (sequences(&held).len(), bounds(&held)),
        (1_000, (json!(3), json!(1_002), json!(2)))
    );
}

#[test]
fn what_is_forgotten_is_not_dropped() {
    let server = Account::with(|builder| builder.journal_requests(2));
    for _ in 0..3 {
        server.get(ONE);
    }
    assert_eq!(
        server
            .send(&Ask::control(Method::DELETE, "/requests"))
            .status,
        204
    );
    assert_eq!(
        bounds(&journal(&server, "")),
        (Value::Null, json!(3), json!(0))
    );
    assert_eq!(
        verify(&server, &json!({ "count": { "exactly": 0 } })).status,
        200
    );
    server.get(ONE);
    let held = journal(&server, "");
    assert_eq!(
        (sequences(&held), bounds(&held)),
        (vec![4], (json!(4), json!(4), json!(0)))
    );
}

#[test]
fn a_reset_empties_the_journal() {
    let server = Account::demo();
    server.get(ONE);
    assert_eq!(
        server.send(&Ask::control(Method::POST, "/reset")).status,
        200
    );
    assert_eq!(
        bounds(&journal(&server, "")),
        (Value::Null, json!(0), json!(0))
    );
    server.get(ONE);
    assert_eq!(sequences(&journal(&server, "")), [1]);
}

/// A journal that is switched off does not claim that there were no calls.
#[test]
fn a_journal_that_is_off_is_not_an_empty_one() {
    for server in [
        Account::with(|builder| builder.journal_requests(0)),
        Account::with(|builder| builder.journal_bytes(0)),
    ] {
        assert_eq!(
            verify(&server, &json!({ "count": { "exactly": 0 } })).status,
            200
        );
        server.get(ONE);
        assert_eq!(
            bounds(&journal(&server, "")),
            (Value::Null, json!(1), json!(1))
        );
        assert_eq!(
            verify(&server, &json!({ "count": { "exactly": 0 } })).at("/error"),
            "Incomplete"
        );
    }
}

/// Each account has its own journal, of Zendesk's API only. A request that reached no account is in
/// no journal.
#[test]
fn a_journal_is_of_one_account() {
    let server = Account::demo();
    let made = server
        .send(&Ask::raw(Method::POST, "/_emulator/accounts").json(&json!({ "subdomain": "a" })));
    assert_eq!(made.status, 201);
    let raw = |target: &str| Ask::raw(Method::GET, target);
    for (ask, status) in [
        (raw("/_emulator/healthz"), 200),
        (raw("/_emulator/nothing"), 404),
        (raw(&format!("/_account/nobody{P}")), 404),
        (raw(P).header("host", "nobody.zendesk.com"), 404),
        (raw(P).header("host", "no host"), 400),
        (raw(&format!("/_account/a{P}/10011.json?x=1")), 401),
        (
            raw(&format!("{P}/10012")).header("host", "a.localhost"),
            401,
        ),
    ] {
        assert_eq!(server.send(&ask).status, status, "{ask:?}");
    }
    assert_eq!(requests(&server), Vec::<Value>::new());
    let of_a = server
        .send(&Ask::raw(Method::GET, "/_emulator/accounts/a/requests"))
        .at("/requests");
    let paths: Vec<_> = elements(&of_a)
        .iter()
        .map(|entry| entry["path"].clone())
        .collect();
    assert_eq!(paths, [format!("{P}/10011"), format!("{P}/10012")]);
    for path in ["/requests", "/report"] {
        let unknown = server.send(&Ask::raw(
            Method::GET,
            &format!("/_emulator/accounts/nobody{path}"),
        ));
        assert_eq!(unknown.refusal(), "404 AccountNotFound");
    }
}
