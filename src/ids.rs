//! The only source of randomness: the ids of requests, jobs and events, and the texts of codes,
//! tokens and secrets.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use ulid::Ulid;
use uuid::{Builder, Uuid};

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

    /// A new id, such as that of a request.
    pub(crate) fn uuid(&self) -> Uuid {
        match &self.0 {
            IdSource::Random => random_uuid(),
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

/// A version 4 UUID. Ids and tokens have to differ. They need not be hard to guess, because no real
/// data is behind them. So the keys that std draws for its hash maps are random enough, and the
/// crates of `uuid`'s own generator are not needed.
#[expect(
    clippy::disallowed_methods,
    reason = "only this file uses random numbers"
)]
fn random_uuid() -> Uuid {
    let random = || RandomState::new().build_hasher().finish();
    let bits = u128::from(random()) << 64 | u128::from(random());
    Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Assumed: ids differ, whichever thread draws them, and each has version and variant of RFC
    /// 9562 and no other bit that is always the same.
    #[test]
    fn random_ids_differ() {
        let draw = || -> Vec<_> { (0..2000).map(|_| random_uuid()).collect() };
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(draw)).collect();
        let drawn: Vec<_> = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_default())
            .collect();
        assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), 8000);
        let always_one = drawn.iter().fold(u128::MAX, |all, id| all & id.as_u128());
        let ever_one = drawn.iter().fold(0, |all, id| all | id.as_u128());
        assert_eq!(always_one, 0x4000_8000_0000_0000_0000);
        assert_eq!(!ever_one, 0xB000_4000_0000_0000_0000);
    }
}
