//! The Ticketing API, as far as it is here: users, groups, search, account settings and Talk; and
//! group availability and capacity rules, which share its limit. The source of each test is
//! Zendesk's reference of these APIs, or the word *assumed*.

mod access;
mod account_settings;
mod capacity_rules;
mod group_availability;
mod groups;
mod limit;
mod pages;
mod search;
mod talk;
mod users;

use axum::http::Method;
use serde_json::Value;

use crate::harness::{Account, Answer, Ask, numbers};

/// A GET below `/api/v2`, by the admin.
fn ask(path: &str) -> Ask {
    Ask::raw(Method::GET, &format!("/api/v2{path}")).bearer("demo-oauth-admin")
}

fn get(account: &Account, path: &str) -> Answer {
    account.send(&ask(path))
}

/// The answer to a call that succeeds.
fn json(account: &Account, path: &str) -> Value {
    let answer = get(account, path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// The ids of the records in this member.
fn ids(answer: &Value, member: &str) -> Vec<u64> {
    numbers(&answer[member], "/id")
}

/// The path and query of a link below `/api/v2`.
pub fn below(link: &Value) -> String {
    let link = link.as_str().expect("a link");
    let (_, path) = link.split_once("/api/v2").expect("a link to the API");
    path.to_owned()
}
