//! Groups.

use serde::{Deserialize, Serialize};

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupDocument {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// The answer that lists groups.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct GroupList {
    pub(crate) groups: Vec<GroupDocument>,
}
