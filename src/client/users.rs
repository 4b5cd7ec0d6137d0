//! Users and the tokens that they sign in with.

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
    /// What is to change of a user; what is not said stays.
    UserPatch
}

patch! {
    /// What is to change of an API token; what is not said stays.
    ApiTokenPatch
}

patch! {
    /// What is to change of an OAuth token; what is not said stays.
    OauthTokenPatch
}

impl UserPatch {
    /// It has another name.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with("name", name.into())
    }

    /// It has another e-mail address.
    #[must_use]
    pub fn email(self, email: impl Into<String>) -> Self {
        self.with("email", email.into())
    }

    /// It has another role.
    #[must_use]
    pub fn role(self, role: Role) -> Self {
        self.with("role", role.as_str())
    }

    /// It has another password, or none.
    #[must_use]
    pub fn password(self, password: Option<&str>) -> Self {
        self.with("password", password)
    }
}

impl ApiTokenPatch {
    /// It has another text.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        self.with("token", token.into())
    }

    /// It has another description, or none.
    #[must_use]
    pub fn description(self, text: Option<&str>) -> Self {
        self.with("description", text)
    }
}

impl OauthTokenPatch {
    /// It has another text.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        self.with("token", token.into())
    }

    /// It acts as another user.
    #[must_use]
    pub fn user_id(self, id: u64) -> Self {
        self.with("user_id", id)
    }

    /// It may be used for this and nothing else.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        self.with("scopes", scopes)
    }

    /// It expires at this instant of the account's clock, or not at all.
    #[must_use]
    pub fn expires_at(self, time: Option<Timestamp>) -> Self {
        self.with("expires_at", time.map(|time| time.to_string()))
    }
}

impl Account {
    /// The list that is the only member of an answer.
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

    /// Makes the user with this id what the document says, whether or not it is there.
    pub fn replace_user(&self, user: &UserDocument) -> Result<UserDocument, ClientError> {
        self.put(&path("users", user.id), user)
    }

    /// Changes some of a user.
    pub fn update_user(&self, id: u64, patch: &UserPatch) -> Result<UserDocument, ClientError> {
        self.patch(&path("users", id), patch)
    }

    /// Deletes a user and its OAuth tokens, and returns what it was. An agent with the same id
    /// stays.
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

    /// Makes the API token with this id what the document says, whether or not it is there.
    pub fn replace_api_token(
        &self,
        token: &ApiTokenDocument,
    ) -> Result<ApiTokenDocument, ClientError> {
        self.put(&path("api_tokens", token.id), token)
    }

    /// Changes some of an API token.
    pub fn update_api_token(
        &self,
        id: u64,
        patch: &ApiTokenPatch,
    ) -> Result<ApiTokenDocument, ClientError> {
        self.patch(&path("api_tokens", id), patch)
    }

    /// Deletes an API token, and returns what it was.
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

    /// Makes the OAuth token with this id what the document says, whether or not it is there.
    pub fn replace_oauth_token(
        &self,
        token: &OauthTokenDocument,
    ) -> Result<OauthTokenDocument, ClientError> {
        self.put(&path("oauth_tokens", token.id), token)
    }

    /// Changes some of an OAuth token.
    pub fn update_oauth_token(
        &self,
        id: u64,
        patch: &OauthTokenPatch,
    ) -> Result<OauthTokenDocument, ClientError> {
        self.patch(&path("oauth_tokens", id), patch)
    }

    /// Deletes an OAuth token, and returns what it was.
    pub fn delete_oauth_token(&self, id: u64) -> Result<OauthTokenDocument, ClientError> {
        self.delete_at(&path("oauth_tokens", id))
    }
}

fn path(list: &str, id: u64) -> String {
    format!("/{list}/{id}")
}
