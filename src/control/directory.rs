//! What calls do to the users and tokens of an account. `users.rs` and `tokens.rs` have the calls.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::account_path::AccountPath;
use super::error::ControlError;
use super::{blocking, body};
use crate::account::Account;
use crate::document::json::Document;
use crate::document::merge::{merge, removals};
use crate::document::reader::{self, Node};
use crate::seed::{Known, KnownToWorld};
use crate::world::{Directory, UserId, WriteError};

/// What a directory has several of, each with an id.
pub(super) trait DirectoryEntry: Sized + 'static {
    type Document: Serialize;

    /// What it is called, and the parameter of the path that names one.
    const NAME: &'static str;
    const PARAMETER: &'static str;
    /// The member of the answer that lists them.
    const LIST: &'static str;
    /// The members of its document.
    const KEYS: &'static [&'static str];

    /// All of them, by id.
    fn all(directory: &Directory) -> Vec<&Self>;
    fn find(directory: &Directory, id: u64) -> Option<&Self>;
    /// Reads a document for the one with this id.
    fn read(node: &Node<'_>, id: u64, known: &dyn Known) -> Option<Self>;
    fn write(&self) -> Self::Document;
    fn save(self, directory: &mut Directory) -> Result<(), WriteError>;
    fn remove(directory: &mut Directory, id: u64);
    /// The user whose role a change may concern.
    fn user(_: u64) -> Option<UserId> {
        None
    }
}

/// Lists them.
pub(super) async fn list<E: DirectoryEntry>(path: AccountPath) -> Result<Response, ControlError> {
    path.run_due().await;
    let directory = path.account.world.directory();
    let list = move || {
        let documents: Vec<_> = E::all(&directory).into_iter().map(E::write).collect();
        Ok(Json(BTreeMap::from([(E::LIST, documents)])))
    };
    blocking::answer(true, list).await
}

/// Shows one.
pub(super) async fn show<E: DirectoryEntry>(path: AccountPath) -> Result<Response, ControlError> {
    let id = path.id(E::NAME, E::PARAMETER)?;
    path.run_due().await;
    let document = found::<E>(&path.account.world.directory(), id)?.write();
    Ok(Json(document).into_response())
}

/// Makes one, or replaces it whole.
pub(super) async fn replace<E: DirectoryEntry>(
    path: AccountPath,
    request: Request,
) -> Result<Response, ControlError> {
    let id = path.id(E::NAME, E::PARAMETER)?;
    let replace = move |account: &Account, given: &Document<'_>, _| {
        account.world.update_directory(E::user(id), |directory| {
            let status = if E::find(directory, id).is_some() {
                StatusCode::OK
            } else {
                StatusCode::CREATED
            };
            let statuses = account.world.catalog();
            let read = body::read(given, |node| {
                E::read(
                    node,
                    id,
                    &KnownToWorld {
                        directory,
                        statuses: &statuses,
                    },
                )
            });
            save(read?, directory).map(|document| (status, document))
        })
    };
    // The directory is copied, and it can be large.
    path.long_work(true, request, replace).await
}

/// Changes one as a JSON merge patch says.
pub(super) async fn update<E: DirectoryEntry>(
    path: AccountPath,
    request: Request,
) -> Result<Response, ControlError> {
    let id = path.id(E::NAME, E::PARAMETER)?;
    let update = move |account: &Account, given: &Document<'_>, _| {
        let edits = given.value();
        account.world.update_directory(E::user(id), |directory| {
            let document = merge(
                Document::of(&found::<E>(directory, id)?.write()).value(),
                edits,
            );
            let removed = removals(edits).map_or(Ok(()), |removals| {
                reader::read(removals.value(), |node| node.object(E::KEYS).map(drop))
            });
            let statuses = account.world.catalog();
            let known = KnownToWorld {
                directory,
                statuses: &statuses,
            };
            let changed = body::both(
                removed,
                body::read(&document, |node| E::read(node, id, &known)),
            )?;
            save(changed, directory)
        })
    };
    path.long_work(true, request, update).await
}

/// Deletes one, and answers what it was.
pub(super) async fn delete<E: DirectoryEntry>(path: AccountPath) -> Result<Response, ControlError> {
    let id = path.id(E::NAME, E::PARAMETER)?;
    path.run_due().await;
    let delete = move || {
        path.account.world.update_directory(None, |directory| {
            let document = found::<E>(directory, id)?.write();
            E::remove(directory, id);
            Ok(Json(document))
        })
    };
    blocking::answer(true, delete).await
}

fn found<E: DirectoryEntry>(directory: &Directory, id: u64) -> Result<&E, ControlError> {
    E::find(directory, id)
        .ok_or_else(|| ControlError::NoRecord(format!("there is no {} {id}", E::NAME)))
}

fn save<E: DirectoryEntry>(
    entry: E,
    directory: &mut Directory,
) -> Result<Json<E::Document>, ControlError> {
    let document = entry.write();
    entry.save(directory)?;
    Ok(Json(document))
}
