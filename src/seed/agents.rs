//! The agents of a seed.

use super::reader::{Node, Unique};
use super::{Seed, SeededAgent, SeededChannel, SeededWorkItem};
use crate::world::{
    ChannelStatus, Directory, GroupId, Role, SkillId, Status, StatusId, StatusReason, UserId, WorkItemReason,
};

pub(super) fn read_agent(node: &Node<'_>, ids: &mut Unique<u64>, seed: &Seed) -> Option<SeededAgent> {
    let agent = node.object(&["id", "version", "agent_status", "group_ids", "skill_ids", "channels"])?;
    let id = agent.required("id").and_then(|node| {
        let id = node.number()?;
        ids.check(id, &node);
        if let Some(user) = seed.directory.user(UserId(id))
            && matches!(user.role, Role::LightAgent | Role::EndUser)
        {
            node.problem(format_args!("user {id} has the role {}, which has no availability", user.role));
        }
        Some(id)
    });
    let version = agent.optional("version").and_then(|node| node.number_in(1, u64::MAX));
    let mut seeded = SeededAgent {
        id: 0,
        version: version.unwrap_or(1),
        status: seed.status_id(ChannelStatus::Offline),
        reason: StatusReason::Unknown,
        status_updated_at: None,
        groups: agent.optional("group_ids").and_then(|node| read_groups(&node, &seed.directory)),
        skills: agent.optional("skill_ids").and_then(|node| read_skills(&node, &seed.directory)),
        channels: Vec::new(),
    };
    if let Some(node) = agent.optional("agent_status") {
        read_agent_status(&node, &mut seeded, seed);
    }
    if let Some(node) = agent.optional("channels") {
        let channels = node.map("channel", |name, node| {
            let channel = node.object(&["status", "max_capacity", "updated_at", "work_items"])?;
            Some(SeededChannel {
                name,
                status: channel.optional("status").and_then(|node| node.word("channel status")),
                max_capacity: channel.optional("max_capacity").and_then(|node| node.number_in(0, u32::MAX.into())),
                updated_at: channel.optional("updated_at").and_then(|node| node.time()),
                work_items: channel.optional("work_items").and_then(|node| read_work_items(&node)).unwrap_or_default(),
            })
        });
        seeded.channels = channels.unwrap_or_default();
    }
    seeded.id = id?;
    Some(seeded)
}

fn read_agent_status(node: &Node<'_>, agent: &mut SeededAgent, seed: &Seed) {
    let Some(status) = node.object(&["id", "reason", "updated_at"]) else { return };
    if let Some(node) = status.required("id")
        && let Some(id) = node.number().map(StatusId)
    {
        if !seed.has_status(id) {
            node.problem(format_args!("there is no unified status {id}"));
        }
        agent.status = id;
    }
    if let Some(reason) = status.optional("reason").and_then(|node| node.word("reason")) {
        agent.reason = reason;
    }
    agent.status_updated_at = status.optional("updated_at").and_then(|node| node.time());
}

fn read_work_items(node: &Node<'_>) -> Option<Vec<SeededWorkItem>> {
    let mut ids = Unique::new("work item");
    let mut last = None;
    node.list(|node| {
        let item = node.object(&["id", "added_at", "reason"])?;
        let id = item.required("id").and_then(|node| node.number().inspect(|id| ids.check(*id, &node)));
        let reason = item.optional("reason").and_then(|node| node.word("reason"));
        let added_at = item.optional("added_at").and_then(|node| {
            let time = node.time()?;
            let arrival = Some((time, id));
            if arrival < last {
                node.problem("came before the item above it: work items are listed oldest first, then by id");
            }
            last = arrival;
            Some(time)
        });
        Some(SeededWorkItem { id: id?, added_at, reason: reason.unwrap_or(WorkItemReason::UnknownAdd) })
    })
}

pub(super) fn read_groups(node: &Node<'_>, directory: &Directory) -> Option<Vec<GroupId>> {
    let mut ids = Unique::new("group");
    node.list(|node| {
        let id = node.number()?;
        ids.check(id, node);
        let known = directory.groups.contains_key(&GroupId(id));
        if !known {
            node.problem(format_args!("there is no group {id}"));
        }
        known.then_some(GroupId(id))
    })
}

fn read_skills(node: &Node<'_>, directory: &Directory) -> Option<Vec<SkillId>> {
    let mut ids = Unique::new("skill");
    node.list(|node| {
        let id = node.text()?;
        ids.check(id.to_owned(), node);
        // The directory's own text, so that a skill's id is in memory once.
        let known = directory.skills.get_key_value(&SkillId(id.into())).map(|(id, _)| id.clone());
        if known.is_none() {
            node.problem(format_args!("there is no skill {id}"));
        }
        known
    })
}

impl Seed {
    fn status_id(&self, standard: ChannelStatus) -> StatusId {
        let listed = self.standard.iter().find(|status| status.standard == standard);
        listed.map_or_else(|| Status::standard_id(standard), |status| status.id)
    }

    fn has_status(&self, id: StatusId) -> bool {
        self.standard.iter().any(|status| status.id == id) || self.custom.iter().any(|status| status.id == id)
    }
}
