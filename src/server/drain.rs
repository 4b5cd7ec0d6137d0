//! Bodies that nobody read. An answer that is given before the body has arrived must still reach the client, which is
//! busy sending: closing the connection then would reset it. So the rest is read and thrown away first.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONNECTION, EXPECT};
use axum::http::{HeaderValue, Request, Version};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::sync::oneshot;

/// How much is thrown away before the connection is closed all the same.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// How long that may take. This is about the socket, so it is real time.
const MAX_TIME: Duration = Duration::from_secs(2);

/// Replaces the body of a request by one that comes back when it is dropped unread.
pub(super) fn lend(request: Request<Body>) -> (Request<Body>, Rest) {
    let is_http1 = request.version() < Version::HTTP_2;
    // A client that waits for leave to send its body is told by the answer that it need not.
    let awaits_leave = request.headers().contains_key(EXPECT);
    if request.body().is_end_stream() || awaits_leave || !is_http1 {
        return (request, Rest(None));
    }
    let (sender, receiver) = oneshot::channel();
    let request = request.map(|body| Body::new(Lent { body, sender: Some(sender) }));
    (request, Rest(Some(receiver)))
}

/// What may be left of a request's body.
pub(super) struct Rest(Option<oneshot::Receiver<Body>>);

impl Rest {
    /// Throws away what is left, then lets the answer go. If that is too much, the connection closes after it.
    pub(super) async fn finish(self, mut response: Response) -> Response {
        let unread = self.0.and_then(|mut receiver| receiver.try_recv().ok());
        if let Some(body) = unread {
            let emptied = tokio::time::timeout(MAX_TIME, throw_away(body)).await;
            if !matches!(emptied, Ok(true)) {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
        }
        response
    }
}

/// Whether the body came to its end.
async fn throw_away(mut body: Body) -> bool {
    let mut thrown = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        thrown += frame.data_ref().map_or(0, Bytes::len);
        if thrown > MAX_BYTES {
            return false;
        }
    }
    true
}

struct Lent {
    body: Body,
    sender: Option<oneshot::Sender<Body>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(sender) = self.sender.take().filter(|_| !self.body.is_end_stream()) {
            // Nobody waits for it any more when the connection is gone.
            let _ = sender.send(std::mem::take(&mut self.body));
        }
    }
}
