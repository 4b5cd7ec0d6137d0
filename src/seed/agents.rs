//! The agents of a seed, and agents as control calls spell them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Known;
use super::talk::{check_talk_removals, read_talk};
use crate::document::reader::{Node, Object, Shortened};
use crate::document::unique::Unique;
use crate::world::{
    Agent, AgentId, AgentStatus, Channel, ChannelName, ChannelStatus, GroupId, SkillId, Status,
    StatusCatalog, StatusId, StatusReason, Talk, UserId, WorkItem, WorkItemId, WorkItemReason,
};

const AGENT_KEYS: &[&str] = &[
    "id",
    "version",
    "agent_status",
    "group_ids",
    "skill_ids",
    "channels",
    "talk",
];
const STATUS_KEYS: &[&str] = &["id", "reason", "updated_at"];
const CHANNEL_KEYS: &[&str] = &["status", "max_capacity", "updated_at", "work_items"];

/// Which id a document may have.
pub(crate) enum Identity<'a> {
    /// It must have one, which nothing else has.
    Unique(&'a mut Unique<u64>),
    /// It may have one, which nothing else has.
    UniqueIfAny(&'a mut Unique<u64>),
    /// It may repeat this one, which the call or the world gives.
    Given(u64),
    /// It may have any.
    Open,
}

impl Identity<'_> {
    /// The id, if there is one.
    pub(super) fn read(&mut self, document: &Object<'_>) -> Option<u64> {
        let node = if let Self::Unique(_) = self {
            document.required("id")
        } else {
            document.optional("id")
        };
        let id = node.and_then(|node| {
            let id = node.number()?;
            match self {
                Self::Unique(ids) | Self::UniqueIfAny(ids) => ids.check(id, &node),
                Self::Given(given) if *given != id => {
                    node.problem(format_args!("the id is {given} and cannot change"));
                }
                Self::Given(_) | Self::Open => {}
            }
            Some(id)
        });
        if let Self::Given(given) = self {
            Some(*given)
        } else {
            id
        }
    }
}

/// An agent as a document says it, which leaves open what it does not say.
#[derive(Clone, Debug)]
pub(crate) struct SeededAgent {
    pub(super) id: u64,
    pub(super) version: Option<u64>,
    pub(super) status: StatusId,
    pub(super) reason: StatusReason,
    pub(super) status_updated_at: Option<Timestamp>,
    pub(super) groups: Option<Vec<GroupId>>,
    pub(super) skills: Option<Vec<SkillId>>,
    pub(super) channels: Vec<SeededChannel>,
    pub(super) talk: Option<Box<Talk>>,
}

#[derive(Clone, Debug)]
pub(super) struct SeededChannel {
    pub(super) name: ChannelName,
    pub(super) status: Option<ChannelStatus>,
    pub(super) max_capacity: Option<u32>,
    pub(super) updated_at: Option<Timestamp>,
    pub(super) work_items: Vec<SeededWorkItem>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct SeededWorkItem {
    pub(super) id: u64,
    pub(super) added_at: Option<Timestamp>,
    pub(super) reason: WorkItemReason,
}

impl SeededAgent {
    pub(crate) fn id(&self) -> AgentId {
        AgentId(self.id)
    }

    /// The version, where the document says one.
    pub(crate) fn version(&self) -> Option<u64> {
        self.version
    }

    pub(crate) fn status(&self) -> StatusId {
        self.status
    }

