//! The service around the routes: it begins a request, lets the routes answer, and ends it with
//! what every answer has.
//!
//! One service rather than a stack of layers, each of which would box its future and look up what
//! the one before it had found out. Nearly all of the time that is not the network's is spent in
//! this folder and in the handlers.

use std::any::Any;
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::{self, Either};
use tower::{Layer, Service as _};
use tower_http::catch_panic::{CatchPanic, CatchPanicLayer};

use super::address::Address;
use super::connection::Connection;
use super::faults::{Injection, ResponseConnection};
use super::headers::ResponseHeaders;
use super::{App, cors, journal, normalize, router};
use crate::account::{ON_BEHALF_OF, masked};
use crate::clock::Stopwatch;
use crate::config::Validation;
use crate::control::nowhere;
use crate::zendesk::error::{self, ApiError};
use crate::zendesk::hint::Hints;
use crate::zendesk::request::context::{CONTROL, RequestContext};
use crate::zendesk::request::credentials;
use crate::zendesk::request::journal_metadata::JournalMetadata;
use crate::zendesk::request::operation::Operation;
use crate::zendesk::response::JSON;

const JSON_API: HeaderValue = HeaderValue::from_static("application/vnd.api+json");

/// How often accounts that nobody calls are looked for, on the machine's time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Both APIs, with all that goes around them. Clones share it.
#[derive(Clone)]
pub(crate) struct Service(Arc<Parts>);

/// What a handler panicked with.
type Panic = Box<dyn Any + Send>;

struct Parts {
    app: App,
    routes: CatchPanic<Router, fn(Panic) -> Response>,
    operations: Vec<Arc<Operation>>,
    heads: ResponseHeaders,
}

impl Service {
    pub(crate) fn new(app: &App) -> Self {
        // With a state, even none, axum puts its routes together here and not anew for each
        // request.
        let (routes, operations) = router::routes(app);
        let routes = routes.with_state(());
        // A handler that panics has answered with an error.
        let panicked: fn(Panic) -> Response = |_| ApiError::Internal.into_response();
        let routes = CatchPanicLayer::custom(panicked).layer(routes);
        Self(Arc::new(Parts {
            app: app.clone(),
            routes,
            operations,
            heads: ResponseHeaders::default(),
        }))
    }

    /// Deletes accounts that nobody calls, as long as it is polled. Whoever looks for one finds
    /// none already when its time is over; this is for the memory of those that nobody looks for.
    pub(crate) async fn delete_idle(self) {
        let registry = Arc::clone(&self.0.app.registry);
        let Some(life) = registry.idle_life() else {
            return;
        };
        let pause = (life / 4).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        loop {
            tokio::time::sleep(pause).await;
            let registry = Arc::clone(&registry);
            // Beside the threads that serve: an account can hold much.
            let _ = tokio::task::spawn_blocking(move || registry.delete_idle()).await;
        }
    }

    /// How long a client may take over the headers of a request, and over everything else without a
    /// limit of its own.
    pub(super) fn header_timeout(&self) -> Duration {
        self.0.app.config.header_timeout
    }

    /// The same as a router, to be called without a socket.
    pub(crate) fn into_router(self) -> Router {
        Router::new().fallback_service(tower::service_fn(move |request| {
            self.answer(request, None).map(Ok::<_, Infallible>)
        }))
    }

    /// Answers a request that came by this connection, if by any. The future is put together from
    /// others, for an `async` block has room twice for each one that it waits for, and all of that
    /// is moved whenever it is.
    pub(crate) fn answer(
        &self,
        mut request: Request,
        connection: Option<&Arc<Connection>>,
    ) -> impl Future<Output = Response> + Send + use<> {
        // Paths are rewritten before routing.
        let normalized = normalize::normalize(&mut request);
        let method = request.method().clone();
        let context = Arc::new(self.begin(&mut request, normalized.account.as_deref()));
        if normalized.had_runs {
            context.hints.add("a run of `/` in the path counts as one");
        }
        if context.headers.contains_key(ON_BEHALF_OF)
            && context.settings().validation != Validation::Off
        {
            context.hints.add(
                "`X-On-Behalf-Of` changes nothing: a call runs as the user of its credentials",
            );
        }
        if context
            .account
            .as_ref()
            .is_some_and(|account| account.has_due(context.now))
        {
            let (service, connection) = (self.clone(), connection.cloned());
            // Boxed, since it is rare and would make every answer's future larger.
            let settled = async move {
                if let Some(account) = &context.account {
                    account.run_due(context.now).await;
                }
                service
                    .go_on(context, method, request, connection.as_ref())
                    .await
            };
            return Either::Left(settled.boxed());
        }
        Either::Right(self.go_on(context, method, request, connection))
    }

    /// Goes on with a request, by which everything that fell due has happened.
    fn go_on(
        &self,
        context: Arc<RequestContext>,
        method: Method,
        request: Request,
        connection: Option<&Arc<Connection>>,
    ) -> impl Future<Output = Response> + Send + use<> {
        let service = self.clone();
        if cors::is_preflight(&context, &method) {
            let response = self.end(&context, &method, cors::preflight(&context));
            return Either::Left(future::ready(response).boxed());
        }
        if Self::may_be_hit(&context) {
            let connection = ResponseConnection::new(connection, request.version());
            // Both are boxed, since they are rare and would make every answer's future larger.
            if self.awaits_body(&context, &method) {
                return Either::Left(
                    service
                        .answer_after_body(context, method, request, connection)
                        .boxed(),
                );
            }
            if let Some(fault_match) = self.fault_match(&context, &method) {
                let hit = Injection {
                    context,
                    method,
                    request,
                    fault_match,
                    connection,
                };
                return Either::Left(service.answer_badly(hit).boxed());
            }
        }
        let routed = self.route(&context, request);
        Either::Right(routed.map(move |response| service.end(&context, &method, response)))
    }

