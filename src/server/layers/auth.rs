//! Finds out who calls. It refuses nobody: a path that does not exist is not found whoever asks, and the limit has to
//! know whether a call counts.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::zendesk::auth;
use crate::zendesk::exchange::Exchange;

/// Notes who calls, or why nobody does, for the layers and handlers within.
pub(in crate::server) async fn auth(mut request: Request, next: Next) -> Response {
    let account = request.extensions().get::<Arc<Exchange>>().and_then(|exchange| exchange.account.clone());
    if let Some(account) = account {
        let query = request.uri().query().unwrap_or_default();
        let identity = auth::identify(&account, request.headers(), query);
        request.extensions_mut().insert(identity);
    }
    next.run(request).await
}
