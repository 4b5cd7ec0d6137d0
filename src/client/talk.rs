//! What agents have of Zendesk Talk, and the queue of calls.

use jiff::Timestamp;

use super::account::Account;
use super::error::ClientError;
use super::patch::{patch, set_within};
use crate::world::{CallStatus, QueueStatistic, TalkQueue, TalkStatistic, Via};

patch! {
    /// A change of what an agent has of Zendesk Talk. What is not given stays.
    TalkChange
}

patch! {
    /// A change of the queue of calls. What is not given stays.
    TalkQueuePatch
}

impl TalkChange {
    /// What the agent takes calls with.
    #[must_use]
    pub fn via(self, via: Via) -> Self {
        self.with("via", via.as_str())
    }

    /// Whether the agent is busy with a call, whatever its work items are. With `None` they decide.
    #[must_use]
    pub fn call_status(self, status: Option<CallStatus>) -> Self {
        self.with("call_status", status.map(CallStatus::as_str))
    }

    /// When the agent's last accepted call ended.
    #[must_use]
    pub fn call_ended_at(self, time: Timestamp) -> Self {
        self.with("call_ended_at", time.to_string())
    }

    /// A number of the agent's statistics.
    #[must_use]
    pub fn statistic(mut self, name: TalkStatistic, number: u64) -> Self {
        set_within(&mut self.0, "activity", name.as_str(), number);
        self
    }
}

impl TalkQueuePatch {
    /// A number of the queue.
    #[must_use]
    pub fn statistic(self, name: QueueStatistic, number: u64) -> Self {
        self.with(name.as_str(), number)
    }
}

const TALK_QUEUE: &str = "/talk_queue";

impl Account {
    /// The numbers of the queue of calls, all of them.
    pub fn talk_queue(&self) -> Result<TalkQueue, ClientError> {
        self.get(TALK_QUEUE)
    }

    /// Replaces the numbers of the queue of calls. Those that are not given are 0.
    pub fn replace_talk_queue(&self, queue: &TalkQueue) -> Result<TalkQueue, ClientError> {
        self.put(TALK_QUEUE, queue)
    }

    /// Changes numbers of the queue of calls.
    pub fn update_talk_queue(&self, patch: &TalkQueuePatch) -> Result<TalkQueue, ClientError> {
        self.patch(TALK_QUEUE, patch)
    }
}
