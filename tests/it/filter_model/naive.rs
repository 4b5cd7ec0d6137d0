//! Pages of agents, found by a look at every agent.

use zendesk_availability_emulator::world::{
    Agent, AgentFilter, AgentId, Channel, ChannelName, Page, Position,
};

/// Whether the agent meets every condition. Documented, observed and assumed.
pub fn lets_through(filter: &AgentFilter, agent: &Agent) -> bool {
    let channel = |name: ChannelName| -> Option<&Channel> {
        agent.channels.iter().find(|channel| channel.name == name)
    };
    let has_room = |name: ChannelName, wanted: u64| {
        let Some(channel) = channel(name) else {
            return false;
        };
        // An agent over capacity has no free capacity. Without a limit, the filter never matches.
        channel.max_capacity.is_some_and(|capacity| {
            u64::from(capacity).saturating_sub(channel.work_items.len() as u64) >= wanted
        })
    };
    let conditions = [
        filter.agent.as_ref().map(|ids| ids.contains(&agent.id)),
        filter
            .agent_status
            .as_ref()
            .map(|ids| ids.contains(&agent.status.status.id)),
        filter.channel_status.as_ref().map(|pairs| {
            pairs.iter().any(|(name, status)| {
                channel(*name).is_some_and(|channel| channel.status == *status)
            })
        }),
        filter
            .agent_status_name
            .as_ref()
            .map(|names| names.iter().any(|name| **name == *agent.status.status.name)),
        filter.work_items_count.as_ref().map(|pairs| {
            let has_few = |name, most| {
                channel(name).is_some_and(|channel| channel.work_items.len() as u64 <= most)
            };
            pairs.iter().any(|(name, most)| has_few(*name, *most))
        }),
        filter.group.as_ref().map(|ids| {
            agent
                .groups
                .iter()
                .flatten()
                .any(|group| ids.contains(group))
        }),
        filter.skill.as_ref().map(|ids| {
            agent
                .skills
                .iter()
                .flat_map(|ids| ids.iter())
                .any(|id| ids.contains(id))
        }),
        filter
            .remaining_capacity
            .as_ref()
            .map(|pairs| pairs.iter().any(|(name, wanted)| has_room(*name, *wanted))),
    ];
    conditions.into_iter().flatten().all(|met| met)
}

/// The page. `agents` are ordered by id.
pub fn page<'a>(
    agents: impl Iterator<Item = &'a Agent>,
    filter: &AgentFilter,
    position: &Position<AgentId>,
    limit: usize,
) -> Page<Agent> {
    let matching: Vec<_> = agents.filter(|agent| lets_through(filter, agent)).collect();
    let before = |wanted: AgentId| matching.iter().filter(|agent| agent.id < wanted).count();
    let behind = |wanted: AgentId| matching.iter().filter(|agent| agent.id > wanted).count();
    let (start, end) = match position {
        Position::First => (0, matching.len().min(limit)),
        Position::After(id) => {
            let start = matching.len() - behind(*id);
            (start, matching.len().min(start.saturating_add(limit)))
        }
        Position::Before(id) => (before(*id).saturating_sub(limit), before(*id)),
    };
    Page {
        items: matching[start..end].iter().copied().cloned().collect(),
        has_previous: start < end && start > 0,
        has_next: start < end && end < matching.len(),
    }
}
