//! Zendesk's API: `/api/v2/…` and `/oauth/…`, answered as Zendesk would. One file per resource, its
//! wire types beside it.
//!
//! A handler reads the request, reads or writes the world once, and makes the wire type. What a
//! developer needs to know beyond the answer goes into hints, never into the body.

pub(crate) mod account_settings;
pub(crate) mod agent_availabilities;
mod agent_resource;
pub(crate) mod agent_status_updates;
pub(crate) mod agent_statuses;
mod authorization_request;
pub(crate) mod authorizations;
mod blocking;
pub(crate) mod capacity_rules;
mod consent_page;
pub(crate) mod error;
mod error_body;
pub(crate) mod fault;
pub(crate) mod group_availability;
pub(crate) mod group_memberships;
pub(crate) mod groups;
pub(crate) mod hint;
pub(crate) mod job_statuses;
pub(crate) mod oauth_clients;
mod oauth_error;
mod oauth_grant;
pub(crate) mod oauth_grants;
mod oauth_lifetimes;
mod oauth_scopes;
mod oauth_secret;
pub(crate) mod oauth_tokens;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod rule_answer;
pub(crate) mod search;
mod search_query;
pub(crate) mod talk_availabilities;
pub(crate) mod talk_statistics;
mod user_resource;
pub(crate) mod users;
pub(crate) mod work_items;

/// What the paths of the two availability APIs begin with.
pub(crate) const PREFIX: &str = "/api/v2/agent_availabilities";

/// What comes after `/api/v2/` in the paths for which [`is_of_ticketing`] is true.
const TICKETING: [&str; 9] = [
    "users",
    "groups",
    "group_memberships",
    "search",
    "account",
    "account_groups",
    "capacity",
    "channels",
    "oauth",
];

/// Whether a path is of the two availability APIs.
pub(crate) fn is_of_availability(path: &str) -> bool {
    let rest = path.strip_prefix(PREFIX);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a path is of the Ticketing API, or of one with the same limit and errors: Talk, group
/// availability, capacity rules and OAuth.
pub(crate) fn is_of_ticketing(path: &str) -> bool {
    let rest = path.strip_prefix(crate::incoming::ZENDESK_API);
    let resource = rest.and_then(|rest| rest.split('/').next());
    resource.is_some_and(|resource| TICKETING.contains(&resource))
}
