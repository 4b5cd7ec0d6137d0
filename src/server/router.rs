//! All routes: [`zendesk_routes`] and [`control_routes`] are the two tables.

use axum::Router;

use super::{control_routes, zendesk_routes};
use crate::app::App;
use crate::layers::known_path::KnownPaths;

/// Both APIs, and the paths that they have.
pub(super) fn routes(app: &App) -> (Router, KnownPaths) {
    let (zendesk, operations) = zendesk_routes::table(&app.response_cache);
    let ids = operations.iter().map(|operation| operation.id);
    let (control, control_paths) = control_routes::table(app, ids);
    (
        zendesk.merge(control),
        KnownPaths {
            operations,
            control: control_paths,
        },
    )
}
