//! The report: how clients behaved, as the account's journal shows it. One file for each kind of
//! rule.
//!
//! A finding is `bad` only if no correct client behaves like that. If a correct client may do it
//! too, it is a `note`, and the tester decides. The comment of each rule lists correct behaviour
//! that looks like a bug.

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

use super::account_path::AccountPath;
use super::blocking;
use super::error::ControlResult;
use crate::wire::report::{Finding, Report, ReportRule, Verdict};
use token_uses::token_uses;

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
pub(crate) async fn show_report(path: AccountPath) -> ControlResult {
    let report = move || {
        let reading = path.account.journal.read();
        let uses = token_uses(&reading);
        let findings = [
            retry_after::retry_after(&reading),
            refusals::rate_limit(&reading),
            pages::pagination_links(&reading),
            pages::has_more(&reading),
            unread::unread_parameters(&reading),
            refusals::wrong_role(&reading),
            refusals::authentication(&reading),
            renewals::early_renewal(&uses),
            renewals::late_renewal(&reading, &uses),
            refresh_tokens::repeated_renewal(&uses),
            refresh_tokens::spent_refresh_token(&uses),
            refresh_tokens::lost_rotation(&uses),
            old_credentials::old_credentials(&reading),
        ];
        Ok(Json(Report {
            requests: reading.entries.len() as u64,
            dropped: reading.dropped,
            findings: findings.into_iter().flatten().collect(),
        }))
    };
    blocking::answer(true, report).await
}
