//! How a fault reaches the client: its answer is late, slow, cut off, broken or missing, or its
//! connection is reset. The call is over by then, and in log and journal.
//!
//! Each wait is in real time, and ends when the server stops.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::Version;
use axum::response::Response;
use futures_util::future::{BoxFuture, Either};
use futures_util::{FutureExt, stream};
use http_body_util::{BodyExt, Collected};
use parking_lot::Mutex;
use tokio::sync::watch;
use tower::{Layer, Service};

use super::faults::may_match;
use super::{Answers, context};
use crate::account::{Corruption, Delivery, LONGEST, Outcome, Rule};
use crate::connection::Connection;

/// Marks an answer that is not to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoAnswer;

/// What is still to happen to an answer. Extensions have to be cloneable: it is there once.
#[derive(Clone)]
pub(super) struct FaultDelivery(Arc<Mutex<Option<Pending>>>);

struct Pending {
    rule: Arc<Rule>,
    latency: Duration,
    /// Whether the client left before its request had come.
    has_left: bool,
    /// The body of a request that gets no answer.
    unread: Option<Body>,
}

impl FaultDelivery {
    pub(super) fn new(
        rule: Arc<Rule>,
        latency: Duration,
        has_left: bool,
        unread: Option<Body>,
    ) -> Self {
        let pending = Pending {
            rule,
            latency,
            has_left,
            unread,
        };
        Self(Arc::new(Mutex::new(Some(pending))))
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultDeliveryLayer;

#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultDeliveryService<S> {
    inner: S,
}

impl<S> Layer<S> for FaultDeliveryLayer {
    type Service = FaultDeliveryService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        FaultDeliveryService { inner }
    }
}

impl<S> Service<Request> for FaultDeliveryService<S>
where
    S: Answers,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<BoxFuture<'static, Result<Response, Infallible>>, S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if !context(&request).is_some_and(|context| may_match(context)) {
            return Either::Right(self.inner.call(request));
        }
        let connection = ResponseConnection {
            connection: request.extensions().get().cloned(),
            is_shared: request.version() >= Version::HTTP_2,
        };
        let answer = self.inner.call(request);
        let delivered = async move {
            let Ok(mut response) = answer.await;
            let delivery = response.extensions_mut().remove::<FaultDelivery>();
            let pending = delivery.and_then(|delivery| delivery.0.lock().take());
            Ok(match pending {
                Some(pending) => pending.deliver(response, connection).await,
                None => response,
            })
        };
        Either::Left(delivered.boxed())
    }
}

impl Pending {
    async fn deliver(self, response: Response, connection: ResponseConnection) -> Response {
        let Self {
            rule,
            latency,
            has_left,
            unread,
        } = self;
        if !has_left {
            connection.wait(latency).await;
        }
        match (&rule.fault.outcome, unread) {
            (Outcome::Silence, Some(body)) => {
                connection.be_silent(body).await;
                without_answer(response)
            }
            (Outcome::Reset, _) => {
                connection.reset();
                without_answer(response)
            }
            (Outcome::Answered(delivery) | Outcome::Refused(_, delivery), _) if !has_left => {
                deliver(response, delivery, connection).await
            }
            _ => response,
        }
    }
}

/// What the answer goes out by.
struct ResponseConnection {
    /// None in process.
    connection: Option<Arc<Connection>>,
    /// Whether the connection has other requests at the same time, which a fault of this one is
    /// not to disturb.
    is_shared: bool,
}

/// A part of a body that arrives badly.
enum Step {
    Wait(Duration),
    Send(Bytes),
    /// Nothing follows, although it should.
    End,
}

impl ResponseConnection {
    async fn wait(&self, duration: Duration) {
        if !duration.is_zero() {
            self.until_the_end(tokio::time::sleep(duration)).await;
        }
    }

    /// Hears everything that is said, until the client has gone. hyper sees that in most cases and
    /// drops this; a body that is cut off is seen here. A client that has sent its next request
    /// already is not seen to go, so this has an end.
    async fn be_silent(&self, body: Body) {
        let hear = async {
            if throw_away(body).await {
                pending::<()>().await;
            }
        };
        self.until_the_end(tokio::time::timeout(LONGEST, hear))
            .await;
    }

