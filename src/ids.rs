//! The only source of randomness: the ids of requests, jobs and events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use ulid::Ulid;
use uuid::Uuid;

/// Where new ids come from. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Ids(IdSource);

#[derive(Clone, Debug)]
enum IdSource {
    Random,
    Sequential(Arc<AtomicU64>),
}

impl Ids {
    pub(crate) fn random() -> Self {
        Self(IdSource::Random)
    }

    /// 1, 2, 3, …: the same calls give the same ids, for tests that compare whole answers.
    pub(crate) fn sequential() -> Self {
        Self(IdSource::Sequential(Arc::new(AtomicU64::new(1))))
    }

    /// A new id for a request.
    pub(crate) fn uuid(&self) -> Uuid {
        match &self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "only this file uses random numbers"
            )]
            IdSource::Random => Uuid::new_v4(),
            IdSource::Sequential(next) => {
                Uuid::from_u128(u128::from(next.fetch_add(1, Ordering::Relaxed)))
            }
        }
    }

    /// A new id that sorts by time, for a job.
    pub(crate) fn ulid(&self, now: Timestamp) -> Ulid {
        // A ULID takes 80 bits of this. 74 of them are random: a version 4 UUID fixes six.
        Ulid::from_parts(now.as_millisecond().unsigned_abs(), self.uuid().as_u128())
    }
}
