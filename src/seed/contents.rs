//! From a seed to what a world starts with: what the seed leaves open follows from the settings and
//! the present.

use std::sync::Arc;

use jiff::Timestamp;

use super::Seed;
use crate::config::Settings;
use crate::world::{
    Agent, ApiToken, Contents, Directory, LastUse, OauthClient, OauthToken, Status, StatusCatalog,
    StatusKind,
};

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
        let directory = self.directory_at(now);
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

    /// The directory of an account that begins now: what the seed does not say is made now.
    fn directory_at(&self, now: Timestamp) -> Directory {
        let mut directory = self.directory.clone();
        for token in self.directory.api_tokens() {
            let created_at = token.created_at.or(Some(now));
            // Accounts of one seed do not share when its tokens were used.
            let last_use = LastUse::at(token.last_use.time());
            let token = ApiToken {
                created_at,
                last_use,
                ..token.clone()
            };
            // It replaces itself.
            drop(directory.save_api_token(token));
        }
        for client in self.directory.oauth().clients() {
            let created_at = client.created_at.unwrap_or(OauthClient::creation(now));
            let client = OauthClient {
                created_at: Some(created_at),
                updated_at: client.updated_at.or(Some(created_at)),
                ..client.clone()
            };
            drop(directory.save_oauth_client(client));
        }
        for token in self.directory.oauth().tokens() {
            let lifetimes = self.lifetimes.get(&token.id).copied().unwrap_or_default();
            let last_use = LastUse::at(token.last_use.time());
            let token = OauthToken {
                last_use,
                ..token.clone()
            };
            drop(directory.save_oauth_token(lifetimes.begin(token, now)));
        }
        directory
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
