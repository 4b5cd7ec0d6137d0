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
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::layers::context::{ContextLayer, require_host};
use crate::layers::faults::FaultsLayer;
use crate::layers::known_path::KnownPaths;
use crate::layers::response_headers::ResponseHeaders;
use crate::layers::{EarlyResponse, OnResponse, check};
use crate::layers::{access_log, admission, cors, journal, representation};
use crate::zendesk::error::ApiError;

/// Puts the layers around the routes. Requests pass from the first to the last, and answers back.
pub(super) fn with_layers(routes: Router, app: &App, paths: Arc<KnownPaths>) -> Router {
    let headers = Arc::new(ResponseHeaders::default());
    let context = ContextLayer {
        app: app.clone(),
        paths: Arc::clone(&paths),
    };
    routes.layer(
        ServiceBuilder::new()
            // An id, a span, the account, who calls and what for: the context that the rest
            // shares. What is due in the account by now happens.
            .layer(context)
            // What looks at the answer, in order. They share a layer, since a layer costs 170
            // instructions.
            .layer(OnResponse(move |context: &_, response| {
                let response = cors::allow(context, response);
                let response = representation::represent(context, response);
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
            .layer(FaultsLayer)
            .layer(EarlyResponse(move |request: &_| paths.refusal(request)))
            // In one layer, so that a rule that answers in place of a route asks the same.
            .layer(check(admission::admit)),
    )
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    ApiError::Internal.into_response()
}
