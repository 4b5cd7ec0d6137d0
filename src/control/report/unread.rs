//! Parameters and fields that nothing read.

use std::collections::BTreeSet;

use super::{Finding, Verdict};
use crate::account::Reading;

/// How many of them the sentence names.
const MOST_QUOTED: usize = 5;

/// Sent what nothing reads.
pub(super) fn unread_parameters(reading: &Reading) -> Vec<Finding> {
    let (mut names, mut requests) = (BTreeSet::new(), Vec::new());
    for (sequence, entry) in &reading.entries {
        let unread = entry.unread();
        if !unread.is_empty() {
            requests.push(*sequence);
            names.extend(unread);
        }
    }
    let quoted: Vec<_> = names.iter().take(MOST_QUOTED).map(|name| format!("`{name}`")).collect();
    let rest = names.len() - quoted.len();
    let and_more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    let description = format!("sent what nothing reads: {}{and_more}", quoted.join(", "));
    Finding::of("unread_parameters", Verdict::Bad, requests, description).into_iter().collect()
}
