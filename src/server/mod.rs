//! Where the two APIs become one service: the route table, what goes around it, and the sockets it
//! listens on.

mod address;
mod connection;
mod cors;
mod drain;
mod faults;
mod frames;
mod headers;
mod journal;
pub(crate) mod listen;
mod normalize;
mod router;
pub(crate) mod service;
mod socket;
mod starting;
mod work;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::account::{Account, Defaults, Registry};
use crate::clock::{Clock, ClockMode};
use crate::config::ServerConfig;
use crate::ids::Ids;
use crate::zendesk::error::ApiError;
use crate::zendesk::response::buffers::Buffers;
use crate::zendesk::response::cache::ResponseCache;
use address::Address;

/// What the service can reach.
#[derive(Clone, Debug)]
pub(crate) struct App(Arc<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) registry: Arc<Registry>,
    pub(crate) defaults: Arc<Defaults>,
    pub(crate) config: ServerConfig,
    pub(crate) ids: Ids,
    pub(crate) buffers: Arc<Buffers>,
    pub(crate) kept: Arc<ResponseCache>,
    /// For answers that belong to no account.
    pub(crate) clock: Clock,
    /// How that clock went at first, and those of new accounts go.
    pub(crate) clock_mode: ClockMode,
    /// Cancelled when the server is to stop: answers without an end have one then.
    pub(crate) stop: CancellationToken,
}

impl App {
    pub(crate) fn new(
        registry: Arc<Registry>,
        defaults: Defaults,
        config: ServerConfig,
        ids: Ids,
        clock: Clock,
    ) -> Self {
        let defaults = Arc::new(defaults);
        let kept = Arc::new(ResponseCache::new(config.response_cache_size));
        let (clock_mode, stop) = (clock.mode(), CancellationToken::new());
        Self(Arc::new(Parts {
            registry,
            defaults,
            config,
            ids,
            buffers: Arc::default(),
            kept,
            clock,
            clock_mode,
            stop,
        }))
    }
}

impl Parts {
    /// The account that is there, and what links to it begin with. While there is no account at
    /// all, none is missing.
    fn account_at(
        &self,
        address: &Address<'_>,
    ) -> (Option<Arc<Account>>, Result<String, ApiError>) {
        let base_url = || address.base_url(&self.config, &self.registry);
        let Some(subdomain) = address.subdomain(&self.config) else {
            return (self.registry.default_account(), Ok(base_url()));
        };
        match self.registry.account(&subdomain.to_ascii_lowercase()) {
            Some(account) => (Some(account), Ok(base_url())),
            None if self.registry.default_account().is_none() => (None, Ok(base_url())),
            None => (
                None,
                Err(ApiError::NoHelpDesk {
                    address: address.name(),
                    subdomain: subdomain.to_owned(),
                }),
            ),
        }
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
