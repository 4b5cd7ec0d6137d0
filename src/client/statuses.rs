//! Unified statuses.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account::Account;
use super::error::ClientError;
use super::patch::patch;
use crate::world::{ChannelName, ChannelStatus};

/// A unified status as it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct StatusDocument {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whose agents may use it; everybody if it is empty.
    #[serde(default)]
    pub group_ids: Vec<u64>,
    /// What it makes of each channel. One that is not named keeps its status. A standard status
    /// says nothing here.
    #[serde(default)]
    pub channels: BTreeMap<ChannelName, ChannelStatus>,
    /// When it was last edited; none for a standard one.
    pub updated_at: Option<Timestamp>,
}

/// A custom status as it is to be: for everybody, and without an effect on channels, unless it says
/// otherwise.
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
    /// What is to change of a custom status; what is not said stays.
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

    /// Its id, which is free; the next one that is, if none is given.
    #[must_use]
    pub fn id(self, id: u64) -> Self {
        Self {
            id: Some(id),
            ..self
        }
    }

    /// What it is for.
    #[must_use]
    pub fn description(self, text: impl Into<String>) -> Self {
        Self {
            description: Some(text.into()),
            ..self
        }
    }

    /// Only agents of these groups may use it.
    #[must_use]
    pub fn group_ids(self, ids: impl IntoIterator<Item = u64>) -> Self {
        Self {
            group_ids: ids.into_iter().collect(),
            ..self
        }
    }

    /// It makes this of the channel.
    #[must_use]
    pub fn channel(mut self, name: ChannelName, status: ChannelStatus) -> Self {
        self.channels.insert(name, status);
        self
    }

    /// When it was last edited; now if that is not said.
    #[must_use]
    pub fn updated_at(self, time: Timestamp) -> Self {
        Self {
            updated_at: Some(time),
            ..self
        }
    }
}

/// A custom status that was read, to change it and put it back.
impl From<StatusDocument> for NewStatus {
    fn from(status: StatusDocument) -> Self {
        let StatusDocument {
            id,
            name,
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

    /// Only agents of these groups may use it; everybody if there are none.
    #[must_use]
    pub fn group_ids(self, ids: impl IntoIterator<Item = u64>) -> Self {
        self.with("group_ids", ids.into_iter().collect::<Vec<_>>())
    }

    /// It makes this of the channel; none is that the channel keeps its status.
    #[must_use]
    pub fn channel(mut self, name: ChannelName, status: Option<ChannelStatus>) -> Self {
        // Indexing makes the object, which is never anything else.
        let channels = self.0.entry("channels").or_insert_with(|| json!({}));
        channels[name.as_str()] = status.map(ChannelStatus::as_str).into();
        self
    }
}

impl Account {
    /// All unified statuses, the standard ones first. They are read from the snapshot, which has
    /// the whole account.
    pub fn agent_statuses(&self) -> Result<Vec<StatusDocument>, ClientError> {
        #[derive(Deserialize)]
        struct WithStatuses {
            agent_statuses: Statuses,
        }
        #[derive(Deserialize)]
        struct Statuses {
            default: Vec<StatusDocument>,
            custom: Vec<StatusDocument>,
        }
        let snapshot: WithStatuses = self.get("/snapshot")?;
        let Statuses { default, custom } = snapshot.agent_statuses;
        Ok(default.into_iter().chain(custom).collect())
    }

    /// One unified status, a custom one or a standard one.
    pub fn agent_status(&self, id: u64) -> Result<StatusDocument, ClientError> {
        self.get(&status_path(id))
    }

    /// Makes a custom status.
    pub fn create_agent_status(&self, status: &NewStatus) -> Result<StatusDocument, ClientError> {
        self.post("/agent_statuses", status)
    }

    /// Makes the custom status with this id what the document says, whether or not it is there.
    /// Agents that are in it stay as they are until their status is set again.
    pub fn replace_agent_status(
        &self,
        id: u64,
        status: &NewStatus,
    ) -> Result<StatusDocument, ClientError> {
        self.put(&status_path(id), status)
    }

    /// Changes some of a custom status.
    pub fn update_agent_status(
        &self,
        id: u64,
        patch: &StatusPatch,
    ) -> Result<StatusDocument, ClientError> {
        self.patch(&status_path(id), patch)
    }

    /// Deletes a custom status, and returns what it was. Agents that are in it go offline.
    pub fn delete_agent_status(&self, id: u64) -> Result<StatusDocument, ClientError> {
        self.delete_at(&status_path(id))
    }
}

fn status_path(id: u64) -> String {
    format!("/agent_statuses/{id}")
}
