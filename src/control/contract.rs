//! The contracts of the two APIs, as files.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::blocking;

/// The OpenAPI document of Zendesk's API.
pub const YAML: &str = include_str!("../../openapi/agent-availability.yaml");

/// The OpenAPI document of the control API.
pub const CONTROL_YAML: &str = include_str!("../../openapi/control.yaml");

/// Both as JSON, made at the first request.
static JSON: LazyLock<String> = LazyLock::new(|| json(YAML));
static CONTROL_JSON: LazyLock<String> = LazyLock::new(|| json(CONTROL_YAML));

fn json(yaml: &str) -> String {
    let document: Result<serde_json::Value, _> = serde_saphyr::from_str(yaml);
    #[expect(
        clippy::expect_used,
        reason = "the documents are part of the program, and a test reads them"
    )]
    document.expect("a contract is YAML").to_string()
}

/// `GET /_emulator/openapi.yaml`
pub(crate) async fn openapi_yaml() -> Response {
    as_yaml(YAML)
}

/// `GET /_emulator/openapi.json`
pub(crate) async fn openapi_json() -> Response {
    as_json(&JSON).await
}

/// `GET /_emulator/openapi.control.yaml`
pub(crate) async fn control_openapi_yaml() -> Response {
    as_yaml(CONTROL_YAML)
}

/// `GET /_emulator/openapi.control.json`
pub(crate) async fn control_openapi_json() -> Response {
    as_json(&CONTROL_JSON).await
}

fn as_yaml(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "application/yaml")], text).into_response()
}

async fn as_json(text: &'static LazyLock<String>) -> Response {
    // The first call makes it, and others wait for that.
    let text = blocking::spawn(|| text.as_str()).await;
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}
