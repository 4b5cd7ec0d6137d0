//! The model and its rules: agents on channels, what they hold, and the unified statuses that drive
//! them.
//!
//! Nothing here knows HTTP, JSON or the time of day. Every write takes `now`, happens under one
//! lock and is whole: the agent, the index and the event log change together or not at all.
//! Reading one agent does not take that lock. Reading a page takes it only to find the agents: the
//! records themselves never change.

mod agent;
mod agent_write;
mod bucket;
mod capacity_rule;
mod change;
mod channel;
mod directory;
mod event;
mod filter;
mod group;
mod group_availability;
mod group_list;
mod index;
mod micros;
mod oauth;
mod oauth_client;
mod oauth_token;
mod page;
mod presence;
mod record;
mod redirect_uri;
mod replace;
mod revision;
mod routing;
mod slots;
mod stamp;
mod status;
mod status_write;
mod talk;
mod tally;
mod token;
mod transfer;
mod user;
mod user_list;
mod watch;
mod work_item;
mod write;
mod write_error;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use dashmap::DashMap;
use foldhash::fast::RandomState;
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use agent::{Agent, AgentId, AgentStatus};
pub(crate) use agent_write::Saved;
pub(crate) use capacity_rule::{AssigneeFilter, Assignees};
pub use capacity_rule::{Capacities, CapacityRule, CapacityRules};
pub use channel::{Channel, ChannelName, ChannelStatus};
pub use directory::Directory;
pub use event::{Event, EventKind, EventPage, StatusSnapshot, Subject};
pub use filter::AgentFilter;
pub use group::{Group, GroupId, Skill, SkillId};
pub(crate) use group_availability::GroupAvailability;
pub use group_list::{Membership, page_of_groups};
pub(crate) use micros::Micros;
pub use oauth::Oauth;
pub(crate) use oauth::{Ended, MOST_CLIENTS, MOST_CODES, MOST_TOKENS};
pub use oauth_client::{ClientId, ClientKind, OauthClient};
pub(crate) use oauth_token::each_once;
pub use oauth_token::{AuthorizationCode, OauthToken, RefreshToken};
pub use page::{Page, Position};
pub use presence::Destination;
pub(crate) use record::{ChannelRecord, ItemRecord, Record};
pub(crate) use redirect_uri::{differ_in_port_only, is_redirect_uri};
pub(crate) use replace::{PreparedWorld, WorldSnapshot};
pub(crate) use revision::{AtomicRevision, Revision};
pub use routing::Routing;
pub use stamp::Stamp;
pub use status::{
    AwayChannels, Status, StatusCatalog, StatusId, StatusKind, StatusPage, StatusReason,
};
pub use talk::{
    CallStatus, QueueStatistic, StateUpdate, Talk, TalkQueue, TalkStatistic, TalkUpdate, Via,
};
pub(crate) use tally::Tally;
pub use token::{ApiToken, LastUse, TokenId};
pub use user::{Role, User, UserId};
pub use user_list::UserFilter;
pub(crate) use watch::Watch;
pub use work_item::{WorkItem, WorkItemId, WorkItemReason, WorkItemSort};
pub use write_error::WriteError;

use event::EventLog;
use filter::MatchingAgents;
use index::Index;
use page::Reversed;
use watch::Woken;
use work_item::Arrivals;

/// The agents of an account, with its statuses, directory, routing and events.
#[derive(Debug)]
pub struct World {
    /// Written under the lock of `state`, and read without it.
    directory: RwLock<Arc<Directory>>,
    agents: DashMap<AgentId, Record, RandomState>,
    /// Written under the lock of `state`, and read without it.
    routing: RwLock<Routing>,
    /// Written under the lock of `state`, and read without it.
    talk_queue: RwLock<TalkQueue>,
    revision: AtomicRevision,
    state: RwLock<State>,
}

/// What must change together with an agent, behind the lock that makes writes one at a time.
#[derive(Debug)]
struct State {
    index: Index,
    statuses: StatusCatalog,
    log: EventLog,
}

/// What a world starts with besides its agents. Ids have to be unique, and references have to exist,
/// which the world does not check.
#[derive(Debug)]
#[non_exhaustive]
pub struct Contents {
    /// Who may call.
    pub directory: Directory,
    /// The unified statuses.
    pub statuses: StatusCatalog,
    /// Whether omnichannel routing is on from the start.
    pub omnichannel_routing: bool,
    /// The numbers of the queue of calls.
    pub talk_queue: TalkQueue,
}

