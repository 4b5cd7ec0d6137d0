//! The socket of a connection, and how long its client may take. A connection that does nothing must not keep its place, of
//! which there are only so many.
//!
//! hyper has a time limit for the headers of a request, which begins when the version of HTTP is known. Here is the rest: the
//! bytes that say which version it is, a client that takes nothing of what is written, and an HTTP/2 connection by which
//! nothing happens. The timers exist only while they are needed, so that requests do not pay for them.

use std::io::{self, IoSlice, Write};
use std::net;
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::connection::Connection;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// What HTTP/2 may write in one time limit although nothing happens: a ping of its own, and answers to a few of the client's.
const PINGS: usize = 64;

/// The socket of a connection.
pub(super) struct Socket {
    stream: TcpStream,
    connection: Arc<Connection>,
    limit: Duration,
    version: Version,
    /// Runs while the client says nothing, and that is not hyper's to watch.
    quiet: Option<Pin<Box<Sleep>>>,
    /// Runs while the client takes nothing of what is to be written.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// Which version of HTTP the client speaks.
#[derive(Clone, Copy)]
enum Version {
    /// So far it may be any: all that came is the beginning of HTTP/2's preface, of which this is the rest.
    Unknown(&'static [u8]),
    Http1,
    /// How many bytes were written since the timer was set.
    Http2(usize),
}

impl Socket {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>, limit: Duration) -> Self {
        Self { stream, connection, limit, version: Version::Unknown(PREFACE), quiet: None, stalled: None }
    }

    /// Learns the version from what came.
    fn hear(&mut self, bytes: &[u8]) {
        let Version::Unknown(rest) = self.version else { return };
        self.version = match rest.strip_prefix(&bytes[..bytes.len().min(rest.len())]) {
            Some([]) => Version::Http2(0),
            Some(rest) => return self.version = Version::Unknown(rest),
            None => Version::Http1,
        };
        self.quiet = None;
    }

    /// Ends the connection if nothing has come for too long.
    fn poll_quiet(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let quiet = self.quiet.get_or_insert_with(|| Box::pin(sleep(self.limit)));
            ready!(quiet.as_mut().poll(context));
            self.quiet = None;
            match &mut self.version {
                Version::Http2(written) if *written > PINGS || self.connection.is_at_work() => *written = 0,
                // As if the client had closed it: there may be answers of which it takes nothing.
                Version::Http2(_) => return Poll::Ready(Ok(())),
                Version::Unknown(_) | Version::Http1 => return Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            }
        }
    }

    /// Ends the connection if nothing could be written for too long.
    fn poll_written(
        &mut self,
        written: Poll<io::Result<usize>>,
        slices: &[IoSlice<'_>],
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let written = match written {
            Poll::Ready(written) => written,
            Poll::Pending => {
                let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(self.limit)));
                ready!(stalled.as_mut().poll(context));
                self.write_at_once(slices)
            }
        };
        self.stalled = None;
        if let (Version::Http2(sum), Ok(bytes)) = (&mut self.version, &written) {
            *sum = sum.saturating_add(*bytes);
        }
        Poll::Ready(written)
    }

    /// Writes past the runtime. That waits until a third of the machine's buffer is free, which a slow client may need
    /// longer for: only one that has taken nothing at all leaves no room. What it did not take is thrown away.
    fn write_at_once(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut stream = net::TcpStream::from(self.stream.as_fd().try_clone_to_owned()?);
        let written = stream.write_vectored(slices);
        if written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
            self.connection.reset();
            return Err(io::ErrorKind::TimedOut.into());
        }
        written
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        let begin = buffer.filled().len();
        let read = Pin::new(&mut socket.stream).poll_read(context, buffer);
        match socket.version {
            Version::Http1 => read,
            _ if read.is_pending() => socket.poll_quiet(context),
            _ => {
                socket.hear(&buffer.filled()[begin..]);
                read
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let socket = self.get_mut();
        let written = Pin::new(&mut socket.stream).poll_write_vectored(context, slices);
        socket.poll_written(written, slices, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, connection, .. } = self.get_mut();
        let flushed = ready!(Pin::new(stream).poll_flush(context));
        connection.note_flush();
        Poll::Ready(flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.connection.is_to_be_reset()
            && let Err(error) = self.stream.set_zero_linger()
        {
            tracing::debug!(%error, "a connection could not be reset");
        }
    }
}
