//! The content type of answers.

use axum::http::Method;
use serde_json::json;

use super::fresh;
use crate::harness::{Account, Answer, Ask, operations};

const JSON: &str = "application/json; charset=utf-8";
const JSON_API: &str = "application/vnd.api+json";

/// Answers of every kind except the 429.
fn asks() -> Vec<Ask> {
    let update = Ask::update();
    vec![
        Ask::get(""),
        Ask::get("/10011"),
        Ask::get("/agent_statuses"),
        update.clone().json(&json!({ "id": 4 })),
        Ask::get("?page[size]=0"),
        Ask::get("").header("host", "no host"),
        Ask::get("").anonymous(),
        Ask::get("").by_agent(),
        Ask::get("").bearer("demo-oauth-agent"),
        Ask::get("/10002"),
        Ask::get("/no/such/route"),
        Ask::raw(Method::GET, "/api/v2/tickets"),
        Ask::new(Method::POST, ""),
        update.clone().body("{"),
        update.clone().json(&json!({})),
        update.clone().header("content-type", "text/plain"),
        update.body(vec![b' '; 1024 * 1024 + 1]),
    ]
}

/// The answers of one account to all of them.
fn answers(adapt: impl Fn(Ask) -> Ask) -> Vec<Answer> {
    let account = Account::demo();
    asks()
        .into_iter()
        .map(|ask| account.send(&adapt(ask)))
        .collect()
}

/// Observed: the official Ruby client reads no other type as JSON. Never a 406, for any `Accept`.
#[test]
fn answers_are_plain_json_by_default() {
    let plain = answers(|ask| ask);
    for accept in [
        "",
        "*/*",
        "application/json",
        "application/json; charset=utf-8",
        "application/*",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "image/png",
        "application/json;q=0",
        "nonsense",
        "application/vnd.api+json, application/json",
        "application/json, application/vnd.api+json",
        "application/vnd.api+json, */*",
        "application/vnd.api+json;q=0.5, text/html",
    ] {
        for (answer, plain) in answers(|ask| ask.header("accept", accept))
            .iter()
            .zip(&plain)
        {
            assert_eq!(
                answer.header("content-type"),
                Some(JSON),
                "{answer:?} with {accept}"
            );
            assert_eq!(
                (answer.status, &answer.body),
                (plain.status, &plain.body),
                "with {accept}"
            );
        }
    }
    for answer in plain {
        assert_eq!(
            answer.header("content-type"),
            Some(JSON),
            "{answer:?} without Accept"
        );
    }
}

/// Assumed: the media type of JSON:API for a client that asks for exactly that. Nothing else
/// changes.
#[test]
fn a_client_that_asks_for_json_api_alone_gets_that_type() {
    let plain = answers(|ask| ask);
    let exact = answers(|ask| ask.header("accept", JSON_API));
    let wider = answers(|ask| {
        ask.header("accept", JSON_API)
            .another_header("accept", "*/*")
    });
    for ((plain, exact), wider) in plain.iter().zip(&exact).zip(&wider) {
        assert_eq!(exact.header("content-type"), Some(JSON_API), "{exact:?}");
        assert_eq!((exact.status, &exact.body), (plain.status, &plain.body));
        assert_eq!(wider.header("content-type"), Some(JSON), "{wider:?}");
    }
}

/// Assumed: every operation answers in both types.
#[test]
fn every_operation_answers_in_both_types() {
    for operation in operations() {
        for (accept, content_type) in [("application/json", JSON), (JSON_API, JSON_API)] {
            let answer = fresh(|account| operation.ask(account).header("accept", accept));
            assert_eq!(answer.status, 200, "{}", operation.id);
            assert_eq!(
                answer.header("content-type"),
                Some(content_type),
                "{}",
                operation.id
            );
        }
    }
}
