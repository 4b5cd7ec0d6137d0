//! Whether clients waited as long as `Retry-After` said.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::sent::{Sent, sent};
use super::{Finding, ReportRule, Verdict};
use crate::account::{Entry, Reading};

/// For each answer with `Retry-After`: did the same client wait for that time, by the account's
/// clock or by the machine's?
///
/// A correct client may
/// - have other requests under way at that time: only requests that were sent later count;
/// - be several workers that share credentials, of which one got the answer: only the same request
///   again is bad, another request is a note. Workers that also share the `User-Agent` and send the
///   same request look like one client;
/// - wait in real time while the account's clock stands still or runs slowly: the longer of both
///   times counts;
/// - wait while the account's clock is put back: there is no finding, unless it waited long enough
///   by the machine's clock.
pub(super) fn retry_after(reading: &Reading) -> Vec<Finding> {
    let sent: Vec<_> = sent(reading).collect();
    let (mut early, mut others, mut patient) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (place, told) in sent.iter().enumerate() {
        let Some(seconds) = told.entry.retry_after else {
            continue;
        };
        let wait = SignedDuration::from_secs(seconds.into());
        let behind = &sent[place + 1..];
        let newest = newest_times(told, behind);
        let waited = |next: &Sent<'_>| {
            let known = behind.partition_point(|other| next.entry.came_after(other.number));
            waited(told, next, newest.get(known).copied(), wait)
        };
        let later = behind
            .iter()
            .filter(|next| next.entry.came_after(told.number) && told.is_of_same_sender(next));
        let mut later: Vec<_> = later.collect();
        later.sort_by_key(|next| next.entry.began);
        let mut soon = later
            .iter()
            .filter(|next| waited(next).is_some_and(|waited| waited < wait));
        let first = soon.clone().next();
        if let Some(again) = soon.find(|next| told.is_same_request(next)) {
            early.insert(again.number);
        } else if let Some(other) = first {
            others.insert(other.number);
        } else if let Some(next) = later.first()
            && waited(next).is_some()
        {
            patient.insert(next.number);
        }
    }
    let shown = [
        (
            Verdict::Bad,
            early,
            "sent the same request again before the time that Retry-After said",
        ),
        (
            Verdict::Note,
            others,
            "sent other requests before the time that Retry-After said: a bug unless they are another worker's",
        ),
        (Verdict::Good, patient, "waited as long as Retry-After said"),
    ];
    Finding::all_of(ReportRule::RetryAfter, shown)
}

/// The latest time by the account's clock of the first request, then of it and the next one, and so
/// on.
fn newest_times(told: &Sent<'_>, behind: &[Sent<'_>]) -> Vec<Timestamp> {
    let mut newest = told.entry.time;
    let times = behind.iter().map(|sent| {
        newest = newest.max(sent.entry.time);
        newest
    });
    std::iter::once(told.entry.time).chain(times).collect()
}

/// How long the client waited: the longer time of both clocks. `newest` is the latest time of a
/// request before `next`. If it is later than `next`, the account's clock was put back, and only
/// the machine's can show that the wait was long enough.
fn waited(
    told: &Sent<'_>,
    next: &Sent<'_>,
    newest: Option<Timestamp>,
    wait: SignedDuration,
) -> Option<SignedDuration> {
    let by_machine = waited_by_machine(told.entry, next.entry);
    if newest.is_some_and(|newest| newest > next.entry.time) {
        return by_machine.filter(|waited| *waited >= wait);
    }
    Some(
        next.entry
            .time
            .duration_since(told.entry.time)
            .max(by_machine.unwrap_or_default()),
    )
}

/// How long the client waited by the machine's clock. The stopwatch of `next` is read first, so that reading does not
/// make the wait shorter.
fn waited_by_machine(told: &Entry, next: &Entry) -> Option<SignedDuration> {
    let since_next = next.stopwatch.as_ref()?.elapsed();
    let since_told = told.stopwatch.as_ref()?.elapsed();
    SignedDuration::try_from(since_told.saturating_sub(since_next)).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use parking_lot::RwLock;

    use super::*;
    use crate::account::CallerThen;
    use crate::clock::Stopwatch;
    use crate::world::Role;

    /// A request at this second of the account's clock, this many seconds ago by the machine's.
    fn entry(account: i64, ago: u64, retry_after: Option<u32>) -> Entry {
        Entry {
            time: Timestamp::from_second(account).unwrap_or_default(),
            began: u64::MAX,
            caller: Some(CallerThen {
                user: None,
                role: Role::Admin,
            }),
            retry_after,
            stopwatch: Some(Stopwatch::moved(Arc::new(RwLock::new(
                Duration::from_secs(ago),
            )))),
            ..Entry::default()
        }
    }

    /// Assumed: a client that waits in real time is correct, whatever the account's clock does.
    #[test]
    fn the_longer_of_both_times_counts() {
        for (account, really, verdict) in [
            (0, 9, Some(Verdict::Bad)),
            (0, 10, Some(Verdict::Good)),
            (9, 9, Some(Verdict::Bad)),
            (9, 10, Some(Verdict::Good)),
            (10, 0, Some(Verdict::Good)),
            (-1, 9, None),
            (-1, 10, Some(Verdict::Good)),
        ] {
            let entries = [
                entry(100, 1000, Some(10)),
                entry(100 + account, 1000 - really, None),
            ];
            let entries = (1..).zip(entries.map(Arc::new)).collect();
            let reading = Reading {
                entries,
                last: 2,
                dropped: 0,
            };
            let found: Vec<_> = retry_after(&reading)
                .iter()
                .map(|finding| finding.verdict)
                .collect();
            assert_eq!(found, Vec::from_iter(verdict), "{account} {really}");
        }
    }
}
