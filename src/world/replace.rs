//! All of a world at once: to look at, and to put another in its place.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Agent, AgentStatus, Contents, Directory, EventKind, Index, Record, Routing, StatusCatalog,
    Subject, World, Writing,
};

/// All of a world at one instant.
#[derive(Debug)]
pub(crate) struct WorldSnapshot {
    pub(crate) directory: Arc<Directory>,
    pub(crate) statuses: StatusCatalog,
    pub(crate) routing: Routing,
    records: Vec<Record>,
}

impl WorldSnapshot {
    /// Every agent, by id.
    pub(crate) fn agents(&self) -> impl Iterator<Item = Agent> {
        self.records.iter().map(Record::unpack)
    }
}

/// What a world is to be, put in order already: that takes long, and needs no lock.
#[derive(Debug)]
pub(crate) struct PreparedWorld {
    pub(super) contents: Contents,
    pub(super) index: Index,
}

impl PreparedWorld {
    /// These contents and agents, which come in any order.
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
    /// All of it.
    pub(crate) fn whole(&self) -> WorldSnapshot {
        let state = self.read();
        self.whole_in(&state.statuses, &state.index)
    }

    fn whole_in(&self, statuses: &StatusCatalog, index: &Index) -> WorldSnapshot {
        WorldSnapshot {
            directory: self.directory(),
            statuses: statuses.clone(),
            routing: self.routing(),
            records: index.records().to_vec(),
        }
    }

    /// Puts another world in the place of this one, in one write. That leaves no events of agents;
    /// switching omnichannel routing leaves its own.
    pub(crate) fn replace(&self, with: PreparedWorld, now: Timestamp) {
        let old = self.put(&mut self.write(), with, now);
        drop(old);
    }

    /// The same by what `make` makes of the world as it is, under the lock. `make` must not read the
    /// world.
    pub(crate) fn replace_by<E>(
        &self,
        make: impl FnOnce(WorldSnapshot) -> Result<PreparedWorld, E>,
        now: Timestamp,
    ) -> Result<(), E> {
        let old = {
            let mut writing = self.write();
            let whole = self.whole_in(&writing.statuses, &writing.index);
            let with = make(whole)?;
            self.put(&mut writing, with, now)
        };
        drop(old);
        Ok(())
    }

    /// Returns what was there, to be dropped when the lock is free: that takes a while.
    fn put(&self, state: &mut Writing<'_>, with: PreparedWorld, now: Timestamp) -> Index {
        let PreparedWorld {
            contents:
                Contents {
                    directory,
                    statuses,
                    omnichannel_routing: on,
                },
            mut index,
        } = with;
        for (record, outdated) in self.outdated(state, &statuses, &index) {
            index.replace(&record, &outdated);
        }
        // Whoever reads one agent does so without the lock, and finds it as it was or as it is:
        // never none that is there before and after.
        for record in index.records() {
            self.agents.insert(record.id(), record.clone());
        }
        for id in state.index.ids().filter(|id| index.slot(*id).is_none()) {
            self.agents.remove(&id);
        }
        *self.directory.write() = Arc::new(directory);
        state.statuses = statuses;
        let Routing {
            on: previous,
            ever_on,
        } = self.routing();
        if previous != on {
            self.routing.store(Routing {
                on,
                ever_on: ever_on | on,
            });
            let kind = EventKind::OmnichannelRoutingFeatureChanged {
                previous,
                current: on,
            };
            state.log.push(now, Subject::Account, kind);
        }
        std::mem::replace(&mut state.index, index)
    }

    /// The agents that are in a status as it was before it was edited, and stay so: a document
    /// names statuses by id only, and replacing a world by what it is must not change it. Each with
    /// its record as it is to be.
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
            // Nearly all are in the status as it is.
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
