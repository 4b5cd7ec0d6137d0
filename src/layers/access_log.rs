//! A line in the log for each answer: at `info` if it has hints, else at `debug`. What the live page
//! reads is logged at `trace`, because it reads all the time. The id of the request is in its span.

use axum::response::Response;

use crate::account::masked;
use crate::zendesk::hint::HINT;
use crate::zendesk::request::context::RequestContext;

pub(crate) fn log(context: &RequestContext, response: Response) -> Response {
    let (method, status) = (&context.method, response.status().as_u16());
    // The query is left out: it can hold a token. So can a path, of a client that has encoded its
    // `?`.
    let path = || masked(context.uri.path());
    let operation = context.operation.as_ref().map(|operation| operation.id);
    let account = context.account.as_ref();
    let account = account.map(|account| account.subdomain.as_str());
    match response.headers().get(HINT).map(|hint| hint.to_str()) {
        Some(Ok(hint)) => {
            tracing::info!(%method, account, path = path().as_ref(), operation, status, "{hint}");
        }
        _ if context.is_page_read => {
            tracing::trace!(%method, account, path = path().as_ref(), operation, status);
        }
        _ => {
            tracing::debug!(%method, account, path = path().as_ref(), operation, status);
        }
    }
    response
}
