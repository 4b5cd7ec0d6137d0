//! Faults on purpose: rules that say which requests to Zendesk's face are hit, when, and by what.

mod combinations;
mod read;
mod write;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::Value;

use super::accounts::{Subdomain, find};
use super::error::ControlError;
use super::{Control, body};

/// `GET /_emulator/accounts/{subdomain}/faults`
pub(crate) async fn show_faults(
    State(control): State<Arc<Control>>,
    Subdomain(subdomain): Subdomain,
) -> Result<Json<Value>, ControlError> {
    let account = find(&control, &subdomain)?;
    Ok(Json(write::document(&account.faults().counted())))
}

/// `PUT /_emulator/accounts/{subdomain}/faults`
pub(crate) async fn set_faults(
    State(control): State<Arc<Control>>,
    Subdomain(subdomain): Subdomain,
    request: Request,
) -> Result<Json<Value>, ControlError> {
    let value = body::receive(request).await?;
    let account = find(&control, &subdomain)?;
    let rules = body::read(&value, |node| read::rules(node, &control.operations))?;
    account.faults().set(rules, account.clock.now());
    Ok(Json(write::document(&account.faults().counted())))
}
