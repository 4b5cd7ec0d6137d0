//! How a fault reaches the client: its answer is late, slow, cut off, broken or missing, or its
//! connection is reset. The call is over by then, and in log and journal. The headers that a rule
//! decides are set here too.
//!
//! Each wait is in real time, and ends when the server stops.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Version;
use axum::response::Response;
use futures_util::future::{self, BoxFuture, Either, Ready};
use futures_util::{FutureExt, stream};
use http_body_util::{BodyExt, Collected};
use tokio::sync::watch;

use super::connection::Connection;
use crate::account::{Corruption, Delivery, Effect, LONGEST_WAIT, Outcome};
use crate::layers::faults::{DeliveredFault, PendingFault};

/// Marks an answer that is not to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoAnswer;

/// Lets the answer reach the client as a fault wants it, if one does.
pub(super) fn deliver_faults(
    mut response: Response,
    connection: ResponseConnection,
) -> Either<Ready<Response>, BoxFuture<'static, Response>> {
    let pending = response.extensions_mut().remove::<PendingFault>();
    match pending.and_then(|pending| pending.take()) {
        Some(fault) => Either::Right(deliver(fault, response, connection).boxed()),
        None => Either::Left(future::ready(response)),
    }
}

async fn deliver(
    fault: DeliveredFault,
    mut response: Response,
    connection: ResponseConnection,
) -> Response {
    let DeliveredFault {
        rule,
        latency,
        has_left,
        has_answer,
        unread,
    } = fault;
    let fault = match &rule.effect {
        Effect::Fault(fault) => fault,
        // Its headers beat those that every answer has.
        Effect::Answer(answer) => {
            answer.headers.apply(response.headers_mut());
            return response;
        }
    };
    if !has_left {
        connection.wait(latency).await;
    }
    match (&fault.outcome, unread) {
        (Outcome::Silence, Some(body)) => {
            connection.be_silent(body).await;
            without_answer(response)
        }
        (Outcome::Reset | Outcome::LostAnswer, _) if !has_answer => {
            connection.reset();
            without_answer(response)
        }
        (Outcome::Answered(delivery) | Outcome::Refused(_, delivery), _) if !has_left => {
            damage(response, delivery, connection).await
        }
        _ => response,
    }
}

/// The connection that the answer is sent by.
pub(super) struct ResponseConnection {
    /// None in process.
    connection: Option<Arc<Connection>>,
    /// Whether the connection has other requests at the same time, which a fault must not disturb.
    is_shared: bool,
}

/// A step in sending a damaged body.
enum Step {
    Wait(Duration),
    Send(Bytes),
    /// Ends the body too early.
    End,
}

impl ResponseConnection {
    pub(super) fn new(connection: Option<&Arc<Connection>>, version: Version) -> Self {
        Self {
            connection: connection.cloned(),
            is_shared: version >= Version::HTTP_2,
        }
    }

    async fn wait(&self, duration: Duration) {
        if !duration.is_zero() {
            self.until_the_end(tokio::time::sleep(duration)).await;
        }
    }

    /// Reads the body and answers nothing until the client leaves. hyper notices that in most cases
    /// and drops this future; a body that is cut off is noticed here. A client that has already sent
    /// its next request is not seen to leave, so the silence has an end.
    async fn be_silent(&self, body: Body) {
        let read = async {
            if read_all(body).await {
                pending::<()>().await;
            }
        };
        self.until_the_end(tokio::time::timeout(LONGEST_WAIT, read))
            .await;
    }

    /// Waits until the server stops at the latest. When the client leaves, hyper drops the future.
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

    /// Lets the connection end with a reset, unless other requests share it.
    fn reset(&self) {
        if let Some(connection) = self.connection.as_ref().filter(|_| !self.is_shared) {
            connection.reset();
        }
    }
}

/// Whether the body came to its end.
async fn read_all(mut body: Body) -> bool {
    while let Some(frame) = body.frame().await {
        if frame.is_err() {
            return false;
        }
    }
    true
}

/// The server sends nothing of it. In process, its body fails.
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

/// Replaces the body of an answer by one that arrives as the fault says. `Content-Length` stays.
async fn damage(
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
        // There is no body to damage.
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
                        // What was sent before has to arrive.
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

/// The body with a comma in place of its last byte: JSON never ends with a comma.
fn broken(body: &[u8]) -> Bytes {
    let mut broken = body.to_vec();
    if let Some(last) = broken.last_mut() {
        *last = b',';
    }
    broken.into()
}

/// The parts, made one by one: a body can have as many as it has bytes.
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
