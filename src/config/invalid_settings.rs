//! Why settings are refused.

/// A setting that is out of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSettings {
    /// The rate limit cannot be counted.
    #[error(
        "a rate limit's window lasts at least 1s, and requests times window at most 2,305,843,009 seconds"
    )]
    RateLimit,
    /// More calls left than the limit has, or without a limit.
    #[error(
        "the calls left of a rate limit are at most its requests, and are not given without a limit"
    )]
    Remaining,
    /// The default size of a page is out of its range.
    #[error("page_size_default is a number from 1 to 100")]
    PageSizeDefault,
    /// The number of included work items is out of its range.
    #[error("work_items_per_page is a number from 0 to 100")]
    WorkItemsPerPage,
    /// Not a status that a new OAuth token can have.
    #[error("oauth.created_status is 200 or 201")]
    CreatedStatus,
    /// The days without use are out of their range.
    #[error("api_tokens.inactivity_days is a number from 1 to 3650, or null")]
    InactivityDays,
    /// Not the first label of a host.
    #[error("a subdomain has lowercase letters, digits and hyphens, 63 at most")]
    Subdomain,
    /// The header time-out is out of its range.
    #[error("a header time-out is from 1s to 10m")]
    HeaderTimeout,
    /// More agents than can be generated.
    #[error("the number of generated agents is from 0 to 10,000,000")]
    Agents,
}
