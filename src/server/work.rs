//! Answers that the server works on, counted for each HTTP/2 connection. A client of HTTP/1 that
//! does nothing is seen by hyper, which lets clients of HTTP/2 be idle for ever, and take nothing
//! of an answer.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::{Frame, SizeHint};

use super::connection::Connection;

/// An answer, counted while it is the server's turn.
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

    /// Goes on with the body: now and then there is a piece, which the client has to take before
    /// the next one is asked for.
    pub(super) fn go_on(mut self, response: Response) -> Response {
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
