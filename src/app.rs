//! What outlives a request: the accounts, how the server was started, and the response cache.

use std::ops::Deref;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::account::{Defaults, Registry};
use crate::clock::{Clock, ClockMode};
use crate::config::ServerConfig;
use crate::ids::Ids;
use crate::zendesk::response::cache::ResponseCache;

/// The state that layers and handlers share. Clones are the same state.
#[derive(Clone, Debug)]
pub(crate) struct App(Arc<AppState>);

#[derive(Debug)]
pub(crate) struct AppState {
    pub(crate) registry: Arc<Registry>,
    pub(crate) defaults: Arc<Defaults>,
    pub(crate) config: ServerConfig,
    pub(crate) ids: Ids,
    pub(crate) response_cache: Arc<ResponseCache>,
    /// For answers that belong to no account.
    pub(crate) clock: Clock,
    /// The mode in which that clock and the clocks of new accounts start.
    pub(crate) clock_mode: ClockMode,
    /// Cancelled when the server is to stop: streams end then.
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
        Self(Arc::new(AppState {
            registry,
            defaults: Arc::new(defaults),
            response_cache: Arc::new(ResponseCache::new(config.response_cache_size)),
            clock_mode: clock.mode(),
            stop: CancellationToken::new(),
            config,
            ids,
            clock,
        }))
    }
}

impl Deref for App {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.0
    }
}
