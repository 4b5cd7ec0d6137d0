//! The context of a request: what layers and handlers know about it.

use std::sync::{Arc, OnceLock};

use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method, Uri};
use jiff::Timestamp;
use uuid::Uuid;

use super::credentials::{AuthFailure, Caller, CredentialKind};
use super::journal_metadata::JournalMetadata;
use super::operation::{Access, Operation};
use crate::account::{
    Account, Admission, CredentialThen, EffectiveSettings, FaultMatch, Limiter, RateReading,
};
use crate::clock::Stopwatch;
use crate::config::{ErrorsForm, Settings};
use crate::incoming::Received;
use crate::world::{Directory, User};
use crate::zendesk::error::ApiError;
use crate::zendesk::hint::Hints;
use crate::zendesk::{is_of_availability, is_of_ticketing};

/// What paths of the control API begin with.
pub(crate) const CONTROL: &str = "/_emulator";

/// Whether a request is for the control API, which can also be read at the root.
pub(crate) fn is_control(method: &Method, path: &str) -> bool {
    path.starts_with(CONTROL) || path == "/" && matches!(*method, Method::GET | Method::HEAD)
}

/// The API that a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    Zendesk,
    Control {
        /// Whether the live page only reads by it.
        is_page_read: bool,
    },
}

/// The context: the request as it arrived, and what layers and handlers have found out since.
#[derive(Debug)]
pub(crate) struct RequestContext {
    pub(crate) request_id: Uuid,
    /// The time of the request. Read once, so that everything about the request agrees.
    pub(crate) now: Timestamp,
    pub(crate) method: Method,
    /// The path and query that are routed, after the path was normalised.
    pub(crate) uri: Uri,
    /// The headers of the request. Empty for control calls, whose handlers take them.
    pub(crate) headers: HeaderMap,
    pub(crate) has_body: bool,
    /// The body, once it has been received.
    pub(crate) received: OnceLock<Received>,
    /// None until the account has been seeded.
    pub(crate) account: Option<Arc<Account>>,
    /// What links begin with, or the error if no account has the request's host.
    pub(crate) base_url: Result<String, ApiError>,
    /// The account's settings and limiters, read once.
    pub(crate) effective: Arc<EffectiveSettings>,
    /// The account's users, read once.
    pub(crate) directory: Arc<Directory>,
    /// The caller, or why authentication failed. None without an account.
    pub(crate) identity: Option<Result<Caller, AuthFailure>>,
    pub(crate) api: Api,
    /// None for control calls and for unknown paths and methods.
    pub(crate) operation: Option<Arc<Operation>>,
    /// Whether the account has rules for faults, read once.
    pub(crate) has_fault_rules: bool,
    pub(crate) hints: Hints,
    /// The reading of the limiter for this call.
    pub(crate) rate: OnceLock<RateReading>,
    /// The name of the rule that injected a fault or answered.
    pub(crate) deciding_rule: OnceLock<Arc<str>>,
    /// The rule that answers. If it asks for authentication, the caller has to be allowed to make the
    /// call.
    pub(crate) chosen_rule: OnceLock<FaultMatch>,
    pub(crate) metadata: JournalMetadata,
    /// The number of the newest request that was finished when this one arrived.
    pub(crate) began: u64,
    /// Started when the request arrived, if the journal records durations.
    pub(crate) stopwatch: Option<Stopwatch>,
}

impl RequestContext {
    pub(crate) fn account(&self) -> Result<&Arc<Account>, ApiError> {
        self.account.as_ref().ok_or(ApiError::Starting)
    }

    pub(crate) fn base_url(&self) -> Result<&str, ApiError> {
        self.base_url.as_deref().map_err(Clone::clone)
    }

    /// The caller.
    pub(crate) fn caller(&self) -> Result<&Caller, ApiError> {
        match &self.identity {
            Some(Ok(caller)) => Ok(caller),
            Some(Err(failure)) => Err(ApiError::Unauthenticated(*failure)),
            None => Err(ApiError::Starting),
        }
    }

    /// The caller's user, if it has one.
    pub(crate) fn user(&self) -> Option<&User> {
        self.directory.user(self.caller().ok()?.user?)
    }

    /// The bytes of the body that were received, and whether the body is complete.
    pub(crate) fn body(&self) -> (&[u8], bool) {
        match self.received.get() {
            Some(received) => (&received.bytes, received.cut_by.is_none()),
            None => (&[], !self.has_body),
        }
    }

    /// The kind of credential that the request carries, valid or not.
    pub(crate) fn credential_kind(&self) -> CredentialKind {
        match &self.identity {
            Some(Ok(caller)) => caller.kind,
            Some(Err(failure)) => failure.kind(),
            None => CredentialKind::default(),
        }
    }

    /// The credential for the journal. Where none is asked for, what `Authorization` carries is
    /// not the caller's.
    pub(crate) fn credential(&self) -> Option<CredentialThen> {
        if self.is_for_anyone() {
            return None;
        }
        match self.identity.as_ref()? {
            Ok(caller) => caller.credential(),
            Err(failure) => failure.credential(),
        }
    }

    /// Whether the caller is known by an OAuth token.
    pub(crate) fn has_good_oauth_token(&self) -> bool {
        matches!(&self.identity, Some(Ok(caller)) if caller.kind == CredentialKind::OauthToken)
    }

    /// Whether the request is for the control API.
    pub(crate) fn is_control(&self) -> bool {
        self.api != Api::Zendesk
    }

    /// Whether the operation is for all callers, known or not.
    pub(crate) fn is_for_anyone(&self) -> bool {
        let operation = self.operation.as_ref();
        operation.is_some_and(|operation| operation.access == Access::Anyone)
    }

    /// Whether a rule answers in place of a route, so that its path need not be known.
    pub(crate) fn is_answered_by_rule(&self) -> bool {
        let answer = self.chosen_rule.get().and_then(|found| found.rule.answer());
        answer.is_some_and(|answer| !answer.content.needs_the_call())
    }

    /// Counts the call against the rate limit, if the caller is known. Refuses it when the limit is
    /// reached.
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

    /// Leaves the call uncounted. The headers of its answer show this reading.
    pub(crate) fn leave_uncounted(&self, reading: Option<RateReading>) {
        if let Some(reading) = reading {
            let _ = self.rate.set(reading);
        }
    }

    /// The reading that the headers of the answer show.
    pub(crate) fn rate(&self) -> Option<RateReading> {
        self.rate.get().copied().or_else(|| self.uncounted())
    }

    /// The reading of the limiter without counting the call.
    pub(crate) fn uncounted(&self) -> Option<RateReading> {
        Some(self.limiter()?.peek(self.now))
    }

    /// The limiter of the account that counts calls to this path, if it is on.
    fn limiter(&self) -> Option<&Limiter> {
        let path = self.uri.path();
        if is_of_availability(path) {
            self.effective.limiter()
        } else if is_of_ticketing(path) || self.is_answered_by_rule() {
            self.effective.ticketing_limiter()
        } else {
            None
        }
    }

    /// The form of errors that list problems. The Ticketing API has one form.
    pub(crate) fn errors_form(&self) -> ErrorsForm {
        if is_of_ticketing(self.uri.path()) {
            ErrorsForm::Classic
        } else {
            self.settings().errors
        }
    }

    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        self.uri.path_and_query().map_or("", PathAndQuery::as_str)
    }

    /// The account's settings, or the defaults without an account.
    pub(crate) fn settings(&self) -> &Settings {
        &self.effective.settings
    }
}
