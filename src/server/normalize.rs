//! Paths before routing: `/api/v2/….json` and a slash at the end mean the path without them, and `/_account/t42/…`
//! means the path behind it, of the account t42.

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;

const API: &str = "/api/v2/";
const SUFFIX: &str = ".json";
/// What the path of an account begins with, where a name of its own does not resolve.
pub(crate) const ACCOUNT: &str = "/_account/";

/// Takes the account from the start of the path, slashes from its end, and `.json` from that of a path of Zendesk's face:
/// `/_emulator/openapi.json` is a file. Slashes at the start stay, for such a path is another one; tower-http's layer
/// would take them as well. Returns the subdomain of the account.
pub(super) fn normalize(request: &mut Request) -> Option<String> {
    let path = request.uri().path();
    let (subdomain, rest) = match path.strip_prefix(ACCOUNT).and_then(|rest| rest.split_once('/')) {
        // The tester's face is not below any account: such a path is nowhere.
        Some((subdomain, rest)) if !rest.starts_with("_emulator") => {
            (Some(subdomain.to_owned()), &path[path.len() - rest.len() - 1..])
        }
        _ => (None, path),
    };
    let trimmed = rest.trim_end_matches('/');
    let stripped = trimmed.strip_suffix(SUFFIX).filter(|path| path.starts_with(API)).unwrap_or(trimmed);
    if stripped.len() < path.len() && path != "/" {
        let stripped = if stripped.is_empty() { "/" } else { stripped };
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
    subdomain
}
