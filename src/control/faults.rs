//! Faults on purpose: rules that say which requests to Zendesk's face are hit, when, and by what.

mod combinations;
mod read;
mod write;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::Value;

use super::error::ControlError;
use super::place::Place;
use super::{Control, body};

/// `GET /_emulator/accounts/{subdomain}/faults`
pub(crate) async fn show_faults(place: Place) -> Json<Value> {
    Json(write::document(&place.account.faults.counted()))
}

/// `PUT /_emulator/accounts/{subdomain}/faults`
pub(crate) async fn set_faults(
    State(control): State<Arc<Control>>,
    mut place: Place,
    request: Request,
) -> Result<Json<Value>, ControlError> {
    let value = place.receive(request).await?;
    let rules = body::read(&value, |node| read::rules(node, &control.operations))?;
    place.account.faults.set(rules, place.settled().await);
    Ok(show_faults(place).await)
}
