//! Custom unified statuses: made, edited and deleted, as an admin does it in Zendesk's admin centre.

use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::error::ControlError;
use super::place::Place;
use super::{body, refusal};
use crate::account::Account;
use crate::seed::merge::{merge, removals};
use crate::seed::reader;
use crate::seed::{Identity, SeededStatus, check_status_removals, read_custom_status, write};
use crate::world::{Status, StatusId, StatusKind, WriteError};

/// `POST /_emulator/accounts/{subdomain}/agent_statuses`
pub(crate) async fn create_agent_status(mut place: Place, request: Request) -> Result<Response, ControlError> {
    let value = place.receive(request).await?;
    let now = place.settled().await;
    let (id, seeded) = read(&place.account, &value, Identity::Open)?;
    let created = place.account.world.save_status(id, |id, held| match held {
        Some(_) => Err(WriteError::DuplicateStatus(id)),
        None => Ok(seeded.onto(id, None, now)),
    });
    let created = created.map_err(|error| refusal::of_status(&error))?;
    Ok((StatusCode::CREATED, document(&created)).into_response())
}

/// `GET /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn show_agent_status(place: Place) -> Result<Json<Value>, ControlError> {
    let id = place.status()?;
    place.settled().await;
    let status = held(&place.account, id)?;
    Ok(document(&status))
}

/// `PUT /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn replace_agent_status(mut place: Place, request: Request) -> Result<Response, ControlError> {
    let id = place.status()?;
    let value = place.receive(request).await?;
    let now = place.settled().await;
    let (_, seeded) = read(&place.account, &value, Identity::Given(id.0))?;
    let mut status = StatusCode::CREATED;
    let replaced = place.account.world.save_status(Some(id), |id, held| {
        if held.is_some() {
            status = StatusCode::OK;
        }
        Ok(seeded.onto(id, held.map(|held| &**held), now))
    });
    let replaced = replaced.map_err(|error: WriteError| refusal::of_status(&error))?;
    Ok((status, document(&replaced)).into_response())
}

/// `PATCH /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn update_agent_status(mut place: Place, request: Request) -> Result<Json<Value>, ControlError> {
    let id = place.status()?;
    let patch = place.receive(request).await?;
    let now = place.settled().await;
    loop {
        let before = held(&place.account, id)?;
        if let StatusKind::Standard(_) = before.kind {
            return Err(refusal::of_status(&WriteError::StandardStatus(id)));
        }
        let seeded = patched(&place.account, &before, &patch)?;
        let saved = place.account.world.save_status(Some(id), |id, held| match held {
            Some(held) if Arc::ptr_eq(held, &before) => Ok(seeded.onto(id, Some(held), now)),
            _ => Err(Unsaved::Changed),
        });
        match saved {
            Ok(saved) => return Ok(document(&saved)),
            // Somebody else was faster, so there is another status to merge with.
            Err(Unsaved::Changed) => {}
            Err(Unsaved::Write(error)) => return Err(refusal::of_status(&error)),
        }
    }
}

/// `DELETE /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn delete_agent_status(place: Place) -> Result<Json<Value>, ControlError> {
    let id = place.status()?;
    let now = place.settled().await;
    let deleted = place.account.world.delete_custom_status(id, now);
    let deleted = deleted.map_err(|error| refusal::of_status(&error))?;
    Ok(document(&deleted))
}

/// Why a status was not saved.
enum Unsaved {
    Write(WriteError),
    /// The status is no longer what it was.
    Changed,
}

impl From<WriteError> for Unsaved {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

/// What a patch makes of a status.
fn patched(account: &Account, before: &Status, patch: &Value) -> Result<SeededStatus, ControlError> {
    let mut document = write::status(before);
    merge(&mut document, patch);
    let removed = removals(patch).map_or(Ok(()), |removals| reader::read(&removals, check_status_removals));
    let (_, seeded) = body::both(removed, read(account, &document, Identity::Given(before.id.0)))?;
    Ok(seeded)
}

fn read(account: &Account, value: &Value, id: Identity<'_>) -> Result<(Option<StatusId>, SeededStatus), ControlError> {
    let directory = account.world.directory();
    body::read(value, |node| read_custom_status(node, id, &directory))
}

fn held(account: &Account, id: StatusId) -> Result<Arc<Status>, ControlError> {
    account.world.status(id).ok_or_else(|| refusal::of_status(&WriteError::UnknownStatus(id)))
}

fn document(status: &Status) -> Json<Value> {
    Json(write::status(status))
}
