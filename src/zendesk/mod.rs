//! Zendesk's API: `/api/v2/…`, answered as Zendesk would. One file per resource, its wire types
//! beside it.
//!
//! A handler reads the request, reads or writes the world once, and makes the wire type. What a
//! developer needs to know beyond the answer goes into hints, never into the body.

pub(crate) mod agent_availabilities;
mod agent_resource;
pub(crate) mod agent_status_updates;
pub(crate) mod agent_statuses;
pub(crate) mod error;
mod error_body;
pub(crate) mod fault;
pub(crate) mod hint;
pub(crate) mod job_statuses;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod work_items;

/// What every path below begins with.
pub(crate) const PREFIX: &str = "/api/v2/agent_availabilities";
