//! The journal of an account: the requests, whether they were expected, and how the client behaved.
//! Zendesk has no journal, so every test is assumed unless it says otherwise.

mod bodies;
mod content;
mod entries;
mod list;
mod report;
mod ring;
mod secrets;
mod verify;

use axum::http::Method;
use serde_json::{Value, json};

use crate::harness::{Account, Answer, Ask, elements, numbers};

const ONE: &str = "/10011";

fn journal(server: &Account, query: &str) -> Value {
    let answer = server.send(&Ask::control(Method::GET, &format!("/requests{query}")));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn requests(server: &Account) -> Vec<Value> {
    elements(&journal(server, "")["requests"]).to_vec()
}

/// The entry of the newest request.
fn newest(server: &Account) -> Value {
    requests(server).pop().expect("a request")
}

fn sequences(journal: &Value) -> Vec<u64> {
    numbers(&journal["requests"], "/sequence")
}

fn verify(server: &Account, body: &Value) -> Answer {
    server.send(&Ask::control(Method::POST, "/requests/verify").json(body))
}

fn set_limit(server: &Account, requests: u32) {
    let settings = json!({ "settings": { "rate_limit": { "requests": requests } } });
    assert_eq!(
        server
            .send(&Ask::control(Method::PATCH, "").json(&settings))
            .status,
        200
    );
}

fn set_validation(server: &Account, validation: &str) {
    let settings = json!({ "settings": { "validation": validation } });
    assert_eq!(
        server
            .send(&Ask::control(Method::PATCH, "").json(&settings))
            .status,
        200
    );
}
