//! The socket of a connection, and how long its client may take. The number of connections is
//! limited, so an idle one has to end.
//!
//! hyper limits the time for the headers of a request, from the moment when the version of HTTP is
//! known. This file limits the rest: the bytes that tell the version, a client that does not read
//! what is written, and an idle HTTP/2 connection. A timer exists only while it is needed, so that
//! requests do not pay for it.

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
use super::frames::Frames;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The socket of a connection.
pub(super) struct Socket {
    stream: TcpStream,
    connection: Arc<Connection>,
    limit: Duration,
    version: Version,
    /// Runs while hyper has no timer of its own: from the first wait for bytes until the version is
    /// known, and on HTTP/2, where each end asks whether either side had work.
    quiet: Option<Pin<Box<Sleep>>>,
    /// Runs while the client does not read.
    stalled: Option<Stalled>,
}

/// A client that does not read.
struct Stalled {
    timer: Pin<Box<Sleep>>,
    /// Whether a direct write has succeeded since the timer ended, so that the client must have read.
    has_read: bool,
}

/// Which version of HTTP the client speaks.
#[derive(Clone, Copy)]
enum Version {
    /// Everything that came so far is the start of HTTP/2's preface. This is the rest of it.
    Unknown(&'static [u8]),
    Http1,
    /// With the frames that were written.
    Http2(Frames),
}

impl Socket {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>, limit: Duration) -> Self {
        Self {
            stream,
            connection,
            limit,
            version: Version::Unknown(PREFACE),
            quiet: None,
            stalled: None,
        }
    }

    /// Learns the version from what came.
    fn learn_version(&mut self, bytes: &[u8]) {
        let Version::Unknown(rest) = self.version else {
            return;
        };
        self.version = match rest.strip_prefix(&bytes[..bytes.len().min(rest.len())]) {
            Some([]) => Version::Http2(Frames::default()),
            Some(rest) => Version::Unknown(rest),
            None => Version::Http1,
        };
        if !matches!(self.version, Version::Unknown(_)) {
            self.quiet = None;
        }
    }

    /// Ends the connection if its version is not known in time, or if neither side of an HTTP/2
    /// connection has had anything to do.
    fn poll_quiet(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let quiet = self
                .quiet
                .get_or_insert_with(|| Box::pin(sleep(self.limit)));
            ready!(quiet.as_mut().poll(context));
            self.quiet = None;
            match &mut self.version {
                Version::Http2(frames) => {
                    // Both are read, so that neither is left for the next time.
                    let (has_data, has_worked) =
                        (frames.take_data(), self.connection.take_worked());
                    if !has_data && !has_worked {
                        // As if the client had closed the connection: it may have answers that it
                        // does not read.
                        return Poll::Ready(Ok(()));
                    }
                }
                Version::Unknown(_) | Version::Http1 => {
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
            }
        }
    }

    /// Ends the connection if the client has read nothing for too long.
    fn poll_written(
        &mut self,
        written: Poll<io::Result<usize>>,
        slices: &[IoSlice<'_>],
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let written = match written {
            Poll::Ready(written) => {
                self.stalled = None;
                written
            }
            Poll::Pending => ready!(self.poll_stalled(slices, context)),
        };
        if let (Version::Http2(frames), Ok(count)) = (&mut self.version, &written) {
            let mut left = *count;
            for slice in slices {
                let taken = left.min(slice.len());
                frames.follow(&slice[..taken]);
                left -= taken;
            }
        }
        Poll::Ready(written)
    }

    /// When the time is over, writes past the runtime. The runtime says that the socket is writable
    /// only when a third of the kernel's buffer is free, which a slow client may not reach in time.
    /// A direct write fails only if the client has read nothing.
    fn poll_stalled(
        &mut self,
        slices: &[IoSlice<'_>],
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let limit = self.limit;
        let start = || Stalled {
            timer: Box::pin(sleep(limit)),
            has_read: false,
        };
        loop {
            let stalled = self.stalled.get_or_insert_with(start);
            ready!(stalled.timer.as_mut().poll(context));
            match write_at_once(&self.stream, slices) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if !stalled.has_read {
                        // What the client did not read is discarded.
                        self.connection.reset();
                        return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                    }
                    self.stalled = None;
                }
                written => {
                    stalled.has_read = true;
                    return Poll::Ready(written);
                }
            }
        }
    }
}

