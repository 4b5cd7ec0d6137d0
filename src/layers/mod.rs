//! What happens to a request before and after its handler: a file for each tower layer.
//! `server/stack.rs` lists them in their order.
//!
//! Two kinds of layers need no more than a function: [`EarlyResponse`] answers or refuses a
//! request by what is known of it, and [`OnResponse`] looks at the answer. Neither allocates a future.
//! The third kind, [`Intercept`], allocates one for the requests that it takes over.

pub(crate) mod access;
pub(crate) mod access_log;
mod address;
pub(crate) mod context;
pub(crate) mod cors;
pub(crate) mod faults;
pub(crate) mod journal;
pub(crate) mod known_path;
pub(crate) mod response_headers;
pub(crate) mod rule_answers;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture, Either, Ready};
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;

/// A service that always answers, as axum's routes do.
pub(crate) trait Answers: Service<Request, Response = Response, Error = Infallible> {}

impl<S: Service<Request, Response = Response, Error = Infallible>> Answers for S {}

/// The context that [`mod@context`] has given to the request.
fn context(request: &Request) -> Option<&Arc<RequestContext>> {
    request.extensions().get()
}

/// The layer that answers a request itself if the function has an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EarlyResponse<F>(pub(crate) F);

/// The layer that refuses a request to Zendesk's API if the function refuses its context. Control
/// calls pass: a guard in front of their handlers decides for them.
pub(crate) fn check(
    check: impl Fn(&RequestContext) -> Result<(), ApiError> + Clone,
) -> EarlyResponse<impl Fn(&Request) -> Option<Response> + Clone> {
    EarlyResponse(move |request: &Request| {
        let checked = match context(request) {
            Some(context) if context.is_control() => Ok(()),
            Some(context) => check(context),
            None => Err(ApiError::Internal),
        };
        checked.err().map(ApiError::into_response)
    })
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct EarlyResponseService<S, F> {
    inner: S,
    answer: F,
}

impl<S, F: Clone> Layer<S> for EarlyResponse<F> {
    type Service = EarlyResponseService<S, F>;

    fn layer(&self, inner: S) -> Self::Service {
        let answer = self.0.clone();
        EarlyResponseService { inner, answer }
    }
}

impl<S, F> Service<Request> for EarlyResponseService<S, F>
where
    S: Answers,
    F: Fn(&Request) -> Option<Response>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match (self.answer)(&request) {
            Some(response) => Either::Left(future::ready(Ok(response))),
            None => Either::Right(self.inner.call(request)),
        }
    }
}

/// The layer that lets the function look at each answer, or change it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnResponse<F>(pub(crate) F);

#[derive(Clone, Copy, Debug)]
pub(crate) struct ResponseService<S, F> {
    inner: S,
    look: F,
}

impl<S, F: Clone> Layer<S> for OnResponse<F> {
    type Service = ResponseService<S, F>;

    fn layer(&self, inner: S) -> Self::Service {
        let look = self.0.clone();
        ResponseService { inner, look }
    }
}

impl<S, F> Service<Request> for ResponseService<S, F>
where
    S: Answers,
    F: Fn(&RequestContext, Response) -> Response + Clone,
{
    type Response = Response;
    type Error = Infallible;
    type Future = ResponseFuture<S::Future, F>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let context = context(&request).cloned();
        let (inner, look) = (self.inner.call(request), self.look.clone());
        ResponseFuture {
            inner,
            context,
            look,
        }
    }
}

pin_project! {
    /// An answer on its way to the function.
    pub(crate) struct ResponseFuture<R, F> {
        #[pin]
        inner: R,
        context: Option<Arc<RequestContext>>,
        look: F,
    }
}

impl<R, F> Future for ResponseFuture<R, F>
where
    R: Future<Output = Result<Response, Infallible>>,
    F: Fn(&RequestContext, Response) -> Response,
{
    type Output = R::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<R::Output> {
        let this = self.project();
        let Ok(response) = ready!(this.inner.poll(task));
        Poll::Ready(Ok(match this.context.take() {
            Some(context) => (this.look)(&context, response),
            None => response,
        }))
    }
}

/// What a layer does that takes some requests over: it answers them itself, and may ask what is inside.
pub(crate) trait Intercept: Copy + Send + Sync + 'static {
    /// Why a request is taken over.
    type Reason: Send + 'static;

    /// Whether a request is taken over.
    fn reason(self, request: &Request) -> Option<Self::Reason>;

    fn answer<S>(
        self,
        reason: Self::Reason,
        request: Request,
        inner: S,
    ) -> impl Future<Output = Response> + Send
    where
        S: Answers<Future: Send> + Send + 'static;
}

/// The layer that does this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InterceptLayer<I>(pub(crate) I);

#[derive(Clone, Copy, Debug)]
pub(crate) struct InterceptService<S, I> {
    inner: S,
    intercept: I,
}

impl<S, I: Intercept> Layer<S> for InterceptLayer<I> {
    type Service = InterceptService<S, I>;

    fn layer(&self, inner: S) -> Self::Service {
        let intercept = self.0;
        InterceptService { inner, intercept }
    }
}

impl<S, I> Service<Request> for InterceptService<S, I>
where
    S: Answers<Future: Send> + Clone + Send + 'static,
    I: Intercept,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<BoxFuture<'static, Result<Response, Infallible>>, S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Some(reason) = self.intercept.reason(&request) else {
            return Either::Right(self.inner.call(request));
        };
        let inner = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, inner);
        Either::Left(
            self.intercept
                .answer(reason, request, inner)
                .map(Ok)
                .boxed(),
        )
    }
}

/// Asks what is inside of a layer.
async fn call<S: Answers>(mut inner: S, request: Request) -> Response {
    let Ok(response) = inner.call(request).await;
    response
}
