//! Paths before routing: `/api/v2/….json` and a slash at the end mean the path without them.

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;

const API: &str = "/api/v2/";
const SUFFIX: &str = ".json";

/// Takes `.json` from the path of a request for Zendesk's face. Only a plain one: `/_emulator/openapi.json` is a file.
pub(in crate::server) fn strip_json_suffix(mut request: Request) -> Request {
    let path = request.uri().path();
    if let Some(stripped) = path.strip_suffix(SUFFIX).filter(|path| path.starts_with(API)) {
        let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
        let rewritten = PathAndQuery::try_from(format!("{stripped}{query}")).ok().and_then(|path_and_query| {
            let mut parts = request.uri().clone().into_parts();
            parts.path_and_query = Some(path_and_query);
            Uri::from_parts(parts).ok()
        });
        if let Some(uri) = rewritten {
            *request.uri_mut() = uri;
        }
    }
    request
}
