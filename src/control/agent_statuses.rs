//! Unified statuses: all of them listed, and custom ones created, edited and deleted, as an admin does
//! in Zendesk's admin centre.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::account_path::AccountPath;
use super::error::{ControlError, ControlResult};
use super::references::References;
use super::{blocking, body, refusal, saved_status};
use crate::account::Account;
use crate::document::json::Document;
use crate::seed::{Identity, SeededStatus, check_status_removals, read_custom_status, write};
use crate::world::{Stamp, Status, StatusId, StatusKind, WriteError};

/// `GET /_emulator/accounts/{subdomain}/agent_statuses`
pub(crate) async fn list_agent_statuses(path: AccountPath) -> ControlResult {
    path.run_due().await;
    let list = move || {
        let statuses = path.account.world.catalog();
        let (custom, standard): (Vec<_>, Vec<_>) =
            statuses.iter().partition(|status| status.is_custom());
        let all = standard.into_iter().chain(custom);
        let documents: Vec<_> = all.map(|status| document(status)).collect();
        Ok(Json(json!({ "agent_statuses": documents })))
    };
    blocking::answer(true, list).await
}

/// `POST /_emulator/accounts/{subdomain}/agent_statuses`
pub(crate) async fn create_agent_status(path: AccountPath, request: Request) -> ControlResult {
    let create = |account: &Account, given: &Document<'_>, stamp: Stamp| {
        let (id, seeded) = read(account, given, Identity::Open)?;
        let created = account.world.save_status(id, |id, held| match held {
            Some(_) => Err(WriteError::DuplicateStatus(id)),
            None => Ok(seeded.onto(id, None, stamp.time)),
        });
        let created = created.map_err(|error| refusal::of_status(&error))?;
        Ok((StatusCode::CREATED, Json(document(&created))).into_response())
    };
    path.work(request, create).await
}

/// `GET /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn show_agent_status(path: AccountPath) -> ControlResult {
    let id = path.status()?;
    path.run_due().await;
    let status = path.account.world.status(id).ok_or_else(|| unknown(id))?;
    Ok(Json(document(&status)).into_response())
}

/// `PUT /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn replace_agent_status(path: AccountPath, request: Request) -> ControlResult {
    let id = path.status()?;
    let replace = move |account: &Account, given: &Document<'_>, stamp: Stamp| {
        let (_, seeded) = read(account, given, Identity::Given(id.0))?;
        let mut is_new = false;
        let replaced = account.world.save_status(Some(id), |id, held| {
            is_new = held.is_none();
            Ok(seeded.onto(id, held.map(|held| &**held), stamp.time))
        });
        let replaced = replaced.map_err(|error: WriteError| refusal::of_status(&error))?;
        Ok((saved_status(is_new), Json(document(&replaced))).into_response())
    };
    path.work(request, replace).await
}

/// `PATCH /_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}`
pub(crate) async fn update_agent_status(path: AccountPath, request: Request) -> ControlResult {
    let id = path.status()?;
    let update = move |account: &Account, patch: &Document<'_>, stamp: Stamp| {
        let references = References::of(account);
        let updated = account.world.save_status(Some(id), |id, before| {
            let before = before.ok_or_else(|| unknown(id))?;
            let (_, seeded) = body::read_patched(
                &write::status(before),
                patch.value(),
                check_status_removals,
                |node| read_custom_status(node, Identity::Given(id.0), &references.known()),
            )?;
            Ok::<_, ControlError>(seeded.onto(id, Some(before), stamp.time))
        })?;
        Ok(Json(document(&updated)))
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
        Ok(Json(document(&deleted)))
    };
    blocking::answer(blocking::are_many(agents), delete).await
}

fn read(
    account: &Account,
    document: &Document<'_>,
    id: Identity<'_>,
) -> Result<(Option<StatusId>, SeededStatus), ControlError> {
    let references = References::of(account);
    body::read(document, |node| {
        read_custom_status(node, id, &references.known())
    })
}

fn unknown(id: StatusId) -> ControlError {
    refusal::of_status(&WriteError::UnknownStatus(id))
}

/// The status as a seed has it; a standard one also with what follows from its kind.
fn document(status: &Status) -> Value {
    let mut document = write::status(status);
    if let StatusKind::Standard(standard) = status.kind {
        document["standard"] = standard.as_str().into();
        document["channels"] = write::status_channels(status);
    }
    document
}
