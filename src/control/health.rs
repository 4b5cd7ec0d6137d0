//! Health probes: whether the emulator runs, and whether it is ready.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::Control;

#[derive(Serialize)]
pub(crate) struct Health {
    status: &'static str,
}

/// `GET /_emulator/healthz`
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// `GET /_emulator/readyz`
pub(crate) async fn readyz(State(control): State<Arc<Control>>) -> (StatusCode, Json<Health>) {
    match control.registry.default_account() {
        Some(_) => (StatusCode::OK, Json(Health { status: "ok" })),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(Health { status: "starting" }),
        ),
    }
}
