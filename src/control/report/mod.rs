//! The report: how a client behaved, as far as its account's journal shows it. One file for each
//! kind of rule.
//!
//! A rule says `bad` only of what no correct client does. What a correct client may do as well is a
//! `note`: a fact, and the tester knows what it means. Beside each rule stands which correct
//! behaviour it could take for a fault.

mod pages;
mod refusals;
mod retry_after;
mod sent;
mod unread;

use axum::Json;
use axum::response::Response;

use super::account_path::AccountPath;
use super::blocking;
use super::error::ControlError;
use crate::account::Reading;
use crate::wire::report::{Finding, Report, ReportRule, Verdict};

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

impl Finding {
    /// A finding, unless there is no request that shows it.
    fn of(
        rule: ReportRule,
        verdict: Verdict,
        requests: impl IntoIterator<Item = u64>,
        description: impl Into<String>,
    ) -> Option<Self> {
        let requests: Vec<_> = requests.into_iter().collect();
        (!requests.is_empty()).then(|| Self {
            rule,
            verdict,
            description: description.into(),
            requests,
        })
    }
}

/// `GET /_emulator/accounts/{subdomain}/report`
pub(crate) async fn show_report(path: AccountPath) -> Result<Response, ControlError> {
    let report = move || {
        let reading = path.account.journal.read();
        Ok(Json(Report {
            requests: reading.entries.len() as u64,
            dropped: reading.dropped,
            findings: RULES.iter().flat_map(|rule| rule(&reading)).collect(),
        }))
    };
    blocking::answer(true, report).await
}
