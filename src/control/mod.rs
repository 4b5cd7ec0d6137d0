//! The tester's face: `/_emulator/…`. One file per concern. Nothing here counts calls or asks for an account's
//! credentials; `guard.rs` says who may steer.

pub(crate) mod accounts;
mod body;
pub(crate) mod clock;
pub(crate) mod contract;
mod error;
pub(crate) mod faults;
pub(crate) mod guard;
pub(crate) mod health;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::account::Registry;
use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::ids::Ids;

/// What can be steered, and what new accounts are made with.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) registry: Arc<Registry>,
    pub(crate) config: ServerConfig,
    /// As which the clocks of new accounts go at first.
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    /// The number in the name of the next account that is given none.
    pub(crate) next: AtomicU64,
    /// The ids of the operations of Zendesk's face.
    pub(crate) operations: Vec<&'static str>,
}
