//! Agents for load tests. Each depends on its id only, so that it is the same in any number of
//! agents.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::Seed;
use crate::prng::Prng;
use crate::world::{
    Agent, AgentId, AgentStatus, Channel, ChannelName, ChannelStatus, GroupId, SkillId, Status,
    StatusCatalog, StatusKind, StatusReason, Talk, WorkItem, WorkItemId, WorkItemReason,
};

const FIRST_ID: u64 = 1_000_000_001;
/// The age of the oldest change, in microseconds: a working day.
const WORKING_DAY: u64 = 8 * 3_600_000_000;
/// How many channels an agent has varies around three.
const CHANNELS: &[&[ChannelName]] = {
    use ChannelName::{Chat, Messaging, Support, Talk};
    const USUAL: &[ChannelName] = &[Messaging, Support, Talk];
    &[
        USUAL,
        USUAL,
        USUAL,
        USUAL,
        &[Chat, Support, Talk],
        &[Chat, Messaging, Support],
        &[Messaging, Support],
        &[Support, Talk],
        ChannelName::ALL,
        ChannelName::ALL,
    ]
};
/// With three channels, an agent holds six items on average.
const MOST_WORK_ITEMS: u64 = 4;
const MOST_CAPACITY: u64 = 10;
/// One agent in eight is in a custom status, if it may use it. Then half are online.
const STANDARD: &[ChannelStatus] = {
    use ChannelStatus::{Away, Offline, Online, TransfersOnly};
    &[Online, Online, Online, Online, Away, Offline, TransfersOnly]
};

impl Seed {
    /// This many agents besides those of the seed. It is an iterator, so that a million need no
    /// memory here.
    pub(super) fn generated(
        &self,
        count: usize,
        statuses: &StatusCatalog,
        now: Timestamp,
    ) -> impl Iterator<Item = Agent> + use<> {
        let generator = Generator {
            now: now.as_microsecond(),
            groups: self.directory.groups.keys().copied().collect(),
            skills: self.directory.skills.keys().cloned().collect(),
            standard: STANDARD
                .iter()
                .filter_map(|status| statuses.standard(*status).cloned())
                .collect(),
            custom: self
                .custom
                .iter()
                .filter_map(|status| statuses.get(status.id).cloned())
                .collect(),
        };
        let agents = self.agents.iter().map(|agent| agent.id);
        // The user with this id would be the agent.
        let users = self.directory.users().map(|user| user.id.0);
        let taken: BTreeSet<_> = agents.chain(users).filter(|id| *id >= FIRST_ID).collect();
        let ids = (FIRST_ID..)
            .filter(move |id| !taken.contains(id))
            .take(count);
        ids.filter_map(move |id| generator.agent(AgentId(id)))
    }
}

/// What agents are generated from.
struct Generator {
    /// In microseconds since 1970.
    now: i64,
    groups: Vec<GroupId>,
    skills: Vec<SkillId>,
    /// Each status several times, by its share of the agents.
    standard: Vec<Arc<Status>>,
    custom: Vec<Arc<Status>>,
}

impl Generator {
    /// An agent. Every account has the standard statuses.
    fn agent(&self, id: AgentId) -> Option<Agent> {
        let draw = &mut Prng::from(id.0);
        let (groups, skills) = (1 + draw.below(2), draw.below(3));
        let age = draw.age(WORKING_DAY);
        let standard = draw.pick(&self.standard)?;
        let mut agent = Agent {
            id,
            version: 1 + draw.below(500),
            status: AgentStatus {
                status: Arc::clone(standard),
                reason: StatusReason::Unknown,
                updated_at: self.ago(age),
            },
            channels: Vec::new(),
            groups: Some(draw.some(&self.groups, groups)),
            skills: Some(draw.some(&self.skills, skills).into()),
            talk: Talk::default(),
        };
        if draw.one_in(8)
            && let Some(custom) = draw
                .pick(&self.custom)
                .filter(|status| agent.may_use(status))
        {
            agent.status.status = Arc::clone(custom);
        }
        let status = &agent.status.status;
        agent.status.reason = draw
            .pick(reasons(status.kind))
            .copied()
            .unwrap_or(StatusReason::Unknown);
        let names = draw.pick(CHANNELS).copied().unwrap_or_default();
        agent.channels = names
            .iter()
            .map(|name| self.channel(*name, status, age, draw))
            .collect();
        Some(agent)
    }

