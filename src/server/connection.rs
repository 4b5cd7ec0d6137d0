//! A connection, as those see it who are to spoil it: what was written has left, or the whole of it
//! is to be reset.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What can be done to a connection, apart from reading and writing.
#[derive(Debug)]
pub(super) struct Connection {
    /// Who listens is told each time that everything written so far has been handed to the machine.
    flushes: watch::Sender<()>,
    is_to_be_reset: AtomicBool,
    /// How many answers the server works on. Only counted where the connection is shared.
    working: AtomicUsize,
    /// Whether it has worked on one since it was last asked.
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

    /// Everything written so far has been handed to the machine.
    pub(super) fn note_flush(&self) {
        // Nothing listens except while a fault is on its way.
        if self.flushes.receiver_count() > 0 {
            self.flushes.send_replace(());
        }
    }

    /// Lets the connection end with a reset, whenever it ends.
    pub(super) fn reset(&self) {
        self.is_to_be_reset.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_to_be_reset(&self) -> bool {
        self.is_to_be_reset.load(Ordering::Relaxed)
    }

    pub(super) fn begin_work(&self) {
        self.working.fetch_add(1, Ordering::Relaxed);
    }

    /// What was worked on is now for the connection to send.
    pub(super) fn end_work(&self) {
        self.has_worked.store(true, Ordering::Relaxed);
        self.working.fetch_sub(1, Ordering::Release);
    }

    /// Whether the server works on an answer, or has since this was last asked. If not, it waits
    /// for its client.
    pub(super) fn take_worked(&self) -> bool {
        // In this order: work that has ended by now has said so before.
        let is_working = self.working.load(Ordering::Acquire) > 0;
        self.has_worked.swap(false, Ordering::Relaxed) || is_working
    }

    pub(super) fn stop(&self) -> &CancellationToken {
        &self.stop
    }
}
