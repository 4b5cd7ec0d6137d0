//! One request and its answer: what everybody who deals with them shares.

use std::sync::{Arc, OnceLock};

use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Uri};
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
use crate::zendesk::response::buffers::Buffers;
use crate::zendesk::response::cache::ResponseCache;

/// What paths of Zendesk's API begin with.
pub(crate) const API: &str = "/api/v2/";

/// What paths of the control API begin with.
pub(crate) const CONTROL: &str = "/_emulator";

/// One request and its answer.
#[derive(Debug)]
pub(crate) struct RequestContext {
    /// None until the account has been seeded.
    pub(crate) account: Option<Arc<Account>>,
    /// How the account behaves, read once.
    pub(crate) rules: Arc<Rules>,
    /// Who may call it, read once.
    pub(crate) directory: Arc<Directory>,
    /// Who calls, or why nobody does.
    pub(crate) identity: Option<Identity>,
    /// The instant of the whole request, read once.
    pub(crate) now: Timestamp,
    pub(crate) request_id: Uuid,
    /// What the request asks for, as it is routed.
    pub(crate) uri: Uri,
    /// The headers of the request.
    pub(crate) headers: HeaderMap,
    /// Whether the request has a body.
    pub(crate) has_body: bool,
    /// The body, once it has been received.
    pub(crate) received: OnceLock<Received>,
    /// What links begin with, unless the request's `Host` is none or no account is there.
    pub(crate) base_url: Result<String, ApiError>,
    /// Memory for the answer.
    pub(crate) buffers: Arc<Buffers>,
    /// What can be answered once more.
    pub(crate) kept: Arc<ResponseCache>,
    pub(crate) hints: Hints,
    /// The id of the operation, once a route has been found for the request.
    pub(crate) operation: OnceLock<&'static str>,
    /// What the limiter said when the call was counted.
    pub(crate) rate: OnceLock<RateReading>,
    /// The name of the fault that was injected.
    pub(crate) fault: OnceLock<Arc<str>>,
    /// What the account's journal is to know besides.
    pub(crate) metadata: JournalMetadata,
    /// The number of the newest request that was over when this one came.
    pub(crate) began: u64,
    /// Runs since the request came, if the journal wants to know.
    pub(crate) stopwatch: Option<Stopwatch>,
}

/// Who calls, or why nobody does.
pub(crate) type Identity = Result<Caller, AuthFailure>;

impl RequestContext {
    pub(crate) fn account(&self) -> Result<&Arc<Account>, ApiError> {
        self.account.as_ref().ok_or(ApiError::Starting)
    }

    pub(crate) fn base_url(&self) -> Result<&str, ApiError> {
        self.base_url.as_deref().map_err(Clone::clone)
    }

    /// What was received of the body, and whether that is all of it.
    pub(crate) fn body(&self) -> (&[u8], bool) {
        match self.received.get() {
            Some(received) => (&received.bytes, received.cut_by.is_none()),
            None => (&[], !self.has_body),
        }
    }

    /// The user who calls.
    pub(crate) fn user(&self) -> Option<&User> {
        self.directory
            .user(self.identity.as_ref()?.as_ref().ok()?.user?)
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
        matches!(
            &self.identity,
            Some(Ok(Caller {
                kind: CredentialKind::OauthToken,
                ..
            }))
        )
    }

    /// Whether the request is for Zendesk's API.
    pub(crate) fn is_zendesks(&self) -> bool {
        !self.uri.path().starts_with(CONTROL)
    }

    /// Notes which operation the request is for, once that is known.
    pub(crate) fn is_for(&self, operation: &Operation) {
        let _ = self.operation.set(operation.id);
        let _ = self.metadata.template.set(operation.path);
    }

    /// Counts a call for which a route has been found, unless it is over the limit. Who is not
    /// known is refused after this.
    pub(crate) fn admit(&self) -> Result<(), ApiError> {
        let Some(limiter) = self.limiter().filter(|_| self.is_identified()) else {
            return Ok(());
        };
        let (reading, admitted) = match limiter.check(self.now) {
            Admission::Admitted(reading) => (reading, Ok(())),
            Admission::Refused(reading) => (
                reading,
                Err(ApiError::RateLimited {
                    retry_after: reading.reset,
                }),
            ),
        };
        let _ = self.rate.set(reading);
        admitted
    }

    /// What every answer of these APIs says about the limit. A call that never got to a route
    /// counts as well if it is known who called, and is answered all the same.
    pub(crate) fn rate(&self) -> Option<RateReading> {
        if let Some(reading) = self.rate.get() {
            return Some(*reading);
        }
        let limiter = self.limiter_of_path()?;
        if !self.is_identified() {
            return Some(limiter.peek(self.now));
        }
        match limiter.check(self.now) {
            Admission::Admitted(reading) | Admission::Refused(reading) => Some(reading),
        }
    }

    /// What an answer to a call that is not counted says about the limit.
    pub(crate) fn uncounted(&self) -> Option<RateReading> {
        Some(self.limiter_of_path()?.peek(self.now))
    }

    /// Leaves a call uncounted. This is what its answer says about the limit.
    pub(crate) fn leave_uncounted(&self, reading: Option<RateReading>) {
        if let Some(reading) = reading {
            let _ = self.rate.set(reading);
        }
    }

    /// The limiter, if the path is one of these APIs.
    fn limiter_of_path(&self) -> Option<&Limiter> {
        let rest = self.uri.path().strip_prefix(PREFIX)?;
        self.limiter()
            .filter(|_| rest.is_empty() || rest.starts_with('/'))
    }

    fn limiter(&self) -> Option<&Limiter> {
        self.rules.limiter()
    }

    fn is_identified(&self) -> bool {
        self.identity.as_ref().is_some_and(Result::is_ok)
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
