//! Snapshots of a world: to read a whole world, and to replace it.

use std::sync::Arc;

use super::{
    Agent, AgentStatus, Contents, Directory, Index, Record, Routing, Stamp, StatusCatalog,
    TalkQueue, World, Writing,
};

/// A whole world at one instant.
#[derive(Debug)]
pub(crate) struct WorldSnapshot {
    pub(crate) directory: Arc<Directory>,
    pub(crate) statuses: StatusCatalog,
    pub(crate) routing: Routing,
    pub(crate) talk_queue: TalkQueue,
    records: Vec<Record>,
}

impl WorldSnapshot {
    /// Every agent, by id.
    pub(crate) fn agents(&self) -> impl Iterator<Item = Agent> {
        self.records.iter().map(Record::unpack)
    }
}

/// A world to put in place of another one, with its index. To build that takes long, and needs no
/// lock.
#[derive(Debug)]
pub(crate) struct PreparedWorld {
    pub(super) contents: Contents,
    pub(super) index: Index,
}

impl PreparedWorld {
    /// A world with these contents and agents, which come in any order.
    pub(crate) fn new(contents: Contents, agents: impl IntoIterator<Item = Agent>) -> Self {
        Self {
            contents,
            index: agents
                .into_iter()
                .map(|agent| Record::pack(&agent))
                .collect(),
        }
    }

    /// How many agents there are.
    pub(crate) fn agent_count(&self) -> usize {
        self.index.len()
    }
}

impl World {
    /// A snapshot of the world.
    pub(crate) fn snapshot(&self) -> WorldSnapshot {
        let state = self.read();
        self.snapshot_in(&state.statuses, &state.index)
    }

    fn snapshot_in(&self, statuses: &StatusCatalog, index: &Index) -> WorldSnapshot {
        WorldSnapshot {
            directory: self.directory(),
            statuses: statuses.clone(),
            routing: self.routing(),
            talk_queue: self.talk_queue.read().clone(),
            records: index.records().to_vec(),
        }
    }

    /// Replaces the world in one write. This makes no events of agents; a switch of omnichannel
    /// routing makes its event.
    pub(crate) fn replace(&self, with: PreparedWorld, stamp: impl Into<Stamp>) {
        let old = self.put(&mut self.write(), with, &stamp.into());
        drop(old);
    }

    /// Replaces the world by what `make` returns for its snapshot, in one write. `make` must not call
    /// the world, whose lock is held.
    pub(crate) fn replace_by<E>(
        &self,
        make: impl FnOnce(WorldSnapshot) -> Result<PreparedWorld, E>,
        stamp: impl Into<Stamp>,
    ) -> Result<(), E> {
        let old = {
            let mut writing = self.write();
            let snapshot = self.snapshot_in(&writing.statuses, &writing.index);
            let with = make(snapshot)?;
            self.put(&mut writing, with, &stamp.into())
        };
        drop(old);
        Ok(())
    }

    /// Returns the old index. To drop it takes long, so the caller frees the lock first.
    fn put(&self, state: &mut Writing<'_>, with: PreparedWorld, stamp: &Stamp) -> Index {
        let PreparedWorld {
            contents:
                Contents {
                    directory,
                    statuses,
                    omnichannel_routing: on,
                    talk_queue,
                },
            mut index,
        } = with;
        for (record, outdated) in self.outdated(state, &statuses, &index) {
            index.replace(&record, &outdated);
        }
        // Single agents are read without the lock. An agent that is in both worlds is there at every
        // moment, so insert first and remove then.
        for record in index.records() {
            self.agents.insert(record.id(), record.clone());
        }
        for id in state.index.ids().filter(|id| index.slot(*id).is_none()) {
            self.agents.remove(&id);
        }
        *self.directory.write() = Arc::new(directory);
        *self.talk_queue.write() = talk_queue;
        state.statuses = statuses;
        self.switch_routing(state, on, stamp);
        std::mem::replace(&mut state.index, index)
    }

    /// The agents that are in a status as it was before an edit, each with the record that it is to
    /// have. They stay in the old status: a snapshot names statuses by id only, and replacing a
    /// world by its own snapshot must not change it.
    fn outdated(
        &self,
        state: &Writing<'_>,
        statuses: &StatusCatalog,
        index: &Index,
    ) -> Vec<(Record, Record)> {
        let outdated = |record: &Record| {
            let id = record.status().id;
            let (before, after) = (state.statuses.get(id)?, statuses.get(id)?);
            let old = self.agents.get(&record.id())?;
            // Nearly all agents are in the present status.
            let is_outdated =
                old.status().id == id && !std::ptr::eq(old.status(), &raw const **before);
            if !is_outdated || before != after {
                return None;
            }
            let agent = record.unpack();
            let status = AgentStatus {
                status: old.unpack().status.status,
                ..agent.status
            };
            Some((record.clone(), Record::pack(&Agent { status, ..agent })))
        };
        index.records().iter().filter_map(outdated).collect()
    }
}