    /// The agent. What the document does not give stays as in `held`, the agent before. Without it,
    /// the unified status and the present time decide. `None` if the account does not have the
    /// status.
    pub(crate) fn onto(
        &self,
        held: Option<&Agent>,
        statuses: &StatusCatalog,
        now: Timestamp,
    ) -> Option<Agent> {
        let Self {
            id,
            version,
            status,
            reason,
            status_updated_at,
            groups,
            skills,
            channels,
            talk,
        } = self;
        let status = statuses.get(*status)?;
        let channel = |channel: &SeededChannel| {
            let held = held.and_then(|held| held.channel(channel.name));
            channel.onto(held, status, now)
        };
        let mut channels: Vec<_> = channels.iter().map(channel).collect();
        channels.sort_by_key(|channel| channel.name);
        let mut talk = talk.as_deref().cloned().unwrap_or_default();
        talk.call_ended_at = talk.call_ended_at.or_else(|| held?.talk.call_ended_at);
        Some(Agent {
            id: AgentId(*id),
            version: version.unwrap_or(1),
            status: AgentStatus {
                status: Arc::clone(status),
                reason: *reason,
                updated_at: status_updated_at
                    .or(held.map(|held| held.status.updated_at))
                    .unwrap_or(now),
            },
            channels,
            groups: groups.clone(),
            skills: skills.as_deref().map(Arc::from),
            talk,
        })
    }

