//! Zendesk Talk: how agents take calls, whether they are in one, and the numbers of the call
//! statistics. The Talk state of an agent is the status of its channel `talk`.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::filter::MatchingAgents;
use super::page::Ordered;
use super::{
    Agent, AgentFilter, AgentId, ChannelName, ChannelRecord, ChannelStatus, EventKind, GroupId,
    Micros, Record, Stamp, WorkItemReason, World, WriteError,
};
use crate::names::{Named, named_enum};

named_enum! {
    /// What an agent takes calls with.
    #[derive(Default)]
    #[non_exhaustive]
    pub enum Via {
        /// The browser.
        #[default]
        Client => "client",
        /// A telephone, to which calls are forwarded.
        Phone => "phone",
    }
}

named_enum! {
    /// Whether an agent is busy with a call.
    #[non_exhaustive]
    pub enum CallStatus {
        /// In a call.
        OnCall => "on_call",
        /// Finishing what a call has left to do.
        WrapUp => "wrap_up",
    }
}

named_enum! {
    /// A number of the statistics of an agent. Times are in seconds.
    #[non_exhaustive]
    pub enum TalkStatistic {
        /// Time in which the agent could get calls.
        AvailableTime => "available_time",
        /// Time in the state away.
        AwayTime => "away_time",
        /// Time in the state online.
        OnlineTime => "online_time",
        /// Time in the state `transfers_only`.
        TransfersOnlyTime => "transfers_only_time",
        /// Calls accepted.
        CallsAccepted => "calls_accepted",
        /// Calls declined.
        CallsDenied => "calls_denied",
        /// Calls not answered.
        CallsMissed => "calls_missed",
        /// Calls put on hold.
        CallsPutOnHold => "calls_put_on_hold",
        /// Transfers accepted.
        AcceptedTransfers => "accepted_transfers",
        /// Transfers to others.
        StartedTransfers => "started_transfers",
        /// Conferences with third parties that the agent joined.
        AcceptedThirdPartyConferences => "accepted_third_party_conferences",
        /// Conferences with third parties that the agent began.
        StartedThirdPartyConferences => "started_third_party_conferences",
        /// Duration of all calls.
        TotalCallDuration => "total_call_duration",
        /// Time in conversation.
        TotalTalkTime => "total_talk_time",
        /// Time on hold.
        TotalHoldTime => "total_hold_time",
        /// Time in wrap-up.
        TotalWrapUpTime => "total_wrap_up_time",
        /// Time in conversation, per call.
        AverageTalkTime => "average_talk_time",
        /// Time on hold, per call.
        AverageHoldTime => "average_hold_time",
        /// Time in wrap-up, per call.
        AverageWrapUpTime => "average_wrap_up_time",
    }
}

named_enum! {
    /// A number of the queue of calls. Times are in seconds.
    #[non_exhaustive]
    pub enum QueueStatistic {
        /// Calls in the queue.
        CallsWaiting => "calls_waiting",
        /// Requests for a callback in the queue.
        CallbacksWaiting => "callbacks_waiting",
        /// Those of them that came from the web widget.
        EmbeddableCallbacksWaiting => "embeddable_callbacks_waiting",
        /// How long a call waits.
        AverageWaitTime => "average_wait_time",
        /// How long the call has waited that has waited longest.
        LongestWaitTime => "longest_wait_time",
    }
}

/// The Zendesk Talk data of an agent, besides the status of its channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Talk {
    /// What the agent takes calls with.
    pub via: Via,
    /// Whether the agent is busy with a call. If this is not given, the work items decide.
    pub call_status: Option<CallStatus>,
    /// When the agent's last accepted call ended.
    pub call_ended_at: Option<Timestamp>,
    /// The statistics of the agent. One that is not given is 0.
    pub activity: BTreeMap<TalkStatistic, u64>,
}

impl Talk {
    /// The same, with its time in whole microseconds.
    pub(super) fn cut_to_micros(&self) -> Self {
        let cut = |time: Timestamp| Timestamp::from(Micros::from(time));
        Self {
            call_ended_at: self.call_ended_at.map(cut),
            ..self.clone()
        }
    }
}

/// The numbers of the queue of calls. One that is not given is 0.
pub type TalkQueue = BTreeMap<QueueStatistic, u64>;

/// A change of the Talk data of an agent. Members that are not given stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TalkUpdate {
    /// The state, which is the status of the channel.
    pub state: Option<StateUpdate>,
    /// What the agent takes calls with.
    pub via: Option<Via>,
}

/// A state to go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateUpdate {
    /// This one.
    State(ChannelStatus),
    /// One in which the agent takes calls, or does not. The state stays if that is so already.
    Available(bool),
}

impl StateUpdate {
    /// The state that follows on this one.
    fn from(self, present: ChannelStatus) -> ChannelStatus {
        match self {
            Self::State(state) => state,
            Self::Available(available) if available == (present == ChannelStatus::Online) => {
                present
            }
            Self::Available(true) => ChannelStatus::Online,
            Self::Available(false) => ChannelStatus::Offline,
        }
    }
}

/// Whether an event is the end of a call that an agent had accepted.
pub(super) fn ends_call(kind: &EventKind) -> bool {
    let accepted = WorkItemReason::Accepted;
    match kind {
        EventKind::WorkItemRemoved { channel, item } => {
            *channel == ChannelName::Talk && item.reason == accepted
        }
        EventKind::WorkItemUpdated {
            channel,
            item,
            previous_reason,
        } => {
            *channel == ChannelName::Talk && *previous_reason == accepted && item.reason != accepted
        }
        _ => false,
    }
}

