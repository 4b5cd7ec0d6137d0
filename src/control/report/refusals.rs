//! Calls that were refused and could have been known to be. What a fault made up is the tester's doing.

use super::{Finding, Verdict};
use crate::account::{Entry, Reading};

/// Polled faster than the limit allows.
pub(super) fn rate_limit(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| entry.status == 429);
    bad("rate_limit", refused, "more calls than the rate limit allows: these were refused with 429")
}

/// Called as somebody who may not.
pub(super) fn wrong_role(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| entry.is_wrong_role);
    bad("wrong_role", refused, "the caller's role may not make these calls: they were refused with 403")
}

/// Called as nobody.
pub(super) fn authentication(reading: &Reading) -> Vec<Finding> {
    let refused = refused(reading, |entry| entry.status == 401);
    bad("authentication", refused, "no credentials or wrong ones: these calls were refused with 401")
}

fn refused(reading: &Reading, is_refused: impl Fn(&Entry) -> bool) -> Vec<u64> {
    let entries = reading.entries.iter().filter(|(_, entry)| entry.fault.is_none() && is_refused(entry));
    entries.map(|(sequence, _)| *sequence).collect()
}

fn bad(rule: &'static str, refused: Vec<u64>, description: &str) -> Vec<Finding> {
    Finding::of(rule, Verdict::Bad, refused, description).into_iter().collect()
}
