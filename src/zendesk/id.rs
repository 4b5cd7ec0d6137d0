//! The ids of JSON:API resources.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::world::{AgentId, ChannelName, WorkItemId};

/// `agent_availabilities|10011`
#[derive(Clone, Copy)]
pub(super) struct AgentKey(pub(super) AgentId);

/// `agent_availabilities|10011|channels|messaging`
#[derive(Clone, Copy)]
pub(super) struct ChannelKey(pub(super) AgentId, pub(super) ChannelName);

/// `agent_availabilities|10011|channels|messaging|work_items|201`
#[derive(Clone, Copy)]
pub(super) struct WorkItemKey(pub(super) AgentId, pub(super) ChannelName, pub(super) WorkItemId);

impl fmt::Display for AgentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "agent_availabilities|{}", self.0)
    }
}

impl fmt::Display for ChannelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|channels|{}", AgentKey(self.0), self.1)
    }
}

impl fmt::Display for WorkItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|work_items|{}", ChannelKey(self.0, self.1), self.2)
    }
}

impl Serialize for AgentKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for ChannelKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for WorkItemKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A resource identifier object.
#[derive(Serialize)]
pub(super) struct Reference<K> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: K,
}

impl Reference<ChannelKey> {
    pub(super) fn channel(agent: AgentId, channel: ChannelName) -> Self {
        Self { kind: "channels", id: ChannelKey(agent, channel) }
    }
}

impl Reference<WorkItemKey> {
    pub(super) fn work_item(agent: AgentId, channel: ChannelName, item: WorkItemId) -> Self {
        Self { kind: "work_items", id: WorkItemKey(agent, channel, item) }
    }
}
