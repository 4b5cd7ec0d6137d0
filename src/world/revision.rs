//! Revisions of a world.

use std::sync::atomic::{AtomicU64, Ordering};

/// The number of the next revision of any world in this process, so that no two worlds share one.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The revision of a world. Two reads at one revision see the same, because no write began
/// between them. A refused write changes the revision, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Revision(u64);

/// The present revision of a world.
#[derive(Debug)]
pub(crate) struct AtomicRevision(AtomicU64);

impl AtomicRevision {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    /// To be called at the beginning of a write, under the lock and before its first change can be
    /// seen.
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
