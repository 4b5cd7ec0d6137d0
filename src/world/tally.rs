//! How many agents are in which status.

use std::collections::BTreeMap;

use super::slots::SlotSet;
use super::{AgentFilter, AgentId, ChannelName, ChannelStatus, Position, Record, StatusId, World};

/// How many agents are looked at under one lock, so that writes do not wait for long.
const PORTION: usize = 10_000;

/// How many agents there are, in each unified status, and on each channel with each status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) agents: usize,
    statuses: BTreeMap<StatusId, usize>,
    channels: [[usize; ChannelStatus::ALL.len()]; ChannelName::ALL.len()],
}

impl Tally {
    /// The agents in this unified status.
    pub(crate) fn in_status(&self, id: StatusId) -> usize {
        self.statuses.get(&id).copied().unwrap_or_default()
    }

    /// The agents on this channel with this status.
    pub(crate) fn on_channel(&self, name: ChannelName, status: ChannelStatus) -> usize {
        self.channels[name as usize][status as usize]
    }

    fn count(&mut self, record: &Record) {
        self.agents += 1;
        *self.statuses.entry(record.status().id).or_default() += 1;
        for channel in record.channels() {
            self.channels[channel.name() as usize][channel.status() as usize] += 1;
        }
    }
}

impl World {
    /// Counts all agents, at one instant. The index has these numbers.
    pub(crate) fn tally(&self) -> Tally {
        let state = self.read();
        let index = &state.index;
        let statuses = state.statuses.iter().map(|status| {
            let agents = index.in_status(status.id).map(SlotSet::len).sum();
            (status.id, agents)
        });
        let mut tally = Tally {
            agents: index.len(),
            statuses: statuses.collect(),
            channels: Default::default(),
        };
        for name in ChannelName::ALL {
            for status in ChannelStatus::ALL {
                tally.channels[*name as usize][*status as usize] =
                    index.on_channel(*name, *status).len();
            }
        }
        tally
    }

    /// Adds the agents that a filter matches to a tally, each once and as it is when its portion is
    /// read. This takes long if they are many.
    pub(crate) fn tally_matching(&self, filter: &AgentFilter, tally: &mut Tally) {
        let mut position: Position<AgentId> = Position::First;
        loop {
            let page = self.records(filter, &position, PORTION);
            page.items.iter().for_each(|record| tally.count(record));
            match page.items.last().filter(|_| page.has_next) {
                Some(last) => position = Position::After(last.id()),
                None => return,
            }
        }
    }
}
