//! Where the two faces become one service: the route table, what goes around it, and the sockets it listens on.

mod base_url;
mod drain;
mod headers;
pub(crate) mod listen;
mod normalize;
mod router;
pub(crate) mod service;

use std::sync::Arc;

use crate::account::Registry;
use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::ids::Ids;
use crate::zendesk::buffers::Buffers;
use crate::zendesk::kept::KeptLists;

/// What the service can reach.
#[derive(Clone, Debug)]
pub(crate) struct App(Arc<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) registry: Arc<Registry>,
    pub(crate) config: ServerConfig,
    pub(crate) ids: Ids,
    pub(crate) buffers: Arc<Buffers>,
    pub(crate) kept: Arc<KeptLists>,
    /// For answers that belong to no account.
    pub(crate) clock: Clock,
}

impl App {
    pub(crate) fn new(registry: Arc<Registry>, config: ServerConfig, ids: Ids, clock: Clock) -> Self {
        let kept = Arc::new(KeptLists::new(config.kept_lists));
        Self(Arc::new(Parts { registry, config, ids, buffers: Arc::default(), kept, clock }))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
