//! The errors of Zendesk's API: their statuses, headers and hints. `error_body.rs` has their bodies.

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error_body;
use super::fault::Injected;
use super::hint::{Hints, quoted};
use super::oauth_error::OauthError;
use super::request::credentials::{AuthFailure, CredentialKind};
use super::request::operation::Access;
use crate::account::{MOST_OPEN, TooManyJobs};
use crate::config::{ErrorsForm, Settings};
use crate::world::WriteError;

/// The challenges of a 401, by kind of credential. Some HTTP clients fail without one.
const BASIC: HeaderValue = HeaderValue::from_static("Basic realm=\"Web Password\"");
const BEARER: HeaderValue = HeaderValue::from_static(
    "Bearer realm=\"Zendesk::OAuth Bearer Token Authentication\", error=\"invalid_token\", \
     error_description=\"The access token provided is expired, revoked, malformed or invalid for \
     other reasons.\"",
);

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(crate) enum ApiError {
    /// 401.
    Unauthenticated(AuthFailure),
    /// 403: the caller's role.
    WrongRole(Access),
    /// 403: the caller's OAuth token.
    MissingScope {
        scope: &'static str,
        /// A scope of the resource alone that would do as well.
        or: Option<&'static str>,
    },
    /// 429.
    RateLimited {
        /// Whole seconds until a call is admitted.
        retry_after: u64,
    },
    /// 429, but not the rate limit's: too many jobs are queued or running.
    TooManyJobs(TooManyJobs),
    /// 404: no account is at this address.
    NoHelpDesk {
        /// The address in the request.
        address: String,
        /// The subdomain in it.
        subdomain: String,
    },
    /// 404: nothing is at this path.
    InvalidEndpoint,
    /// 405.
    MethodNotAllowed,
    /// 408: the body did not arrive in time.
    RequestTimeout,
    /// 413.
    PayloadTooLarge,
    /// 415.
    UnsupportedMediaType,
    /// 503: the account is not ready yet.
    Starting,
    /// 500: a bug of the emulator.
    Internal,
    /// 400, 403, 404 or 422, by the first problem. There is at least one.
    Problems(Vec<Problem>),
    /// 404 of the Ticketing API: there is no such record.
    NoRecord,
    /// 400 of the Ticketing API: more than 100 ids in this parameter.
    TooManyValues(&'static str),
    /// 400 of the Ticketing API: a page by offset that is too far from the first.
    InvalidPaginationDepth,
    /// 400 of the Ticketing API: not the kind of value that an attribute has.
    InvalidAttribute {
        /// The attribute.
        name: &'static str,
        /// The action, as Zendesk calls it.
        action: &'static str,
    },
    /// 422 of the Ticketing API: a record cannot be saved. There is at least one field.
    InvalidRecord(Vec<InvalidField>),
    /// 422 of the Ticketing API: a page of a search after its last result.
    TooManyResults,
    /// 400 or 401 of `POST /oauth/tokens`.
    Oauth(OauthError),
    /// The error of a fault.
    Injected(Injected),
}

/// A field because of which the Ticketing API does not save a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InvalidField {
    pub(crate) name: &'static str,
    pub(crate) reason: Reason,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It is missing or empty.
    Blank,
    /// Another record has the same value.
    Duplicate,
    /// It cannot have this value.
    Invalid,
}

impl InvalidField {
    pub(crate) fn new(name: &'static str, reason: Reason) -> Self {
        Self { name, reason }
    }
}

impl From<InvalidField> for ApiError {
    fn from(field: InvalidField) -> Self {
        Self::InvalidRecord(vec![field])
    }
}

/// A client can cause one refusal of a write to the directory. The others are checked before.
impl From<WriteError> for ApiError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::DuplicateClient(_) => {
                InvalidField::new("identifier", Reason::Duplicate).into()
            }
            _ => Self::Internal,
        }
    }
}

/// The codes of errors that list problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    InvalidHost,
    InvalidAgentId,
    InvalidParameter,
    InvalidPaginationParameter,
    UnknownParameter,
    InvalidRequestBody,
    BadRequest,
    OmnichannelRoutingDisabled,
    RecordNotFound,
    RecordInvalid,
    UnknownField,
}

impl Code {
    pub(super) const fn as_str(self) -> &'static str {
        self.facts().1
    }

    /// Status, spelling and title.
    pub(super) const fn facts(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::InvalidHost => (S::BAD_REQUEST, "InvalidHost", "Invalid host"),
            Self::InvalidAgentId => (S::BAD_REQUEST, "InvalidAgentId", "Invalid agent id"),
            Self::InvalidParameter => (S::BAD_REQUEST, "InvalidParameter", "Invalid parameter"),
            Self::InvalidPaginationParameter => (
                S::BAD_REQUEST,
                "InvalidPaginationParameter",
                "Invalid pagination parameter",
            ),
            Self::UnknownParameter => (S::BAD_REQUEST, "UnknownParameter", "Unknown parameter"),
            Self::InvalidRequestBody => {
                (S::BAD_REQUEST, "InvalidRequestBody", "Invalid request body")
            }
            Self::BadRequest => (S::BAD_REQUEST, "BadRequest", "Bad request"),
            Self::OmnichannelRoutingDisabled => (
                S::FORBIDDEN,
                "OmnichannelRoutingDisabled",
                "Omnichannel routing is off",
            ),
            Self::RecordNotFound => (S::NOT_FOUND, "RecordNotFound", "Record not found"),
            Self::RecordInvalid => (S::UNPROCESSABLE_ENTITY, "RecordInvalid", "Record invalid"),
            Self::UnknownField => (S::UNPROCESSABLE_ENTITY, "UnknownField", "Unknown field"),
        }
    }
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) detail: String,
    pub(crate) source: Option<Source>,
}

