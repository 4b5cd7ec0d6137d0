//! Bodies that nobody read. An answer that is given before the body has arrived must still reach
//! the client, which is busy sending: closing the connection then would reset it. So the rest is
//! read and thrown away first.

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
    if request.version() >= Version::HTTP_2 {
        return (request.map(Body::new), Rest(None));
    }
    // hyper gives leave when the body is asked for.
    let awaits_leave = request.version() == Version::HTTP_11
        && request
            .headers()
            .get(EXPECT)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    let (sender, receiver) = oneshot::channel();
    let request = request.map(|body| {
        Body::new(Lent {
            body: Some((body, sender)),
            awaits_leave,
        })
    });
    (request, Rest(Some(receiver)))
}

/// What may be left of a request's body.
pub(super) struct Rest(Option<oneshot::Receiver<Unread>>);

/// A body that did not come to its end.
enum Unread {
    /// The client sends the rest.
    Coming(Incoming),
    /// The client waits for leave to send it, and is told by the answer that it need not. Then the
    /// connection closes: the client may send it all the same.
    Unasked,
}

impl Rest {
    /// Throws away what is left, then lets the answer go. If that is too much, the connection
    /// closes after it.
    pub(super) async fn finish(self, mut response: Response) -> Response {
        let unread = self.0.and_then(|mut receiver| receiver.try_recv().ok());
        let is_over = match unread {
            None => true,
            // Boxed, since it is rare and would make every answer's future larger.
            Some(Unread::Coming(body)) => {
                matches!(
                    Box::pin(tokio::time::timeout(MAX_TIME, throw_away(body))).await,
                    Ok(true)
                )
            }
            Some(Unread::Unasked) => false,
        };
        if !is_over {
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
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
struct Lent {
    body: Option<(Incoming, oneshot::Sender<Unread>)>,
    awaits_leave: bool,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.awaits_leave = false;
        let Some((body, _)) = &mut self.body else {
            return Poll::Ready(None);
        };
        Pin::new(body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body
            .as_ref()
            .is_none_or(|(body, _)| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map(|(body, _)| body.size_hint())
            .unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some((body, sender)) = self.body.take().filter(|(body, _)| !body.is_end_stream()) {
            // Nothing waits for it any more when the connection is gone.
            let _ = sender.send(if self.awaits_leave {
                Unread::Unasked
            } else {
                Unread::Coming(body)
            });
        }
    }
}
