//! The routes of the live page. Its files are served to every caller, as the index is.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::HeaderMap;
use axum::middleware::from_fn;
use axum::response::Response;

use super::control_routes::ControlRoutes;
use crate::control::error::ControlError;
use crate::dashboard;

/// The index with the page for browsers, and the page's files.
pub(super) fn with_page(mut index: ControlRoutes) -> ControlRoutes {
    index.router = index.router.route_layer(from_fn(dashboard::prefer_page));
    index.get("/_emulator/dashboard/{file}", show_dashboard_file)
}

/// `GET /_emulator/dashboard/{file}`
async fn show_dashboard_file(
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ControlError> {
    // A name that is not UTF-8 is not one of a file.
    let name = name.map(|Path(name)| name).unwrap_or_default();
    dashboard::file(&name, &headers)
        .ok_or_else(|| ControlError::NoSuchPath(format!("the live page has no file {name:?}")))
}
