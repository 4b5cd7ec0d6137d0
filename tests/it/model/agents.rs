//! The naive model: agents in a list, and the rules of the contract for them.

use std::collections::BTreeMap;

use zendesk_availability_emulator::jiff::Timestamp;

pub(super) const CHANNELS: &[&str] = &["chat", "messaging", "support", "talk"];

#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub(super) id: u64,
    pub(super) version: u64,
    pub(super) status: u64,
    pub(super) reason: &'static str,
    pub(super) since: Timestamp,
    pub(super) groups: Option<Vec<u64>>,
    pub(super) skills: Option<Vec<&'static str>>,
    /// Ordered by name.
    pub(super) channels: Vec<Channel>,
}

#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) name: &'static str,
    pub(super) status: &'static str,
    pub(super) capacity: Option<u32>,
    pub(super) updated_at: Timestamp,
    /// Oldest first.
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) added_at: Timestamp,
    pub(super) reason: &'static str,
}

impl Agent {
    pub(super) fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name == name)
    }

    pub(super) fn channel_mut(&mut self, name: &str) -> Option<&mut Channel> {
        self.channels
            .iter_mut()
            .find(|channel| channel.name == name)
    }
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Refusal {
    NoAgent,
    NoJob,
    NoCursor,
    NoStatus,
    NotInGroups,
    RoutingOff,
}

impl Refusal {
    /// Assumed.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::NoAgent | Self::NoJob => 404,
            Self::NoCursor => 400,
            Self::NoStatus | Self::NotInGroups => 422,
            Self::RoutingOff => 403,
        }
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NoAgent | Self::NoJob => "RecordNotFound",
            Self::NoCursor => "InvalidPaginationParameter",
            Self::NoStatus | Self::NotInGroups => "RecordInvalid",
            Self::RoutingOff => "OmnichannelRoutingDisabled",
        }
    }
}

/// Documented: standard statuses and their ids. 50 and 51 are the custom statuses of this account.
pub(super) fn status_name(id: u64) -> Option<&'static str> {
    Some(match id {
        2 => "offline",
        3 => "online",
        4 => "away",
        5 => "transfers_only",
        50 => "Lunch",
        51 => "Books",
        _ => return None,
    })
}

/// Documented: the channel statuses that a unified status maps to. A custom status does not change
/// the channels that it does not name (assumed).
pub(super) fn mapped(status: u64, channel: &str) -> Option<&'static str> {
    match (status, channel) {
        (2, _) | (51, "chat" | "messaging" | "talk") => Some("offline"),
        (3, _) | (4 | 50, "support") => Some("online"),
        (5, _) => Some("transfers_only"),
        (4, _) | (50, "messaging") | (51, "support") => Some("away"),
        _ => None,
    }
}

/// The agents of an account that starts with omnichannel routing on.
#[derive(Debug)]
pub(super) struct Agents {
    pub(super) all: Vec<Agent>,
    pub(super) routing: bool,
    pub(super) events: usize,
    /// When the work items that were removed had been added: by agent, channel and item.
    pub(super) departed: BTreeMap<(u64, &'static str, u64), Timestamp>,
}

impl Default for Agents {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            routing: true,
            events: 0,
            departed: BTreeMap::new(),
        }
    }
}

impl Agents {
    pub(super) fn get(&self, id: u64) -> Option<&Agent> {
        self.all.iter().find(|agent| agent.id == id)
    }

    /// Assumed: lists are ordered by id.
    pub(super) fn sorted(&self) -> Vec<&Agent> {
        let mut agents: Vec<_> = self.all.iter().collect();
        agents.sort_by_key(|agent| agent.id);
        agents
    }

    /// Changes an agent. `change` returns the number of events. Each event is a version (assumed).
    pub(super) fn change(
        &mut self,
        id: u64,
        change: impl FnOnce(&mut Agent) -> Option<usize>,
    ) -> Option<()> {
        let agent = self.all.iter_mut().find(|agent| agent.id == id)?;
        let events = change(agent)?;
        agent.version += events as u64;
        self.events += events;
        Some(())
    }

    /// Documented for the effect on channels, observed for the event of the status, assumed for the
    /// order of refusals, for a status that is set again, and for a channel whose status stays: it
    /// has no event.
    pub(super) fn set_status(
        &mut self,
        id: u64,
        status: u64,
        reason: &'static str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if !self.routing {
            return Err(Refusal::RoutingOff);
        }
        let agent = self.get(id).ok_or(Refusal::NoAgent)?;
        status_name(status).ok_or(Refusal::NoStatus)?;
        // Documented: a status may belong to groups.
        if status == 51
            && !agent
                .groups
                .as_ref()
                .is_some_and(|groups| groups.contains(&2))
        {
            return Err(Refusal::NotInGroups);
        }
        self.change(id, |agent| Some(take_status(agent, status, reason, now)))
            .ok_or(Refusal::NoAgent)
    }

    /// Documented: switching routing on in the product sets every agent to offline. Here that
    /// happens only on request (assumed).
    pub(super) fn set_routing(&mut self, on: bool, agents_offline: bool, now: Timestamp) -> bool {
        if self.routing == on {
            return false;
        }
        self.routing = on;
        self.events += 1;
        if on && agents_offline {
            for id in self.all.iter().map(|agent| agent.id).collect::<Vec<_>>() {
                self.change(id, |agent| {
                    Some(take_status(agent, 2, "OMNICHANNEL_ROUTING_ENABLED", now))
                });
            }
        }
        true
    }
}

fn take_status(agent: &mut Agent, status: u64, reason: &'static str, now: Timestamp) -> usize {
    (agent.status, agent.reason, agent.since) = (status, reason, now);
    let mut events = 1;
    for channel in &mut agent.channels {
        if let Some(new) = mapped(status, channel.name).filter(|new| *new != channel.status) {
            (channel.status, channel.updated_at) = (new, now);
            events += 1;
        }
    }
    events
}