impl World {
    /// A world with these contents and agents, which come in any order.
    pub fn new(contents: Contents, agents: impl IntoIterator<Item = Agent>) -> Self {
        let PreparedWorld { contents, index } = PreparedWorld::new(contents, agents);
        let agents = DashMap::with_capacity_and_hasher(index.len(), RandomState::default());
        for record in index.records() {
            agents.insert(record.id(), record.clone());
        }
        let on = contents.omnichannel_routing;
        let state = State {
            index,
            statuses: contents.statuses,
            log: EventLog::default(),
        };
        let routing = RwLock::new(Routing { on, ever_on: on });
        let revision = AtomicRevision::new();
        let directory = RwLock::new(Arc::new(contents.directory));
        Self {
            directory,
            agents,
            routing,
            talk_queue: RwLock::new(contents.talk_queue),
            revision,
            state: RwLock::new(state),
        }
    }

    /// The users and tokens, and the groups and skills.
    pub fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory.read())
    }

    /// How many agents there are.
    pub fn agent_count(&self) -> usize {
        self.agents.len()
    }

    /// Omnichannel routing now.
    pub fn routing(&self) -> Routing {
        *self.routing.read()
    }

    /// The revision of the world. What is read after this call stays valid until the revision
    /// changes.
    pub(crate) fn revision(&self) -> Revision {
        self.revision.load()
    }

    /// Every write begins here.
    fn write(&self) -> Writing<'_> {
        let state = self.state.write();
        self.revision.advance();
        let began_with = state.log.last_sequence();
        Writing {
            state,
            woken: Woken::default(),
            began_with,
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read()
    }

    /// One agent as it is now.
    pub fn agent(&self, id: AgentId) -> Option<Agent> {
        self.record(id).map(|record| record.unpack())
    }

    pub(crate) fn record(&self, id: AgentId) -> Option<Record> {
        self.agents.get(&id).map(|record| record.clone())
    }

    /// A page of the agents that match, by ascending id. It shows one instant.
    pub fn agents(
        &self,
        filter: &AgentFilter,
        position: &Position<AgentId>,
        limit: usize,
    ) -> Page<Agent> {
        self.records(filter, position, limit)
            .map(|record| record.unpack())
    }

    pub(crate) fn records(
        &self,
        filter: &AgentFilter,
        position: &Position<AgentId>,
        limit: usize,
    ) -> Page<Record> {
        let state = self.read();
        page::select(&MatchingAgents::new(&state.index, filter), position, limit)
    }

    /// A page of the work items of an agent's channel; `None` when there is no such agent or
    /// channel.
    ///
    /// A cursor names an item. An item that has left the channel keeps its place while the event log
    /// remembers when it came.
    pub fn work_items(
        &self,
        id: AgentId,
        name: ChannelName,
        sort: WorkItemSort,
        position: &Position<WorkItemId>,
        limit: usize,
    ) -> Option<Result<Page<WorkItem>, UnknownCursor>> {
        // One lock for log and agent, so that no item leaves between the two reads.
        let state = self.read();
        let agent = self.agent(id)?;
        let items = &agent.channel(name)?.work_items;
        let arrival = |item: &WorkItemId| {
            let held = items
                .iter()
                .find(|held| held.id == *item)
                .map(WorkItem::arrival);
            held.or_else(|| state.log.arrival_of_departed(id, name, *item))
                .ok_or(UnknownCursor::WorkItem)
        };
        Some(position.try_map(arrival).map(|position| match sort {
            WorkItemSort::AddedAt => page::select(&Arrivals(items), &position, limit),
            WorkItemSort::AddedAtDescending => {
                page::select(&Reversed(Arrivals(items)), &position, limit)
            }
        }))
    }

    /// A page of the unified statuses that `available` lets through, by name. A cursor names a
    /// custom status and continues from the name that it has now.
    pub fn statuses(
        &self,
        available: impl Fn(&Status) -> bool,
        position: &Position<StatusId>,
        limit: usize,
    ) -> Result<StatusPage, UnknownCursor> {
        self.read().statuses.page(available, position, limit)
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

    /// The first `limit` events after this one that match.
    pub fn events_after(
        &self,
        after: u64,
        limit: usize,
        matches: impl Fn(&Event) -> bool,
    ) -> EventPage {
        self.read().log.page(after, limit, matches)
    }
}

/// A write that is under way. Its end frees the lock, and then wakes the tasks that wait for its
/// events.
struct Writing<'a> {
    // Dropped in this order.
    state: RwLockWriteGuard<'a, State>,
    woken: Woken,
    /// The newest event at the beginning.
    began_with: u64,
}

impl Deref for Writing<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if self.state.log.last_sequence() > self.began_with {
            self.woken = self.state.log.waiters.take();
        }
    }
}

/// A cursor that names nothing in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCursor {
    /// The channel does not hold this work item, and the event log does not remember it.
    #[error("the cursor names no work item of this channel")]
    WorkItem,
    /// A standard status, or one that does not exist.
    #[error("the cursor names no custom status")]
    Status,
}
