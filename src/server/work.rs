//! Counts the answers that the server works on for each HTTP/2 connection. hyper ends idle HTTP/1
//! connections; an HTTP/2 client it would let be idle for ever, or not read its answers.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::{Frame, SizeHint};

use super::connection::Connection;

/// An answer, counted while the client waits for the server.
pub(super) struct Work {
    connection: Arc<Connection>,
    is_counted: bool,
}

impl Work {
    pub(super) fn begin(connection: &Arc<Connection>) -> Self {
        let mut work = Self {
            connection: Arc::clone(connection),
            is_counted: false,
        };
        work.count(true);
        work
    }

    fn count(&mut self, is_counted: bool) {
        match (self.is_counted, is_counted) {
            (false, true) => self.connection.begin_work(),
            (true, false) => self.connection.end_work(),
            _ => {}
        }
        self.is_counted = is_counted;
    }

    /// Counts on while the body waits for its next piece.
    pub(super) fn follow_body(mut self, response: Response) -> Response {
        self.count(false);
        response.map(|body| Body::new(Worked { body, work: self }))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.count(false);
    }
}

struct Worked {
    body: Body,
    work: Work,
}

impl HttpBody for Worked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Self { body, work } = self.get_mut();
        let frame = Pin::new(body).poll_frame(context);
        work.count(frame.is_pending());
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
