//! The report: how clients behaved.

use serde::{Deserialize, Serialize};

use crate::names::named_enum;

/// How the clients of an account behaved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// How many requests it is about.
    pub requests: u64,
    /// How many more there were, for which the journal had no room.
    pub dropped: u64,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// A statement of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about.
    pub rule: ReportRule,
    /// Whether the behaviour is right.
    pub verdict: Verdict,
    /// What was found, as a sentence.
    pub description: String,
    /// The numbers of the requests that show it.
    pub requests: Vec<u64>,
}

named_enum! {
    /// What a report looks at.
    #[non_exhaustive]
    pub enum ReportRule {
        /// Whether a client waited for as long as `Retry-After` said.
        RetryAfter => "retry_after",
        /// Calls that the rate limit refused.
        RateLimit => "rate_limit",
        /// Whether further pages were asked for with the links of earlier ones.
        PaginationLinks => "pagination_links",
        /// Whether further pages were asked for while there were any.
        HasMore => "has_more",
        /// Parameters, body fields and headers that nothing reads.
        UnreadParameters => "unread_parameters",
        /// Calls that the caller's role may not make.
        WrongRole => "wrong_role",
        /// Calls that were refused with 401.
        Authentication => "authentication",
        /// Whether tokens were renewed long before they expired.
        EarlyRenewal => "early_renewal",
        /// Whether tokens were renewed only after a call was refused, or not at all.
        LateRenewal => "late_renewal",
        /// Whether several requests renewed one token.
        RepeatedRenewal => "repeated_renewal",
        /// Whether refresh tokens were sent again after they had been used.
        SpentRefreshToken => "spent_refresh_token",
        /// Whether the tokens of a renewal were kept.
        LostRotation => "lost_rotation",
        /// Whether clients sign in with API tokens or passwords.
        OldCredentials => "old_credentials",
    }
}

named_enum! {
    /// Whether a behaviour is right.
    #[non_exhaustive]
    pub enum Verdict {
        /// The behaviour is right.
        Good => "good",
        /// The behaviour is wrong.
        Bad => "bad",
        /// The report cannot tell: correct clients do it as well as faulty ones.
        Note => "note",
    }
}
