//! A connection as faults and time limits see it: whether what was written has left, whether the
//! server works on an answer, and whether the connection is to end with a reset.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What can be done to a connection, apart from reading and writing.
#[derive(Debug)]
pub(super) struct Connection {
    /// Sends each time that everything written so far has gone to the kernel.
    flushes: watch::Sender<()>,
    is_to_be_reset: AtomicBool,
    /// How many answers the server works on; counted for HTTP/2 only.
    working: AtomicUsize,
    /// Whether the server has worked on one since the last look.
    has_worked: AtomicBool,
    /// Cancelled when the server stops.
    stop: CancellationToken,
}

impl Connection {
    pub(super) fn new(stop: CancellationToken) -> Arc<Self> {
        Arc::new(Self {
            flushes: watch::Sender::new(()),
            is_to_be_reset: AtomicBool::new(false),
            working: AtomicUsize::new(0),
            has_worked: AtomicBool::new(false),
            stop,
        })
    }

    pub(super) fn flushes(&self) -> watch::Receiver<()> {
        self.flushes.subscribe()
    }

    /// Everything written so far has gone to the kernel.
    pub(super) fn note_flush(&self) {
        // There are receivers only while a fault is delivered.
        if self.flushes.receiver_count() > 0 {
            self.flushes.send_replace(());
        }
    }

    /// Lets the connection end with a reset when it ends.
    pub(super) fn reset(&self) {
        self.is_to_be_reset.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_to_be_reset(&self) -> bool {
        self.is_to_be_reset.load(Ordering::Relaxed)
    }

    pub(super) fn begin_work(&self) {
        self.working.fetch_add(1, Ordering::Relaxed);
    }

    /// An answer is ready to be sent.
    pub(super) fn end_work(&self) {
        self.has_worked.store(true, Ordering::Relaxed);
        self.working.fetch_sub(1, Ordering::Release);
    }

    /// Whether the server works on an answer, or has since the last call of this. If not, it waits
    /// for the client.
    pub(super) fn take_worked(&self) -> bool {
        // In this order: work that has ended by now has set the flag before.
        let is_working = self.working.load(Ordering::Acquire) > 0;
        self.has_worked.swap(false, Ordering::Relaxed) || is_working
    }

    pub(super) fn stop(&self) -> &CancellationToken {
        &self.stop
    }
}
