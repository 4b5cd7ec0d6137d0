//! One account, from outside.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use axum::http::Method;
use serde::Serialize;
use serde::de::{DeserializeOwned, Error};
use serde_json::{Value, json};

use super::error::{ClientError, document};
use super::transport::{Call, CallAnswer, Transport};
use crate::config::{Settings, SettingsPatch, durations};
use crate::wire::account::{AccountDocument, ClientCredentials, Credentials, Login};

/// The path of the accounts in the control API.
pub(super) const ACCOUNTS: &str = "/_emulator/accounts";

/// An account of an emulator, as a handle for tests. Every call may fail with a [`ClientError`], for example because the
/// account is gone. A call that is refused has changed nothing.
#[derive(Clone, Debug)]
pub struct Account {
    transport: Arc<Transport>,
    subdomain: String,
    /// The source that its calls name, if any.
    source: Option<String>,
}

/// The path of an entry of a list, below that of its account.
pub(super) fn path(list: &str, id: u64) -> String {
    format!("/{list}/{id}")
}

/// Settings as a call sends them. A duration that is not a whole number of milliseconds is refused
/// rather than rounded.
pub(super) fn settings_document(patch: &SettingsPatch) -> Result<Value, ClientError> {
    let durations = [patch.rate_limit.window, patch.talk_wrap_up, patch.job_delay];
    for duration in durations.into_iter().flatten() {
        durations::text(duration)?;
    }
    document(patch)
}

impl Account {
    pub(super) fn new(transport: Arc<Transport>, subdomain: &str) -> Self {
        Self {
            transport,
            subdomain: subdomain.to_owned(),
            source: None,
        }
    }

    /// Another account of the same emulator.
    pub(super) fn sibling(&self, subdomain: &str) -> Self {
        Self::new(Arc::clone(&self.transport), subdomain)
    }

    /// The same account, whose calls name this source: 1 to 64 visible ASCII characters, such as the
    /// name of a test. The events that they make have it too.
    #[must_use]
    pub fn with_source(&self, source: impl Into<String>) -> Self {
        Self {
            source: Some(source.into()),
            ..self.clone()
        }
    }

    /// Its subdomain.
    pub fn subdomain(&self) -> &str {
        &self.subdomain
    }

    /// The account as a document: settings, credentials, addresses.
    pub fn show(&self) -> Result<AccountDocument, ClientError> {
        self.get("")
    }

    /// Its settings as they are now.
    pub fn settings(&self) -> Result<Settings, ClientError> {
        Ok(self.show()?.settings)
    }

    /// Changes the settings that are given.
    pub fn update_settings(&self, settings: &SettingsPatch) -> Result<Settings, ClientError> {
        let body = json!({ "settings": settings_document(settings)? });
        let changed: AccountDocument = self.patch("", &body)?;
        Ok(changed.settings)
    }

    /// Switches omnichannel routing on as the product does, which puts every agent offline.
    pub fn enable_omnichannel_routing(&self) -> Result<Settings, ClientError> {
        let body = json!({ "settings": { "omnichannel_routing": true }, "agents": "offline" });
        let changed: AccountDocument = self.patch("", &body)?;
        Ok(changed.settings)
    }

    /// Resets it to its initial state: agents and their versions, settings, clock, rate window,
    /// jobs, faults, journal and events.
    pub fn reset(&self) -> Result<AccountDocument, ClientError> {
        self.ask(self.call(Method::POST, "/reset"))
    }

    /// Deletes it. The default account cannot be deleted.
    pub fn delete(&self) -> Result<(), ClientError> {
        self.tell(self.call(Method::DELETE, ""))
    }

    pub(super) fn call(&self, method: Method, path: &str) -> Call {
        // Encoded, so that an invalid subdomain cannot lead to another path.
        let subdomain: String =
            form_urlencoded::byte_serialize(self.subdomain.as_bytes()).collect();
        Call {
            source: self.source.clone(),
            ..Call::new(method, format!("{ACCOUNTS}/{subdomain}{path}"))
        }
    }

    pub(super) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.ask(self.call(Method::GET, path))
    }

    /// Reads a list, which is the only member of the answer.
    pub(super) fn list<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Vec<T>, ClientError> {
        self.list_at(&format!("/{name}"), name)
    }

    /// The same at any path.
    pub(super) fn list_at<T: DeserializeOwned>(
        &self,
        path: &str,
        name: &'static str,
    ) -> Result<Vec<T>, ClientError> {
        let mut answer: BTreeMap<String, Vec<T>> = self.get(path)?;
        answer
            .remove(name)
            .ok_or_else(|| ClientError::unreadable(serde_json::Error::missing_field(name)))
    }

    pub(super) fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        self.ask(self.call(Method::POST, path).json(body)?)
    }

    pub(super) fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        self.ask(self.call(Method::PUT, path).json(body)?)
    }

    pub(super) fn patch<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        self.ask(self.call(Method::PATCH, path).json(body)?)
    }

    /// Deletes what is at a path of this account, and returns what it was.
    pub(super) fn delete_at<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.ask(self.call(Method::DELETE, path))
    }

    /// Makes a call, and reads the document that it returns.
    pub(super) fn ask<T: DeserializeOwned>(&self, call: Call) -> Result<T, ClientError> {
        serde_json::from_slice(&self.send(call)?.bytes).map_err(ClientError::unreadable)
    }

    /// Makes a call that returns no document.
    pub(super) fn tell(&self, call: Call) -> Result<(), ClientError> {
        self.send(call).map(drop)
    }

    fn send(&self, call: Call) -> Result<CallAnswer, ClientError> {
        let answer = self.transport.send(call)?;
        if answer.status.is_success() {
            Ok(answer)
        } else {
            Err(ClientError::refused(&answer))
        }
    }
}

/// An account that a test has created. It is deleted when this is dropped.
#[derive(Debug)]
#[must_use = "the account is deleted when this is dropped: bind it to a name that lives as long as the test"]
pub struct TemporaryAccount {
    account: Account,
    made: AccountDocument,
}

impl TemporaryAccount {
    pub(super) fn new(account: Account, made: AccountDocument) -> Self {
        Self { account, made }
    }

    /// The address to point a client at, by path, which works everywhere.
    pub fn url(&self) -> &str {
        &self.made.urls.path
    }

    /// The admin that a client can sign in as, if the seed has an admin and an API token.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.made.credentials.as_ref()
    }

    /// The OAuth client that can get tokens, if the seed has one with a secret.
    pub fn client_credentials(&self) -> Option<&ClientCredentials> {
        self.made.oauth_client.as_ref()
    }

    /// The admin with everything that it signs in with, even if there is no API token.
    pub fn admin_login(&self) -> Option<&Login> {
        self.made.logins.admin.as_ref()
    }

    /// A plain agent with everything that it signs in with.
    pub fn agent_login(&self) -> Option<&Login> {
        self.made.logins.agent.as_ref()
    }
}

impl Deref for TemporaryAccount {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.account
    }
}

impl Drop for TemporaryAccount {
    fn drop(&mut self) {
        // The account or the emulator may be gone already.
        if let Err(error) = self.account.delete() {
            tracing::debug!(%error, subdomain = self.account.subdomain, "an account was not deleted");
        }
    }
}
