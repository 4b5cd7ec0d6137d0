//! Bodies that were not read. An answer may be ready before the body has arrived. If the connection
//! were closed then, the client, which is still sending, would see a reset in place of the answer.
//! So the rest of the body is read and discarded first.

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

/// The most bytes that are discarded before the connection is closed after all.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// How long that may take. This is about the socket, so it is real time.
const MAX_TIME: Duration = Duration::from_secs(2);

/// Replaces the body of a request by one that comes back when it is dropped unread.
pub(super) fn lend(request: Request<Incoming>) -> (Request<Body>, RemainingBody) {
    if request.body().is_end_stream() {
        return (request.map(|_| Body::empty()), RemainingBody(None));
    }
    if request.version() >= Version::HTTP_2 {
        return (request.map(Body::new), RemainingBody(None));
    }
    // hyper sends 100 Continue when the body is polled.
    let awaits_continue = request.version() == Version::HTTP_11
        && request
            .headers()
            .get(EXPECT)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    let (sender, receiver) = oneshot::channel();
    let request = request.map(|body| {
        Body::new(LentBody {
            body: Some((body, sender)),
            awaits_continue,
        })
    });
    (request, RemainingBody(Some(receiver)))
}

/// What may be left of a request's body.
pub(super) struct RemainingBody(Option<oneshot::Receiver<UnreadBody>>);

/// A body that did not come to its end.
enum UnreadBody {
    /// The client is sending the rest.
    Coming(Incoming),
    /// The client waits for 100 Continue, and gets the answer instead. The connection closes then,
    /// because the client may send the body all the same.
    Unasked,
}

impl RemainingBody {
    /// Discards the rest of the body, then returns the answer. If the rest is too long, the
    /// connection closes after the answer.
    pub(super) async fn finish(self, mut response: Response) -> Response {
        let unread = self.0.and_then(|mut receiver| receiver.try_recv().ok());
        let is_over = match unread {
            None => true,
            // Boxed, since it is rare and would make every answer's future larger.
            Some(UnreadBody::Coming(body)) => {
                matches!(
                    Box::pin(tokio::time::timeout(MAX_TIME, discard(body))).await,
                    Ok(true)
                )
            }
            Some(UnreadBody::Unasked) => false,
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
async fn discard(mut body: Incoming) -> bool {
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

/// A body, and where it goes when it is dropped unread. Both are there until then.
struct LentBody {
    body: Option<(Incoming, oneshot::Sender<UnreadBody>)>,
    awaits_continue: bool,
}

impl HttpBody for LentBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.awaits_continue = false;
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

impl Drop for LentBody {
    fn drop(&mut self) {
        if let Some((body, sender)) = self.body.take().filter(|(body, _)| !body.is_end_stream()) {
            // The receiver is gone when the connection is.
            let _ = sender.send(if self.awaits_continue {
                UnreadBody::Unasked
            } else {
                UnreadBody::Coming(body)
            });
        }
    }
}
