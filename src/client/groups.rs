//! The groups of an account.

use super::account::{Account, path};
use super::error::ClientError;
use super::patch::patch;
use crate::wire::group::GroupDocument;

patch! {
    /// A change of a group. What is not given stays.
    GroupPatch
}

impl GroupPatch {
    /// Its new name.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with("name", name.into())
    }

    /// Its new description, or none.
    #[must_use]
    pub fn description(self, text: Option<&str>) -> Self {
        self.with("description", text)
    }

    /// Whether it is public.
    #[must_use]
    pub fn is_public(self, is_public: bool) -> Self {
        self.with("is_public", is_public)
    }
}

impl Account {
    /// All groups, by id.
    pub fn groups(&self) -> Result<Vec<GroupDocument>, ClientError> {
        self.list("groups")
    }

    /// One group.
    pub fn group(&self, id: u64) -> Result<GroupDocument, ClientError> {
        self.get(&path("groups", id))
    }

    /// Replaces the group with this id, or adds it.
    pub fn replace_group(&self, group: &GroupDocument) -> Result<GroupDocument, ClientError> {
        self.put(&path("groups", group.id), group)
    }

    /// Changes a group.
    pub fn update_group(&self, id: u64, patch: &GroupPatch) -> Result<GroupDocument, ClientError> {
        self.patch(&path("groups", id), patch)
    }
}
