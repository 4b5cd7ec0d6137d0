//! Writes that take long. Other calls to the account wait for them as tasks. If they waited for the
//! lock as threads, calls to other accounts would wait too.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::Account;
use crate::world::World;

/// A write of at most this many agents is short enough for threads to wait for it.
const FEW: usize = 200;
/// How long a long write waits, in real time, so that calls which have passed the gate get the lock
/// before it. To count these calls would cost every call a little; the wait costs long writes only.
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
    /// Closes the gate until the returned guard is dropped.
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
            // The gate may have opened before this task waited for the notice.
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
    /// is dropped. This blocks, so threads that serve must not call it.
    pub(super) fn close_gate(&self, agents: usize) -> Closed<'_> {
        let closed = self.gate.close();
        if agents > FEW {
            std::thread::sleep(GRACE);
        }
        closed
    }

    /// Waits until no long write is under way. A call waits before it begins, and again once its
    /// body has arrived.
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

    /// By design: a task waits until the last guard is dropped.
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
