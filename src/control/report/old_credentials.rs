//! Credentials that Zendesk ends.

use axum::http::Method;

use super::{Finding, ReportRule, Verdict};
use crate::account::{CredentialThen, Reading};

/// Documented: from this day on, every call with an API token fails. In agent availability's
/// documentation API tokens are as in the rest of the Ticketing API.
const END_OF_API_TOKENS: &str = "2027-04-30";
/// Announced by Zendesk, and read second-hand.
const END_OF_PASSWORDS: &str = "2026-01-12";

/// Calls with API tokens and passwords, also if they were refused because these have ended.
///
/// Until that day such a client works, and no client works after it. So it is bad, whatever the day of
/// the account's clock. Clients of the chat and messaging APIs are not concerned; none of those is
/// here. The credentials of an OAuth client in Basic are none of these, and a preflight is not a call.
pub(super) fn old_credentials(reading: &Reading) -> Vec<Finding> {
    let with = |wanted: CredentialThen| {
        let entries = reading.entries.iter();
        let with_it = entries.filter(move |(_, entry)| {
            entry.credential == Some(wanted) && entry.method != Method::OPTIONS
        });
        with_it.map(|(number, _)| *number)
    };
    let mut requests: Vec<_> = with(CredentialThen::ApiToken).collect();
    let api_tokens = (!requests.is_empty())
        .then(|| format!("API tokens, which Zendesk ends on {END_OF_API_TOKENS}"));
    let passwords = with(CredentialThen::Password)
        .next()
        .map(|_| format!("passwords, which Zendesk ended for its APIs on {END_OF_PASSWORDS}"));
    requests.extend(with(CredentialThen::Password));
    requests.sort_unstable();
    let used: Vec<_> = api_tokens.into_iter().chain(passwords).collect();
    let description = format!("signed in with {}: use OAuth", used.join(", and with "));
    Finding::of(
        ReportRule::OldCredentials,
        Verdict::Bad,
        requests,
        description,
    )
    .into_iter()
    .collect()
}