fn write_at_once(stream: &TcpStream, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    net::TcpStream::from(stream.as_fd().try_clone_to_owned()?).write_vectored(slices)
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        let begin = buffer.filled().len();
        let read = Pin::new(&mut socket.stream).poll_read(context, buffer);
        match socket.version {
            Version::Http1 => read,
            _ if read.is_pending() => socket.poll_quiet(context),
            _ => {
                socket.learn_version(&buffer.filled()[begin..]);
                read
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
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
        let Self {
            stream, connection, ..
        } = self.get_mut();
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

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::future::poll_fn;

    use tokio::net::{TcpListener, TcpSocket};
    use tokio::time::timeout;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::server::work::Work;

    const LIMIT: Duration = Duration::from_secs(75);
    const ALMOST: Duration = Duration::from_secs(74);
    const SECOND: Duration = Duration::from_secs(1);
    const DAY: Duration = Duration::from_hours(24);

    /// Runs in tokio's time, which jumps to what is due next when everything waits.
    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        runtime.expect("a runtime").block_on(test);
    }

    /// Both ends of a connection.
    async fn connection() -> (TcpStream, Socket, Arc<Connection>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let client = TcpSocket::new_v4().expect("a socket");
        // Small, so that the kernel says at once that the client has read something.
        client.set_recv_buffer_size(64 * 1024).expect("a size");
        let client = client
            .connect(listener.local_addr().expect("an address"))
            .await
            .expect("a connection");
        let (stream, _) = listener.accept().await.expect("a connection");
        let connection = Connection::new(CancellationToken::new());
        (
            client,
            Socket::new(stream, Arc::clone(&connection), LIMIT),
            connection,
        )
    }

    /// Reads up to the end of the connection, or what ended it.
    async fn read_to_the_end(socket: &mut Socket) -> io::Result<()> {
        loop {
            let mut bytes = [0; 24];
            let mut buffer = ReadBuf::new(&mut bytes);
            poll_fn(|context| Pin::new(&mut *socket).poll_read(context, &mut buffer)).await?;
            if buffer.filled().is_empty() {
                return Ok(());
            }
        }
    }

    /// Writes for ever, or until something ends it.
    async fn write_on(socket: &mut Socket) -> io::Result<()> {
        let bytes = vec![0; 100_000];
        loop {
            poll_fn(|context| Pin::new(&mut *socket).poll_write(context, &bytes)).await?;
        }
    }

    /// By design: a connection on which the client does not say a version of HTTP ends with the limit.
    /// With HTTP/1, hyper limits the rest. With HTTP/2, the connection ends when neither side has
    /// anything to do.
    #[test]
    fn a_client_that_says_nothing_loses_its_connection() {
        for (said, works, end) in [
            ("", false, Some(Err(io::ErrorKind::TimedOut))),
            (
                "PRI * HTTP/2.0\r\n",
                true,
                Some(Err(io::ErrorKind::TimedOut)),
            ),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", false, Some(Ok(()))),
            (
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n and more",
                false,
                Some(Ok(())),
            ),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", true, None),
            ("PRI * HTTP/1.1\r\n", false, None),
            ("G", false, None),
        ] {
            run(async {
                let (client, mut socket, connection) = connection().await;
                let _work = works.then(|| Work::begin(&connection));
                assert_eq!(client.try_write(said.as_bytes()).expect("room"), said.len());
                let early = timeout(ALMOST, read_to_the_end(&mut socket)).await;
                assert!(early.is_err(), "{said:?}: {early:?}");
                let ended = timeout(
                    if end.is_some() { 2 * SECOND } else { DAY },
                    read_to_the_end(&mut socket),
                )
                .await;
                assert_eq!(
                    ended.ok().map(|ended| ended.map_err(|error| error.kind())),
                    end,
                    "{said:?}"
                );
            });
        }
    }

    /// Assumed: an answer that is ready in the last moment is still sent.
    #[test]
    fn on_http2_an_answer_has_time_to_be_sent() {
        run(async {
            let (client, mut socket, connection) = connection().await;
            assert_eq!(client.try_write(PREFACE).expect("room"), PREFACE.len());
            let work = Work::begin(&connection);
            assert!(timeout(ALMOST, read_to_the_end(&mut socket)).await.is_err());
            drop(work);
            assert!(timeout(LIMIT, read_to_the_end(&mut socket)).await.is_err());
            assert!(
                timeout(2 * SECOND, read_to_the_end(&mut socket))
                    .await
                    .is_ok()
            );
        });
    }

    /// Assumed: an HTTP/2 connection is not idle while the client reads what is written.
    #[test]
    fn on_http2_an_answer_that_is_taken_keeps_the_connection() {
        run(async {
            let (client, mut socket, _) = connection().await;
            assert_eq!(client.try_write(PREFACE).expect("room"), PREFACE.len());
            // The last is the answer to a ping, of which it may take as many as it likes.
            let (data, ping) = (
                [0, 0, 1, 0, 0, 0, 0, 0, 1, b'{'],
                [0, 0, 8, 6, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
            );
            for bytes in [&data[..], &data[..], &ping.repeat(100)] {
                assert!(timeout(ALMOST, read_to_the_end(&mut socket)).await.is_err());
                poll_fn(|context| Pin::new(&mut socket).poll_write(context, bytes))
                    .await
                    .expect("room");
            }
            assert!(timeout(LIMIT, read_to_the_end(&mut socket)).await.is_ok());
        });
    }

    /// By design: a client that reads nothing loses its connection. If the kernel's buffer still has
    /// room when the time is over, the server writes once more.
    #[test]
    fn a_client_that_takes_nothing_loses_its_connection() {
        run(async {
            let (_client, mut socket, connection) = connection().await;
            assert!(timeout(ALMOST, write_on(&mut socket)).await.is_err());
            let ended = timeout(LIMIT + 2 * SECOND, write_on(&mut socket))
                .await
                .expect("it ends");
            assert_eq!(
                ended.map_err(|error| error.kind()),
                Err(io::ErrorKind::TimedOut)
            );
            assert!(connection.is_to_be_reset());
        });
    }

    /// Assumed: a client that reads slowly keeps its connection, although the kernel does not say that
    /// there is room.
    #[test]
    fn a_client_that_takes_little_keeps_its_connection() {
        run(async {
            let (client, mut socket, _) = connection().await;
            assert!(timeout(ALMOST, write_on(&mut socket)).await.is_err());
            for _ in 0..20 {
                let mut bytes = vec![0; 256 * 1024];
                assert!(client.try_read(&mut bytes).expect("there is more") > 0);
                let ended = timeout(ALMOST, write_on(&mut socket)).await;
                assert!(ended.is_err(), "{ended:?}");
            }
        });
    }
}
