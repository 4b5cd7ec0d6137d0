//! Health probes: whether the emulator runs, and whether it is ready.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::account::Registry;

#[derive(Serialize)]
pub(crate) struct Health {
    status: &'static str,
}

/// `GET /_emulator/healthz`
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// `GET /_emulator/readyz`
pub(crate) async fn readyz(State(registry): State<Arc<Registry>>) -> (StatusCode, Json<Health>) {
    match registry.default_account() {
        Some(_) => (StatusCode::OK, Json(Health { status: "ok" })),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(Health { status: "starting" }),
        ),
    }
}
