//! API tokens and OAuth tokens.

use jiff::Timestamp;
use serde_json::json;

use super::account::{Account, path};
use super::error::ClientError;
use super::patch::patch;
use crate::wire::token::{ApiTokenDocument, OauthTokenDocument};

patch! {
    /// A change of an API token. What is not given stays.
    ApiTokenPatch
}

patch! {
    /// A change of an OAuth token. What is not given stays.
    OauthTokenPatch
}

impl ApiTokenPatch {
    /// Its new text.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        self.with("token", token.into())
    }

    /// Its new description, or none.
    #[must_use]
    pub fn description(self, text: Option<&str>) -> Self {
        self.with("description", text)
    }

    /// Whether it can be used. With `true`, the days without use begin anew.
    #[must_use]
    pub fn active(self, active: bool) -> Self {
        self.with("active", active)
    }

    /// When it was last used, by the account's clock. With `None` it was never used.
    #[must_use]
    pub fn last_used_at(self, time: Option<Timestamp>) -> Self {
        self.with("last_used_at", time.map(|time| time.to_string()))
    }
}

impl OauthTokenPatch {
    /// Its new text.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        self.with("token", token.into())
    }

    /// The user that it acts as from now on.
    #[must_use]
    pub fn user_id(self, id: u64) -> Self {
        self.with("user_id", id)
    }

    /// Its new scopes.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        self.with("scopes", scopes)
    }

    /// When it expires, by the account's clock. With `None` it does not expire.
    #[must_use]
    pub fn expires_at(self, time: Option<Timestamp>) -> Self {
        self.with("expires_at", time.map(|time| time.to_string()))
    }

    /// The client that it was issued to, or none.
    #[must_use]
    pub fn client_id(self, id: Option<u64>) -> Self {
        self.with("client_id", id)
    }

    /// Its new refresh token, or none.
    #[must_use]
    pub fn refresh_token(self, token: Option<&str>) -> Self {
        self.with("refresh_token", token)
    }

    /// When the refresh token expires, by the account's clock.
    #[must_use]
    pub fn refresh_token_expires_at(self, time: Timestamp) -> Self {
        self.with("refresh_token_expires_at", time.to_string())
    }
}

impl Account {
    /// All API tokens, by id.
    pub fn api_tokens(&self) -> Result<Vec<ApiTokenDocument>, ClientError> {
        self.list("api_tokens")
    }

    /// One API token.
    pub fn api_token(&self, id: u64) -> Result<ApiTokenDocument, ClientError> {
        self.get(&path("api_tokens", id))
    }

    /// Replaces the API token with this id, or adds it.
    pub fn replace_api_token(
        &self,
        token: &ApiTokenDocument,
    ) -> Result<ApiTokenDocument, ClientError> {
        self.put(&path("api_tokens", token.id), token)
    }

    /// Changes an API token.
    pub fn update_api_token(
        &self,
        id: u64,
        patch: &ApiTokenPatch,
    ) -> Result<ApiTokenDocument, ClientError> {
        self.patch(&path("api_tokens", id), patch)
    }

    /// Deletes an API token, and returns it.
    pub fn delete_api_token(&self, id: u64) -> Result<ApiTokenDocument, ClientError> {
        self.delete_at(&path("api_tokens", id))
    }

    /// All OAuth tokens, by id.
    pub fn oauth_tokens(&self) -> Result<Vec<OauthTokenDocument>, ClientError> {
        self.list("oauth_tokens")
    }

    /// The OAuth tokens that can be used now or renewed, by id.
    pub fn live_oauth_tokens(&self) -> Result<Vec<OauthTokenDocument>, ClientError> {
        self.list_at("/oauth_tokens?live=true", "oauth_tokens")
    }

    /// One OAuth token.
    pub fn oauth_token(&self, id: u64) -> Result<OauthTokenDocument, ClientError> {
        self.get(&path("oauth_tokens", id))
    }

    /// Replaces the OAuth token with this id, or adds it.
    pub fn replace_oauth_token(
        &self,
        token: &OauthTokenDocument,
    ) -> Result<OauthTokenDocument, ClientError> {
        self.put(&path("oauth_tokens", token.id), token)
    }

    /// Changes an OAuth token.
    pub fn update_oauth_token(
        &self,
        id: u64,
        patch: &OauthTokenPatch,
    ) -> Result<OauthTokenDocument, ClientError> {
        self.patch(&path("oauth_tokens", id), patch)
    }

    /// Lets an OAuth token expire now, and returns it. Its refresh token stays and can renew it.
    pub fn expire_oauth_token(&self, id: u64) -> Result<OauthTokenDocument, ClientError> {
        self.post(&format!("{}/expire", path("oauth_tokens", id)), &json!({}))
    }

    /// Revokes an OAuth token with its refresh token, and returns it as it was.
    pub fn delete_oauth_token(&self, id: u64) -> Result<OauthTokenDocument, ClientError> {
        self.delete_at(&path("oauth_tokens", id))
    }
}