    /// A channel of an agent that has been in its status for `age`.
    fn channel(
        &self,
        name: ChannelName,
        agent_status: &Status,
        age: u64,
        draw: &mut Prng,
    ) -> Channel {
        let mapped = agent_status
            .channels
            .get(&name)
            .copied()
            .unwrap_or(ChannelStatus::Offline);
        // The agent may have changed this channel since.
        let switched = draw
            .pick(ChannelStatus::ALL)
            .filter(|status| **status != mapped && draw.one_in(16));
        let age = if switched.is_some() {
            draw.age(age)
        } else {
            age
        };
        let work_items = self.work_items(draw);
        let capacity = 1 + draw.below(MOST_CAPACITY);
        // Only a few are over capacity.
        let capacity = if draw.one_in(4) {
            capacity
        } else {
            capacity.max(work_items.len() as u64)
        };
        Channel {
            name,
            status: switched.copied().unwrap_or(mapped),
            max_capacity: u32::try_from(capacity)
                .ok()
                .filter(|_| name != ChannelName::Talk),
            updated_at: self.ago(age),
            work_items,
        }
    }

    fn work_items(&self, draw: &mut Prng) -> Vec<WorkItem> {
        const REASONS: &[WorkItemReason] = &[
            WorkItemReason::Assigned,
            WorkItemReason::Offered,
            WorkItemReason::Accepted,
            WorkItemReason::ManualAssigned,
            WorkItemReason::Reopened,
            WorkItemReason::AssignedTransfer,
            WorkItemReason::ChannelChange,
        ];
        let (first, held) = (1 + draw.below(10_000_000), draw.below(MOST_WORK_ITEMS + 1));
        let item = |number| WorkItem {
            id: WorkItemId(first + number),
            added_at: self.ago(draw.age(WORKING_DAY)),
            reason: draw
                .pick(REASONS)
                .copied()
                .unwrap_or(WorkItemReason::UnknownAdd),
        };
        let mut items: Vec<_> = (0..held).map(item).collect();
        items.sort_unstable_by_key(|item| (item.added_at, item.id));
        items
    }

    fn ago(&self, micros: u64) -> Timestamp {
        let micros = self.now.saturating_sub_unsigned(micros);
        // Not before the first instant that can be represented.
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MIN)
    }
}

impl Prng {
    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// An age of at least a microsecond, since `now` is rounded to microseconds.
    fn age(&mut self, bound: u64) -> u64 {
        self.below(bound).max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(usize::try_from(self.below(from.len() as u64)).ok()?)
    }

    /// This many different elements, or all of them.
    fn some<T: Clone>(&mut self, from: &[T], count: u64) -> Vec<T> {
        let start = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        let count = usize::try_from(count).unwrap_or_default().min(from.len());
        from.iter()
            .cycle()
            .skip(start)
            .take(count)
            .cloned()
            .collect()
    }
}

fn reasons(status: StatusKind) -> &'static [StatusReason] {
    use StatusReason as Reason;
    match status {
        StatusKind::Standard(ChannelStatus::Online) => &[
            Reason::AgentStatusSwitcher,
            Reason::SwitcherAutoReconnect,
            Reason::PublicApi,
        ],
        StatusKind::Standard(ChannelStatus::Away) => &[
            Reason::AgentStatusSwitcher,
            Reason::AgentIdleTimeout,
            Reason::MonitoringAssistantUpdate,
        ],
        StatusKind::Standard(ChannelStatus::TransfersOnly) => &[
            Reason::AgentStatusSwitcher,
            Reason::PublicApi,
            Reason::ExploreTakeAnAction,
        ],
        StatusKind::Standard(ChannelStatus::Offline) => &[
            Reason::AgentLogout,
            Reason::AgentDisconnected,
            Reason::AgentIdleTimeout,
            Reason::AgentStatusDeleted,
            Reason::OmnichannelRoutingEnabled,
        ],
        StatusKind::Custom { .. } => &[
            Reason::AgentStatusSwitcher,
            Reason::WfmStatusUpdate,
            Reason::PublicApi,
        ],
    }
}