/// The part of a request that is wrong, in JSON:API's terms.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// A query parameter, by its decoded name.
    Parameter(String),
    /// A place in the body, as a JSON pointer.
    Pointer(String),
    /// A header.
    Header(&'static str),
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            source: None,
        }
    }

    pub(crate) fn at(self, source: Source) -> Self {
        Self {
            source: Some(source),
            ..self
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl ApiError {
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Problem::new(Code::RecordNotFound, detail).into()
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::WrongRole(_) | Self::MissingScope { .. } => StatusCode::FORBIDDEN,
            Self::RateLimited { .. } | Self::TooManyJobs(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoHelpDesk { .. } | Self::InvalidEndpoint | Self::NoRecord => {
                StatusCode::NOT_FOUND
            }
            Self::TooManyValues(_)
            | Self::InvalidPaginationDepth
            | Self::InvalidAttribute { .. } => StatusCode::BAD_REQUEST,
            Self::TooManyResults | Self::InvalidRecord(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Starting => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Problems(problems) => problems
                .first()
                .map_or(StatusCode::INTERNAL_SERVER_ERROR, |problem| {
                    problem.code.facts().0
                }),
            Self::Oauth(error) => error.status(),
            Self::Injected(injected) => injected.status(),
        }
    }

    /// Adds hints about what the body of the error does not say.
    fn explain(&self, hints: &Hints) {
        let hint = match self {
            Self::Unauthenticated(failure) => Some(failure.to_string()),
            Self::WrongRole(Access::Admins) => {
                Some("only admins may call this; agents may call the /me forms".to_owned())
            }
            Self::WrongRole(Access::Agents) => {
                Some("only admins and agents may call this".to_owned())
            }
            Self::WrongRole(Access::Staff | Access::Users | Access::Anyone) => {
                Some("end users may not call this".to_owned())
            }
            Self::MissingScope { scope, or: None } => {
                Some(format!("the OAuth token lacks the scope `{scope}`"))
            }
            Self::MissingScope {
                scope,
                or: Some(or),
            } => Some(format!(
                "the OAuth token lacks the scope `{scope}`; `{or}` would do as well"
            )),
            Self::RateLimited { retry_after } => Some(format!(
                "the window's calls are used up; the next is admitted in {retry_after} s"
            )),
            Self::TooManyJobs(_) => Some(format!(
                "{MOST_OPEN} jobs are queued or running, the most that an account may have; this is \
                 not the rate limit"
            )),
            Self::NoHelpDesk { subdomain, .. } => Some(format!(
                "there is no account {}; POST /_emulator/accounts adds one",
                quoted(subdomain)
            )),
            _ => None,
        };
        if let Some(hint) = hint {
            hints.add(hint);
        }
        if self.is_assumed() {
            hints.add("the form of this error is assumed: Zendesk has not published it");
        }
    }

    /// Adds the headers that belong to the error.
    pub(super) fn add_headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::Unauthenticated(failure) => {
                let challenge = match failure.kind() {
                    CredentialKind::OauthToken => BEARER,
                    CredentialKind::ApiToken | CredentialKind::Password | CredentialKind::Other => {
                        BASIC
                    }
                };
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
            Self::RateLimited { retry_after } => {
                headers.insert(RETRY_AFTER, (*retry_after).into());
            }
            Self::Starting => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            Self::Oauth(error) => error.add_headers(headers),
            Self::Injected(injected) => injected.add_headers(headers),
            _ => {}
        }
    }

    /// Whether the form is assumed: the table of errors in the contract says so for each.
    fn is_assumed(&self) -> bool {
        match self {
            Self::Unauthenticated(_)
            | Self::WrongRole(_)
            | Self::MissingScope { .. }
            | Self::RateLimited { .. }
            | Self::TooManyJobs(_)
            | Self::NoHelpDesk { .. }
            | Self::InvalidEndpoint
            | Self::NoRecord
            | Self::TooManyValues(_)
            | Self::InvalidPaginationDepth
            | Self::Oauth(_)
            // These are not Zendesk's.
            | Self::Starting
            | Self::Internal
            | Self::Injected(_) => false,
            Self::MethodNotAllowed
            | Self::RequestTimeout
            | Self::PayloadTooLarge
            | Self::UnsupportedMediaType
            | Self::InvalidAttribute { .. }
            | Self::InvalidRecord(_)
            | Self::TooManyResults
            | Self::Problems(_) => true,
        }
    }
}

/// An error of the world as a sentence. The classic form puts several one after the other.
pub(super) fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

/// The response carries the error as an extension. How it is written depends on the account's
/// settings, so a layer writes it.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Box::new(self));
        response
    }
}

/// Writes the error that a response carries; lists of problems in this form. Other responses stay as
/// they are.
pub(crate) fn write_out(
    mut response: Response,
    form: impl FnOnce() -> ErrorsForm,
    settings: &Settings,
    hints: &Hints,
) -> Response {
    let Some(error) = response.extensions_mut().remove::<Box<ApiError>>() else {
        return response;
    };
    error.explain(hints);
    let (written, body) = error_body::response(&error, form(), settings).into_parts();
    *response.body_mut() = body;
    let headers = response.headers_mut();
    headers.extend(written.headers);
    error.add_headers(headers);
    response
}
