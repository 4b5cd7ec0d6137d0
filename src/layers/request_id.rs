//! Gives each request an id, and a tracing span that has it: so has each line that the log gets
//! while the request is under way.
//!
//! tower-http's layer would keep an id that the client sends. Zendesk answers with its own.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::Response;
use tower::{Layer, Service};
use tracing::instrument::{Instrument, Instrumented};
use uuid::Uuid;

use super::Answers;
use crate::ids::Ids;

/// The id of a request, among its extensions.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestId(pub(super) Uuid);

#[derive(Clone, Debug)]
pub(crate) struct RequestIdLayer(pub(crate) Ids);

#[derive(Clone, Debug)]
pub(crate) struct RequestIdService<S> {
    inner: S,
    ids: Ids,
}

impl<S> Layer<S> for RequestIdLayer {
    type Service = RequestIdService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        let ids = self.0.clone();
        RequestIdService { inner, ids }
    }
}

impl<S: Answers> Service<Request> for RequestIdService<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = Instrumented<S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let id = self.ids.uuid();
        request.extensions_mut().insert(RequestId(id));
        let span = tracing::info_span!("request", request_id = %id);
        let answer = span.in_scope(|| self.inner.call(request));
        answer.instrument(span)
    }
}
