//! Changes through the control API and in the world itself, made to the account and to its model.

use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::world::{
    self, AgentId, AgentStatus, ChannelName, ChannelStatus, GroupId, SkillId, StatusId,
    StatusReason, WorkItem, WorkItemId, WorkItemReason,
};

use super::agents::{Agent, Agents, CHANNELS, Channel, Item, mapped};
use crate::harness::Account;

/// A change that is not made through Zendesk's API.
#[derive(Clone, Debug)]
pub(super) enum Write {
    AddAgent {
        id: u64,
        status: u64,
        groups: Option<Vec<u64>>,
        skilled: Option<bool>,
        channels: Vec<(&'static str, Option<u32>)>,
    },
    RemoveAgent(u64),
    AddItem {
        id: u64,
        channel: &'static str,
        item: u64,
        age: u64,
    },
    UpdateItem {
        id: u64,
        channel: &'static str,
        item: u64,
    },
    RemoveItem {
        id: u64,
        channel: &'static str,
        item: u64,
    },
    Capacity {
        id: u64,
        channel: &'static str,
        capacity: Option<u32>,
    },
    PutChannel {
        id: u64,
        channel: &'static str,
        capacity: Option<u32>,
    },
    RemoveChannel {
        id: u64,
        channel: &'static str,
    },
    ChannelStatus {
        id: u64,
        channel: &'static str,
        status: &'static str,
    },
    Groups {
        id: u64,
        groups: Vec<u64>,
    },
    Skills {
        id: u64,
        skilled: bool,
    },
    Routing {
        on: bool,
        agents_offline: bool,
    },
}

fn name(channel: &str) -> ChannelName {
    ChannelName::parse(channel).expect("a channel")
}

fn skills(skilled: bool) -> Vec<&'static str> {
    if skilled { vec!["french"] } else { Vec::new() }
}

impl Write {
    /// Makes the change in the account, and returns whether it was accepted.
    pub(super) fn apply(&self, account: &Account) -> bool {
        let (world, now) = (account.world(), account.now());
        match self {
            Self::AddAgent {
                id,
                status,
                groups,
                skilled,
                channels,
            } => {
                let channel = |(channel, max_capacity): &(&str, Option<u32>)| {
                    let mut channel =
                        world::Channel::new(name(channel), ChannelStatus::Offline, now);
                    channel.max_capacity = *max_capacity;
                    channel
                };
                let status = world
                    .status(StatusId(*status))
                    .expect("a status of the seed");
                let status = AgentStatus::new(status, StatusReason::Unknown, now);
                let mut agent = world::Agent::new(AgentId(*id), status);
                agent.channels = channels.iter().map(channel).collect();
                agent.groups = groups
                    .as_ref()
                    .map(|groups| groups.iter().copied().map(GroupId).collect());
                agent.skills = skilled.map(|skilled| {
                    skills(skilled)
                        .into_iter()
                        .map(|id| SkillId(id.into()))
                        .collect()
                });
                account.add_agent(&agent).is_ok()
            }
            Self::RemoveAgent(id) => world.remove_agent(AgentId(*id)).is_ok(),
            Self::AddItem {
                id,
                channel,
                item,
                age,
            } => {
                let added_at = now - Duration::from_secs(*age);
                let item = WorkItem::new(WorkItemId(*item), added_at, WorkItemReason::Offered);
                world
                    .add_work_item(AgentId(*id), name(channel), item, now)
                    .is_ok()
            }
            Self::UpdateItem { id, channel, item } => {
                let (item, reason) = (WorkItemId(*item), WorkItemReason::Accepted);
                world
                    .update_work_item(AgentId(*id), name(channel), item, reason, now)
                    .is_ok()
            }
            Self::RemoveItem { id, channel, item } => world
                .remove_work_item(AgentId(*id), name(channel), WorkItemId(*item), now)
                .is_ok(),
            Self::Capacity {
                id,
                channel,
                capacity,
            } => account
                .set_max_capacity(AgentId(*id), name(channel), *capacity)
                .is_ok(),
            Self::PutChannel {
                id,
                channel,
                capacity,
            } => account
                .put_channel(AgentId(*id), name(channel), *capacity)
                .is_ok(),
            Self::RemoveChannel { id, channel } => world
                .remove_channel(AgentId(*id), name(channel), now)
                .is_ok(),
            Self::ChannelStatus {
                id,
                channel,
                status,
            } => {
                let status = ChannelStatus::parse(status).expect("a channel's status");
                account
                    .set_channel_status(AgentId(*id), name(channel), status)
                    .is_ok()
            }
            Self::Groups { id, groups } => {
                let groups: Vec<_> = groups.iter().copied().map(GroupId).collect();
                account.set_groups(AgentId(*id), &groups).is_ok()
            }
            Self::Skills { id, skilled } => {
                let skills: Vec<_> = skills(*skilled)
                    .into_iter()
                    .map(|id| SkillId(id.into()))
                    .collect();
                account.set_skills(AgentId(*id), &skills).is_ok()
            }
            Self::Routing { on, agents_offline } => {
                world.set_omnichannel_routing(*on, *agents_offline, now)
            }
        }
    }

