//! Unified statuses.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::{Account, path};
use super::error::ClientError;
use super::patch::{patch, set_within};
use crate::world::{ChannelName, ChannelStatus};

/// A unified status as it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct StatusDocument {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Which of the standard statuses it is. `None` for a custom status.
    pub standard: Option<ChannelStatus>,
    /// What it is for.
    pub description: Option<String>,
    /// The groups whose agents may use it. If empty, all agents may.
    #[serde(default)]
    pub group_ids: Vec<u64>,
    /// The status that each channel gets. A channel that is not named keeps its status.
    #[serde(default)]
    pub channels: BTreeMap<ChannelName, ChannelStatus>,
    /// When it was last edited. `None` for a standard status.
    pub updated_at: Option<Timestamp>,
}

/// A custom status to create. By default all agents may use it, and channels keep their status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewStatus {
    id: Option<u64>,
    name: String,
    description: Option<String>,
    group_ids: Vec<u64>,
    channels: BTreeMap<ChannelName, ChannelStatus>,
    updated_at: Option<Timestamp>,
}

patch! {
    /// A change of a custom status. What is not given stays.
    StatusPatch
}

impl NewStatus {
    /// A status with this name, which is unique in the account.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: None,
            name: name.into(),
            description: None,
            group_ids: Vec::new(),
            channels: BTreeMap::new(),
            updated_at: None,
        }
    }

    /// Its id. Default: the next free one.
    #[must_use]
    pub fn id(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    /// What it is for.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Only agents of these groups may use it.
    #[must_use]
    pub fn group_ids(mut self, ids: impl IntoIterator<Item = u64>) -> Self {
        self.group_ids = ids.into_iter().collect();
        self
    }

    /// The channel gets this status.
    #[must_use]
    pub fn channel(mut self, name: ChannelName, status: ChannelStatus) -> Self {
        self.channels.insert(name, status);
        self
    }

    /// When it was last edited. Default: now.
    #[must_use]
    pub fn updated_at(mut self, time: Timestamp) -> Self {
        self.updated_at = Some(time);
        self
    }
}

/// For a custom status that was read and goes back with a change.
impl From<StatusDocument> for NewStatus {
    fn from(status: StatusDocument) -> Self {
        let StatusDocument {
            id,
            name,
            standard: _,
            description,
            group_ids,
            channels,
            updated_at,
        } = status;
        Self {
            id: Some(id),
            name,
            description,
            group_ids,
            channels,
            updated_at,
        }
    }
}

impl StatusPatch {
    /// It has another name.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with("name", name.into())
    }

    /// It has another description, or none.
    #[must_use]
    pub fn description(self, text: Option<&str>) -> Self {
        self.with("description", text)
    }

    /// Only agents of these groups may use it. If there are none, all agents may.
    #[must_use]
    pub fn group_ids(self, ids: impl IntoIterator<Item = u64>) -> Self {
        self.with("group_ids", ids.into_iter().collect::<Vec<_>>())
    }

    /// The channel gets this status. With `None` it keeps its own.
    #[must_use]
    pub fn channel(mut self, name: ChannelName, status: Option<ChannelStatus>) -> Self {
        let status = status.map(ChannelStatus::as_str);
        set_within(&mut self.0, "channels", name.as_str(), status);
        self
    }
}

impl Account {
    /// All unified statuses: the standard ones first, then the custom ones, each by id.
    pub fn agent_statuses(&self) -> Result<Vec<StatusDocument>, ClientError> {
        self.list("agent_statuses")
    }

    /// One unified status, a custom one or a standard one.
    pub fn agent_status(&self, id: u64) -> Result<StatusDocument, ClientError> {
        self.get(&path("agent_statuses", id))
    }

    /// Creates a custom status.
    pub fn create_agent_status(&self, status: &NewStatus) -> Result<StatusDocument, ClientError> {
        self.post("/agent_statuses", status)
    }

    /// Replaces the custom status with this id, or adds it. Agents that are in it stay as they are
    /// until their status is set again.
    pub fn replace_agent_status(
        &self,
        id: u64,
        status: &NewStatus,
    ) -> Result<StatusDocument, ClientError> {
        self.put(&path("agent_statuses", id), status)
    }

    /// Changes a custom status.
    pub fn update_agent_status(
        &self,
        id: u64,
        patch: &StatusPatch,
    ) -> Result<StatusDocument, ClientError> {
        self.patch(&path("agent_statuses", id), patch)
    }

    /// Deletes a custom status, and returns it. Agents that are in it go offline.
    pub fn delete_agent_status(&self, id: u64) -> Result<StatusDocument, ClientError> {
        self.delete_at(&path("agent_statuses", id))
    }
}
