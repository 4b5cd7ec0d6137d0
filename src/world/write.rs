//! Writes to parts of an agent, and to all agents at once. A refused write changes nothing.

use super::change::Change;
use super::{
    Agent, AgentId, ChannelName, ChannelStatus, EventKind, GroupId, Record, Routing, SkillId,
    Stamp, State, StatusId, StatusReason, Subject, WorkItem, WorkItemId, WorkItemReason, World,
    WriteError,
};

impl World {
    /// Puts an agent into a unified status, and its channels into the statuses that it maps to.
    pub fn set_status(
        &self,
        id: AgentId,
        status: StatusId,
        reason: StatusReason,
        stamp: impl Into<Stamp>,
    ) -> Result<Agent, WriteError> {
        let mut state = self.write();
        // Before the agent is looked up: while routing is off, the answer is the same for every id.
        if !self.routing().on {
            return Err(WriteError::RoutingOff);
        }
        self.change_in(&mut state, id, &stamp.into(), |change| {
            change.take_status(status, reason)
        })
    }

    /// Switches omnichannel routing, and returns whether that changed anything. With
    /// `agents_offline`, switching it on makes every agent offline, as in Zendesk.
    pub fn set_omnichannel_routing(
        &self,
        on: bool,
        agents_offline: bool,
        stamp: impl Into<Stamp>,
    ) -> bool {
        let stamp = stamp.into();
        let mut state = self.write();
        if !self.switch_routing(&mut state, on, &stamp) {
            return false;
        }
        if on && agents_offline {
            self.set_all_offline(
                &mut state,
                StatusReason::OmnichannelRoutingEnabled,
                &stamp,
                |_| true,
            );
        }
        true
    }

    /// Switches omnichannel routing, with its event, and returns whether that changed anything.
    pub(super) fn switch_routing(&self, state: &mut State, on: bool, stamp: &Stamp) -> bool {
        let Routing {
            on: previous,
            ever_on,
        } = self.routing();
        if previous == on {
            return false;
        }
        *self.routing.write() = Routing {
            on,
            ever_on: ever_on | on,
        };
        let kind = EventKind::OmnichannelRoutingFeatureChanged {
            previous,
            current: on,
        };
        state.log.push(stamp, Subject::Account, kind);
        true
    }

    /// Puts every agent for which `concerned` returns true into the standard status offline.
    pub(super) fn set_all_offline(
        &self,
        state: &mut State,
        reason: StatusReason,
        stamp: &Stamp,
        concerned: impl Fn(&Record) -> bool,
    ) {
        // Every account has the standard statuses, and they cannot be deleted.
        let Some(offline) = state.statuses.standard(ChannelStatus::Offline).cloned() else {
            return;
        };
        let ids: Vec<_> = state.index.ids().collect();
        for id in ids
            .into_iter()
            .filter(|id| self.record(*id).is_some_and(|record| concerned(&record)))
        {
            let changed = self.change_in(state, id, stamp, |change| {
                change.set_status(&offline, reason);
                Ok(())
            });
            debug_assert!(changed.is_ok(), "the index names only agents that exist");
        }
    }

    /// Takes a channel from an agent, with its work items.
    pub fn remove_channel(
        &self,
        id: AgentId,
        name: ChannelName,
        stamp: impl Into<Stamp>,
    ) -> Result<Agent, WriteError> {
        self.change(id, stamp, |change| {
            change.channel(name)?;
            change.delete_channel(name);
            Ok(())
        })
    }

    /// Gives an agent a work item. Its place is by its time.
    pub fn add_work_item(
        &self,
        id: AgentId,
        name: ChannelName,
        item: WorkItem,
        stamp: impl Into<Stamp>,
    ) -> Result<Agent, WriteError> {
        self.change(id, stamp, |change| change.add_work_item(name, item))
    }

    /// Changes the reason why an agent has a work item.
    pub fn update_work_item(
        &self,
        id: AgentId,
        name: ChannelName,
        item: WorkItemId,
        reason: WorkItemReason,
        stamp: impl Into<Stamp>,
    ) -> Result<Agent, WriteError> {
        self.change(id, stamp, |change| {
            let items = &mut change.channel(name)?.work_items;
            let unknown = WriteError::UnknownWorkItem {
                agent: id,
                channel: name,
                item,
            };
            let held = items
                .iter_mut()
                .find(|held| held.id == item)
                .ok_or(unknown)?;
            let previous_reason = std::mem::replace(&mut held.reason, reason);
            let item = *held;
            change.record(EventKind::WorkItemUpdated {
                channel: name,
                item,
                previous_reason,
            });
            Ok(())
        })
    }

    /// Takes a work item from an agent.
    pub fn remove_work_item(
        &self,
        id: AgentId,
        name: ChannelName,
        item: WorkItemId,
        stamp: impl Into<Stamp>,
    ) -> Result<Agent, WriteError> {
        self.change(id, stamp, |change| change.remove_work_item(name, item))
    }

    /// To be called under the lock of the state, so that the groups stay there.
    pub(super) fn check_groups<'a>(
        &self,
        groups: impl IntoIterator<Item = &'a GroupId>,
    ) -> Result<(), WriteError> {
        let directory = self.directory.read();
        let unknown = groups
            .into_iter()
            .find(|group| !directory.groups.contains_key(group));
        unknown.map_or(Ok(()), |group| Err(WriteError::UnknownGroup(*group)))
    }

    pub(super) fn check_skills<'a>(
        &self,
        skills: impl IntoIterator<Item = &'a SkillId>,
    ) -> Result<(), WriteError> {
        let directory = self.directory.read();
        let unknown = skills
            .into_iter()
            .find(|skill| !directory.skills.contains_key(skill));
        unknown.map_or(Ok(()), |skill| Err(WriteError::UnknownSkill(skill.clone())))
    }
}

impl Change<'_> {
    pub(super) fn add_work_item(
        &mut self,
        name: ChannelName,
        item: WorkItem,
    ) -> Result<(), WriteError> {
        let agent = self.agent.id;
        let items = &mut self.channel(name)?.work_items;
        if items.iter().any(|held| held.id == item.id) {
            return Err(WriteError::DuplicateWorkItem {
                agent,
                channel: name,
                item: item.id,
            });
        }
        let place = items.partition_point(|held| held.arrival() < item.arrival());
        items.insert(place, item);
        self.record(EventKind::WorkItemAdded {
            channel: name,
            item,
        });
        Ok(())
    }

    pub(super) fn remove_work_item(
        &mut self,
        name: ChannelName,
        item: WorkItemId,
    ) -> Result<(), WriteError> {
        let unknown = WriteError::UnknownWorkItem {
            agent: self.agent.id,
            channel: name,
            item,
        };
        let items = &mut self.channel(name)?.work_items;
        let place = items
            .iter()
            .position(|held| held.id == item)
            .ok_or(unknown)?;
        let item = items.remove(place);
        self.record(EventKind::WorkItemRemoved {
            channel: name,
            item,
        });
        Ok(())
    }
}