    /// Makes the change in the model. Assumed: each change is one event unless the code says
    /// otherwise, and a change of skills has none.
    pub(super) fn apply_to_model(&self, agents: &mut Agents, now: Timestamp) -> bool {
        let done = match self {
            Self::AddAgent { .. } => self.add_to_model(agents, now),
            Self::RemoveAgent(id) => {
                let there = agents.get(*id).is_some();
                agents.all.retain(|agent| agent.id != *id);
                there.then_some(())
            }
            Self::AddItem {
                id,
                channel,
                item,
                age,
            } => agents.change(*id, |agent| {
                let items = &mut agent.channel_mut(channel)?.items;
                if items.iter().any(|held| held.id == *item) {
                    return None;
                }
                items.push(Item {
                    id: *item,
                    added_at: now - Duration::from_secs(*age),
                    reason: "OFFERED",
                });
                items.sort_by_key(|item| (item.added_at, item.id));
                Some(1)
            }),
            Self::UpdateItem { id, channel, item } => agents.change(*id, |agent| {
                agent
                    .channel_mut(channel)?
                    .items
                    .iter_mut()
                    .find(|held| held.id == *item)?
                    .reason = "ACCEPTED";
                Some(1)
            }),
            Self::RemoveItem { id, channel, item } => {
                let mut came = None;
                let done = agents.change(*id, |agent| {
                    let items = &mut agent.channel_mut(channel)?.items;
                    came = items
                        .iter()
                        .find(|held| held.id == *item)
                        .map(|held| held.added_at);
                    items.retain(|held| held.id != *item);
                    came.map(|_| 1)
                });
                agents
                    .departed
                    .extend(came.map(|came| ((*id, *channel, *item), came)));
                done
            }
            Self::Capacity {
                id,
                channel,
                capacity,
            } => agents.change(*id, |agent| {
                let channel = agent.channel_mut(channel)?;
                if channel.capacity == *capacity {
                    return Some(0);
                }
                (channel.capacity, channel.updated_at) = (*capacity, now);
                Some(1)
            }),
            Self::PutChannel {
                id,
                channel,
                capacity,
            } => agents.change(*id, |agent| {
                let mapped = mapped(agent.status, channel);
                if let Some(held) = agent.channel_mut(channel) {
                    let status = mapped.unwrap_or(held.status);
                    let events = usize::from(held.status != status)
                        + usize::from(held.capacity != *capacity);
                    if events > 0 {
                        (held.status, held.capacity, held.updated_at) = (status, *capacity, now);
                    }
                    return Some(events);
                }
                let status = mapped.unwrap_or("offline");
                agent.channels.push(Channel {
                    name: channel,
                    status,
                    capacity: *capacity,
                    updated_at: now,
                    items: Vec::new(),
                });
                agent.channels.sort_by_key(|channel| channel.name);
                Some(1)
            }),
            // The work items are removed before the channel.
            Self::RemoveChannel { id, channel } => {
                let mut left = Vec::new();
                let done = agents.change(*id, |agent| {
                    left.clone_from(&agent.channel(channel)?.items);
                    agent.channels.retain(|other| other.name != *channel);
                    Some(1 + left.len())
                });
                agents.departed.extend(
                    left.into_iter()
                        .map(|item| ((*id, *channel, item.id), item.added_at)),
                );
                done
            }
            Self::ChannelStatus {
                id,
                channel,
                status,
            } => agents.change(*id, |agent| {
                let channel = agent.channel_mut(channel)?;
                if channel.status == *status {
                    return Some(0);
                }
                (channel.status, channel.updated_at) = (status, now);
                Some(1)
            }),
            Self::Groups { id, groups } => agents.change(*id, |agent| {
                let previous = agent.groups.replace(groups.clone());
                Some(usize::from(previous != agent.groups))
            }),
            Self::Skills { id, skilled } => agents.change(*id, |agent| {
                let previous = agent.skills.replace(skills(*skilled));
                agent.version += u64::from(previous != agent.skills);
                Some(0)
            }),
            Self::Routing { on, agents_offline } => {
                return agents.set_routing(*on, *agents_offline, now);
            }
        };
        done.is_some()
    }

