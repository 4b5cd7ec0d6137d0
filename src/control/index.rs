//! What is at the root: where the parts of the server are. Like the probes it is not guarded.

use axum::Json;
use serde::Serialize;

/// Names the server, and the paths where a client begins.
#[derive(Serialize)]
pub(crate) struct ServerIndex {
    name: &'static str,
    version: &'static str,
    urls: IndexUrls,
}

/// Paths, which hold under every host and behind every proxy.
#[derive(Serialize)]
struct IndexUrls {
    accounts: &'static str,
    healthz: &'static str,
    readyz: &'static str,
    openapi_json: &'static str,
    openapi_yaml: &'static str,
    control_openapi_json: &'static str,
    control_openapi_yaml: &'static str,
}

const INDEX: ServerIndex = ServerIndex {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    urls: IndexUrls {
        accounts: "/_emulator/accounts",
        healthz: "/_emulator/healthz",
        readyz: "/_emulator/readyz",
        openapi_json: "/_emulator/openapi.json",
        openapi_yaml: "/_emulator/openapi.yaml",
        control_openapi_json: "/_emulator/openapi.control.json",
        control_openapi_yaml: "/_emulator/openapi.control.yaml",
    },
};

/// `GET /`
pub(crate) async fn show_root() -> Json<ServerIndex> {
    Json(INDEX)
}

/// `GET /_emulator`
pub(crate) async fn show_index() -> Json<ServerIndex> {
    Json(INDEX)
}
