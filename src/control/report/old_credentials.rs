//! Credentials that Zendesk ends.

use std::collections::BTreeSet;

use axum::http::Method;

use super::{Finding, ReportRule, Verdict};
use crate::account::{CredentialThen, Reading};

/// Documented: from this day on, every call with an API token fails. In agent availability's
/// documentation API tokens are as in the rest of the Ticketing API.
const API_TOKENS: &str = "API tokens, which Zendesk ends on 2027-04-30";
/// Announced by Zendesk, and read second-hand.
const PASSWORDS: &str = "passwords, which Zendesk ended for its APIs on 2026-01-12";

/// Calls with API tokens and passwords, also if they were refused because these have ended.
///
/// Until that day such a client works, and no client works after it. So it is bad, whatever the day of
/// the account's clock. An OAuth client that signs in with Basic uses neither, and a preflight is not a
/// call.
pub(super) fn old_credentials(reading: &Reading) -> Vec<Finding> {
    let (mut requests, mut used) = (Vec::new(), BTreeSet::new());
    for (number, entry) in &reading.entries {
        let credential = match entry.credential {
            _ if entry.method == Method::OPTIONS => continue,
            Some(CredentialThen::ApiToken) => API_TOKENS,
            Some(CredentialThen::Password) => PASSWORDS,
            _ => continue,
        };
        requests.push(*number);
        used.insert(credential);
    }
    let used: Vec<_> = used.into_iter().collect();
    let description = format!("signed in with {}: use OAuth", used.join(", and with "));
    let shown = [(Verdict::Bad, requests, &*description)];
    Finding::all_of(ReportRule::OldCredentials, shown)
}
