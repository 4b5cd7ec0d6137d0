//! The journal of an account: the latest requests to it.
//!
//! Every call pays for it. So an entry is small and kept as it came. It is decoded and masked when
//! it is read.

mod entry;
mod facts;
mod head;
mod newest;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

pub(crate) use entry::{Entry, ON_BEHALF_OF, Parameter, ParameterUsage, kept_body};
pub(crate) use facts::{
    CallerThen, CredentialThen, GrantThen, IssuedToken, RefusalThen, RenewedToken,
};
pub(crate) use head::Head;
pub(crate) use newest::NewestRequests;

use crate::config::ServerConfig;

/// How much an account's journal holds. If one of them is 0, it only counts the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JournalLimits {
    pub(crate) requests: usize,
    pub(crate) bytes: usize,
}

impl JournalLimits {
    pub(crate) fn of(config: &ServerConfig) -> Self {
        Self {
            requests: config.journal_requests,
            bytes: config.journal_bytes,
        }
    }
}

/// The latest requests to an account.
#[derive(Debug)]
pub(crate) struct RequestJournal {
    limits: JournalLimits,
    /// The number of the newest request. Every call reads it when it begins.
    last: AtomicU64,
    ring: Mutex<Ring>,
    /// How many tasks wait for the next request. Every call reads this, and goes on if it is 0.
    waiting: AtomicUsize,
    /// Wakes them.
    added: Notify,
}

/// The numbers of requests end with `last` and have no gaps, so entries do not store theirs.
#[derive(Debug, Default)]
struct Ring {
    /// The oldest first. A reader clones the pointers and does not keep the lock.
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    last: u64,
    dropped: u64,
    /// The entry that was dropped last. The next one reuses its memory.
    spare: Option<Arc<Entry>>,
}

/// The journal as it was at one instant.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The oldest first, each with its number.
    pub(crate) entries: Vec<(u64, Arc<Entry>)>,
    /// The number of the newest request ever; 0 before there was any.
    pub(crate) last: u64,
    /// How many requests there was no room for.
    pub(crate) dropped: u64,
}

impl Reading {
    /// The number of the oldest request in it.
    pub(crate) fn first(&self) -> Option<u64> {
        self.entries.first().map(|(sequence, _)| *sequence)
    }
}

impl RequestJournal {
    pub(crate) fn new(limits: JournalLimits) -> Self {
        Self {
            limits,
            last: AtomicU64::new(0),
            ring: Mutex::default(),
            waiting: AtomicUsize::new(0),
            added: Notify::new(),
        }
    }

    /// Whether it holds entries at all.
    pub(crate) fn holds_any(&self) -> bool {
        self.limits.requests > 0 && self.limits.bytes > 0
    }

    /// The number of the newest request.
    pub(crate) fn last(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }

    /// Adds a request and drops the oldest ones if there is no room. `make` gets the text of a
    /// dropped entry, to reuse its memory.
    pub(crate) fn add(&self, make: impl FnOnce(Head) -> Entry) {
        let spare = self.ring.lock().spare.take();
        // A reader may still have it.
        let mut entry = spare
            .filter(|spare| Arc::strong_count(spare) == 1)
            .unwrap_or_default();
        if let Some(place) = Arc::get_mut(&mut entry) {
            *place = make(std::mem::take(&mut place.head));
        }
        let mut ring = self.ring.lock();
        self.count(&mut ring);
        ring.bytes += entry_size(&entry);
        ring.entries.push_back(entry);
        while (ring.entries.len() > self.limits.requests || ring.bytes > self.limits.bytes)
            && let Some(oldest) = ring.entries.pop_front()
        {
            ring.bytes -= entry_size(&oldest);
            ring.dropped += 1;
            ring.spare = Some(oldest);
        }
        drop(ring);
        self.wake();
    }

    /// Counts a request that is not kept, so that the journal says that it is not complete.
    pub(crate) fn skip(&self) {
        let mut ring = self.ring.lock();
        self.count(&mut ring);
        ring.dropped += 1;
        drop(ring);
        self.wake();
    }

    fn count(&self, ring: &mut Ring) {
        ring.last += 1;
        self.last.store(ring.last, Ordering::Release);
    }

