//! What falls due in an account: jobs, each of which is done at its own instant of the account's
//! clock.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::select;
use jiff::Timestamp;
use tokio::time::timeout;

use super::Account;
use crate::clock::Clock;

/// The longest timer. A timer does not notice that the machine's clock is set, so it must not run
/// for long.
const LONGEST: Duration = Duration::from_mins(1);

impl Account {
    /// Whether a call may have to wait. Every call asks this.
    pub(crate) fn has_due(&self, now: Timestamp) -> bool {
        self.jobs.may_be_due(now) || self.gate.is_closed()
    }

    /// Waits for long writes, and does what fell due by now, each job at its own instant. Every call
    /// starts with this. It works in portions, so that other tasks have their turn between them.
    /// Calls that come meanwhile take portions as well.
    pub(crate) async fn run_due(&self, now: Timestamp) {
        self.gate.pass().await;
        while self.jobs.run_some(&self.world, now) {
            tokio::task::yield_now().await;
            self.gate.pass().await;
        }
    }

    /// Does what fell due by now. This blocks, so threads that serve must not call it.
    pub(crate) fn run_due_blocking(&self, now: Timestamp) {
        while self.jobs.run_some(&self.world, now) {}
    }

    /// Does what falls due at its time, as long as this is polled. In between it sleeps.
    pub(crate) async fn keep_running_due(&self) -> Infallible {
        loop {
            // Before anything is looked at, so that no change is missed.
            let (moved, added) = (pin!(self.clock.moved()), pin!(self.jobs.added()));
            let changes = select(moved, added);
            self.run_due(self.clock.now()).await;
            match self
                .jobs
                .next_due()
                .and_then(|due| self.clock.time_until(due))
            {
                Some(pause) => {
                    let _ = timeout(pause.min(LONGEST), changes).await;
                }
                None => {
                    let _ = changes.await;
                }
            }
        }
    }

    /// Moves the clock. What fell due on the way is done when this returns, each job at its own
    /// instant. If time went back, the next call opens a new rate window.
    pub(crate) async fn move_clock(&self, change: impl FnOnce(&Clock)) {
        let before = self.clock.now();
        self.run_due(before).await;
        change(&self.clock);
        let now = self.clock.now();
        if now < before {
            let changing = self.changing.lock();
            self.set_effective_settings(self.effective_settings().with_new_limiters(), &changing);
        }
        self.run_due(now).await;
    }
}
