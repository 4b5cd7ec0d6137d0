//! What the calls to users, groups and tokens do. `users.rs`, `groups.rs` and `tokens.rs` have the
//! calls.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Request;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Serialize;

use super::account_path::AccountPath;
use super::error::{ControlError, ControlResult};
use super::{blocking, body, saved_status};
use crate::account::Account;
use crate::document::json::{Document, RawJson};
use crate::document::reader::Node;
use crate::world::{Directory, Stamp, UserId, WriteError};

/// A kind of entry of a directory, each with an id.
pub(super) trait DirectoryEntry: Sized + 'static {
    type Document: Serialize + Send;

    /// What it is called in refusals.
    const NAME: &'static str;
    /// The parameter of the path that names one.
    const PARAMETER: &'static str;
    /// The member of the answer that lists them.
    const LIST: &'static str;
    /// The members of its document.
    const KEYS: &'static [&'static str];

    /// All of them, by id.
    fn all(directory: &Directory) -> Vec<&Self>;
    fn find(directory: &Directory, id: u64) -> Option<&Self>;
    /// Reads a document for the entry with this id.
    fn read(node: &Node<'_>, id: u64, directory: &Directory, now: Timestamp) -> Option<Self>;
    fn write(&self) -> Self::Document;
    fn save(self, directory: &mut Directory, now: Timestamp) -> Result<(), WriteError>;
    /// Takes out of a document what contradicts the patch that it is going to get.
    fn prepare(_: &mut Self::Document, _: RawJson<'_>) {}
    /// What else follows from the patch, beside the members that it sets.
    fn patched(self, _before: &Self, _: RawJson<'_>, _now: Timestamp) -> Self {
        self
    }
    /// The user whose role a change may concern.
    fn user(_: u64) -> Option<UserId> {
        None
    }
}

/// Lists the entries.
pub(super) async fn list<E: DirectoryEntry>(path: AccountPath) -> ControlResult {
    list_some::<E>(path, |_, _| true).await
}

/// Lists the entries that are wanted now.
pub(super) async fn list_some<E: DirectoryEntry>(
    path: AccountPath,
    is_wanted: impl Fn(&E, Timestamp) -> bool + Send + 'static,
) -> ControlResult {
    let now = path.run_due().await.time;
    let directory = path.account.world.directory();
    let list = move || {
        let all = E::all(&directory).into_iter();
        let wanted = all.filter(|entry| is_wanted(entry, now));
        let documents: Vec<_> = wanted.map(E::write).collect();
        Ok(Json(BTreeMap::from([(E::LIST, documents)])))
    };
    blocking::answer(true, list).await
}

/// Shows an entry.
pub(super) async fn show<E: DirectoryEntry>(path: AccountPath) -> ControlResult {
    let id = path.id(E::NAME, E::PARAMETER)?;
    path.run_due().await;
    let directory = path.account.world.directory();
    Ok(Json(found::<E>(&directory, id)?.write()).into_response())
}

/// Adds an entry, or replaces it.
pub(super) async fn replace<E: DirectoryEntry>(
    path: AccountPath,
    request: Request,
) -> ControlResult {
    let id = path.id(E::NAME, E::PARAMETER)?;
    let replace = move |account: &Account, given: &Document<'_>, stamp: Stamp| {
        account.world.update_directory(E::user(id), |directory| {
            let status = saved_status(E::find(directory, id).is_none());
            let entry = body::read(given, |node| E::read(node, id, directory, stamp.time))?;
            save(entry, directory, stamp.time).map(|document| (status, document))
        })
    };
    // The directory is copied, and it can be large.
    path.long_work(request, replace).await
}

/// Applies a JSON merge patch to an entry.
pub(super) async fn update<E: DirectoryEntry>(
    path: AccountPath,
    request: Request,
) -> ControlResult {
    let id = path.id(E::NAME, E::PARAMETER)?;
    let update = move |account: &Account, patch: &Document<'_>, stamp: Stamp| {
        account.world.update_directory(E::user(id), |directory| {
            let before = found::<E>(directory, id)?;
            let mut document = before.write();
            E::prepare(&mut document, patch.value());
            let entry = body::read_patched(
                &document,
                patch.value(),
                |node| node.object(E::KEYS).map(drop),
                |node| E::read(node, id, directory, stamp.time),
            )?;
            let entry = entry.patched(before, patch.value(), stamp.time);
            save(entry, directory, stamp.time)
        })
    };
    path.long_work(request, update).await
}

/// Deletes an entry by `remove`, and returns it.
pub(super) async fn delete<E: DirectoryEntry>(
    path: AccountPath,
    remove: fn(&mut Directory, u64, Timestamp),
) -> ControlResult {
    let id = path.id(E::NAME, E::PARAMETER)?;
    let stamp = path.run_due().await;
    let delete = move || {
        path.account.world.update_directory(None, |directory| {
            let document = found::<E>(directory, id)?.write();
            remove(directory, id, stamp.time);
            Ok(Json(document))
        })
    };
    blocking::answer(true, delete).await
}

pub(super) fn found<E: DirectoryEntry>(directory: &Directory, id: u64) -> Result<&E, ControlError> {
    E::find(directory, id)
        .ok_or_else(|| ControlError::NoRecord(format!("there is no {} {id}", E::NAME)))
}

pub(super) fn save<E: DirectoryEntry>(
    entry: E,
    directory: &mut Directory,
    now: Timestamp,
) -> Result<Json<E::Document>, ControlError> {
    let document = entry.write();
    entry.save(directory, now)?;
    Ok(Json(document))
}
