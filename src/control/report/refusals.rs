//! Calls that were refused, faults aside.

use super::{Finding, ReportRule, Verdict};
use crate::account::{Entry, Reading, RefusalThen};

/// Calls above the rate limit.
///
/// All clients of the account share the limit, so a client may be refused because of others. A
/// client that calls until it is refused, and then waits, is correct: `retry_after` shows whether
/// it waited. A 429 because of too many jobs does not belong to the limit.
pub(super) fn rate_limit(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| {
        entry.status == 429 && entry.refusal != Some(RefusalThen::TooManyJobs)
    });
    let description = "more calls than the rate limit admits, which all clients of the account share: these were refused with 429";
    Finding::all_of(
        ReportRule::RateLimit,
        [(Verdict::Note, refused, description)],
    )
}

/// Calls that the caller's role may not make.
///
/// A correct client may try such a call, and use the `/me` forms when it is refused.
pub(super) fn wrong_role(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| {
        entry.refusal == Some(RefusalThen::WrongRole)
    });
    let description = "the caller's role may not make these calls: they were refused with 403";
    Finding::all_of(
        ReportRule::WrongRole,
        [(Verdict::Note, refused, description)],
    )
}

/// Calls without valid credentials.
///
/// A correct client may learn from a 401 that its token has expired, and renew it. Some HTTP
/// libraries send credentials only after a challenge. The callers are unknown, so the rule cannot
/// see what the same client did next.
pub(super) fn authentication(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| entry.status == 401);
    let description = "no credentials, or wrong or expired ones: these calls were refused with 401, which asks for credentials";
    Finding::all_of(
        ReportRule::Authentication,
        [(Verdict::Note, refused, description)],
    )
}

/// The requests that were refused, except for those that a rule for faults hit.
fn refused(reading: &Reading, is_refused: impl Fn(&Entry) -> bool) -> Vec<u64> {
    let entries = reading
        .entries
        .iter()
        .filter(|(_, entry)| entry.fault.is_none() && is_refused(entry));
    entries.map(|(sequence, _)| *sequence).collect()
}