    /// Waits, but no longer than until the server stops. That the client goes away ends the waiting
    /// as well, from outside.
    async fn until_the_end(&self, waiting: impl Future) {
        match &self.connection {
            Some(connection) => {
                connection.stop().run_until_cancelled(waiting).await;
            }
            None => {
                waiting.await;
            }
        }
    }

    fn flushes(&self) -> Option<watch::Receiver<()>> {
        self.connection
            .as_ref()
            .map(|connection| connection.flushes())
    }

    /// Lets the connection end with a reset, if it is the request's own.
    fn reset(&self) {
        if let Some(connection) = self.connection.as_ref().filter(|_| !self.is_shared) {
            connection.reset();
        }
    }
}

/// Whether the body came to its end.
async fn throw_away(mut body: Body) -> bool {
    while let Some(frame) = body.frame().await {
        if frame.is_err() {
            return false;
        }
    }
    true
}

/// The server sends none of it; in process, its body fails.
fn without_answer(response: Response) -> Response {
    let failed = stream::once(async { Err::<Bytes, _>(cut_off()) });
    let mut response = response.map(|_| Body::from_stream(failed));
    response.extensions_mut().insert(NoAnswer);
    response
}

fn cut_off() -> io::Error {
    io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "a fault ends the answer here",
    )
}

/// Replaces the body of an answer by one that arrives badly. Its head still says how long it should
/// have been.
async fn deliver(
    response: Response,
    delivery: &Delivery,
    connection: ResponseConnection,
) -> Response {
    let (head, body) = response.into_parts();
    // It is in memory, and cannot fail.
    let body = body
        .collect()
        .await
        .map_or_else(|_| Bytes::new(), Collected::to_bytes);
    let Some(last) = body
        .len()
        .checked_sub(1)
        .filter(|_| *delivery != Delivery::default())
    else {
        // Nothing can be done to a body that is not there.
        return Response::from_parts(head, body.into());
    };
    let (body, ends_early) = match delivery.corruption {
        None => (body, false),
        Some(Corruption::Broken) => (broken(&body), false),
        // At least the last byte is missing.
        Some(Corruption::Truncated(bytes)) => (body.slice(..last.min(bytes as usize)), true),
        Some(Corruption::Reset) => (body.slice(..body.len() / 2), true),
    };
    let is_reset = delivery.corruption == Some(Corruption::Reset);
    let steps = steps(body, delivery, ends_early);
    let flushes = connection.flushes();
    let body = stream::unfold(
        (steps, flushes, connection),
        move |(mut steps, mut flushes, connection)| async move {
            loop {
                match steps.next()? {
                    Step::Wait(duration) => connection.wait(duration).await,
                    Step::Send(bytes) => {
                        if let Some(flushes) = &mut flushes {
                            flushes.mark_unchanged();
                        }
                        return Some((Ok(bytes), (steps, flushes, connection)));
                    }
                    Step::End => {
                        // What was sent before it has to arrive.
                        if let Some(flushes) = &mut flushes {
                            let _ = flushes.changed().await;
                        }
                        if is_reset {
                            connection.reset();
                        }
                        return Some((Err(cut_off()), (steps, flushes, connection)));
                    }
                }
            }
        },
    );
    Response::from_parts(head, Body::from_stream(body))
}

/// JSON ends with a bracket, a quote, a digit or a letter, and never with a comma.
fn broken(body: &[u8]) -> Bytes {
    let mut broken = body.to_vec();
    if let Some(last) = broken.last_mut() {
        *last = b',';
    }
    broken.into()
}

/// Made one after the other: a body can have as many as it has bytes.
fn steps(
    body: Bytes,
    delivery: &Delivery,
    ends_early: bool,
) -> impl Iterator<Item = Step> + Send + use<> {
    let (size, every) = match delivery.dribble {
        Some(dribble) => (dribble.bytes.max(1) as usize, dribble.every),
        None => (body.len().max(1), Duration::ZERO),
    };
    let pieces = (0..body.len()).step_by(size).flat_map(move |start| {
        let piece = body.slice(start..body.len().min(start + size));
        let pause = (start > 0).then_some(Step::Wait(every));
        pause.into_iter().chain([Step::Send(piece)])
    });
    let slow = delivery.slow_first_byte.map(Step::Wait);
    slow.into_iter()
        .chain(pieces)
        .chain(ends_early.then_some(Step::End))
}
