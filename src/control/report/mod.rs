//! The report: how a client behaved, as far as its account's journal shows it. One file for each kind of rule.

mod pages;
mod refusals;
mod retry_after;
mod unread;

use axum::Json;
use serde::Serialize;
use serde_json::{Value, json};

use super::place::Place;
use crate::account::Reading;

/// Every rule, in the order of the report. Each says what it has to say and nothing else.
const RULES: [fn(&Reading) -> Vec<Finding>; 7] = [
    retry_after::retry_after,
    refusals::rate_limit,
    pages::pagination_links,
    pages::has_more,
    unread::unread_parameters,
    refusals::wrong_role,
    refusals::authentication,
];

/// What a rule has found.
#[derive(Debug, Serialize)]
struct Finding {
    rule: &'static str,
    verdict: Verdict,
    description: String,
    /// The numbers of the requests that show it.
    requests: Vec<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Good,
    Bad,
}

impl Finding {
    /// A finding, unless there is no request that shows it.
    fn of(rule: &'static str, verdict: Verdict, requests: Vec<u64>, description: impl Into<String>) -> Option<Self> {
        (!requests.is_empty()).then(|| Self { rule, verdict, description: description.into(), requests })
    }
}

/// `GET /_emulator/accounts/{subdomain}/report`
pub(crate) async fn show_report(place: Place) -> Json<Value> {
    let reading = place.account.journal.read();
    let findings: Vec<_> = RULES.iter().flat_map(|rule| rule(&reading)).collect();
    Json(json!({ "requests": reading.entries.len(), "dropped": reading.dropped, "findings": findings }))
}
