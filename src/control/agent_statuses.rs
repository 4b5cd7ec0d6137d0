//! Custom unified statuses: created, edited and deleted, as an admin does in Zendesk's admin
//! centre.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::Value;

use super::account_path::AccountPath;
use super::error::{ControlError, ControlResult};
use super::{blocking, body, refusal};
use crate::account::Account;
use crate::document::json::Document;
use crate::seed::{
    Identity, KnownToWorld, SeededStatus, check_status_removals, read_custom_status, write,
};
use crate::world::{Stamp, Status, StatusId, WriteError};

/// `POST /_emulator/accounts/{subdomain}/agent_statuses`
pub(crate) async fn create_agent_status(path: AccountPath, request: Request) -> ControlResult {
    let create = |account: &Account, given: &Document<'_>, stamp: Stamp| {
        let (id, seeded) = read(account, given, Identity::Open)?;
        let created = account.world.save_status(id, |id, held| match held {
            Some(_) => Err(WriteError::DuplicateStatus(id)),
            None => Ok(seeded.onto(id, None, stamp.time)),
        });
        let created = created.map_err(|error| refusal::of_status(&error))?;
        Ok((StatusCode::CREATED, document(&created)).into_response())
    };
    path.work(request, create).await
}

/// `GET /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn show_agent_status(path: AccountPath) -> ControlResult {
    let id = path.status()?;
    path.run_due().await;
    let status = path.account.world.status(id).ok_or_else(|| unknown(id))?;
    Ok(document(&status).into_response())
}

/// `PUT /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn replace_agent_status(path: AccountPath, request: Request) -> ControlResult {
    let id = path.status()?;
    let replace = move |account: &Account, given: &Document<'_>, stamp: Stamp| {
        let (_, seeded) = read(account, given, Identity::Given(id.0))?;
        let mut status = StatusCode::CREATED;
        let replaced = account.world.save_status(Some(id), |id, held| {
            if held.is_some() {
                status = StatusCode::OK;
            }
            Ok(seeded.onto(id, held.map(|held| &**held), stamp.time))
        });
        let replaced = replaced.map_err(|error: WriteError| refusal::of_status(&error))?;
        Ok((status, document(&replaced)).into_response())
    };
    path.work(request, replace).await
}

/// `PATCH /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn update_agent_status(path: AccountPath, request: Request) -> ControlResult {
    let id = path.status()?;
    let update = move |account: &Account, patch: &Document<'_>, stamp: Stamp| {
        let (directory, statuses) = (account.world.directory(), account.world.catalog());
        let known = KnownToWorld {
            directory: &directory,
            statuses: &statuses,
        };
        let updated = account.world.save_status(Some(id), |id, before| {
            let before = before.ok_or_else(|| unknown(id))?;
            let (_, seeded) = body::read_patched(
                &write::status(before),
                patch.value(),
                check_status_removals,
                |node| read_custom_status(node, Identity::Given(id.0), &known),
            )?;
            Ok::<_, ControlError>(seeded.onto(id, Some(before), stamp.time))
        })?;
        Ok(document(&updated))
    };
    path.work(request, update).await
}

/// `DELETE /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn delete_agent_status(path: AccountPath) -> ControlResult {
    let id = path.status()?;
    let stamp = path.run_due().await;
    // Agents go offline one by one.
    let agents = path.account.world.agent_count();
    let delete = move || {
        let deleted = path
            .account
            .write_at_length(agents, |world| world.delete_custom_status(id, stamp));
        let deleted = deleted.map_err(|error| refusal::of_status(&error))?;
        Ok(document(&deleted))
    };
    blocking::answer(blocking::are_many(agents), delete).await
}

fn read(
    account: &Account,
    document: &Document<'_>,
    id: Identity<'_>,
) -> Result<(Option<StatusId>, SeededStatus), ControlError> {
    let (directory, statuses) = (account.world.directory(), account.world.catalog());
    let known = KnownToWorld {
        directory: &directory,
        statuses: &statuses,
    };
    body::read(document, |node| read_custom_status(node, id, &known))
}

fn unknown(id: StatusId) -> ControlError {
    refusal::of_status(&WriteError::UnknownStatus(id))
}

fn document(status: &Status) -> Json<Value> {
    Json(write::status(status))
}
