//! The outermost layer: it begins the exchange and ends it, with what every answer has.

use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, DATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;

use super::base_url::base_url;
use crate::server::App;
use crate::zendesk::error;
use crate::zendesk::exchange::Exchange;
use crate::zendesk::hint::Hints;
use crate::zendesk::reply::JSON;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ZENDESK_REQUEST_ID: HeaderName = HeaderName::from_static("x-zendesk-request-id");
const API_VERSION: HeaderName = HeaderName::from_static("x-zendesk-api-version");
const HINT: HeaderName = HeaderName::from_static("x-emulator-hint");
const JSON_API: HeaderValue = HeaderValue::from_static("application/vnd.api+json");

/// Begins an exchange, lets the rest of the service answer, and ends it.
pub(in crate::server) async fn exchange(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let exchange = Arc::new(begin(&app, &request));
    let method = request.method().clone();
    let wants_json_api = accepts_json_api_only(request.headers());
    request.extensions_mut().insert(Arc::clone(&exchange));

    let response = next.run(request).await;
    let mut response = error::write_out(response, &exchange.settings(), &exchange.hints);
    let headers = response.headers_mut();
    if exchange.is_zendesks() {
        headers.insert(API_VERSION, HeaderValue::from_static("v2"));
        if wants_json_api && headers.get(CONTENT_TYPE).is_some_and(|value| value == JSON) {
            headers.insert(CONTENT_TYPE, JSON_API);
        }
    }
    end(&exchange, &method, response)
}

fn begin(app: &App, request: &Request) -> Exchange {
    let account = app.registry.default_account();
    let clock = account.as_ref().map_or(&app.clock, |account| &account.clock);
    let now = clock.now();
    if let Some(account) = &account {
        account.settle(now);
    }
    let base_url = base_url(request, &app.config);
    let (request_id, path) = (app.ids.uuid(), request.uri().path().to_owned());
    Exchange { account, now, request_id, path, base_url, hints: Hints::default(), operation: OnceLock::new() }
}

fn end(exchange: &Exchange, method: &Method, mut response: Response) -> Response {
    let status = response.status().as_u16();
    let request_id = exchange.request_id;
    let (path, operation) = (&exchange.path, exchange.operation.get());
    let hint = exchange.hints.header();
    // The query is left out: it can hold a token.
    match hint.as_ref().and_then(|hint| hint.to_str().ok()) {
        Some(hint) => tracing::info!(%method, path, operation, status, %request_id, "{hint}"),
        None => tracing::debug!(%method, path, operation, status, %request_id),
    }
    let headers = response.headers_mut();
    headers.extend(hint.map(|hint| (HINT, hint)));
    headers.extend(date(exchange.now).map(|date| (DATE, date)));
    if let Ok(id) = HeaderValue::from_str(&request_id.to_string()) {
        headers.insert(REQUEST_ID, id.clone());
        headers.insert(ZENDESK_REQUEST_ID, id);
    }
    response
}

/// Whether the client asks for JSON:API's media type and nothing wider.
fn accepts_json_api_only(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.next().is_some_and(|value| value == JSON_API) && accepted.next().is_none()
}

fn date(now: Timestamp) -> Option<HeaderValue> {
    HeaderValue::from_str(&now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}
