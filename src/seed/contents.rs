//! From a seed to what a world starts with: what the seed leaves open follows from the settings and
//! the present.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Seed;
use super::agents::{SeededAgent, SeededChannel};
use crate::config::Settings;
use crate::world::{
    Agent, AgentStatus, Channel, ChannelStatus, Contents, Status, StatusCatalog, StatusKind,
    WorkItem, WorkItemId,
};

impl Seed {
    /// What a world starts with when it is sown now, and its agents: those of the seed, then so
    /// many generated ones.
    pub(crate) fn contents(
        &self,
        settings: &Settings,
        generated: usize,
        now: Timestamp,
    ) -> (Contents, impl Iterator<Item = Agent>) {
        let statuses = self.statuses(settings, now);
        let generated = self.generated(generated, &statuses, now);
        let catalog = statuses.clone();
        let agents = self
            .agents
            .iter()
            .filter_map(move |agent| agent.onto(None, &catalog, now))
            .chain(generated);
        let directory = self.directory.clone();
        (
            Contents {
                directory,
                statuses,
                omnichannel_routing: settings.omnichannel_routing,
            },
            agents,
        )
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
        let custom = self
            .custom
            .iter()
            .map(|custom| custom.status.onto(custom.id, None, now));
        standard.chain(custom).map(Arc::new).collect()
    }
}

impl SeededAgent {
    /// The agent. What the document leaves open is as it was, where the agent was there, and else
    /// follows from its unified status and the present. `None` if there is no such status.
    pub(crate) fn onto(
        &self,
        held: Option<&Agent>,
        statuses: &StatusCatalog,
        now: Timestamp,
    ) -> Option<Agent> {
        let status = statuses.get(self.status)?;
        let channel = |channel: &SeededChannel| {
            let held = held.and_then(|held| held.channel(channel.name));
            channel.onto(held, status, now)
        };
        let mut channels: Vec<_> = self.channels.iter().map(channel).collect();
        channels.sort_by_key(|channel| channel.name);
        Some(Agent {
            id: self.id(),
            version: self.version().unwrap_or(1),
            status: AgentStatus {
                status: Arc::clone(status),
                reason: self.reason,
                updated_at: self
                    .status_updated_at
                    .or(held.map(|held| held.status.updated_at))
                    .unwrap_or(now),
            },
            channels,
            groups: self.groups.clone(),
            skills: self.skills.as_deref().map(Arc::from),
        })
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
