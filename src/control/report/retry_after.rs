//! Whether the client waited as long as it was told to.

use jiff::SignedDuration;

use super::{Finding, Verdict};
use crate::account::{Entry, Reading};

const RULE: &str = "retry_after";

/// After each answer that says when to come back: did the same caller's next request come then or later, by the account's
/// clock? A request that was under way when the answer was given cannot know of it.
pub(super) fn retry_after(reading: &Reading) -> Vec<Finding> {
    let (mut early, mut patient) = (Vec::new(), Vec::new());
    for (place, (sequence, told)) in reading.entries.iter().enumerate() {
        let Some(seconds) = told.retry_after else { continue };
        let later = reading.entries[place + 1..].iter();
        let next = later.filter(|(_, next)| next.user() == told.user() && next.began >= *sequence);
        let Some((number, next)) = next.min_by_key(|(number, next)| (next.began, *number)) else { continue };
        match waited(told, next) {
            Some(waited) if waited < SignedDuration::from_secs(seconds.into()) => early.push(*number),
            Some(_) => patient.push(*number),
            None => {}
        }
    }
    let early = Finding::of(RULE, Verdict::Bad, early, "came back before the time that Retry-After said");
    let patient = Finding::of(RULE, Verdict::Good, patient, "waited as long as Retry-After said");
    early.into_iter().chain(patient).collect()
}

/// How long, unless the clock was put back in between.
fn waited(told: &Entry, next: &Entry) -> Option<SignedDuration> {
    Some(next.time.duration_since(told.time)).filter(|waited| !waited.is_negative())
}