    /// The requests as they are now.
    pub(crate) fn read(&self) -> Reading {
        let ring = self.ring.lock();
        let first = ring.last + 1 - ring.entries.len() as u64;
        let entries = (first..).zip(ring.entries.iter().map(Arc::clone)).collect();
        Reading {
            entries,
            last: ring.last,
            dropped: ring.dropped,
        }
    }

    /// Drops all requests. The numbers go on.
    pub(crate) fn clear(&self) {
        let mut ring = self.ring.lock();
        let emptied = Ring {
            last: ring.last,
            ..Ring::default()
        };
        let forgotten = std::mem::replace(&mut *ring, emptied);
        // To drop many requests takes long, so the lock is freed first.
        drop(ring);
        drop(forgotten);
    }
}

/// The memory of an entry, its place in the ring included.
fn entry_size(entry: &Entry) -> usize {
    /// Its two reference counts, and the pointer to it.
    const SHARED: usize = 3 * size_of::<usize>();
    entry.size() + SHARED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(target: &str, old: Head) -> Entry {
        Entry {
            head: Head::copy(old, target, None, &http::HeaderMap::new(), b""),
            ..Entry::default()
        }
    }

    fn add(journal: &RequestJournal, length: usize) {
        journal.add(|old| entry(&"/".repeat(length), old));
    }

    fn filled(limits: JournalLimits, targets: &[usize]) -> RequestJournal {
        let journal = RequestJournal::new(limits);
        for length in targets {
            add(&journal, *length);
        }
        journal
    }

    fn held(journal: &RequestJournal) -> (Vec<usize>, Option<u64>, u64, u64) {
        let reading = journal.read();
        let lengths = reading
            .entries
            .iter()
            .map(|(_, entry)| entry.path().len())
            .collect();
        (lengths, reading.first(), reading.last, reading.dropped)
    }

    /// Assumed: the oldest go first, and the numbers have no gap.
    #[test]
    fn no_more_requests_than_allowed() {
        let journal = filled(
            JournalLimits {
                requests: 3,
                bytes: usize::MAX,
            },
            &[1, 2, 3, 4, 5],
        );
        assert_eq!(held(&journal), (vec![3, 4, 5], Some(3), 5, 2));
        journal.clear();
        assert_eq!(held(&journal), (vec![], None, 5, 0));
        add(&journal, 1);
        assert_eq!(held(&journal), (vec![1], Some(6), 6, 0));
    }

    /// Assumed: the bytes are counted at all times. An entry that is larger than the limit is not
    /// kept.
    #[test]
    fn no_more_bytes_than_allowed() {
        let room = entry_size(&entry("", Head::default())) * 3;
        let limits = JournalLimits {
            requests: usize::MAX,
            bytes: room,
        };
        let journal = filled(limits, &[100, 101, 102]);
        assert_eq!(held(&journal), (vec![100, 101, 102], Some(1), 3, 0));
        add(&journal, 1);
        assert_eq!(held(&journal), (vec![101, 102, 1], Some(2), 4, 1));
        add(&journal, room);
        assert_eq!(held(&journal), (vec![], None, 5, 5));
        assert_eq!(journal.ring.lock().bytes, 0);
        for length in 0..1000 {
            add(&journal, length);
            let ring = journal.ring.lock();
            assert_eq!(
                ring.bytes,
                ring.entries
                    .iter()
                    .map(|entry| entry_size(entry))
                    .sum::<usize>()
            );
            assert!(ring.bytes <= room && !ring.entries.is_empty(), "{length}");
        }
    }

    /// Assumed: what a reader has got does not change afterwards.
    #[test]
    fn what_was_read_stays_as_it_was() {
        let journal = filled(
            JournalLimits {
                requests: 1,
                bytes: usize::MAX,
            },
            &[1],
        );
        let before = journal.read();
        for length in [2, 3, 4] {
            add(&journal, length);
            assert_eq!(held(&journal).0, [length]);
        }
        let lengths: Vec<_> = before
            .entries
            .iter()
            .map(|(_, entry)| entry.path().len())
            .collect();
        assert_eq!(lengths, [1]);
    }

    /// Assumed: a journal that holds nothing says how much it has missed.
    #[test]
    fn what_is_not_held_is_counted() {
        let journal = RequestJournal::new(JournalLimits {
            requests: 0,
            bytes: 1,
        });
        assert!(!journal.holds_any());
        journal.skip();
        journal.skip();
        assert_eq!(held(&journal), (vec![], None, 2, 2));
        assert_eq!(journal.last(), 2);
    }
}
