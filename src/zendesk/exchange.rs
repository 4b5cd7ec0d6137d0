//! One request and its answer: what every layer and handler that deals with them shares.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use uuid::Uuid;

use super::error::ApiError;
use super::hint::Hints;
use crate::account::Account;
use crate::config::Settings;

/// One request and its answer.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// None until the account has been seeded.
    pub(crate) account: Option<Arc<Account>>,
    /// The instant of the whole exchange, read once.
    pub(crate) now: Timestamp,
    pub(crate) request_id: Uuid,
    /// The path of the request, whole: within a nested router, the request itself has only a part of it.
    pub(crate) path: String,
    /// What links begin with, unless the request's `Host` is none.
    pub(crate) base_url: Result<String, ApiError>,
    pub(crate) hints: Hints,
    /// The id of the operation, once a route has been found for the request.
    pub(crate) operation: OnceLock<&'static str>,
}

impl Exchange {
    pub(crate) fn account(&self) -> Result<&Arc<Account>, ApiError> {
        self.account.as_ref().ok_or(ApiError::Starting)
    }

    pub(crate) fn base_url(&self) -> Result<&str, ApiError> {
        self.base_url.as_deref().map_err(Clone::clone)
    }

    /// Whether the request is for Zendesk's face.
    pub(crate) fn is_zendesks(&self) -> bool {
        !self.path.starts_with("/_emulator")
    }

    /// The account's settings; while there is no account, the defaults.
    pub(crate) fn settings(&self) -> Cow<'_, Settings> {
        match &self.account {
            Some(account) => Cow::Borrowed(&account.settings),
            None => Cow::Owned(Settings::default()),
        }
    }
}