    /// Lets the routes answer.
    pub(super) fn route(
        &self,
        context: &Arc<RequestContext>,
        mut request: Request,
    ) -> impl Future<Output = Response> + Send + use<> {
        match context.base_url() {
            // A client that sends nonsense for a host, or one at which no account is, should hear
            // of it, whether or not the answer has links; but the probes are for whoever can reach
            // the port, by whatever name.
            Err(error) if context.is_zendesks() => {
                Either::Left(future::ready(error.into_response()))
            }
            _ => {
                request.extensions_mut().insert(Arc::clone(context));
                Either::Right(
                    self.0
                        .routes
                        .clone()
                        .call(request)
                        .map(|answered| match answered {
                            Ok(response) => response.map(Body::new),
                            Err(never) => match never {},
                        }),
                )
            }
        }
    }

    /// The operations of Zendesk's API.
    pub(super) fn operations(&self) -> &[Arc<Operation>] {
        &self.0.operations
    }

    /// Begins the context; `path` is the account that the path named.
    fn begin(&self, request: &mut Request, path: Option<&str>) -> RequestContext {
        let Parts { app, .. } = &*self.0;
        let (account, base_url) = match Address::read(request, path, &app.config) {
            Ok(address) => app.account_at(&address),
            Err(error) => (app.registry.default_account(), Err(error)),
        };
        let held = account
            .as_ref()
            .map(|account| &account.journal)
            .filter(|journal| journal.holds_any());
        let (stopwatch, began) = held
            .map(|journal| (Stopwatch::start(), journal.last()))
            .unzip();
        let clock = account
            .as_ref()
            .map_or(&app.clock, |account| &account.clock);
        let now = clock.now();
        let rules = account
            .as_ref()
            .map_or_else(Arc::default, |account| account.rules());
        // Nobody is refused yet: a path that does not exist is not found whoever asks, and the
        // limit has to know whether a call counts.
        let (directory, identity) = account.as_ref().map_or_else(Default::default, |account| {
            let (directory, mode) = (account.world.directory(), rules.settings.auth);
            let query = request.uri().query().unwrap_or_default();
            let identity = credentials::identify(&directory, mode, request.headers(), query, now);
            (directory, Some(identity))
        });
        let is_control = request.uri().path().starts_with(CONTROL);
        RequestContext {
            account,
            rules,
            // The control API reads its own.
            has_body: !request.body().is_end_stream(),
            received: OnceLock::new(),
            headers: if is_control {
                HeaderMap::new()
            } else {
                std::mem::take(request.headers_mut())
            },
            directory,
            identity,
            now,
            request_id: app.ids.uuid(),
            uri: request.uri().clone(),
            base_url,
            buffers: Arc::clone(&app.buffers),
            kept: Arc::clone(&app.kept),
            hints: Hints::default(),
            operation: OnceLock::new(),
            rate: OnceLock::new(),
            fault: OnceLock::new(),
            metadata: JournalMetadata::default(),
            began: began.unwrap_or_default(),
            stopwatch,
        }
    }

    /// Ends the request with what every answer has.
    pub(super) fn end(
        &self,
        context: &RequestContext,
        method: &Method,
        response: Response,
    ) -> Response {
        let mut response =
            if context.is_zendesks() || response.status() != StatusCode::METHOD_NOT_ALLOWED {
                error::write_out(response, context.settings(), &context.hints)
            } else {
                nowhere::name_methods(response)
            };
        if context.is_zendesks()
            && accepts_json_api_only(&context.headers)
            && response
                .headers()
                .get(CONTENT_TYPE)
                .is_some_and(|value| value == JSON)
        {
            response.headers_mut().insert(CONTENT_TYPE, JSON_API);
        }
        if *method == Method::HEAD {
            // The routes have done so already, but for errors.
            *response.body_mut() = Body::empty();
        }
        cors::allow(context, &mut response);
        let hint = context.hints.header();
        log(context, method, &response, hint.as_ref());
        journal::note(context, method, &response, hint.as_ref());
        self.0.heads.write(response.headers_mut(), context, hint);
        response
    }
}

fn log(context: &RequestContext, method: &Method, response: &Response, hint: Option<&HeaderValue>) {
    let (status, request_id) = (response.status().as_u16(), context.request_id);
    // The query is left out: it can hold a token. So can a path, of a client that has encoded its
    // `?`.
    let (path, operation) = (|| masked(context.uri.path()), context.operation.get());
    let account = context
        .account
        .as_ref()
        .map(|account| account.subdomain.as_str());
    match hint.and_then(|hint| hint.to_str().ok()) {
        Some(hint) => {
            tracing::info!(%method, account, path = path().as_ref(), operation, status, %request_id, "{hint}");
        }
        None => {
            tracing::debug!(%method, account, path = path().as_ref(), operation, status, %request_id);
        }
    }
}

/// Whether the client asks for JSON:API's media type and nothing wider.
fn accepts_json_api_only(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.next().is_some_and(|value| value == JSON_API) && accepted.next().is_none()
}
