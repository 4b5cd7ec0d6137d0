//! API tokens and OAuth tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An API token, which goes with any user: what the emulator returns, and what
/// [`Account::replace_api_token`] takes.
///
/// [`Account::replace_api_token`]: crate::client::Account::replace_api_token
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokenDocument {
    /// Its id.
    pub id: u64,
    /// The token itself: visible ASCII, unique among all tokens of the account.
    pub token: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// An OAuth token: what the emulator returns, and what [`Account::replace_oauth_token`] takes.
///
/// [`Account::replace_oauth_token`]: crate::client::Account::replace_oauth_token
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OauthTokenDocument {
    /// Its id.
    pub id: u64,
    /// The token itself: visible ASCII, unique among all tokens of the account.
    pub token: String,
    /// The user that it acts as.
    pub user_id: u64,
    /// What it may be used for, such as `read` and `write`.
    pub scopes: Vec<String>,
    /// When it expires, by the account's clock. An expired token is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}
