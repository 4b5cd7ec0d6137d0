//! The only reader of real time.
//!
//! Everything that depends on time takes a [`Timestamp`] that was read here once per request, so
//! that the `Date` header, `updated_at` and the rate window of one answer agree.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use parking_lot::RwLock;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// An account's source of time. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<ClockInner>);

#[derive(Debug)]
struct ClockInner {
    mode: RwLock<ClockMode>,
    /// Wakes tasks that wait for an instant, since the wait has changed.
    moved: Notify,
}

/// How a clock runs, with the values that this needs. In documents the mode is a word alone:
/// [`client::ClockMode`](crate::client::ClockMode).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ClockMode {
    /// As the machine's.
    Real,
    /// It stands at this instant until it is moved.
    Frozen(Timestamp),
    /// As fast as the machine's, and this much ahead of it. It is behind if this is negative, but
    /// never before 1970.
    Offset(SignedDuration),
    /// This many times as fast as the machine's.
    Scaled {
        /// How many times.
        factor: f64,
        /// The machine's time when this began.
        since: Timestamp,
        /// This clock's time then.
        from: Timestamp,
    },
}

impl Clock {
    /// The machine's clock.
    pub fn real() -> Self {
        Self::at(ClockMode::Real)
    }

    /// A clock that stands still until it is moved.
    pub fn frozen(at: Timestamp) -> Self {
        Self::at(ClockMode::Frozen(at))
    }

    /// A clock with this mode.
    pub(crate) fn at(mode: ClockMode) -> Self {
        Self(Arc::new(ClockInner {
            mode: RwLock::new(mode),
            moved: Notify::new(),
        }))
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.mode().now()
    }

    /// How it runs.
    pub fn mode(&self) -> ClockMode {
        *self.0.mode.read()
    }

    /// Changes how it runs.
    pub fn set(&self, mode: ClockMode) {
        *self.0.mode.write() = mode;
        self.0.moved.notify_waiters();
    }

    /// Sets it to this instant, and lets it run this many times as fast as the machine's.
    pub fn scale(&self, factor: f64, from: Timestamp) {
        self.set(ClockMode::Scaled {
            factor,
            since: real(),
            from,
        });
    }

    /// Moves it forward in any mode, and returns the new instant. It stops at the last instant that
    /// can be represented.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let mut mode = self.0.mode.write();
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        *mode = match *mode {
            ClockMode::Real => ClockMode::Offset(by),
            ClockMode::Frozen(at) => ClockMode::Frozen(after(at, by)),
            // An offset to before 1970 is cut to 1970 first. Otherwise the clock would not move at
            // once.
            ClockMode::Offset(ahead) => {
                ClockMode::Offset(ahead.max(furthest_behind()).saturating_add(by))
            }
            ClockMode::Scaled {
                factor,
                since,
                from,
            } => ClockMode::Scaled {
                factor,
                since,
                from: after(from, by),
            },
        };
        let now = mode.now();
        drop(mode);
        self.0.moved.notify_waiters();
        now
    }

    /// Ends when the clock is moved or changes its mode after this call.
    pub(crate) fn moved(&self) -> Notified<'_> {
        self.0.moved.notified()
    }

    /// The real time until the clock reaches an instant, unless it is moved. `None` if it never
    /// does.
    pub(crate) fn time_until(&self, instant: Timestamp) -> Option<Duration> {
        let to_go = match self.mode() {
            ClockMode::Frozen(at) if at < instant => return None,
            ClockMode::Frozen(_) => SignedDuration::ZERO,
            ClockMode::Real => instant.duration_since(real()),
            ClockMode::Offset(ahead) => instant.duration_since(real()).saturating_sub(ahead),
            ClockMode::Scaled {
                factor,
                since,
                from,
            } => {
                let whole = SignedDuration::try_from_secs_f64(
                    instant.duration_since(from).as_secs_f64() / factor,
                );
                whole
                    .unwrap_or(SignedDuration::MAX)
                    .saturating_sub(real().duration_since(since))
            }
        };
        Some(Duration::try_from(to_go).unwrap_or_default())
    }
}

impl ClockMode {
    fn now(self) -> Timestamp {
        match self {
            Self::Real => real(),
            Self::Frozen(at) => at,
            Self::Offset(ahead) => after(real(), ahead),
            Self::Scaled {
                factor,
                since,
                from,
            } => {
                let elapsed = real().duration_since(since).as_secs_f64() * factor;
                after(
                    from,
                    SignedDuration::try_from_secs_f64(elapsed).unwrap_or(SignedDuration::MAX),
                )
            }
        }
    }
}

/// Measures real time. It cannot be moved: it is for what belongs to the machine and not to an
/// account.
#[derive(Clone, Debug)]
pub(crate) struct Stopwatch(Since);

#[derive(Clone, Debug)]
enum Since {
    Instant(Instant),
    #[cfg(test)]
    Moved(Arc<RwLock<Duration>>),
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads real time"
)]
impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Since::Instant(Instant::now()))
    }

    pub(crate) fn elapsed(&self) -> Duration {
        match &self.0 {
            Since::Instant(start) => start.elapsed(),
            #[cfg(test)]
            Since::Moved(elapsed) => *elapsed.read(),
        }
    }

    /// One that a test moves.
    #[cfg(test)]
    pub(crate) fn moved(elapsed: Arc<RwLock<Duration>>) -> Self {
        Self(Since::Moved(elapsed))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads real time"
)]
fn real() -> Timestamp {
    Timestamp::now()
}

/// The offset of a clock that stands at 1970.
fn furthest_behind() -> SignedDuration {
    Timestamp::UNIX_EPOCH.duration_since(real())
}

/// An instant this much later, or earlier if it is negative: from 1970 to the last instant. Headers
/// and answers cannot show years without four digits.
fn after(instant: Timestamp, by: SignedDuration) -> Timestamp {
    if by.is_negative() {
        instant
            .saturating_add(by)
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .max(Timestamp::UNIX_EPOCH)
    } else {
        instant.saturating_add(by).unwrap_or(Timestamp::MAX)
    }
}