impl Record {
    /// What the agent takes calls with.
    pub(crate) fn via(&self) -> Via {
        self.talk().map(|talk| talk.via).unwrap_or_default()
    }

    /// The state of the agent, if it has a channel for calls.
    pub(crate) fn talk_state(&self) -> Option<ChannelStatus> {
        self.channel(ChannelName::Talk).map(ChannelRecord::status)
    }

    /// The statistics of the agent, all of them.
    pub(crate) fn talk_statistics(&self) -> BTreeMap<TalkStatistic, u64> {
        self.talk().map_or_else(
            || complete(&BTreeMap::new()),
            |talk| complete(&talk.activity),
        )
    }

    /// Whether the agent is busy with a call. After a call it is in wrap-up for `wrap_up`.
    pub(crate) fn call_status(&self, now: Timestamp, wrap_up: Duration) -> Option<CallStatus> {
        let mut items = self.channel(ChannelName::Talk)?.items();
        let is_on_call = items.any(|item| item.reason() == WorkItemReason::Accepted);
        call_status(self.talk(), is_on_call, now, wrap_up)
    }
}

impl Agent {
    /// Whether the agent is busy with a call. After a call it is in wrap-up for `wrap_up`.
    pub fn call_status(&self, now: Timestamp, wrap_up: Duration) -> Option<CallStatus> {
        let mut items = self.channel(ChannelName::Talk)?.work_items.iter();
        let is_on_call = items.any(|item| item.reason == WorkItemReason::Accepted);
        call_status(Some(&self.talk), is_on_call, now, wrap_up)
    }
}

fn call_status(
    talk: Option<&Talk>,
    is_on_call: bool,
    now: Timestamp,
    wrap_up: Duration,
) -> Option<CallStatus> {
    let fixed = talk.and_then(|talk| talk.call_status);
    if fixed.is_some() {
        return fixed;
    }
    if is_on_call {
        return Some(CallStatus::OnCall);
    }
    // The account's clock may have been moved back behind the end of the call.
    let since = now.duration_since(talk?.call_ended_at?);
    let since = Duration::try_from(since).ok()?;
    (since < wrap_up).then_some(CallStatus::WrapUp)
}

/// All numbers, also those that are not given, which are 0.
fn complete<T: Named + Ord>(given: &BTreeMap<T, u64>) -> BTreeMap<T, u64> {
    let number = |name| given.get(name).copied().unwrap_or_default();
    T::ALL.iter().map(|name| (*name, number(name))).collect()
}

impl World {
    /// Changes the Talk data of an agent, as Zendesk's API does. While omnichannel routing is on, the
    /// state follows the unified status and cannot be changed here.
    pub fn update_talk(
        &self,
        id: AgentId,
        update: TalkUpdate,
        stamp: impl Into<Stamp>,
    ) -> Result<Agent, WriteError> {
        self.change(id, stamp, |change| {
            let present = change.channel(ChannelName::Talk)?.status;
            let state = update.state.map_or(present, |update| update.from(present));
            if state != present && self.routing().on {
                return Err(WriteError::RoutingOn);
            }
            change.set_channel_status(ChannelName::Talk, state);
            let talk = &mut change.agent.talk;
            let via = update.via.unwrap_or(talk.via);
            if std::mem::replace(&mut talk.via, via) != via {
                change.next_version();
            }
            Ok(())
        })
    }

    /// How many agents a filter of [`AgentFilter::on_talk`] matches.
    pub(crate) fn count_on_talk(&self, filter: &AgentFilter) -> usize {
        let state = self.read();
        if filter.group.is_none() && filter.agent.is_none() {
            return state.index.count_on_channel(ChannelName::Talk);
        }
        MatchingAgents::new(&state.index, filter)
            .after(None)
            .count()
    }

    /// How many agents have this Talk state.
    pub(crate) fn talk_agents_in(&self, state: ChannelStatus) -> usize {
        self.read().index.on_channel(ChannelName::Talk, state).len()
    }

    /// The numbers of the queue of calls, all of them.
    pub fn talk_queue(&self) -> TalkQueue {
        complete(&self.talk_queue.read())
    }

    /// Changes the numbers of the queue of calls, unless `edit` refuses. Returns all of them.
    pub(crate) fn update_talk_queue<E>(
        &self,
        edit: impl FnOnce(&TalkQueue) -> Result<TalkQueue, E>,
    ) -> Result<TalkQueue, E> {
        let _writing = self.write();
        let edited = edit(&self.talk_queue.read())?;
        self.talk_queue.write().clone_from(&edited);
        Ok(complete(&edited))
    }
}

impl AgentFilter {
    /// The agents that have a channel for calls: those of any of these groups, if groups are given,
    /// and any of these agents, if agents are given.
    pub(crate) fn on_talk(groups: Option<Vec<GroupId>>, agents: Option<Vec<AgentId>>) -> Self {
        let statuses = ChannelStatus::ALL.iter();
        Self {
            channel_status: Some(
                statuses
                    .map(|status| (ChannelName::Talk, *status))
                    .collect(),
            ),
            group: groups,
            agent: agents,
            ..Self::default()
        }
    }
}
