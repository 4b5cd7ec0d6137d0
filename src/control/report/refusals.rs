//! Calls that were refused. What a fault made up is the tester's doing.

use super::{Finding, ReportRule, Verdict};
use crate::account::{Entry, Reading};

/// Polled faster than the limit allows.
///
/// The limit is one for all clients of the account, so a client may be refused for the calls of
/// others. A client that calls until it is refused, and then waits, is correct too: `retry_after`
/// says whether it did. A 429 because of too many jobs says nothing about the limit.
pub(super) fn rate_limit(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| {
        entry.status == 429 && !entry.is_too_many_jobs
    });
    note(
        ReportRule::RateLimit,
        refused,
        "more calls than the rate limit admits, which is one for all clients of the account: these were refused with 429",
    )
}

/// Called as somebody who may not.
///
/// A correct client may try what it is allowed to do, and go on with the `/me` forms when it is
/// refused.
pub(super) fn wrong_role(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| entry.is_wrong_role);
    note(
        ReportRule::WrongRole,
        refused,
        "the caller's role may not make these calls: they were refused with 403",
    )
}

/// Called as nobody.
///
/// A correct client may learn from a 401 that its token has expired, and renew it. Some HTTP stacks
/// send credentials only after a challenge. Callers of such requests are unknown, so the rule
/// cannot see what the same client did next.
pub(super) fn authentication(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| entry.status == 401);
    note(
        ReportRule::Authentication,
        refused,
        "no credentials, or wrong or expired ones: these calls were refused with 401, which asks for credentials",
    )
}

fn refused(reading: &Reading, is_refused: impl Fn(&Entry) -> bool) -> Vec<u64> {
    let entries = reading
        .entries
        .iter()
        .filter(|(_, entry)| entry.fault.is_none() && is_refused(entry));
    entries.map(|(sequence, _)| *sequence).collect()
}

fn note(rule: ReportRule, refused: Vec<u64>, description: &str) -> Vec<Finding> {
    Finding::of(rule, Verdict::Note, refused, description)
        .into_iter()
        .collect()
}
