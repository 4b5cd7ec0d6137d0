//! What is left of the rate limit.

use super::account::Account;
use super::error::ClientError;
use crate::wire::rate_limit::RateLimitDocument;

impl Account {
    /// What is left of the rate limit now. To ask is not counted.
    pub fn rate_limit(&self) -> Result<RateLimitDocument, ClientError> {
        self.get("/rate_limit")
    }

    /// The same of the limit for the other APIs: users, groups, search, account settings, Talk, group
    /// availability, capacity rules, and paths that only a rule answers.
    pub fn account_rate_limit(&self) -> Result<RateLimitDocument, ClientError> {
        self.get("/account_rate_limit")
    }
}
