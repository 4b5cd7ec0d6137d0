//! Every way to change a world. A refused write changes nothing.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Agent, AgentId, AgentStatus, Channel, ChannelName, ChannelStatus, EventKind, GroupId, Ledger, Record, Routing,
    SkillId, Status, StatusId, StatusReason, Subject, WorkItem, WorkItemId, WorkItemReason, World,
};

/// Why a write was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the names say")]
pub enum WriteError {
    /// Unified statuses can be set only while omnichannel routing is on.
    #[error("unified statuses can only be set while omnichannel routing is on")]
    RoutingOff,
    /// No such agent.
    #[error("there is no agent {0}")]
    UnknownAgent(AgentId),
    /// No such unified status.
    #[error("there is no unified status {0}")]
    UnknownStatus(StatusId),
    /// The status belongs to groups that the agent is not in.
    #[error("agent {agent} is in none of the groups of unified status {status}")]
    NotInGroups { agent: AgentId, status: StatusId },
    /// The agent does not have this channel.
    #[error("agent {agent} has no channel {channel}")]
    UnknownChannel { agent: AgentId, channel: ChannelName },
    /// The agent already has this channel.
    #[error("agent {agent} already has the channel {channel}")]
    DuplicateChannel { agent: AgentId, channel: ChannelName },
    /// The channel does not hold this work item.
    #[error("agent {agent} has no work item {item} on {channel}")]
    UnknownWorkItem { agent: AgentId, channel: ChannelName, item: WorkItemId },
    /// The channel already holds this work item.
    #[error("agent {agent} already has work item {item} on {channel}")]
    DuplicateWorkItem { agent: AgentId, channel: ChannelName, item: WorkItemId },
    /// Another agent has this id.
    #[error("there already is an agent {0}")]
    DuplicateAgent(AgentId),
    /// A standard status cannot be edited or deleted.
    #[error("unified status {0} is a default one")]
    StandardStatus(StatusId),
    /// Another unified status has this name.
    #[error("there already is a unified status {0:?}")]
    DuplicateStatusName(String),
    /// A group that the account does not have.
    #[error("there is no group {0}")]
    UnknownGroup(GroupId),
    /// A skill that the account does not have.
    #[error("there is no skill {0}")]
    UnknownSkill(SkillId),
}

/// An agent on its way to its next version, with the events that lead there.
struct Change<'a> {
    agent: Agent,
    ledger: &'a mut Ledger,
    events: Vec<(u64, EventKind)>,
    now: Timestamp,
}

impl Change<'_> {
    fn record(&mut self, kind: EventKind) {
        self.agent.version = self.agent.version.saturating_add(1);
        self.events.push((self.agent.version, kind));
    }

    fn channel(&mut self, name: ChannelName) -> Result<&mut Channel, WriteError> {
        let unknown = WriteError::UnknownChannel { agent: self.agent.id, channel: name };
        self.agent.channel_mut(name).ok_or(unknown)
    }

    fn set_status(&mut self, status: &Arc<Status>, reason: StatusReason) {
        let previous = (&self.agent.status).into();
        self.agent.status = AgentStatus { status: Arc::clone(status), reason, updated_at: self.now };
        self.record(EventKind::UnifiedStateChanged { previous, new: (&self.agent.status).into() });
        for (name, new) in &status.channels {
            self.set_channel_status(*name, *new);
        }
    }

    /// Sets the status of a channel, if the agent has it and it is another.
    fn set_channel_status(&mut self, name: ChannelName, new: ChannelStatus) {
        let now = self.now;
        let Some(channel) = self.agent.channel_mut(name).filter(|channel| channel.status != new) else { return };
        let previous = std::mem::replace(&mut channel.status, new);
        channel.updated_at = now;
        self.record(EventKind::StateChanged { channel: name, previous, new });
    }
}

