//! The rate limit. A window opens with the first call after the last window has ended, and admits
//! exactly the limit.
//!
//! governor counts by the generic cell rate algorithm, which has no windows: with 200 a minute it
//! admits 399 calls in the first minute. So each window has its own governor limiter. Its burst is
//! the limit, and nothing is added to it before the window ends.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::StateInformationMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use jiff::Timestamp;
use parking_lot::RwLock;

use crate::config::RateLimit;

/// The values of the rate headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateReading {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Whole seconds until the window has ended.
    pub(crate) reset: u64,
}

/// Whether a call may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Admitted(RateReading),
    Refused(RateReading),
}

/// An account's limiter.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    windows: RwLock<Windows>,
}

#[derive(Debug)]
struct Windows {
    /// The newest window.
    open: Option<Window>,
    /// How many calls are left when the next window opens, if not all.
    next: Option<u32>,
}

#[derive(Debug)]
struct Window {
    ends: Timestamp,
    limiter: RateLimiter<NotKeyed, InMemoryState, Standstill, StateInformationMiddleware>,
    /// governor returns it for admitted calls only.
    remaining: AtomicU32,
}

impl Window {
    fn is_open(&self, now: Timestamp) -> bool {
        now < self.ends
    }
}

impl Limiter {
    /// A limiter. In its first window this many calls are left, or all.
    pub(crate) fn new(limit: RateLimit, remaining: Option<u32>) -> Self {
        Self {
            limit,
            windows: RwLock::new(Windows {
                open: None,
                next: remaining,
            }),
        }
    }

    /// Sets how many calls are left in the open window, or else in the next one.
    pub(super) fn set_remaining(&self, remaining: u32, now: Timestamp) {
        let mut windows = self.windows.write();
        let ends = windows
            .open
            .as_ref()
            .filter(|window| window.is_open(now))
            .map(|window| window.ends);
        windows.open = ends.map(|ends| self.window(ends, remaining));
        windows.next = ends.is_none().then_some(remaining);
    }

    /// How many calls are left when the next window opens, if not all.
    pub(super) fn remaining_of_next(&self) -> Option<u32> {
        self.windows.read().next
    }

    /// Counts a call, opening a window if none is open.
    pub(crate) fn check(&self, now: Timestamp) -> Admission {
        let windows = self.windows.read();
        if let Some(open) = windows.open.as_ref().filter(|window| window.is_open(now)) {
            return self.count(open, now);
        }
        drop(windows);
        let windows = &mut *self.windows.write();
        // Another call may have opened one between the two locks.
        let open = windows.open.take().filter(|window| window.is_open(now));
        let open = open.unwrap_or_else(|| self.new_window(now, windows.next.take()));
        self.count(windows.open.insert(open), now)
    }

    /// The values for a call that is not counted.
    pub(crate) fn peek(&self, now: Timestamp) -> RateReading {
        self.state(now).0
    }

    /// The same, and when the open window ends, if one is open.
    pub(crate) fn state(&self, now: Timestamp) -> (RateReading, Option<Timestamp>) {
        let windows = self.windows.read();
        match windows.open.as_ref().filter(|window| window.is_open(now)) {
            Some(open) => (self.reading(open, now), Some(open.ends)),
            None => (self.untouched(windows.next), None),
        }
    }

    fn count(&self, window: &Window, now: Timestamp) -> Admission {
        match window.limiter.check() {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                // Calls can return from governor out of order, but the count only goes down.
                window.remaining.fetch_min(remaining, Ordering::Relaxed);
                Admission::Admitted(RateReading {
                    remaining,
                    ..self.reading(window, now)
                })
            }
            Err(_) => Admission::Refused(RateReading {
                remaining: 0,
                ..self.reading(window, now)
            }),
        }
    }

    fn reading(&self, window: &Window, now: Timestamp) -> RateReading {
        RateReading {
            limit: self.limit.requests().get(),
            remaining: window.remaining.load(Ordering::Relaxed),
            reset: whole_seconds(window.ends.duration_since(now).unsigned_abs()),
        }
    }

    /// The values of a window that opens now.
    fn untouched(&self, remaining: Option<u32>) -> RateReading {
        let limit = self.limit.requests().get();
        RateReading {
            limit,
            remaining: remaining.unwrap_or(limit),
            reset: whole_seconds(self.limit.window()),
        }
    }

    fn new_window(&self, now: Timestamp, remaining: Option<u32>) -> Window {
        let ends = now
            .saturating_add(self.limit.window())
            .unwrap_or(Timestamp::MAX);
        self.window(ends, remaining.unwrap_or(self.limit.requests().get()))
    }

    fn window(&self, ends: Timestamp, remaining: u32) -> Window {
        let requests = self.limit.requests();
        #[expect(
            clippy::expect_used,
            reason = "`RateLimit` has no window under a second"
        )]
        // The first call is added back after two windows, so not within this one.
        let quota = Quota::with_period(self.limit.window() * 2)
            .expect("not zero")
            .allow_burst(requests);
        let limiter = RateLimiter::direct_with_clock(quota, Standstill).with_middleware();
        // As if the other calls had been made already. That cannot fail: at most the limit is left.
        if let Some(used) = NonZeroU32::new(requests.get().saturating_sub(remaining)) {
            let _ = limiter.check_n(used);
        }
        Window {
            ends,
            limiter,
            remaining: AtomicU32::new(remaining),
        }
    }
}

/// Rounded up, so that a client that waits as long as it is told is admitted.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// A clock for governor that stands still. Nothing is added within a window, and the account's
/// clock decides which window it is.
#[derive(Clone, Copy, Debug)]
struct Standstill;

impl GovernorClock for Standstill {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}
