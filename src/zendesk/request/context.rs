//! What is known of a request, for every layer and handler that deals with it.

use std::sync::{Arc, OnceLock};

use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method, Uri};
use jiff::Timestamp;
use uuid::Uuid;

use super::credentials::{AuthFailure, Caller, CredentialKind};
use super::journal_metadata::JournalMetadata;
use super::operation::Operation;
use crate::account::{Account, Admission, Limiter, RateReading, Rules};
use crate::clock::Stopwatch;
use crate::config::Settings;
use crate::incoming::Received;
use crate::world::{Directory, User};
use crate::zendesk::PREFIX;
use crate::zendesk::error::ApiError;
use crate::zendesk::hint::Hints;

/// What paths of Zendesk's API begin with.
pub(crate) const API: &str = "/api/v2/";

/// What paths of the control API begin with.
pub(crate) const CONTROL: &str = "/_emulator";

/// A request, as it was when it came, and what became known of it since.
#[derive(Debug)]
pub(crate) struct RequestContext {
    pub(crate) request_id: Uuid,
    /// The instant of the whole request, read once.
    pub(crate) now: Timestamp,
    pub(crate) method: Method,
    /// What the request asks for, as it is routed.
    pub(crate) uri: Uri,
    /// The headers of the request. Control calls keep theirs.
    pub(crate) headers: HeaderMap,
    pub(crate) has_body: bool,
    /// The body, once it has been received.
    pub(crate) received: OnceLock<Received>,
    /// None until the account has been seeded.
    pub(crate) account: Option<Arc<Account>>,
    /// What links begin with, unless no account is at the request's host.
    pub(crate) base_url: Result<String, ApiError>,
    /// How the account behaves, read once.
    pub(crate) rules: Arc<Rules>,
    /// The users of the account, read once.
    pub(crate) directory: Arc<Directory>,
    /// The caller, or why it is not known. None without an account.
    pub(crate) identity: Option<Result<Caller, AuthFailure>>,
    /// None for control calls, and where Zendesk's API has nothing.
    pub(crate) operation: Option<Arc<Operation>>,
    /// Whether the account has rules for faults, read once.
    pub(crate) has_fault_rules: bool,
    pub(crate) hints: Hints,
    /// What the limiter said when the call was counted.
    pub(crate) rate: OnceLock<RateReading>,
    /// The name of the fault that was injected.
    pub(crate) fault: OnceLock<Arc<str>>,
    pub(crate) metadata: JournalMetadata,
    /// The number of the newest request that was over when this one came.
    pub(crate) began: u64,
    /// Runs since the request came, if the journal wants to know.
    pub(crate) stopwatch: Option<Stopwatch>,
}

impl RequestContext {
    pub(crate) fn account(&self) -> Result<&Arc<Account>, ApiError> {
        self.account.as_ref().ok_or(ApiError::Starting)
    }

    pub(crate) fn base_url(&self) -> Result<&str, ApiError> {
        self.base_url.as_deref().map_err(Clone::clone)
    }

    /// Who calls.
    pub(crate) fn caller(&self) -> Result<&Caller, ApiError> {
        match &self.identity {
            Some(Ok(caller)) => Ok(caller),
            Some(Err(failure)) => Err(ApiError::Unauthenticated(*failure)),
            None => Err(ApiError::Starting),
        }
    }

    /// The user who calls.
    pub(crate) fn user(&self) -> Option<&User> {
        self.directory.user(self.caller().ok()?.user?)
    }

    /// What was received of the body, and whether that is all of it.
    pub(crate) fn body(&self) -> (&[u8], bool) {
        match self.received.get() {
            Some(received) => (&received.bytes, received.cut_by.is_none()),
            None => (&[], !self.has_body),
        }
    }

    /// The kind of credential that the request carries, good or bad.
    pub(crate) fn credential_kind(&self) -> CredentialKind {
        match &self.identity {
            Some(Ok(caller)) => caller.kind,
            Some(Err(failure)) => failure.kind(),
            None => CredentialKind::default(),
        }
    }

    /// Whether an OAuth token says who calls.
    pub(crate) fn has_good_oauth_token(&self) -> bool {
        matches!(&self.identity, Some(Ok(caller)) if caller.kind == CredentialKind::OauthToken)
    }

    /// Whether the request is for the control API.
    pub(crate) fn is_control(&self) -> bool {
        self.uri.path().starts_with(CONTROL)
    }

    /// Counts the call, if the caller is known. Refuses it when the limit is reached.
    pub(crate) fn count_call(&self) -> Result<(), ApiError> {
        let is_known = matches!(self.identity, Some(Ok(_)));
        let Some(limiter) = self.limiter().filter(|_| is_known) else {
            return Ok(());
        };
        let (reading, counted) = match limiter.check(self.now) {
            Admission::Admitted(reading) => (reading, Ok(())),
            Admission::Refused(reading) => {
                let retry_after = reading.reset;
                (reading, Err(ApiError::RateLimited { retry_after }))
            }
        };
        let _ = self.rate.set(reading);
        counted
    }

    /// Leaves a call uncounted. The reading is what its answer says about the limit.
    pub(crate) fn leave_uncounted(&self, reading: Option<RateReading>) {
        if let Some(reading) = reading {
            let _ = self.rate.set(reading);
        }
    }

    /// What the answer says about the limit.
    pub(crate) fn rate(&self) -> Option<RateReading> {
        self.rate.get().copied().or_else(|| self.uncounted())
    }

    /// What the answer to a call that is not counted says about the limit.
    pub(crate) fn uncounted(&self) -> Option<RateReading> {
        Some(self.limiter()?.peek(self.now))
    }

    /// The limiter of the account, if its limit is on and is the limit of this path.
    fn limiter(&self) -> Option<&Limiter> {
        let rest = self.uri.path().strip_prefix(PREFIX)?;
        self.rules
            .limiter()
            .filter(|_| rest.is_empty() || rest.starts_with('/'))
    }

    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        self.uri.path_and_query().map_or("", PathAndQuery::as_str)
    }

    /// The account's settings; while there is no account, the defaults.
    pub(crate) fn settings(&self) -> &Settings {
        &self.rules.settings
    }
}
