//! The control API: `/_emulator/…`, one file for each concern. Its calls are not counted by rate
//! limits and need no credentials of an account. `guard.rs` decides who may use it.

mod account_path;
pub(crate) mod account_stream;
pub(crate) mod accounts;
pub(crate) mod agent_pages;
mod agent_selection;
pub(crate) mod agent_statuses;
pub(crate) mod agents;
mod blocking;
mod body;
pub(crate) mod channels;
pub(crate) mod clock;
pub(crate) mod contract;
pub(crate) mod criteria;
mod directory;
pub(crate) mod error;
pub(crate) mod events;
pub(crate) mod faults;
pub(crate) mod groups;
pub(crate) mod guard;
pub(crate) mod health;
pub(crate) mod index;
mod many_agents;
mod matcher;
mod parameters;
pub(crate) mod paths;
pub(crate) mod presence;
pub(crate) mod rate_limit;
mod references;
mod refusal;
pub(crate) mod report;
pub(crate) mod requests;
pub(crate) mod snapshot;
mod source;
mod stream;
pub(crate) mod talk_queue;
pub(crate) mod tokens;
pub(crate) mod users;
pub(crate) mod verify;
mod waiting;
pub(crate) mod work_items;

use std::sync::Arc;

use axum::http::StatusCode;
use tokio_util::sync::CancellationToken;

use crate::account::{Defaults, Registry};
use crate::clock::ClockMode;
use crate::config::ServerConfig;
use crate::ids::Ids;
use criteria::Operations;

/// The status of an answer that shows what a call has saved.
fn saved_status(is_new: bool) -> StatusCode {
    if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    }
}

/// What handlers of the control API share.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) registry: Arc<Registry>,
    /// The defaults of new accounts.
    pub(crate) defaults: Arc<Defaults>,
    pub(crate) config: ServerConfig,
    /// The mode in which the clocks of new accounts start.
    pub(crate) clock_mode: ClockMode,
    pub(crate) ids: Ids,
    /// The operations of Zendesk's API.
    pub(crate) operations: Operations,
    /// Cancelled when the server is to stop.
    pub(crate) stop: CancellationToken,
}
