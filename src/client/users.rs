//! Users and the tokens that they sign in with.

use std::collections::BTreeMap;

use axum::http::Method;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::{DeserializeOwned, Error};
use serde_json::{Map, Value};

use super::account::Account;
use super::error::{ClientError, document};
use crate::wire::token::{ApiTokenDocument, OauthTokenDocument};
use crate::wire::user::UserDocument;
use crate::world::Role;

/// What is to change of a user; what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UserPatch(Map<String, Value>);

/// What is to change of an API token; what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ApiTokenPatch(Map<String, Value>);

/// What is to change of an OAuth token; what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct OauthTokenPatch(Map<String, Value>);

impl UserPatch {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// It has another name.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self(with(self.0, "name", name.into()))
    }

    /// It has another e-mail address.
    #[must_use]
    pub fn email(self, email: impl Into<String>) -> Self {
        Self(with(self.0, "email", email.into()))
    }

    /// It has another role.
    #[must_use]
    pub fn role(self, role: Role) -> Self {
        Self(with(self.0, "role", role.as_str()))
    }

    /// It has another password, or none.
    #[must_use]
    pub fn password(self, password: Option<&str>) -> Self {
        Self(with(self.0, "password", password))
    }
}

impl ApiTokenPatch {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// It has another text.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        Self(with(self.0, "token", token.into()))
    }

    /// It has another description, or none.
    #[must_use]
    pub fn description(self, text: Option<&str>) -> Self {
        Self(with(self.0, "description", text))
    }
}

impl OauthTokenPatch {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// It has another text.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        Self(with(self.0, "token", token.into()))
    }

    /// It acts as another user.
    #[must_use]
    pub fn user_id(self, id: u64) -> Self {
        Self(with(self.0, "user_id", id))
    }

    /// It may be used for this and nothing else.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        Self(with(
            self.0,
            "scopes",
            scopes.into_iter().map(Into::into).collect::<Vec<String>>(),
        ))
    }

    /// It expires at this instant of the account's clock, or not at all.
    #[must_use]
    pub fn expires_at(self, time: Option<Timestamp>) -> Self {
        Self(with(
            self.0,
            "expires_at",
            time.map(|time| time.to_string()),
        ))
    }
}

fn with(mut members: Map<String, Value>, key: &str, value: impl Into<Value>) -> Map<String, Value> {
    members.insert(key.to_owned(), value.into());
    members
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
        self.put_to(Method::PUT, &path("users", user.id), &document(user)?)
    }

    /// Changes some of a user.
    pub fn update_user(&self, id: u64, patch: &UserPatch) -> Result<UserDocument, ClientError> {
        self.put_to(Method::PATCH, &path("users", id), &document(patch)?)
    }

    /// Deletes a user and its OAuth tokens, and returns what it was. An agent with the same id
    /// stays.
    pub fn delete_user(&self, id: u64) -> Result<UserDocument, ClientError> {
        self.ask(self.call(Method::DELETE, &path("users", id)))
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
        self.put_to(
            Method::PUT,
            &path("api_tokens", token.id),
            &document(token)?,
        )
    }

    /// Changes some of an API token.
    pub fn update_api_token(
        &self,
        id: u64,
        patch: &ApiTokenPatch,
    ) -> Result<ApiTokenDocument, ClientError> {
        self.put_to(Method::PATCH, &path("api_tokens", id), &document(patch)?)
    }

    /// Deletes an API token, and returns what it was.
    pub fn delete_api_token(&self, id: u64) -> Result<ApiTokenDocument, ClientError> {
        self.ask(self.call(Method::DELETE, &path("api_tokens", id)))
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
        self.put_to(
            Method::PUT,
            &path("oauth_tokens", token.id),
            &document(token)?,
        )
    }

    /// Changes some of an OAuth token.
    pub fn update_oauth_token(
        &self,
        id: u64,
        patch: &OauthTokenPatch,
    ) -> Result<OauthTokenDocument, ClientError> {
        self.put_to(Method::PATCH, &path("oauth_tokens", id), &document(patch)?)
    }

    /// Deletes an OAuth token, and returns what it was.
    pub fn delete_oauth_token(&self, id: u64) -> Result<OauthTokenDocument, ClientError> {
        self.ask(self.call(Method::DELETE, &path("oauth_tokens", id)))
    }
}

fn path(list: &str, id: u64) -> String {
    format!("/{list}/{id}")
}
