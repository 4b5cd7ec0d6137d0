//! Groups.

use serde::{Deserialize, Serialize};

use super::{is_true, yes};

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupDocument {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What it is for, if that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is public.
    #[serde(skip_serializing_if = "is_true", default = "yes")]
    pub is_public: bool,
}

impl GroupDocument {
    /// A public group without a description.
    pub fn new(id: u64, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            description: None,
            is_public: true,
        }
    }
}
