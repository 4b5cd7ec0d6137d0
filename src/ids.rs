//! The only source of randomness: the ids of requests, jobs and events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use ulid::Ulid;
use uuid::Uuid;

/// Where new ids come from. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Ids(Source);

#[derive(Clone, Debug)]
enum Source {
    Random,
    Sequential(Arc<AtomicU64>),
}

impl Ids {
    pub(crate) fn random() -> Self {
        Self(Source::Random)
    }

    /// 1, 2, 3, …: the same calls give the same ids, for tests that compare whole answers.
    pub(crate) fn sequential() -> Self {
        Self(Source::Sequential(Arc::new(AtomicU64::new(1))))
    }

    /// A new id for a request.
    pub(crate) fn uuid(&self) -> Uuid {
        match &self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that draws"
            )]
            Source::Random => Uuid::new_v4(),
            Source::Sequential(next) => {
                Uuid::from_u128(u128::from(next.fetch_add(1, Ordering::Relaxed)))
            }
        }
    }

    /// What tells the ids that somebody makes of it from those of others.
    pub(crate) fn salt(&self) -> u128 {
        self.uuid().as_u128()
    }

    /// A new id that sorts by time, for a job.
    pub(crate) fn ulid(&self, now: Timestamp) -> Ulid {
        // A ULID takes 80 bits of this; the six that a version 4 uuid fixes among them leave 74
        // random ones.
        Ulid::from_parts(now.as_millisecond().unsigned_abs(), self.uuid().as_u128())
    }
}
