//! The model and its rules: agents on channels, what they hold, and the unified statuses that drive them.
//!
//! Nothing here knows HTTP, JSON or the time of day. Every write takes `now`, happens under one lock and is whole:
//! the agent, the index and the event log change together or not at all. A read of one agent does not take that lock,
//! and a page of agents takes it only while they are found: what is read are records, which never change.

mod agent;
mod agent_write;
mod change;
mod channel;
mod event;
mod filter;
mod group;
mod index;
mod micros;
mod page;
mod presence;
mod record;
mod revision;
mod routing;
mod slots;
mod status;
mod status_write;
mod transfer;
mod user;
mod work_item;
mod write;
mod write_error;

use std::sync::Arc;

use dashmap::DashMap;
use foldhash::fast::RandomState;
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use agent::{Agent, AgentId, AgentStatus};
pub(crate) use agent_write::Saved;
pub use channel::{Channel, ChannelName, ChannelStatus};
pub use event::{Event, EventKind, EventLog, StatusSnapshot, Subject};
pub use filter::AgentFilter;
pub use group::{Group, GroupId, Skill, SkillId};
pub(crate) use micros::Micros;
pub use page::{Page, Position};
pub use presence::Destination;
pub(crate) use record::{ChannelRecord, ItemRecord, Record};
pub(crate) use revision::{AtomicRevision, Revision};
pub use routing::Routing;
pub use status::{AwayChannels, Status, StatusCatalog, StatusId, StatusKey, StatusKind, StatusReason};
pub use status_write::CustomStatus;
pub use user::{Directory, OauthToken, Role, Scope, User, UserId};
pub use work_item::{WorkItem, WorkItemId, WorkItemReason};
pub use write_error::WriteError;

use filter::Matching;
use index::Index;
use routing::AtomicRouting;
use work_item::Arrivals;

/// Everything that an account knows.
#[derive(Debug)]
pub struct World {
    directory: Directory,
    agents: DashMap<AgentId, Record, RandomState>,
    /// Changes under the ledger's lock; every call reads it, and need not wait for that.
    routing: AtomicRouting,
    revision: AtomicRevision,
    ledger: RwLock<Ledger>,
}

/// What must change together with an agent, behind the lock that makes writes one at a time.
#[derive(Debug)]
struct Ledger {
    index: Index,
    statuses: StatusCatalog,
    log: EventLog,
}

/// What a world starts with beside its agents. Whoever builds it has checked that ids are unique and that references exist.
#[derive(Debug)]
pub struct Contents {
    /// Who may call.
    pub directory: Directory,
    /// The unified statuses.
    pub statuses: StatusCatalog,
    /// Whether omnichannel routing is on from the start.
    pub omnichannel_routing: bool,
}

impl World {
    /// A world with these contents and agents, which come in any order.
    pub fn new(contents: Contents, agents: impl IntoIterator<Item = Agent>) -> Self {
        let index: Index = agents.into_iter().map(|agent| Record::pack(&agent)).collect();
        let agents = DashMap::with_capacity_and_hasher(index.len(), RandomState::default());
        for record in index.records() {
            agents.insert(record.id(), record.clone());
        }
        let on = contents.omnichannel_routing;
        let ledger = Ledger { index, statuses: contents.statuses, log: EventLog::default() };
        let routing = AtomicRouting::new(Routing { on, ever_on: on });
        let revision = AtomicRevision::new();
        Self { directory: contents.directory, agents, routing, revision, ledger: RwLock::new(ledger) }
    }

    /// Who may call, and as what.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Omnichannel routing now.
    pub fn routing(&self) -> Routing {
        self.routing.load()
    }

    /// Which state this is. Whoever asks before reading may keep what was read for as long as this stays the same.
    pub(crate) fn revision(&self) -> Revision {
        self.revision.load()
    }

    /// The one way to begin a write.
    fn write(&self) -> RwLockWriteGuard<'_, Ledger> {
        let ledger = soon(|| self.ledger.try_write()).unwrap_or_else(|| self.ledger.write());
        self.revision.advance();
        ledger
    }

    fn read(&self) -> RwLockReadGuard<'_, Ledger> {
        soon(|| self.ledger.try_read()).unwrap_or_else(|| self.ledger.read())
    }

    /// One agent as it is now.
    pub fn agent(&self, id: AgentId) -> Option<Agent> {
        self.record(id).map(|record| record.unpack())
    }

    pub(crate) fn record(&self, id: AgentId) -> Option<Record> {
        let record = self.agents.get(&id).map(|record| record.clone())?;
        record.fetch();
        Some(record)
    }

    /// A page of the agents that match, by ascending id. No write happens while it is put together.
    pub fn agents(&self, filter: &AgentFilter, position: &Position<AgentId>, limit: usize) -> Page<Agent> {
        self.records(filter, position, limit).map(|record| record.unpack())
    }

    pub(crate) fn records(&self, filter: &AgentFilter, position: &Position<AgentId>, limit: usize) -> Page<Record> {
        let page = {
            let ledger = self.read();
            page::select(&Matching::new(&ledger.index, filter), position, limit)
        };
        page.items.iter().for_each(Record::fetch);
        page
    }

    /// A page of the work items of an agent's channel, oldest first; `None` when there is no such agent or channel.
    ///
    /// A cursor names an item. One that has left the channel keeps its place as long as the event log remembers when
    /// it had come.
    pub fn work_items(
        &self,
        id: AgentId,
        name: ChannelName,
        position: &Position<WorkItemId>,
        limit: usize,
    ) -> Option<Result<Page<WorkItem>, UnknownCursor>> {
        // The log goes with the agent: between two locks, an item could leave unseen.
        let ledger = self.read();
        let agent = self.agent(id)?;
        let items = &agent.channel(name)?.work_items;
        let arrival = |item: &WorkItemId| {
            let held = items.iter().find(|held| held.id == *item).map(WorkItem::arrival);
            held.or_else(|| ledger.log.arrival_of_departed(id, name, *item)).ok_or(UnknownCursor)
        };
        Some(position.try_map(arrival).map(|position| page::select(&Arrivals(items), &position, limit)))
    }

    /// A page of the unified statuses that `available` lets through, by name and id.
    pub fn statuses(
        &self,
        available: impl Fn(&Status) -> bool,
        position: &Position<StatusKey>,
        limit: usize,
    ) -> Page<Arc<Status>> {
        let ledger = self.read();
        page::select(&ledger.statuses.matching(available), position, limit)
    }

    /// The unified status with this id.
    pub fn status(&self, id: StatusId) -> Option<Arc<Status>> {
        self.read().statuses.get(id).cloned()
    }

    /// All unified statuses as they are now.
    pub(crate) fn catalog(&self) -> StatusCatalog {
        self.read().statuses.clone()
    }

    /// The events that the log still holds, oldest first.
    pub fn events(&self) -> Vec<Arc<Event>> {
        self.read().log.iter().cloned().collect()
    }
}

/// What can be had within some microseconds. The ledger's lock is held no longer than that, and a thread that goes to
/// sleep takes ten times as long to wake up.
fn soon<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    const ATTEMPTS: usize = 500;
    (0..ATTEMPTS).find_map(|_| {
        let got = attempt();
        if got.is_none() {
            std::hint::spin_loop();
        }
        got
    })
}

/// The cursor names a work item that the channel does not hold, and whose place is not remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor names no work item of this channel")]
pub struct UnknownCursor;