impl World {
    /// Replaces an agent by what `edit` makes of it, unless `edit` refuses. `edit` checks before it changes the ledger.
    fn change(
        &self,
        id: AgentId,
        now: Timestamp,
        edit: impl FnOnce(&mut Change<'_>) -> Result<(), WriteError>,
    ) -> Result<Agent, WriteError> {
        self.change_in(&mut self.write(), id, now, edit)
    }

    fn change_in(
        &self,
        ledger: &mut Ledger,
        id: AgentId,
        now: Timestamp,
        edit: impl FnOnce(&mut Change<'_>) -> Result<(), WriteError>,
    ) -> Result<Agent, WriteError> {
        let old = self.record(id).ok_or(WriteError::UnknownAgent(id))?;
        let mut change = Change { agent: old.unpack(), ledger, events: Vec::new(), now };
        edit(&mut change)?;
        let Change { agent, ledger, events, .. } = change;
        let record = Record::pack(&agent);
        ledger.index.replace(&old, &record);
        self.agents.insert(id, record);
        for (version, kind) in events {
            ledger.log.push(now, Subject::Agent { id, version }, kind);
        }
        Ok(agent)
    }

    /// Puts an agent into a unified status, and its channels into what that maps to.
    pub fn set_status(
        &self,
        id: AgentId,
        status: StatusId,
        reason: StatusReason,
        now: Timestamp,
    ) -> Result<Agent, WriteError> {
        let mut ledger = self.write();
        // Before the agent is looked up: while routing is off, the answer is the same for every agent.
        if !self.routing().on {
            return Err(WriteError::RoutingOff);
        }
        self.change_in(&mut ledger, id, now, |change| {
            let status = change.ledger.statuses.get(status).cloned().ok_or(WriteError::UnknownStatus(status))?;
            if !change.agent.may_use(&status) {
                return Err(WriteError::NotInGroups { agent: id, status: status.id });
            }
            change.set_status(&status, reason);
            Ok(())
        })
    }

    /// Switches omnichannel routing, and says whether that changed anything. With `agents_offline`, switching it on
    /// makes every agent offline, as the product does.
    pub fn set_omnichannel_routing(&self, on: bool, agents_offline: bool, now: Timestamp) -> bool {
        let mut ledger = self.write();
        let Routing { on: previous, ever_on } = self.routing();
        if previous == on {
            return false;
        }
        self.routing.store(Routing { on, ever_on: ever_on | on });
        let kind = EventKind::OmnichannelRoutingFeatureChanged { previous, current: on };
        ledger.log.push(now, Subject::Account, kind);
        if on && agents_offline {
            self.set_all_offline(&mut ledger, StatusReason::OmnichannelRoutingEnabled, now, |_| true);
        }
        true
    }

    /// Puts every agent that `concerned` names into the standard status offline.
    pub(super) fn set_all_offline(
        &self,
        ledger: &mut Ledger,
        reason: StatusReason,
        now: Timestamp,
        concerned: impl Fn(&Record) -> bool,
    ) {
        // Every account has the standard statuses, and none of them can be deleted.
        let Some(offline) = ledger.statuses.standard(ChannelStatus::Offline).cloned() else { return };
        let ids: Vec<_> = ledger.index.ids().collect();
        for id in ids.into_iter().filter(|id| self.record(*id).is_some_and(|record| concerned(&record))) {
            let changed = self.change_in(ledger, id, now, |change| {
                change.set_status(&offline, reason);
                Ok(())
            });
            debug_assert!(changed.is_ok(), "the index names only agents that exist");
        }
    }

    /// Adds an agent whose references have been checked against [`World::directory`] and [`World::status`].
    pub fn add_agent(&self, mut agent: Agent) -> Result<Agent, WriteError> {
        let mut ledger = self.write();
        if self.agents.contains_key(&agent.id) {
            return Err(WriteError::DuplicateAgent(agent.id));
        }
        self.check_groups(agent.groups.iter().flatten())?;
        self.check_skills(agent.skills.as_deref().unwrap_or_default())?;
        agent.channels.sort_by_key(|channel| channel.name);
        for channel in &mut agent.channels {
            channel.work_items.sort_by_key(WorkItem::arrival);
        }
        let record = Record::pack(&agent);
        self.agents.insert(agent.id, record.clone());
        ledger.index.insert(record);
        Ok(agent)
    }

    /// Removes an agent and all it holds.
    pub fn remove_agent(&self, id: AgentId) -> Result<Agent, WriteError> {
        let mut ledger = self.write();
        let (_, record) = self.agents.remove(&id).ok_or(WriteError::UnknownAgent(id))?;
        ledger.index.remove(id);
        Ok(record.unpack())
    }

    /// Sets the status of one channel, whatever the unified status says.
    pub fn set_channel_status(
        &self,
        id: AgentId,
        name: ChannelName,
        status: ChannelStatus,
        now: Timestamp,
    ) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            change.channel(name)?;
            change.set_channel_status(name, status);
            Ok(())
        })
    }

    /// Gives an agent a channel, in the status that its unified status maps to.
    pub fn add_channel(
        &self,
        id: AgentId,
        name: ChannelName,
        max_capacity: Option<u32>,
        now: Timestamp,
    ) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            if change.agent.channel(name).is_some() {
                return Err(WriteError::DuplicateChannel { agent: id, channel: name });
            }
            let status = change.agent.status.status.channels.get(&name).copied();
            let status = status.unwrap_or(ChannelStatus::Offline);
            change.agent.channels.push(Channel { name, status, max_capacity, updated_at: now, work_items: Vec::new() });
            change.agent.channels.sort_by_key(|channel| channel.name);
            change.record(EventKind::ChannelCreated { channel: name });
            Ok(())
        })
    }

    /// Takes a channel from an agent, with what it holds there.
    pub fn remove_channel(&self, id: AgentId, name: ChannelName, now: Timestamp) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            let items = std::mem::take(&mut change.channel(name)?.work_items);
            for item in items {
                change.record(EventKind::WorkItemRemoved { channel: name, item });
            }
            change.agent.channels.retain(|channel| channel.name != name);
            change.record(EventKind::ChannelDeleted { channel: name });
            Ok(())
        })
    }

    /// Sets how many items an agent may hold on a channel at once; `None` is without limit.
    pub fn set_max_capacity(
        &self,
        id: AgentId,
        name: ChannelName,
        new: Option<u32>,
        now: Timestamp,
    ) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            let channel = change.channel(name)?;
            let previous = std::mem::replace(&mut channel.max_capacity, new);
            if previous != new {
                channel.updated_at = now;
                change.record(EventKind::MaxCapacityChanged { channel: name, previous, new });
            }
            Ok(())
        })
    }

    /// Gives an agent a work item. It takes its place by when it came.
    pub fn add_work_item(
        &self,
        id: AgentId,
        name: ChannelName,
        item: WorkItem,
        now: Timestamp,
    ) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            let items = &mut change.channel(name)?.work_items;
            if items.iter().any(|held| held.id == item.id) {
                return Err(WriteError::DuplicateWorkItem { agent: id, channel: name, item: item.id });
            }
            let place = items.partition_point(|held| held.arrival() < item.arrival());
            items.insert(place, item);
            change.record(EventKind::WorkItemAdded { channel: name, item });
            Ok(())
        })
    }

    /// Changes the reason why an agent has a work item.
    pub fn update_work_item(
        &self,
        id: AgentId,
        name: ChannelName,
        item: WorkItemId,
        reason: WorkItemReason,
        now: Timestamp,
    ) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            let items = &mut change.channel(name)?.work_items;
            let unknown = WriteError::UnknownWorkItem { agent: id, channel: name, item };
            let held = items.iter_mut().find(|held| held.id == item).ok_or(unknown)?;
            let previous_reason = std::mem::replace(&mut held.reason, reason);
            let item = *held;
            change.record(EventKind::WorkItemUpdated { channel: name, item, previous_reason });
            Ok(())
        })
    }

    /// Takes a work item from an agent.
    pub fn remove_work_item(
        &self,
        id: AgentId,
        name: ChannelName,
        item: WorkItemId,
        now: Timestamp,
    ) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            let items = &mut change.channel(name)?.work_items;
            let unknown = WriteError::UnknownWorkItem { agent: id, channel: name, item };
            let place = items.iter().position(|held| held.id == item).ok_or(unknown)?;
            let item = items.remove(place);
            change.record(EventKind::WorkItemRemoved { channel: name, item });
            Ok(())
        })
    }

    /// Sets the groups of an agent.
    pub fn set_groups(&self, id: AgentId, groups: Vec<GroupId>, now: Timestamp) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            self.check_groups(&groups)?;
            let previous = change.agent.groups.replace(groups.clone()).unwrap_or_default();
            change.record(EventKind::GroupsUpdated { previous, new: groups });
            Ok(())
        })
    }

    /// Sets the skills of an agent, which makes a new version but no event.
    pub fn set_skills(&self, id: AgentId, skills: Vec<SkillId>, now: Timestamp) -> Result<Agent, WriteError> {
        self.change(id, now, |change| {
            self.check_skills(&skills)?;
            change.agent.skills = Some(skills.into());
            change.agent.version = change.agent.version.saturating_add(1);
            Ok(())
        })
    }

    /// To be called under the ledger's lock, so that what is there stays there.
    pub(super) fn check_groups<'a>(&self, groups: impl IntoIterator<Item = &'a GroupId>) -> Result<(), WriteError> {
        let directory = self.directory.read();
        let unknown = groups.into_iter().find(|group| !directory.groups.contains_key(group));
        unknown.map_or(Ok(()), |group| Err(WriteError::UnknownGroup(*group)))
    }

    fn check_skills<'a>(&self, skills: impl IntoIterator<Item = &'a SkillId>) -> Result<(), WriteError> {
        let directory = self.directory.read();
        let unknown = skills.into_iter().find(|skill| !directory.skills.contains_key(skill));
        unknown.map_or(Ok(()), |skill| Err(WriteError::UnknownSkill(skill.clone())))
    }
}
