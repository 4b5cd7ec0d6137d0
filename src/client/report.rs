//! The report: how clients behaved.

use serde::Deserialize;

use super::account::Account;
use super::error::ClientError;

/// How the clients of an account behaved.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// How many requests it is about.
    pub requests: u64,
    /// How many more there were, for which the journal had no room.
    pub dropped: u64,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Something that a report says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about.
    pub rule: ReportRule,
    /// Whether that is well.
    pub verdict: Verdict,
    /// What was found, as a sentence.
    pub description: String,
    /// The numbers of the requests that show it.
    pub requests: Vec<u64>,
}

/// What a report looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReportRule {
    /// Whether a client waited for as long as `Retry-After` said.
    RetryAfter,
    /// Calls that the rate limit refused.
    RateLimit,
    /// Whether further pages were asked for as links do.
    PaginationLinks,
    /// Whether further pages were asked for while there were any.
    HasMore,
    /// Parameters, body fields and headers that nothing reads.
    UnreadParameters,
    /// Calls that the caller's role may not make.
    WrongRole,
    /// Calls that were refused with 401.
    Authentication,
}

/// Whether what was found is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// It is.
    Good,
    /// It is not.
    Bad,
    /// That is not for the report to say: correct clients do it as well as faulty ones.
    Note,
}

impl Account {
    /// How the clients of the account behaved, as far as the journal goes back.
    pub fn report(&self) -> Result<Report, ClientError> {
        self.get("/report")
    }
}
