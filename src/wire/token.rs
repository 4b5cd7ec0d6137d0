//! API tokens and OAuth tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An API token, with which every user can sign in: what the emulator returns, and what
/// [`Account::replace_api_token`] takes.
///
/// [`Account::replace_api_token`]: crate::client::Account::replace_api_token
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApiTokenDocument {
    /// Its id.
    pub id: u64,
    /// The token itself: visible ASCII, unique among all tokens of the account.
    pub token: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it can be used. A token that the settings `api_tokens` refuse stays active here.
    pub active: bool,
    /// When it was made. Not given in a `PUT`: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was activated again, by the account's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activated_at: Option<Timestamp>,
    /// When it was last used, by the account's clock, to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// An OAuth token: what the emulator returns, and what [`Account::replace_oauth_token`] takes.
///
/// [`Account::replace_oauth_token`]: crate::client::Account::replace_oauth_token
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OauthTokenDocument {
    /// Its id.
    pub id: u64,
    /// The token itself: visible ASCII, unique among all tokens of the account.
    pub token: String,
    /// The user that it acts as.
    pub user_id: u64,
    /// The id of the OAuth client that it was issued to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<u64>,
    /// What it may be used for, such as `read` and `write`.
    pub scopes: Vec<String>,
    /// When it was made. Not given in a `PUT`: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it expires, by the account's clock. Then calls with it are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The refresh token that renews it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// When the refresh token expires, by the account's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_expires_at: Option<Timestamp>,
    /// When it was last used, by the account's clock, to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
}

impl ApiTokenDocument {
    /// A token without a description.
    pub fn new(id: u64, token: impl Into<String>) -> Self {
        Self {
            id,
            token: token.into(),
            description: None,
            active: true,
            created_at: None,
            activated_at: None,
            last_used_at: None,
        }
    }
}

impl OauthTokenDocument {
    /// A token that does not expire.
    pub fn new<S: Into<String>>(
        id: u64,
        token: impl Into<String>,
        user_id: u64,
        scopes: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            id,
            token: token.into(),
            user_id,
            client_id: None,
            scopes: scopes.into_iter().map(Into::into).collect(),
            created_at: None,
            expires_at: None,
            refresh_token: None,
            refresh_token_expires_at: None,
            used_at: None,
        }
    }
}
