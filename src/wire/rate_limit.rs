//! The rate limit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::times;

/// What is left of the rate limit. All of it is `None` while the limit is off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateLimitDocument {
    /// How many calls a window admits.
    pub limit: Option<u32>,
    /// How many more it admits now.
    pub remaining: Option<u32>,
    /// In how many whole seconds of the account's clock the window ends, as the headers say it.
    pub reset: Option<u64>,
    /// When the window ends, by the account's clock. `None` while no window is open: the next call
    /// opens one.
    #[serde(serialize_with = "times::optional_micros")]
    pub reset_at: Option<Timestamp>,
}
