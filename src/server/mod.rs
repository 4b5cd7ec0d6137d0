//! Where the two faces become one service: the route table, the layers around it, and the sockets it listens on.

mod drain;
mod layers;
pub(crate) mod listen;
pub(crate) mod router;

use std::sync::Arc;

use crate::account::Registry;
use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::ids::Ids;

/// What every layer can reach.
#[derive(Clone, Debug)]
pub(crate) struct App(Arc<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) registry: Arc<Registry>,
    pub(crate) config: ServerConfig,
    pub(crate) ids: Ids,
    /// For answers that belong to no account.
    pub(crate) clock: Clock,
}

impl App {
    pub(crate) fn new(registry: Arc<Registry>, config: ServerConfig, ids: Ids, clock: Clock) -> Self {
        Self(Arc::new(Parts { registry, config, ids, clock }))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
