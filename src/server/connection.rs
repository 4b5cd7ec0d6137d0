//! A connection, as those see it who are to spoil it: what was written has left, or the whole of it is to be reset.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What can be done to a connection, apart from reading and writing.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Who listens is told each time that everything written so far has been handed to the machine.
    flushes: watch::Sender<()>,
    is_to_be_reset: AtomicBool,
    /// How many answers the server works on. Only counted where the connection is shared.
    pub(super) work: AtomicUsize,
    /// Cancelled when the server stops.
    stop: CancellationToken,
}

impl Connection {
    pub(super) fn new(stop: CancellationToken) -> Arc<Self> {
        let (flushes, is_to_be_reset) = (watch::Sender::new(()), AtomicBool::new(false));
        Arc::new(Self { flushes, is_to_be_reset, work: AtomicUsize::new(0), stop })
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

    /// Whether the client waits for the server, and not the server for its client.
    pub(super) fn is_at_work(&self) -> bool {
        self.work.load(Ordering::Relaxed) > 0
    }

    pub(super) fn stop(&self) -> &CancellationToken {
        &self.stop
    }
}
