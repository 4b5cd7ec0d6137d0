//! Agents that are added, removed or written as a whole.

use std::collections::BTreeSet;

use super::{
    Agent, AgentId, Channel, ChannelName, Record, Stamp, State, StatusCatalog, WorkItem, World,
    WriteError,
};

/// An agent that was written as a whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Saved {
    pub(crate) agent: Agent,
    /// The agent did not exist before.
    pub(crate) is_new: bool,
}

impl World {
    /// Adds agents in one write: all of them or, if any is refused, none.
    ///
    /// # Errors
    ///
    /// The refused agents, by their place in `agents`.
    pub fn add_agents(&self, mut agents: Vec<Agent>) -> Result<usize, Vec<(usize, WriteError)>> {
        agents.iter_mut().for_each(put_in_order);
        let mut records: Vec<_> = agents.iter().map(Record::pack).collect();
        records.sort_by_key(Record::id);
        let mut ids = BTreeSet::new();
        let mut state = self.write();
        let refused = agents.iter().enumerate().filter_map(|(place, agent)| {
            let checked = self.check_new(&state, agent);
            let unique = if ids.insert(agent.id) {
                Ok(())
            } else {
                Err(WriteError::DuplicateAgent(agent.id))
            };
            checked.and(unique).err().map(|error| (place, error))
        });
        let refused: Vec<_> = refused.collect();
        if !refused.is_empty() {
            return Err(refused);
        }
        for record in &records {
            self.agents.insert(record.id(), record.clone());
        }
        state.index.extend(records);
        Ok(agents.len())
    }

    /// Replaces or adds an agent. `make` gets the agent as it is, if it exists, and returns what it
    /// is to be, or refuses. One write, with an event for each difference; a new agent has none.
    pub(crate) fn save_agent<E: From<WriteError>>(
        &self,
        id: AgentId,
        stamp: impl Into<Stamp>,
        make: impl FnOnce(Option<&Agent>, &StatusCatalog) -> Result<Agent, E>,
    ) -> Result<Saved, E> {
        let mut state = self.write();
        let held = self.agent(id);
        let mut agent = Agent {
            id,
            ..make(held.as_ref(), &state.statuses)?
        };
        self.check_references(&state, &agent)?;
        if held.is_none() {
            put_in_order(&mut agent);
            self.insert(&mut state, &agent);
            return Ok(Saved {
                agent,
                is_new: true,
            });
        }
        let changed = self.change_in(&mut state, id, &stamp.into(), |change| {
            change.update_to(agent);
            Ok(())
        });
        Ok(Saved {
            agent: changed?,
            is_new: false,
        })
    }

    /// Removes an agent and its work items.
    pub fn remove_agent(&self, id: AgentId) -> Result<Agent, WriteError> {
        let mut state = self.write();
        let (_, record) = self
            .agents
            .remove(&id)
            .ok_or(WriteError::UnknownAgent(id))?;
        state.index.remove(id);
        Ok(record.unpack())
    }

    /// Gives an agent a channel, or resets status and capacity of the one that it has, and applies
    /// `edit`. Work items stay. Also returns whether the channel is new.
    pub(crate) fn put_channel(
        &self,
        id: AgentId,
        name: ChannelName,
        stamp: impl Into<Stamp>,
        edit: impl FnOnce(&mut Channel),
    ) -> Result<(Agent, bool), WriteError> {
        let mut is_new = false;
        let agent = self.change(id, stamp, |change| {
            let Some(mut channel) = change.agent.channel(name).cloned() else {
                is_new = true;
                let mut channel = change.new_channel(name);
                edit(&mut channel);
                change.create_channel(channel);
                return Ok(());
            };
            channel.status = change.mapped_status(name).unwrap_or(channel.status);
            channel.max_capacity = None;
            edit(&mut channel);
            change.update_channel(channel);
            Ok(())
        })?;
        Ok((agent, is_new))
    }

    /// Applies `edit` to status and capacity of a channel, with an event for each that changes.
    pub(crate) fn edit_channel(
        &self,
        id: AgentId,
        name: ChannelName,
        stamp: impl Into<Stamp>,
        edit: impl FnOnce(&mut Channel),
    ) -> Result<Agent, WriteError> {
        self.change(id, stamp, |change| {
            let mut channel = change.channel(name)?.clone();
            edit(&mut channel);
            change.update_channel(channel);
            Ok(())
        })
    }

    fn insert(&self, state: &mut State, agent: &Agent) {
        let record = Record::pack(agent);
        self.agents.insert(agent.id, record.clone());
        state.index.insert(record);
    }

    fn check_new(&self, state: &State, agent: &Agent) -> Result<(), WriteError> {
        if self.agents.contains_key(&agent.id) {
            return Err(WriteError::DuplicateAgent(agent.id));
        }
        self.check_references(state, agent)
    }

    fn check_references(&self, state: &State, agent: &Agent) -> Result<(), WriteError> {
        let status = agent.status.status.id;
        if state.statuses.get(status).is_none() {
            return Err(WriteError::UnknownStatus(status));
        }
        self.check_groups(agent.groups.iter().flatten())?;
        self.check_skills(agent.skills.as_deref().unwrap_or_default())
    }
}

/// Sorts channels by name, and work items by arrival.
fn put_in_order(agent: &mut Agent) {
    agent.channels.sort_by_key(|channel| channel.name);
    for channel in &mut agent.channels {
        channel.work_items.sort_by_key(WorkItem::arrival);
    }
}
