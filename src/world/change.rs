//! A change of an agent, which every write to one is made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::talk::ends_call;
use super::{
    Agent, AgentId, AgentStatus, Channel, ChannelName, ChannelStatus, EventKind, Micros, Record,
    Stamp, State, Status, StatusId, StatusReason, Subject, Talk, WorkItem, WorkItemId, World,
    WriteError,
};

/// An agent that is being changed, with the events of the change.
pub(super) struct Change<'a> {
    pub(super) agent: Agent,
    pub(super) state: &'a mut State,
    events: Vec<(u64, EventKind)>,
    pub(super) now: Timestamp,
}

impl World {
    /// Changes an agent, unless `edit` refuses. `edit` may change the state only after its checks.
    pub(super) fn change(
        &self,
        id: AgentId,
        stamp: impl Into<Stamp>,
        edit: impl FnOnce(&mut Change<'_>) -> Result<(), WriteError>,
    ) -> Result<Agent, WriteError> {
        self.change_in(&mut self.write(), id, &stamp.into(), edit)
    }

    pub(super) fn change_in(
        &self,
        state: &mut State,
        id: AgentId,
        stamp: &Stamp,
        edit: impl FnOnce(&mut Change<'_>) -> Result<(), WriteError>,
    ) -> Result<Agent, WriteError> {
        let old = self.record(id).ok_or(WriteError::UnknownAgent(id))?;
        let mut change = Change {
            agent: old.unpack(),
            state,
            events: Vec::new(),
            now: stamp.time,
        };
        edit(&mut change)?;
        let Change {
            agent,
            state,
            events,
            ..
        } = change;
        let record = Record::pack(&agent);
        state.index.replace(&old, &record);
        self.agents.insert(id, record);
        for (version, kind) in events {
            state.log.push(stamp, Subject::Agent { id, version }, kind);
        }
        Ok(agent)
    }
}

impl Change<'_> {
    pub(super) fn record(&mut self, kind: EventKind) {
        if ends_call(&kind) {
            self.agent.talk.call_ended_at = Some(self.now);
        }
        self.next_version();
        self.events.push((self.agent.version, kind));
    }

    /// Counts a change that has no event.
    pub(super) fn next_version(&mut self) {
        self.agent.version = self.agent.version.saturating_add(1);
    }

    pub(super) fn channel(&mut self, name: ChannelName) -> Result<&mut Channel, WriteError> {
        let unknown = WriteError::UnknownChannel {
            agent: self.agent.id,
            channel: name,
        };
        self.agent.channel_mut(name).ok_or(unknown)
    }

    /// Puts the agent into the unified status with this id, if it may use it.
    pub(super) fn take_status(
        &mut self,
        id: StatusId,
        reason: StatusReason,
    ) -> Result<(), WriteError> {
        let status = self
            .state
            .statuses
            .get(id)
            .cloned()
            .ok_or(WriteError::UnknownStatus(id))?;
        if !self.agent.may_use(&status) {
            return Err(WriteError::NotInGroups {
                agent: self.agent.id,
                status: id,
            });
        }
        self.set_status(&status, reason);
        Ok(())
    }

    pub(super) fn set_status(&mut self, status: &Arc<Status>, reason: StatusReason) {
        self.record_status(AgentStatus {
            status: Arc::clone(status),
            reason,
            updated_at: self.now,
        });
        for (name, new) in &status.channels {
            self.set_channel_status(*name, *new);
        }
    }

    fn record_status(&mut self, new: AgentStatus) {
        let previous = (&self.agent.status).into();
        self.agent.status = new;
        self.record(EventKind::UnifiedStateChanged {
            previous,
            new: (&self.agent.status).into(),
        });
    }

    /// Sets the status of a channel, if the agent has the channel and the status differs.
    pub(super) fn set_channel_status(&mut self, name: ChannelName, new: ChannelStatus) {
        let now = self.now;
        let Some(channel) = self
            .agent
            .channel_mut(name)
            .filter(|channel| channel.status != new)
        else {
            return;
        };
        let previous = std::mem::replace(&mut channel.status, new);
        channel.updated_at = now;
        self.record(EventKind::StateChanged {
            channel: name,
            previous,
            new,
        });
    }

    /// The status that the agent's unified status gives a channel, if it names the channel.
    pub(super) fn mapped_status(&self, name: ChannelName) -> Option<ChannelStatus> {
        self.agent.status.status.channels.get(&name).copied()
    }

    /// A channel that the agent does not have yet.
    pub(super) fn new_channel(&self, name: ChannelName) -> Channel {
        let status = self.mapped_status(name).unwrap_or(ChannelStatus::Offline);
        Channel::new(name, status, self.now)
    }

    /// Gives the agent a channel that it does not have.
    pub(super) fn create_channel(&mut self, mut channel: Channel) {
        let name = channel.name;
        let items = std::mem::take(&mut channel.work_items);
        self.agent.channels.push(channel);
        self.agent.channels.sort_by_key(|channel| channel.name);
        self.record(EventKind::ChannelCreated { channel: name });
        self.hold(name, items);
    }

    /// Takes a channel from the agent, with its work items.
    pub(super) fn delete_channel(&mut self, name: ChannelName) {
        self.hold(name, Vec::new());
        self.agent.channels.retain(|channel| channel.name != name);
        self.record(EventKind::ChannelDeleted { channel: name });
    }

    /// Makes the agent equal to `target`, with an event for each difference. Skills and times have no
    /// event: such differences are one version together. A change happens now, unless the target
    /// has another time than the agent.
    pub(super) fn update_to(&mut self, target: Agent) {
        let Agent {
            id: _,
            version: _,
            status,
            channels,
            groups,
            skills,
            talk,
        } = target;
        let talk = talk.cut_to_micros();
        let held_talk = self.agent.talk.clone();
        let mut silent = self.update_status(status);
        if self.agent.groups != groups {
            let new = groups.clone().unwrap_or_default();
            let previous = std::mem::replace(&mut self.agent.groups, groups).unwrap_or_default();
            self.record(EventKind::GroupsUpdated { previous, new });
        }
        if self.agent.skills != skills {
            self.agent.skills = skills;
            silent = true;
        }
        let mut target: BTreeMap<_, _> = channels
            .into_iter()
            .map(|channel| (channel.name, channel))
            .collect();
        for name in ChannelName::ALL {
            match (self.agent.channel(*name).is_some(), target.remove(name)) {
                (true, Some(channel)) => silent |= self.update_channel(channel),
                (true, None) => self.delete_channel(*name),
                (false, Some(channel)) => self.create_channel(channel),
                (false, None) => {}
            }
        }
        if talk != held_talk {
            // A call that this change ends has ended now, unless the target has another time.
            let call_ended_at = if talk.call_ended_at == held_talk.call_ended_at {
                self.agent.talk.call_ended_at
            } else {
                talk.call_ended_at
            };
            self.agent.talk = Talk {
                call_ended_at,
                ..talk
            };
            silent = true;
        }
        if silent {
            self.next_version();
        }
    }

    /// Returns whether something changed that has no event.
    fn update_status(&mut self, target: AgentStatus) -> bool {
        let held = &mut self.agent.status;
        let same_time = is_same_time(held.updated_at, target.updated_at);
        if held.status.id == target.status.id && held.reason == target.reason {
            // The status may have been edited since. Its agents keep it as it was.
            held.updated_at = target.updated_at;
            return !same_time;
        }
        let updated_at = if same_time {
            self.now
        } else {
            target.updated_at
        };
        self.record_status(AgentStatus {
            updated_at,
            ..target
        });
        false
    }

    /// Makes a channel equal to `target`. Returns whether something changed that has no event.
    pub(super) fn update_channel(&mut self, target: Channel) -> bool {
        let Channel {
            name,
            status,
            max_capacity,
            updated_at,
            work_items,
        } = target;
        let now = self.now;
        let Some(held) = self.agent.channel_mut(name) else {
            return false;
        };
        let previous = std::mem::replace(&mut held.status, status);
        let previous_capacity = std::mem::replace(&mut held.max_capacity, max_capacity);
        let same_time = is_same_time(held.updated_at, updated_at);
        let is_other_status = previous != status;
        let is_other_capacity = previous_capacity != max_capacity;
        held.updated_at = if same_time && (is_other_status || is_other_capacity) {
            now
        } else {
            updated_at
        };
        if is_other_status {
            self.record(EventKind::StateChanged {
                channel: name,
                previous,
                new: status,
            });
        }
        if is_other_capacity {
            self.record(EventKind::MaxCapacityChanged {
                channel: name,
                previous: previous_capacity,
                new: max_capacity,
            });
        }
        let is_other_arrival = self.hold(name, work_items);
        is_other_arrival || (!same_time && !is_other_status && !is_other_capacity)
    }

    /// Sets the work items of a channel that the agent has. Returns whether something changed that
    /// has no event.
    fn hold(&mut self, name: ChannelName, mut items: Vec<WorkItem>) -> bool {
        items.sort_by_key(WorkItem::arrival);
        let Some(channel) = self.agent.channel_mut(name) else {
            return false;
        };
        let held = std::mem::replace(&mut channel.work_items, items.clone());
        let by_id = |items: &[WorkItem]| {
            items
                .iter()
                .map(|item| (item.id, *item))
                .collect::<BTreeMap<WorkItemId, _>>()
        };
        let (before, after) = (by_id(&held), by_id(&items));
        for item in held
            .into_iter()
            .filter(|item| !after.contains_key(&item.id))
        {
            self.record(EventKind::WorkItemRemoved {
                channel: name,
                item,
            });
        }
        let mut silent = false;
        for item in items {
            match before.get(&item.id) {
                None => self.record(EventKind::WorkItemAdded {
                    channel: name,
                    item,
                }),
                Some(old) if old.reason != item.reason => {
                    let previous_reason = old.reason;
                    self.record(EventKind::WorkItemUpdated {
                        channel: name,
                        item,
                        previous_reason,
                    });
                }
                Some(old) => silent |= old.arrival() != item.arrival(),
            }
        }
        silent
    }
}

/// Whether two times are equal in microseconds, which is what a world keeps.
fn is_same_time(one: Timestamp, other: Timestamp) -> bool {
    Micros::from(one) == Micros::from(other)
}