    fn add_to_model(&self, agents: &mut Agents, now: Timestamp) -> Option<()> {
        let Self::AddAgent {
            id,
            status,
            groups,
            skilled,
            channels,
        } = self
        else {
            return None;
        };
        if agents.get(*id).is_some() {
            return None;
        }
        let channel = |(name, capacity): &(&'static str, Option<u32>)| Channel {
            name,
            status: "offline",
            capacity: *capacity,
            updated_at: now,
            items: Vec::new(),
        };
        let mut channels: Vec<_> = channels.iter().map(channel).collect();
        channels.sort_by_key(|channel| channel.name);
        agents.all.push(Agent {
            id: *id,
            version: 1,
            status: *status,
            reason: "UNKNOWN",
            since: now,
            groups: groups.clone(),
            skills: skilled.map(skills),
            channels,
        });
        Some(())
    }
}

pub(super) fn write() -> impl Strategy<Value = Write> {
    let id = || 1..=8_u64;
    let channel = || prop_oneof![3 => Just("messaging"), 1 => select(CHANNELS)];
    let groups = || {
        vec(1..4_u64, 0..3).prop_map(|groups| {
            groups.into_iter().fold(Vec::new(), |mut once, it| {
                if !once.contains(&it) && it < 3 {
                    once.push(it);
                }
                once
            })
        })
    };
    let capacity = || option::of(0..4_u32);
    let status = select(&["online", "away", "transfers_only", "offline"][..]);
    let standard = select(&[2_u64, 3, 4, 5, 50, 51][..]);
    let channels = subsequence(CHANNELS, 0..=4).prop_flat_map(move |names| {
        let count = names.len();
        (Just(names), vec(option::of(0..4_u32), count))
            .prop_map(|(names, capacities)| names.into_iter().zip(capacities).collect())
    });
    let agent = (
        id(),
        standard,
        option::of(groups()),
        option::of(any::<bool>()),
        channels,
    );
    let agent = agent.prop_map(|(id, status, groups, skilled, channels)| Write::AddAgent {
        id,
        status,
        groups,
        skilled,
        channels,
    });
    prop_oneof![
        3 => agent,
        1 => id().prop_map(Write::RemoveAgent),
        8 => (id(), channel(), 0..9_u64, 0..3_u64).prop_map(|(id, channel, item, age)| Write::AddItem { id, channel, item, age }),
        1 => (id(), channel(), 0..9_u64).prop_map(|(id, channel, item)| Write::UpdateItem { id, channel, item }),
        3 => (id(), channel(), 0..9_u64).prop_map(|(id, channel, item)| Write::RemoveItem { id, channel, item }),
        1 => (id(), channel(), capacity()).prop_map(|(id, channel, capacity)| Write::Capacity { id, channel, capacity }),
        1 => (id(), channel(), capacity()).prop_map(|(id, channel, capacity)| Write::PutChannel { id, channel, capacity }),
        1 => (id(), channel()).prop_map(|(id, channel)| Write::RemoveChannel { id, channel }),
        1 => (id(), channel(), status).prop_map(|(id, channel, status)| Write::ChannelStatus { id, channel, status }),
        1 => (id(), groups()).prop_map(|(id, groups)| Write::Groups { id, groups }),
        1 => (id(), any::<bool>()).prop_map(|(id, skilled)| Write::Skills { id, skilled }),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(on, agents_offline)| Write::Routing { on, agents_offline }),
    ]
}
