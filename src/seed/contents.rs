//! From a seed to what a world starts with: what the seed leaves open follows from the settings and the present.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{Seed, SeededAgent, SeededChannel};
use crate::config::Settings;
use crate::world::{
    Agent, AgentId, AgentStatus, Channel, ChannelStatus, Contents, Status, StatusCatalog, StatusKind, WorkItem,
    WorkItemId,
};

impl Seed {
    /// What a world starts with when it is sown now, and its agents: those of the seed, then so many generated ones.
    pub(crate) fn contents(
        &self,
        settings: &Settings,
        generated: usize,
        now: Timestamp,
    ) -> (Contents, impl Iterator<Item = Agent>) {
        let statuses = self.statuses(settings, now);
        let generated = self.generated(generated, &statuses, now);
        let catalog = statuses.clone();
        let agents = self.agents.iter().filter_map(move |agent| agent.sown(&catalog, now)).chain(generated);
        let directory = self.directory.clone();
        (Contents { directory, statuses, omnichannel_routing: settings.omnichannel_routing }, agents)
    }

    fn statuses(&self, settings: &Settings, now: Timestamp) -> StatusCatalog {
        let standard = self.standard.iter().map(|status| Status {
            id: status.id,
            name: status.standard.as_str().into(),
            description: Some(status.description.clone()),
            group_ids: Vec::new(),
            kind: StatusKind::Standard(status.standard),
            channels: Status::standard_channels(status.standard, settings.away_channels),
        });
        let custom = self.custom.iter().map(|status| Status {
            id: status.id,
            name: status.name.as_str().into(),
            description: status.description.clone(),
            group_ids: status.group_ids.clone(),
            kind: StatusKind::Custom { updated_at: status.updated_at.unwrap_or(now) },
            channels: status.channels.iter().copied().collect(),
        });
        standard.chain(custom).map(Arc::new).collect()
    }
}

impl SeededAgent {
    /// The agent; its status is there, for reading the seed has made sure of it.
    fn sown(&self, statuses: &StatusCatalog, now: Timestamp) -> Option<Agent> {
        let status = statuses.get(self.status)?;
        let mut channels: Vec<_> = self.channels.iter().map(|channel| channel.sown(status, now)).collect();
        channels.sort_by_key(|channel| channel.name);
        Some(Agent {
            id: AgentId(self.id),
            version: self.version,
            status: AgentStatus {
                status: Arc::clone(status),
                reason: self.reason,
                updated_at: self.status_updated_at.unwrap_or(now),
            },
            channels,
            groups: self.groups.clone(),
            skills: self.skills.as_deref().map(Arc::from),
        })
    }
}

impl SeededChannel {
    fn sown(&self, agent_status: &Status, now: Timestamp) -> Channel {
        let mapped = agent_status.channels.get(&self.name).copied().unwrap_or(ChannelStatus::Offline);
        // Items without a time keep the order in which the seed lists them.
        let mut next = now;
        let mut work_items: Vec<_> = self
            .work_items
            .iter()
            .map(|item| {
                let added_at = item.added_at.unwrap_or(next);
                next = next.saturating_add(Duration::from_micros(1)).unwrap_or(next);
                WorkItem { id: WorkItemId(item.id), added_at, reason: item.reason }
            })
            .collect();
        work_items.sort_by_key(WorkItem::arrival);
        Channel {
            name: self.name,
            status: self.status.unwrap_or(mapped),
            max_capacity: self.max_capacity,
            updated_at: self.updated_at.unwrap_or(now),
            work_items,
        }
    }
}
