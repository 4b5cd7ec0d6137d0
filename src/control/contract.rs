//! The contract that Zendesk's face keeps to, as a file.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

/// The OpenAPI document, as it was written.
pub const YAML: &str = include_str!("../../openapi/agent-availability.yaml");

/// The same as JSON, put together when it is first asked for.
static JSON: LazyLock<String> = LazyLock::new(|| {
    let document: Result<serde_json::Value, _> = serde_saphyr::from_str(YAML);
    #[expect(clippy::expect_used, reason = "the document is part of the program, and a test reads it")]
    document.expect("the contract is YAML").to_string()
});

/// `GET /_emulator/openapi.yaml`
pub(crate) async fn openapi_yaml() -> Response {
    ([(CONTENT_TYPE, "application/yaml")], YAML).into_response()
}

/// `GET /_emulator/openapi.json`
pub(crate) async fn openapi_json() -> Response {
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], JSON.as_str()).into_response()
}
