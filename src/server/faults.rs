//! Faults on their way: a request that a rule hits, and what becomes of it and of its answer.
//!
//! Whatever waits here waits in real time, and no longer than the server runs.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{Method, Version};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http_body_util::{BodyExt, Collected};
use tokio::sync::watch;

use super::connection::Connection;
use super::router;
use super::service::Service;
use crate::account::{Corruption, Delivery, FaultMatch, LONGEST, Outcome};
use crate::zendesk::fault;
use crate::zendesk::request::body;
use crate::zendesk::request::context::RequestContext;

/// Marks the answer of a call that is to get none.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoAnswer;

/// A request that is hit.
pub(super) struct Injection {
    pub(super) context: Arc<RequestContext>,
    pub(super) method: Method,
    pub(super) request: Request,
    pub(super) fault_match: FaultMatch,
    pub(super) connection: ResponseConnection,
}

/// What the answer goes out by.
pub(super) struct ResponseConnection {
    /// None in process.
    connection: Option<Arc<Connection>>,
    /// Whether the connection has other requests at the same time, which a fault of this one is not
    /// to disturb.
    is_shared: bool,
}

/// A part of a body that arrives badly.
enum Step {
    Wait(Duration),
    Send(Bytes),
    /// Nothing follows, although it should.
    End,
}

impl Service {
    /// Whether there are rules that could hit the request.
    pub(super) fn may_be_hit(context: &RequestContext) -> bool {
        // Nonsense for a host is refused before anything is asked.
        let are_set = context
            .account
            .as_ref()
            .is_some_and(|account| account.faults.are_set());
        are_set && context.is_zendesks() && context.base_url.is_ok()
    }

    /// Whether rules that could hit the request have to know its body.
    pub(super) fn awaits_body(&self, context: &RequestContext, method: &Method) -> bool {
        let Some(account) = context.account.as_ref().filter(|_| context.has_body) else {
            return false;
        };
        let operation = router::operation_at(self.operations(), method, context.uri.path());
        account
            .faults
            .depend_on_body(&fault::subject(context, method, operation), context.now)
    }

    /// Answers a request once its body has arrived. What is wrong with the body is for the call to
    /// say, in its turn.
    pub(super) async fn answer_after_body(
        self,
        context: Arc<RequestContext>,
        method: Method,
        mut request: Request,
        connection: ResponseConnection,
    ) -> Response {
        let _ = body::receive(&context, std::mem::take(request.body_mut())).await;
        if let Some(fault_match) = self.fault_match(&context, &method) {
            return self
                .answer_badly(Injection {
                    context,
                    method,
                    request,
                    fault_match,
                    connection,
                })
                .await;
        }
        let response = self.route(&context, request).await;
        self.end(&context, &method, response)
    }

    /// Whether a rule hits the request.
    pub(super) fn fault_match(
        &self,
        context: &RequestContext,
        method: &Method,
    ) -> Option<FaultMatch> {
        let faults = &context.account.as_ref()?.faults;
        let operation = router::operation_at(self.operations(), method, context.uri.path());
        let subject = fault::subject(context, method, operation);
        let fault_match = faults.fault_match(&subject, context.now)?;
        if let Some(operation) = operation {
            context.is_for(operation);
        }
        context
            .hints
            .add(format!("fault: {}", fault_match.rule.label));
        let _ = context.fault.set(Arc::clone(&fault_match.rule.label));
        Some(fault_match)
    }

    /// Answers a request that is hit, or does not.
    pub(super) async fn answer_badly(self, hit: Injection) -> Response {
        let Injection {
            context,
            method,
            mut request,
            fault_match,
            connection,
        } = hit;
        let FaultMatch { rule, latency } = fault_match;
        // What takes time begins when the whole request is there. A client that left in the middle
        // of it gets its answer at once, since nothing tells later that it has left.
        let takes_time = !latency.is_zero() || rule.fault.outcome.is_slow();
        let has_left = context.has_body
            && takes_time
            && body::is_cut_short(&context, std::mem::take(request.body_mut())).await;
        let mut unread = None;
        let (response, delivery) = match &rule.fault.outcome {
            Outcome::Answered(delivery) => (self.route(&context, request).await, Some(delivery)),
            Outcome::EmptyBody => {
                self.route(&context, request).await;
                (fault::empty_body(), None)
            }
            Outcome::Refused(refusal, delivery) => (
                fault::refusal(&context, *refusal).into_response(),
                Some(delivery),
            ),
            Outcome::ExpiredCursor => (fault::expired_cursor(&context).into_response(), None),
            Outcome::Reset | Outcome::Silence => {
                unread = Some(request.into_body());
                (fault::no_answer(&context), None)
            }
        };
        // The request has ended, whether or not its client waits for what comes of it.
        let response = self.end(&context, &method, response);
        // Nor has its account to stay in memory for as long as that takes.
        drop(context);
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
            _ => match delivery.filter(|_| !has_left) {
                Some(delivery) => deliver(response, delivery, connection).await,
                None => response,
            },
        }
    }
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
