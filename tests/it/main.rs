//! Tests of the emulator as a client sees it.
//!
//! The harness checks every answer against `openapi/`. Each test names the source of the behaviour
//! that it proves: the documentation, what clients were observed to need, the word *assumed*, or
//! *by design* for what Zendesk does not have.
#![expect(
    unreachable_pub,
    reason = "the harness is public to the tests beside it"
)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod harness;

mod accounts;
mod agent_forms;
mod agent_ids;
mod agent_status_pages;
mod agent_statuses;
mod agents;
mod answers;
mod architecture;
mod authentication;
mod cli;
mod client;
mod contract_file;
mod cors;
mod custom_statuses;
#[cfg(feature = "dashboard")]
mod dashboard;
mod embedding;
mod errors;
mod event_log;
mod events;
mod faults;
mod filter_model;
mod fresh;
mod generated;
mod guide;
mod hints;
mod hostile;
mod included;
mod job_delays;
mod job_limits;
mod jobs;
mod journal;
mod last_instant;
mod links;
mod list;
mod list_filters;
mod list_model;
mod me;
mod model;
mod oauth;
mod pagination;
mod property;
mod rate_limit;
mod refused_writes;
mod requests;
mod routing;
mod seeds;
mod slow_bodies;
mod snapshots;
mod sockets;
mod steering;
mod ticketing;
mod update_bodies;
mod updates;
mod walk;
mod wire;
mod work_items;
mod writer;