    /// Lets the unified status decide the status of each channel for which `is_said` is false.
    pub(crate) fn map_channels_unless(&mut self, is_said: impl Fn(ChannelName) -> bool) {
        for channel in self
            .channels
            .iter_mut()
            .filter(|channel| !is_said(channel.name))
        {
            channel.status = None;
        }
    }
}

impl SeededChannel {
    fn onto(&self, held: Option<&Channel>, agent_status: &Status, now: Timestamp) -> Channel {
        let mapped = agent_status.channels.get(&self.name).copied();
        let status = self
            .status
            .or(mapped)
            .or(held.map(|held| held.status))
            .unwrap_or(ChannelStatus::Offline);
        let items = held
            .map(|held| held.work_items.as_slice())
            .unwrap_or_default();
        let arrivals: BTreeMap<_, _> = items.iter().map(|item| (item.id, item.added_at)).collect();
        // Items without a time keep the order in which the document lists them.
        let mut next = now;
        let mut work_items: Vec<_> = self
            .work_items
            .iter()
            .map(|item| {
                let id = WorkItemId(item.id);
                let added_at = item.added_at.or(arrivals.get(&id).copied()).unwrap_or(next);
                next = next
                    .saturating_add(Duration::from_micros(1))
                    .unwrap_or(next);
                WorkItem {
                    id,
                    added_at,
                    reason: item.reason,
                }
            })
            .collect();
        work_items.sort_by_key(WorkItem::arrival);
        Channel {
            name: self.name,
            status,
            max_capacity: self.max_capacity,
            updated_at: self
                .updated_at
                .or(held.map(|held| held.updated_at))
                .unwrap_or(now),
            work_items,
        }
    }
}

pub(crate) fn read_agent(
    node: &Node<'_>,
    mut id: Identity<'_>,
    known: &dyn Known,
) -> Option<SeededAgent> {
    let agent = node.object(AGENT_KEYS)?;
    let id = id.read(&agent).inspect(|id| {
        if let Some(role) = known
            .role(UserId(*id))
            .filter(|role| !role.has_availability())
        {
            let problem = format_args!("user {id} has the role {role}, which has no availability");
            agent
                .optional("id")
                .as_ref()
                .unwrap_or(node)
                .problem(problem);
        }
    });
    let mut seeded = SeededAgent {
        id: 0,
        version: agent.read("version", |node| node.number_in(1, u64::MAX)),
        status: known.offline(),
        reason: StatusReason::Unknown,
        status_updated_at: None,
        groups: agent.read("group_ids", |node| read_groups(node, known)),
        skills: agent.read("skill_ids", |node| read_skills(node, known)),
        channels: Vec::new(),
        talk: agent.read("talk", |node| read_talk(node).map(Box::new)),
    };
    if let Some(node) = agent.optional("agent_status") {
        read_agent_status(&node, &mut seeded, known);
    }
    if let Some(node) = agent.optional("channels") {
        let channels = node.map("channel", |name, node| {
            let channel = node.object(CHANNEL_KEYS)?;
            let (status, max_capacity) = read_status_and_capacity(&channel);
            Some(SeededChannel {
                name,
                status,
                max_capacity,
                updated_at: channel.read("updated_at", Node::time),
                work_items: channel
                    .read("work_items", read_work_items)
                    .unwrap_or_default(),
            })
        });
        seeded.channels = channels.unwrap_or_default();
    }
    seeded.id = id?;
    Some(seeded)
}

/// What a channel's document says of its status and its capacity.
pub(crate) fn read_status_and_capacity(
    channel: &Object<'_>,
) -> (Option<ChannelStatus>, Option<u32>) {
    let status = channel.read("status", |node| node.word("channel status"));
    let capacity = channel.read("max_capacity", |node| node.number_in(0, u32::MAX.into()));
    (status, capacity)
}

/// Notes what a merge patch takes away although no agent has it. The agent that the patch makes
/// does not show that.
pub(crate) fn check_agent_removals(removals: &Node<'_>) -> Option<()> {
    let agent = removals.object(AGENT_KEYS)?;
    if let Some(status) = agent.optional("agent_status") {
        status.object(STATUS_KEYS);
    }
    if let Some(talk) = agent.optional("talk") {
        check_talk_removals(&talk);
    }
    if let Some(channels) = agent.optional("channels") {
        channels.map("channel", |_: ChannelName, node| {
            if node.value().is_null() {
                Some(())
            } else {
                node.object(CHANNEL_KEYS).map(drop)
            }
        });
    }
    Some(())
}

fn read_agent_status(node: &Node<'_>, agent: &mut SeededAgent, known: &dyn Known) {
    let Some(status) = node.object(STATUS_KEYS) else {
        return;
    };
    if let Some(node) = status.required("id")
        && let Some(id) = node.number().map(StatusId)
    {
        if !known.has_status(id) {
            node.problem(format_args!("there is no unified status {id}"));
        }
        agent.status = id;
    }
    if let Some(reason) = status.word("reason") {
        agent.reason = reason;
    }
    agent.status_updated_at = status.read("updated_at", Node::time);
}

fn read_work_items(node: &Node<'_>) -> Option<Vec<SeededWorkItem>> {
    const NOT_IN_ORDER: &str =
        "came before the item above it: work items are listed oldest first, then by id";

    node.long_list(|| {
        let mut ids = Unique::new("work item");
        let mut last = None;
        move |node| {
            let item = node.object(&["id", "added_at", "reason"])?;
            let id = item.read_required("id", |node| {
                node.number().inspect(|id| ids.check(*id, node))
            });
            let reason = item.word("reason");
            let added_at = item.read("added_at", |node| {
                let time = node.time()?;
                let arrival = Some((time, id));
                if arrival < last {
                    node.problem(NOT_IN_ORDER);
                }
                last = arrival;
                Some(time)
            });
            Some(SeededWorkItem {
                id: id?,
                added_at,
                reason: reason.unwrap_or(WorkItemReason::UnknownAdd),
            })
        }
    })
}

pub(super) fn read_groups(node: &Node<'_>, known: &dyn Known) -> Option<Vec<GroupId>> {
    node.long_list(|| {
        let mut ids = Unique::new("group");
        move |node| {
            let id = node.number()?;
            ids.check(id, node);
            let is_known = known.has_group(GroupId(id));
            if !is_known {
                node.problem(format_args!("there is no group {id}"));
            }
            is_known.then_some(GroupId(id))
        }
    })
}

fn read_skills(node: &Node<'_>, known: &dyn Known) -> Option<Vec<SkillId>> {
    node.long_list(|| {
        let mut ids = Unique::new("skill");
        move |node| {
            let id = node.text()?;
            ids.check_text(&id, node);
            let skill = known.skill(&id);
            if skill.is_none() {
                node.problem(format_args!("there is no skill {}", Shortened(&id)));
            }
            skill
        }
    })
}
