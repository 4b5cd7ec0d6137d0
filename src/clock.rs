//! The only reader of real time.
//!
//! Everything that depends on time takes a [`Timestamp`] that was read here once per request, so that the `Date`
//! header, `updated_at` and the rate window of one answer agree.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

/// An account's source of time. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Real,
    Manual(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// The machine's clock.
    pub fn real() -> Self {
        Self(Source::Real)
    }

    /// A clock that stands still until it is told to move.
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(start))))
    }

    /// The present instant.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads real time")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Real => Timestamp::now(),
            Source::Manual(now) => *now.lock(),
        }
    }

    /// Moves a manual clock forward and returns its new instant. It stops at the end of representable time.
    ///
    /// # Errors
    ///
    /// [`NotManual`] when this is the machine's clock, which nobody moves.
    pub fn advance(&self, by: Duration) -> Result<Timestamp, NotManual> {
        let Source::Manual(now) = &self.0 else { return Err(NotManual) };
        let mut now = now.lock();
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        *now = now.saturating_add(by).unwrap_or(Timestamp::MAX);
        Ok(*now)
    }
}

/// Only a manual clock can be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only a manual clock can be moved")]
pub struct NotManual;
