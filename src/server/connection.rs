//! A connection, as those see it who are to spoil it: what was written has left, or the whole of it is to be reset.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What can be done to a connection, apart from reading and writing.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Who listens is told each time that everything written so far has been handed to the machine.
    flushes: watch::Sender<()>,
    is_to_be_reset: AtomicBool,
    /// Cancelled when the server stops.
    stop: CancellationToken,
}

impl Connection {
    pub(super) fn new(stop: CancellationToken) -> Arc<Self> {
        Arc::new(Self { flushes: watch::Sender::new(()), is_to_be_reset: AtomicBool::new(false), stop })
    }

    pub(super) fn flushes(&self) -> watch::Receiver<()> {
        self.flushes.subscribe()
    }

    /// Lets the connection end with a reset, whenever it ends.
    pub(super) fn reset(&self) {
        self.is_to_be_reset.store(true, Ordering::Relaxed);
    }

    pub(super) fn stop(&self) -> &CancellationToken {
        &self.stop
    }
}

/// The socket of a connection.
pub(super) struct Socket {
    stream: TcpStream,
    connection: Arc<Connection>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>) -> Self {
        Self { stream, connection }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, connection } = self.get_mut();
        let flushed = ready!(Pin::new(stream).poll_flush(context));
        // Nobody listens but while a fault is on its way.
        if connection.flushes.receiver_count() > 0 {
            connection.flushes.send_replace(());
        }
        Poll::Ready(flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.connection.is_to_be_reset.load(Ordering::Relaxed)
            && let Err(error) = self.stream.set_zero_linger()
        {
            tracing::debug!(%error, "a connection could not be reset");
        }
    }
}
