//! What happens to a request, in order: the one list of layers around the routes.
//!
//! Only two things are outside of it: [`normalize_path`](super::normalize_path) rewrites paths before,
//! and [`fault_delivery`](super::fault_delivery) damages answers after. The order decides
//! which refusal a client sees when a request deserves more than one, and it is Zendesk's as far as
//! that is known. Each layer's file says what it does.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use tower::layer::layer_fn;
use tower::{ServiceBuilder, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

use super::zendesk_routes::Endpoints;
use crate::app::App;
use crate::layers::context::{ContextLayer, require_host};
use crate::layers::faults::Faults;
use crate::layers::known_path::KnownPaths;
use crate::layers::response_headers::{ResponseHeaders, write_error_and_hints};
use crate::layers::rule_answers::RuleAnswers;
use crate::layers::{Answers, EarlyResponse, InterceptLayer, OnResponse, check};
use crate::layers::{access, access_log, cors, journal};
use crate::zendesk::error::ApiError;

/// The routes of both APIs, with the layers around each. Those of Zendesk's API get them before the
/// router has them: `Router::layer` puts a second box around a route, which takes 2.8 % of the
/// instructions of a call that shows an agent.
pub(super) fn with_layers(
    endpoints: Endpoints,
    control: Router,
    app: &App,
    paths: KnownPaths,
) -> Router {
    let layers = Layers {
        app: app.clone(),
        paths: Arc::new(paths),
        headers: Arc::default(),
    };
    let nothing = service_fn(async |_| Ok(ApiError::InvalidEndpoint.into_response()));
    let fallback = layers.around(nothing);
    let zendesk = endpoints
        .into_iter()
        .fold(Router::new(), |router, (path, endpoint)| {
            router.route_service(path, layers.around(endpoint))
        });
    let control = control.layer(layer_fn(move |route| layers.around(route)));
    zendesk.merge(control).fallback_service(fallback)
}

/// What the layers share.
#[derive(Clone)]
struct Layers {
    app: App,
    paths: Arc<KnownPaths>,
    headers: Arc<ResponseHeaders>,
}

impl Layers {
    /// Puts the layers around a route. Requests pass from the first to the last, and answers back.
    fn around<S>(&self, route: S) -> impl Answers<Future: Send> + Clone + Send + Sync + use<S>
    where
        S: Answers<Future: Send> + Clone + Send + Sync + 'static,
    {
        let Self {
            app,
            paths,
            headers,
        } = self.clone();
        let context = ContextLayer {
            app,
            paths: Arc::clone(&paths),
        };
        ServiceBuilder::new()
            // An id, a span, the account, who calls and what for: the context that the rest
            // shares. What is due in the account by now happens.
            .layer(context)
            // What looks at the answer, in order. They share a layer, since a layer costs 0.5 %
            // of the instructions of a call that shows an agent.
            .layer(OnResponse(move |context: &_, response| {
                let response = cors::allow(context, response);
                let response = write_error_and_hints(context, response);
                let response = journal::record(context, response);
                let response = access_log::log(context, response);
                headers.write(context, response)
            }))
            // Inside of the above, so that a 500 has an id, an entry and Zendesk's form as well.
            .map_response(|response: Response<_>| response.map(Body::new))
            .layer(CatchPanicLayer::custom(panicked))
            // What refuses a request, or answers it.
            .layer(check(require_host))
            .layer(EarlyResponse(cors::preflight))
            .layer(InterceptLayer(Faults))
            .layer(EarlyResponse(move |request: &_| paths.refusal(request)))
            // Authentication (401), the rate limit (429), role and scope (403). They share a layer
            // too.
            .layer(check(|context| {
                if context.is_for_anyone() {
                    return Ok(());
                }
                let caller = context.caller()?;
                context.count_call()?;
                access::authorize(context, caller)
            }))
            // A rule may stand in for the route.
            .layer(InterceptLayer(RuleAnswers))
            .service(route)
    }
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    ApiError::Internal.into_response()
}
