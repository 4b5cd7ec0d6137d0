//! Users, and the tokens that they sign in with.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error};

use super::account::Account;
use super::error::ClientError;
use super::patch::patch;
use crate::wire::token::{ApiTokenDocument, OauthTokenDocument};
use crate::wire::user::UserDocument;
use crate::world::Role;

patch! {
    /// A change of a user. What is not given stays.
    UserPatch
}

patch! {
    /// A change of an API token. What is not given stays.
    ApiTokenPatch
}

patch! {
    /// A change of an OAuth token. What is not given stays.
    OauthTokenPatch
}

impl UserPatch {
    /// Its new name.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with("name", name.into())
    }

    /// Its new e-mail address.
    #[must_use]
    pub fn email(self, email: impl Into<String>) -> Self {
        self.with("email", email.into())
    }

    /// Its new role.
    #[must_use]
    pub fn role(self, role: Role) -> Self {
        self.with("role", role.as_str())
    }

    /// Its new password, or none.
    #[must_use]
    pub fn password(self, password: Option<&str>) -> Self {
        self.with("password", password)
    }

    /// Its new id in another system, or none.
    #[must_use]
    pub fn external_id(self, external_id: Option<&str>) -> Self {
        self.with("external_id", external_id)
    }

    /// Its new telephone number, or none.
    #[must_use]
    pub fn phone(self, phone: Option<&str>) -> Self {
        self.with("phone", phone)
    }

    /// Whether it is there.
    #[must_use]
    pub fn active(self, active: bool) -> Self {
        self.with("active", active)
    }

    /// Whether it is suspended.
    #[must_use]
    pub fn suspended(self, suspended: bool) -> Self {
        self.with("suspended", suspended)
    }

    /// Its new tags.
    #[must_use]
    pub fn tags<S: Into<String>>(self, tags: impl IntoIterator<Item = S>) -> Self {
        let tags: Vec<String> = tags.into_iter().map(Into::into).collect();
        self.with("tags", tags)
    }
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

    /// When it expires, by the account's clock. `None` is never.
    #[must_use]
    pub fn expires_at(self, time: Option<Timestamp>) -> Self {
        self.with("expires_at", time.map(|time| time.to_string()))
    }
}

impl Account {
    /// Reads a list, which is the only member of the answer.
    fn list<T: DeserializeOwned>(&self, name: &'static str) -> Result<Vec<T>, ClientError> {
        let mut answer: BTreeMap<String, Vec<T>> = self.get(&format!("/{name}"))?;
        answer
            .remove(name)
            .ok_or_else(|| ClientError::unreadable(serde_json::Error::missing_field(name)))
    }

    /// All users, by id.
    pub fn users(&self) -> Result<Vec<UserDocument>, ClientError> {
        self.list("users")
    }

    /// One user.
    pub fn user(&self, id: u64) -> Result<UserDocument, ClientError> {
        self.get(&path("users", id))
    }

    /// Replaces the user with this id, or adds it.
    pub fn replace_user(&self, user: &UserDocument) -> Result<UserDocument, ClientError> {
        self.put(&path("users", user.id), user)
    }

    /// Changes a user.
    pub fn update_user(&self, id: u64, patch: &UserPatch) -> Result<UserDocument, ClientError> {
        self.patch(&path("users", id), patch)
    }

    /// Deletes a user and its OAuth tokens, and returns the user. An agent with the same id stays.
    pub fn delete_user(&self, id: u64) -> Result<UserDocument, ClientError> {
        self.delete_at(&path("users", id))
    }

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

    /// Deletes an OAuth token, and returns it.
    pub fn delete_oauth_token(&self, id: u64) -> Result<OauthTokenDocument, ClientError> {
        self.delete_at(&path("oauth_tokens", id))
    }
}

fn path(list: &str, id: u64) -> String {
    format!("/{list}/{id}")
}
