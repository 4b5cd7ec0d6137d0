//! The ids of JSON:API resources.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::world::AgentId;

/// `agent_availabilities|10011`
#[derive(Clone, Copy)]
pub(super) struct AgentKey(pub(super) AgentId);

impl fmt::Display for AgentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "agent_availabilities|{}", self.0)
    }
}

impl Serialize for AgentKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
