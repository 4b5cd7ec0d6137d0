//! From a seed to what a world starts with: what the seed leaves open follows from the settings and
//! the present.

use std::sync::Arc;

use jiff::Timestamp;

use super::Seed;
use crate::config::Settings;
use crate::world::{Agent, Contents, Status, StatusCatalog, StatusKind};

impl Seed {
    /// What a world that starts now has, and its agents: those of the seed, then this many
    /// generated ones.
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
                talk_queue: self.talk_queue.clone(),
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
