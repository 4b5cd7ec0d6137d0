//! The report: how clients behaved, as the account's journal shows it. One file for each kind of
//! rule.
//!
//! A finding is `bad` only if no correct client behaves like that. If a correct client may do it
//! too, it is a `note`, and the tester decides. The comment of each rule lists correct behaviour
//! that looks like a fault.

mod old_credentials;
mod pages;
mod refresh_tokens;
mod refusals;
mod renewals;
mod retry_after;
mod sent;
mod token_uses;
mod unread;

use axum::Json;
use axum::response::Response;

use super::account_path::AccountPath;
use super::blocking;
use super::error::ControlError;
use crate::account::Reading;
use crate::wire::report::{Finding, Report, ReportRule, Verdict};
use token_uses::{AllUses, token_uses};

/// The rules about requests one by one, in the order of the report.
const RULES: [fn(&Reading) -> Vec<Finding>; 7] = [
    retry_after::retry_after,
    refusals::rate_limit,
    pages::pagination_links,
    pages::has_more,
    unread::unread_parameters,
    refusals::wrong_role,
    refusals::authentication,
];

/// The rules about OAuth tokens, which come after the others.
const TOKEN_RULES: [fn(&Reading, &AllUses<'_>) -> Vec<Finding>; 5] = [
    renewals::early_renewal,
    renewals::late_renewal,
    refresh_tokens::repeated_renewal,
    refresh_tokens::spent_refresh_token,
    refresh_tokens::lost_rotation,
];

impl Finding {
    /// A finding, if there are requests that show it.
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

    /// The findings of a rule: for each verdict the requests that show it, and a description.
    fn all_of<R: IntoIterator<Item = u64>, const N: usize>(
        rule: ReportRule,
        shown: [(Verdict, R, &str); N],
    ) -> Vec<Self> {
        let finding =
            |(verdict, requests, description)| Self::of(rule, verdict, requests, description);
        shown.into_iter().filter_map(finding).collect()
    }
}

/// `GET /_emulator/accounts/{subdomain}/report`
pub(crate) async fn show_report(path: AccountPath) -> Result<Response, ControlError> {
    let report = move || {
        let reading = path.account.journal.read();
        let uses = token_uses(&reading);
        let requests = RULES.iter().flat_map(|rule| rule(&reading));
        let tokens = TOKEN_RULES.iter().flat_map(|rule| rule(&reading, &uses));
        let credentials = old_credentials::old_credentials(&reading);
        Ok(Json(Report {
            requests: reading.entries.len() as u64,
            dropped: reading.dropped,
            findings: requests.chain(tokens).chain(credentials).collect(),
        }))
    };
    blocking::answer(true, report).await
}
