//! Which state a world is in.

use std::sync::atomic::{AtomicU64, Ordering};

/// The number of the next revision of any world in this process, so that no two worlds share one.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A state of one world. Of two reads with the same revision, the second has nothing new to see: no
/// write began in between. The other way round says nothing, for a write may be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Revision(u64);

/// A revision that changes.
#[derive(Debug)]
pub(crate) struct AtomicRevision(AtomicU64);

impl AtomicRevision {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    /// To be called when a write begins, before anybody can see any of it, and after the one before
    /// it has ended.
    pub(crate) fn advance(&self) {
        self.0
            .store(NEXT.fetch_add(1, Ordering::Relaxed), Ordering::Release);
    }

    pub(crate) fn load(&self) -> Revision {
        Revision(self.0.load(Ordering::Acquire))
    }

    pub(crate) fn store(&self, revision: Revision) {
        self.0.store(revision.0, Ordering::Relaxed);
    }
}

impl From<Revision> for AtomicRevision {
    fn from(Revision(number): Revision) -> Self {
        Self(AtomicU64::new(number))
    }
}
