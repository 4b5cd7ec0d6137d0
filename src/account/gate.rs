//! Writes that take long. What comes meanwhile for the same account waits for it, as a task and not
//! as a thread: threads serve other accounts as well.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::Account;
use crate::world::World;

/// Of how many agents a write is so short that a thread can wait for it.
const FEW: usize = 200;
/// How long a call takes at most from the gate to the lock. It is about threads, so it is real
/// time.
const GRACE: Duration = Duration::from_millis(5);

/// Closed while a write that takes long holds the world's lock, or waits for it.
#[derive(Debug, Default)]
pub(super) struct Gate {
    closed: AtomicUsize,
    opened: Notify,
}

/// Keeps a gate closed until it is dropped.
pub(super) struct Closed<'a>(&'a Gate);

impl Gate {
    /// Closes it, until what this returns is dropped.
    fn close(&self) -> Closed<'_> {
        self.closed.fetch_add(1, Ordering::Relaxed);
        Closed(self)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed) > 0
    }

    /// Waits until it is open.
    pub(super) async fn pass(&self) {
        while self.is_closed() {
            let opened = self.opened.notified();
            // It may have been opened before there was anything to notify.
            if self.is_closed() {
                opened.await;
            }
        }
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.closed.fetch_sub(1, Ordering::Relaxed);
        self.0.opened.notify_waiters();
    }
}

impl Account {
    /// Closes the gate for a write that concerns `agents` agents. Other calls wait until the guard
    /// is dropped. Only threads that do not serve may call this.
    pub(super) fn close_gate(&self, agents: usize) -> Closed<'_> {
        let closed = self.gate.close();
        if agents > FEW {
            // Calls that have passed the gate get what they want before the lock is taken.
            std::thread::sleep(GRACE);
        }
        closed
    }

    /// Waits until no long write is under way. A call does so before it begins, and again after it
    /// has waited for its body.
    pub(crate) async fn pass_gate(&self) {
        self.gate.pass().await;
    }

    /// Makes a write that concerns `agents` agents. Other calls to the account wait for it.
    pub(crate) fn write_at_length<T>(&self, agents: usize, write: impl FnOnce(&World) -> T) -> T {
        let _closed = self.close_gate(agents);
        write(&self.world)
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    /// The design: a task waits as long as anything keeps the gate closed, and no longer.
    #[test]
    fn tasks_wait_while_it_is_closed() {
        let gate = Gate::default();
        let mut context = Context::from_waker(Waker::noop());
        let (first, second) = (gate.close(), gate.close());
        let mut passing = pin!(gate.pass());
        assert_eq!(passing.as_mut().poll(&mut context), Poll::Pending);
        drop(first);
        assert_eq!(
            passing.as_mut().poll(&mut context),
            Poll::Pending,
            "another one keeps it closed"
        );
        assert!(gate.is_closed());
        drop(second);
        assert_eq!(passing.as_mut().poll(&mut context), Poll::Ready(()));
        assert_eq!(pin!(gate.pass()).poll(&mut context), Poll::Ready(()));
    }
}
