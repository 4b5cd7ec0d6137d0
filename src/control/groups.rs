//! The groups of an account, one by one.
//!
//! A group cannot be deleted alone, because agents and statuses refer to it. A snapshot can leave it
//! out together with those references.

use std::sync::Arc;

use axum::extract::Request;
use jiff::Timestamp;

use super::account_path::AccountPath;
use super::directory::{self, DirectoryEntry};
use super::error::ControlResult;
use crate::document::reader::Node;
use crate::seed::{Identity, groups, write};
use crate::wire::group::GroupDocument;
use crate::world::{Directory, Group, GroupId, WriteError};

/// `GET /_emulator/accounts/{subdomain}/groups`
pub(crate) async fn list_groups(path: AccountPath) -> ControlResult {
    directory::list::<Group>(path).await
}

/// `GET /_emulator/accounts/{subdomain}/groups/{group_id}`
pub(crate) async fn show_group(path: AccountPath) -> ControlResult {
    directory::show::<Group>(path).await
}

/// `PUT /_emulator/accounts/{subdomain}/groups/{group_id}`
pub(crate) async fn replace_group(path: AccountPath, request: Request) -> ControlResult {
    directory::replace::<Group>(path, request).await
}

/// `PATCH /_emulator/accounts/{subdomain}/groups/{group_id}`
pub(crate) async fn update_group(path: AccountPath, request: Request) -> ControlResult {
    directory::update::<Group>(path, request).await
}

impl DirectoryEntry for Group {
    type Document = GroupDocument;

    const NAME: &'static str = "group";
    const PARAMETER: &'static str = "group_id";
    const LIST: &'static str = "groups";
    const KEYS: &'static [&'static str] = groups::GROUP_KEYS;

    fn all(directory: &Directory) -> Vec<&Self> {
        directory.groups.values().collect()
    }

    fn find(directory: &Directory, id: u64) -> Option<&Self> {
        directory.groups.get(&GroupId(id))
    }

    fn read(node: &Node<'_>, id: u64, _: &Directory, _: Timestamp) -> Option<Self> {
        groups::read_group(node, Identity::Given(id))
    }

    fn write(&self) -> GroupDocument {
        write::group(self)
    }

    fn save(self, directory: &mut Directory, _: Timestamp) -> Result<(), WriteError> {
        Arc::make_mut(&mut directory.groups).insert(self.id, self);
        Ok(())
    }
}
