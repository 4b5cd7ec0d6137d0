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
use hyper::body::Incoming;
use tokio::sync::oneshot;

/// How much is thrown away before the connection is closed all the same.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// How long that may take. This is about the socket, so it is real time.
const MAX_TIME: Duration = Duration::from_secs(2);

/// Replaces the body of a request by one that comes back when it is dropped unread.
pub(super) fn lend(request: Request<Incoming>) -> (Request<Body>, Rest) {
    if request.body().is_end_stream() {
        return (request.map(|_| Body::empty()), Rest(None));
    }
    let is_http1 = request.version() < Version::HTTP_2;
    // A client that waits for leave to send its body is told by the answer that it need not.
    let awaits_leave = request.headers().contains_key(EXPECT);
    if awaits_leave || !is_http1 {
        return (request.map(Body::new), Rest(None));
    }
    let (sender, receiver) = oneshot::channel();
    let request = request.map(|body| Body::new(Lent(Some((body, sender)))));
    (request, Rest(Some(receiver)))
}

/// What may be left of a request's body.
pub(super) struct Rest(Option<oneshot::Receiver<Incoming>>);

impl Rest {
    /// Throws away what is left, then lets the answer go. If that is too much, the connection closes after it.
    pub(super) async fn finish(self, mut response: Response) -> Response {
        let unread = self.0.and_then(|mut receiver| receiver.try_recv().ok());
        if let Some(body) = unread {
            // Boxed, since it is rare and would make every answer's future larger.
            let emptied = Box::pin(tokio::time::timeout(MAX_TIME, throw_away(body))).await;
            if !matches!(emptied, Ok(true)) {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
        }
        response
    }
}

/// Whether the body came to its end.
async fn throw_away(mut body: Incoming) -> bool {
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

/// A body, and where it goes when it is dropped. It has both until then.
struct Lent(Option<(Incoming, oneshot::Sender<Incoming>)>);

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some((body, _)) = &mut self.0 else { return Poll::Ready(None) };
        Pin::new(body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(|(body, _)| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map(|(body, _)| body.size_hint()).unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some((body, sender)) = self.0.take().filter(|(body, _)| !body.is_end_stream()) {
            // Nobody waits for it any more when the connection is gone.
            let _ = sender.send(body);
        }
    }
}
