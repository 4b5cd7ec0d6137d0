//! The id of a request, the account that it is for, who calls and what for: the context that all
//! inner layers and the handler share. What is due in the account by now happens first.
//!
//! Each line that the log gets while the request is under way has its id, by a span. tower-http's
//! layer for ids would keep one that the client sends; Zendesk answers with its own. The id is drawn
//! here and not in a layer before, which would have to put it among the extensions: that costs as
//! much as a look-up of the account.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either};
use tower::{Layer, Service};
use tracing::instrument::{Instrument, Instrumented};

use super::Answers;
use super::address::Address;
use super::known_path::KnownPaths;
use crate::account::{Account, ON_BEHALF_OF};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::config::Validation;
use crate::zendesk::error::ApiError;
use crate::zendesk::hint::Hints;
use crate::zendesk::request::context::{Api, RequestContext, is_control};
use crate::zendesk::request::credentials;
use crate::zendesk::request::journal_metadata::JournalMetadata;

/// What the path of an account begins with, where a name of its own does not resolve.
pub(crate) const ACCOUNT: &str = "/_account/";

/// What the paths of the live page's files begin with.
const PAGE_FILES: &str = "/_emulator/dashboard/";

/// Whether a control call says that the live page makes it.
fn is_by_page(headers: &HeaderMap) -> bool {
    headers
        .get("x-emulator-source")
        .is_some_and(|source| source == "dashboard")
}

/// What the path of a request said before it was normalized, among the request's extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OriginalPath {
    /// The subdomain of the account that it names.
    pub(crate) account: Option<String>,
    /// Whether a run of slashes was taken for one.
    pub(crate) had_runs: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct ContextLayer {
    pub(crate) app: App,
    pub(crate) paths: Arc<KnownPaths>,
}

#[derive(Clone, Debug)]
pub(crate) struct ContextService<S> {
    inner: S,
    layer: ContextLayer,
}

impl<S> Layer<S> for ContextLayer {
    type Service = ContextService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        let layer = self.clone();
        ContextService { inner, layer }
    }
}

impl<S> Service<Request> for ContextService<S>
where
    S: Answers + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Instrumented<Either<BoxFuture<'static, Result<Response, Infallible>>, S::Future>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let context = Arc::new(self.layer.begin(&mut request));
        let span = tracing::info_span!("request", request_id = %context.request_id);
        let due = context
            .account
            .as_ref()
            .filter(|account| account.has_due(context.now));
        let due = due.map(|account| (Arc::clone(account), context.now));
        request.extensions_mut().insert(context);
        let answer = match due {
            None => Either::Right(span.in_scope(|| self.inner.call(request))),
            Some((account, now)) => {
                let inner = self.inner.clone();
                let mut inner = std::mem::replace(&mut self.inner, inner);
                let answer = async move {
                    account.run_due(now).await;
                    drop(account);
                    inner.call(request).await
                };
                Either::Left(answer.boxed())
            }
        };
        answer.instrument(span)
    }
}

impl ContextLayer {
    fn begin(&self, request: &mut Request) -> RequestContext {
        let Self { app, paths } = self;
        let original = request
            .extensions_mut()
            .remove::<OriginalPath>()
            .unwrap_or_default();
        let (account, base_url) =
            match Address::read(request, original.account.as_deref(), &app.config) {
                Ok(address) => find(app, &address),
                Err(error) => (app.registry.default_account(), Err(error)),
            };
        let journal = account.as_ref().map(|account| &account.journal);
        let journal = journal.filter(|journal| journal.holds_any());
        let (stopwatch, began) = journal.map(|it| (Stopwatch::start(), it.last())).unzip();
        let now = account
            .as_ref()
            .map_or(&app.clock, |account| &account.clock)
            .now();
        let effective = account
            .as_ref()
            .map_or_else(Arc::default, |account| account.effective_settings());
        // A caller that is not known is refused later: a path that does not exist is not found
        // for all callers, and faults have to know the caller.
        let (directory, identity) = account.as_ref().map_or_else(Default::default, |account| {
            let directory = account.world.directory();
            let query = request.uri().query().unwrap_or_default();
            let headers = request.headers();
            let identity =
                credentials::identify(&directory, &effective.settings, headers, query, now);
            (directory, Some(identity))
        });
        let route = request.extensions().get::<MatchedPath>();
        let operation =
            route.and_then(|route| paths.operations.find(route.as_str(), request.method()));
        let operation = operation.cloned();
        let is_control = is_control(request.method(), request.uri().path());
        let api = if is_control {
            let is_page_read = request.method() == Method::GET
                && (request.uri().path().starts_with(PAGE_FILES) || is_by_page(request.headers()));
            Api::Control { is_page_read }
        } else {
            Api::Zendesk
        };
        let context = RequestContext {
            request_id: app.ids.uuid(),
            now,
            method: request.method().clone(),
            uri: request.uri().clone(),
            has_body: !request.body().is_end_stream(),
            api,
            headers: if is_control {
                HeaderMap::new()
            } else {
                std::mem::take(request.headers_mut())
            },
            received: OnceLock::new(),
            has_fault_rules: account
                .as_ref()
                .is_some_and(|account| account.faults.has_rules()),
            account,
            base_url,
            effective,
            directory,
            identity,
            operation,
            hints: Hints::default(),
            rate: OnceLock::new(),
            deciding_rule: OnceLock::new(),
            chosen_rule: OnceLock::new(),
            metadata: JournalMetadata::default(),
            began: began.unwrap_or_default(),
            stopwatch,
        };
        if original.had_runs {
            context.hints.add("a run of `/` in the path counts as one");
        }
        if context.headers.contains_key(ON_BEHALF_OF)
            && context.settings().validation != Validation::Off
        {
            context.hints.add(
                "`X-On-Behalf-Of` changes nothing: a call runs as the user of its credentials",
            );
        }
        context
    }
}

/// The account that is at the address, and what links to it begin with. Until the server has an
/// account, it is not missing.
fn find(app: &App, address: &Address<'_>) -> (Option<Arc<Account>>, Result<String, ApiError>) {
    let base_url = || address.base_url(&app.config, &app.registry);
    let Some(subdomain) = address.subdomain(&app.config) else {
        return (app.registry.default_account(), Ok(base_url()));
    };
    match app.registry.account(&subdomain.to_ascii_lowercase()) {
        Some(account) => (Some(account), Ok(base_url())),
        None if app.registry.default_account().is_none() => (None, Ok(base_url())),
        None => {
            let no_help_desk = ApiError::NoHelpDesk {
                address: address.name(),
                subdomain: subdomain.to_owned(),
            };
            (None, Err(no_help_desk))
        }
    }
}

/// Refuses a call at a host that is not valid, or at which no account is. The limit counts it.
pub(crate) fn require_host(context: &RequestContext) -> Result<(), ApiError> {
    context.base_url().map(drop).inspect_err(|_| {
        let _ = context.count_call();
    })
}
