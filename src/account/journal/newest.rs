//! The newest requests of a journal, for viewers that follow it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Entry, RequestJournal};

/// The newest requests after one that a viewer has seen.
#[derive(Debug, Default)]
pub(crate) struct NewestRequests {
    /// The oldest first, each with its number. No number between them is missing.
    pub(crate) entries: Vec<(u64, Arc<Entry>)>,
    /// The number of the newest request ever.
    pub(crate) last: u64,
    /// How many requests before these the viewer has not seen.
    pub(crate) skipped: u64,
}

impl RequestJournal {
    /// At most `most` of the requests after this one: the newest.
    pub(crate) fn newest(&self, after: u64, most: usize) -> NewestRequests {
        let ring = self.ring.lock();
        let new = ring.last.saturating_sub(after);
        let shown = usize::try_from(new)
            .unwrap_or(usize::MAX)
            .min(most)
            .min(ring.entries.len());
        let first = ring.last + 1 - shown as u64;
        let entries = ring.entries.range(ring.entries.len() - shown..);
        NewestRequests {
            entries: (first..).zip(entries.map(Arc::clone)).collect(),
            last: ring.last,
            skipped: new - shown as u64,
        }
    }

    /// Waits until there is a request after this one. Until then it takes no processor time.
    pub(crate) async fn added_after(&self, after: u64) {
        let _waiting = Waiting::begin(self);
        // Before the look, so that no request is missed in between.
        let added = self.added.notified();
        // A request that comes after this look finds this task waiting: the lock orders the two.
        if self.ring.lock().last > after {
            return;
        }
        added.await;
    }

    /// Wakes the tasks that wait, after a request was added. The lock of the ring must be free.
    pub(super) fn wake(&self) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.added.notify_waiters();
        }
    }
}

/// Counts a task that waits, until it is dropped.
struct Waiting<'a>(&'a RequestJournal);

impl<'a> Waiting<'a> {
    fn begin(journal: &'a RequestJournal) -> Self {
        journal.waiting.fetch_add(1, Ordering::Relaxed);
        Self(journal)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::account::JournalLimits;

    fn journal(requests: usize) -> RequestJournal {
        RequestJournal::new(JournalLimits {
            requests,
            bytes: usize::MAX,
        })
    }

    fn add(journal: &RequestJournal, count: usize) {
        for _ in 0..count {
            journal.add(|_| Entry::default());
        }
    }

    fn newest(journal: &RequestJournal, after: u64, most: usize) -> (Vec<u64>, u64, u64) {
        let newest = journal.newest(after, most);
        let numbers = newest.entries.iter().map(|(sequence, _)| *sequence);
        (numbers.collect(), newest.last, newest.skipped)
    }

    /// Assumed: a viewer gets the newest requests, and the number of those before them that it has
    /// not seen, whether they were too many or are not held any more.
    #[test]
    fn the_newest_come_and_the_others_are_counted() {
        let journal = journal(5);
        assert_eq!(newest(&journal, 0, 3), (vec![], 0, 0));
        add(&journal, 4);
        assert_eq!(newest(&journal, 0, 9), (vec![1, 2, 3, 4], 4, 0));
        assert_eq!(newest(&journal, 0, 3), (vec![2, 3, 4], 4, 1));
        assert_eq!(newest(&journal, 3, 3), (vec![4], 4, 0));
        assert_eq!(newest(&journal, 4, 3), (vec![], 4, 0));
        assert_eq!(
            newest(&journal, 9, 3),
            (vec![], 4, 0),
            "from before a reset"
        );
        add(&journal, 4);
        assert_eq!(newest(&journal, 2, 9), (vec![4, 5, 6, 7, 8], 8, 1));
        journal.clear();
        assert_eq!(newest(&journal, 6, 9), (vec![], 8, 2));
        journal.skip();
        assert_eq!(newest(&journal, 8, 9), (vec![], 9, 1));
    }

    /// By design: a task that waits is woken by the next request, and one that has not seen the
    /// newest does not wait. Nothing is left of a task that stops waiting.
    #[test]
    fn the_next_request_ends_the_wait() {
        let journal = journal(5);
        let waiting = || journal.waiting.load(Ordering::Relaxed);
        let mut waits = Box::pin(journal.added_after(0));
        assert!(waits.as_mut().now_or_never().is_none());
        assert_eq!(waiting(), 1);
        add(&journal, 1);
        assert!(waits.as_mut().now_or_never().is_some());
        drop(waits);
        assert_eq!(waiting(), 0);
        assert!(journal.added_after(0).now_or_never().is_some());
        let mut waits = Box::pin(journal.added_after(1));
        assert!(waits.as_mut().now_or_never().is_none());
        journal.skip();
        assert!(waits.as_mut().now_or_never().is_some());
        assert_eq!(waiting(), 0);
    }
}
