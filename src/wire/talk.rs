//! Zendesk Talk: what an agent has of it, and its queue.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::times;
use crate::world::{CallStatus, TalkStatistic, Via};

/// What an agent has of Zendesk Talk beside the status of its channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TalkDocument {
    /// What the agent takes calls with.
    #[serde(default)]
    pub via: Via,
    /// Whether the agent is busy with a call. If this is not given, the work items decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_status: Option<CallStatus>,
    /// When the agent's last accepted call ended.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "times::optional_micros",
        default
    )]
    pub call_ended_at: Option<Timestamp>,
    /// The statistics of the agent. One that is not given is 0.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub activity: BTreeMap<TalkStatistic, u64>,
}
