//! All routes: [`zendesk_routes`] and [`control_routes`] are the two tables.

use axum::Router;

use super::{control_routes, stack, zendesk_routes};
use crate::app::App;
use crate::layers::known_path::KnownPaths;

/// Both APIs, with the layers around each route.
pub(super) fn router(app: &App) -> Router {
    let (endpoints, operations) = zendesk_routes::table(&app.response_cache);
    let ids = operations.iter().map(|operation| operation.id);
    let (control, control_paths) = control_routes::table(app, ids);
    let paths = KnownPaths {
        operations,
        control: control_paths,
    };
    stack::with_layers(endpoints, control, app, paths)
}
