//! Rewrites paths before routing: `.json` at the end of `/api/v2/…` and a slash at the end are
//! dropped, a run of slashes becomes one, and `/_account/t42/…` becomes the rest of the path, for the
//! account t42. Layers, journal and links see the rewritten path.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use futures_util::FutureExt;
use tower::{Service, service_fn};

use super::fault_delivery::{ResponseConnection, deliver_faults};
use crate::incoming::{ZENDESK_API, collapse, without_end};
use crate::layers::context::{ACCOUNT, OriginalPath};
use crate::zendesk::request::context::CONTROL;

/// Both APIs, behind normalized paths. A router's own layers run after it has chosen the route,
/// which is too late for this one.
#[derive(Clone, Debug)]
pub(crate) struct NormalizePath {
    inner: Router,
}

impl NormalizePath {
    pub(super) fn new(inner: Router) -> Self {
        Self { inner }
    }

    /// The same as a router, to be called without a socket.
    pub(crate) fn into_router(self) -> Router {
        let service = service_fn(move |request: Request| {
            let connection = ResponseConnection::new(None, request.version());
            let answer = self.clone().call(request);
            answer.then(|Ok(response)| deliver_faults(response, connection).map(Ok))
        });
        Router::new().fallback_service(service)
    }
}

impl Service<Request> for NormalizePath {
    type Response = Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.inner, task)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let original = normalize(&mut request);
        if original != OriginalPath::default() {
            request.extensions_mut().insert(original);
        }
        self.inner.call(request)
    }
}

/// Takes the account from the start of the path and slashes from its end, and `.json` from the end of
/// a path of Zendesk's API: `/_emulator/openapi.json` is a file. tower-http's layer drops only slashes
/// at the end.
///
/// The control API is strict: a path that would lead to it only after a rewrite stays as it is. A
/// proxy that forbids `/_emulator` could be passed by another spelling otherwise.
fn normalize(request: &mut Request) -> OriginalPath {
    let path = request.uri().path();
    let collapsed = collapse(path);
    let whole = collapsed.as_deref().unwrap_or(path);
    let (account, rest) = match whole
        .strip_prefix(ACCOUNT)
        .and_then(|behind| behind.split_once('/'))
    {
        Some((account, behind)) => (Some(account), &whole[whole.len() - behind.len() - 1..]),
        None => (None, whole),
    };
    let is_rewritten = account.is_some() || collapsed.is_some();
    if rest.starts_with(CONTROL) && is_rewritten {
        return OriginalPath::default();
    }
    let stripped = without_end(rest, |path| path.starts_with(ZENDESK_API));
    let normalized = OriginalPath {
        account: account.map(str::to_owned),
        had_runs: collapsed.is_some() && !stripped.is_empty(),
    };
    // No rewrite leads to the root, where the control API has its index.
    if stripped.len() < path.len() && !stripped.is_empty() {
        let query = request
            .uri()
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        let rewritten = PathAndQuery::try_from(format!("{stripped}{query}"))
            .ok()
            .and_then(|path_and_query| {
                let mut parts = request.uri().clone().into_parts();
                parts.path_and_query = Some(path_and_query);
                Uri::from_parts(parts).ok()
            });
        if let Some(uri) = rewritten {
            *request.uri_mut() = uri;
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    /// Observed for `.json` and for runs of slashes. Assumed: the rest.
    #[test]
    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    fn a_path_is_routed_like_this() {
        for (target, routed, account, had_runs) in [
            ("/", "/", None, false),
            ("/api/v2/x", "/api/v2/x", None, false),
            ("/api/v2/x.json?a=//b", "/api/v2/x?a=//b", None, false),
            ("/api/v2/x/", "/api/v2/x", None, false),
            ("/x.json", "/x.json", None, false),
            ("///api//v2/x", "/api/v2/x", None, true),
            ("/api/v2/x//", "/api/v2/x", None, true),
            ("/api/v2//x.json///?a=//b", "/api/v2/x?a=//b", None, true),
            ("/api/v2/x%2F%2Fy", "/api/v2/x%2F%2Fy", None, false),
            ("/_account/t42/api/v2/x", "/api/v2/x", Some("t42"), false),
            (
                "//_account//t42//api//v2//x",
                "/api/v2/x",
                Some("t42"),
                true,
            ),
            ("/_account//", "/_account", None, true),
            // Nothing leads to the root.
            ("//", "//", None, false),
            ("/_account/t42/", "/_account/t42/", Some("t42"), false),
            ("/_account/t42//", "/_account/t42//", Some("t42"), false),
            // The control API is strict.
            ("/_emulator/accounts", "/_emulator/accounts", None, false),
            ("/_emulator/accounts/", "/_emulator/accounts", None, false),
            (
                "/_emulator/accounts//",
                "/_emulator/accounts//",
                None,
                false,
            ),
            ("//_emulator/accounts", "//_emulator/accounts", None, false),
            (
                "/_emulator//accounts/",
                "/_emulator//accounts/",
                None,
                false,
            ),
            (
                "/_account/t42/_emulator/accounts",
                "/_account/t42/_emulator/accounts",
                None,
                false,
            ),
            (
                "/_account/t42//_emulator/accounts",
                "/_account/t42//_emulator/accounts",
                None,
                false,
            ),
            (
                "//_account/t42/_emulator/x",
                "//_account/t42/_emulator/x",
                None,
                false,
            ),
            ("http://host//api/v2/x/", "http://host/api/v2/x", None, true),
        ] {
            let mut request = Request::get(target).body(Body::empty()).expect("a request");
            let normalized = normalize(&mut request);
            let expected = OriginalPath {
                account: account.map(str::to_owned),
                had_runs,
            };
            assert_eq!(
                (request.uri().to_string(), normalized),
                (routed.to_owned(), expected),
                "{target}"
            );
        }
    }
}
