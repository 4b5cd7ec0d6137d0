//! What falls due in an account, and when: jobs, each of which happens at its own instant of the
//! account's clock.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::select;
use jiff::Timestamp;
use tokio::time::timeout;

use super::Account;
use crate::clock::Clock;

/// The machine's clock can be set, of which no timer hears. This is the longest that one runs.
const LONGEST: Duration = Duration::from_mins(1);

impl Account {
    /// Whether there may be something that a call has to wait for. Every call looks.
    pub(crate) fn has_due(&self, now: Timestamp) -> bool {
        self.jobs.may_be_due(now) || self.gate.is_closed()
    }

    /// Does what fell due by now, each thing at its own instant, when no long write is under way.
    /// Every call starts with this. It can be much, so it is done in portions, between which other
    /// tasks have their turn. Tasks that come meanwhile take portions as well.
    pub(crate) async fn run_due(&self, now: Timestamp) {
        self.gate.pass().await;
        while self.jobs.run_some(&self.world, now) {
            tokio::task::yield_now().await;
            self.gate.pass().await;
        }
    }

    /// The same for a thread that does not serve.
    pub(crate) fn settle_here(&self, now: Timestamp) {
        while self.jobs.run_some(&self.world, now) {}
    }

    /// Lets what falls due happen when it does, as long as this is polled. In between it sleeps.
    pub(crate) async fn keep_settled(&self) -> Infallible {
        loop {
            // Before looking, so that nothing changes unseen in between.
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

    /// Moves the clock. What fell due on the way has happened when this returns, each thing at its
    /// own instant. If time went back, the rate window begins anew.
    pub(crate) async fn move_clock(&self, change: impl FnOnce(&Clock)) {
        let before = self.clock.now();
        self.run_due(before).await;
        change(&self.clock);
        let now = self.clock.now();
        if now < before {
            let changing = self.changing.lock();
            self.set_rules(self.rules().with_new_window(), &changing);
        }
        self.run_due(now).await;
    }
}
