//! Refusals of control calls, in one form: what went wrong, and every problem of a body with its
//! place.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::refusal;
use crate::account::RegistryError;
use crate::config::InvalidSettings;
use crate::document::SeedProblems;
use crate::incoming::Unreadable;
use crate::wire::error::Refusal;

/// What handlers of the control API return.
pub(crate) type ControlResult = Result<Response, ControlError>;

/// Why a control call is refused. A refused call changes nothing.
#[derive(Clone, Debug)]
pub(crate) enum ControlError {
    /// 403: the caller may not use the control API.
    Forbidden(String),
    /// 401: the control token is missing or wrong.
    Unauthorized,
    /// 503: the default account is not set up yet.
    NotReady,
    /// 400: the body is not JSON.
    Syntax(String),
    /// 422: at least one problem.
    Problems(SeedProblems),
    /// 400, 408, 413 or 415.
    Unreadable(Unreadable),
    /// 404.
    NoAccount(String),
    /// 404: there is no such path, and the one that was probably meant.
    NoSuchPath(String),
    /// 405: the methods of the path.
    MethodNotAllowed(String),
    /// 404: the account has nothing at the path, and why.
    NoRecord(String),
    /// 409.
    Registry(RegistryError),
    /// 409: the client's requests were not as expected.
    NotVerified {
        /// What was expected, as a sentence.
        description: String,
        /// More members of the refusal: what was expected and what there is instead.
        details: Value,
    },
    /// 409: the journal has dropped requests that the answer depends on.
    Incomplete(String),
    /// 409: another conflict with the state of the account.
    Conflict(String),
}

impl From<Unreadable> for ControlError {
    fn from(why: Unreadable) -> Self {
        Self::Unreadable(why)
    }
}

impl From<RegistryError> for ControlError {
    fn from(error: RegistryError) -> Self {
        Self::Registry(error)
    }
}

impl From<InvalidSettings> for ControlError {
    fn from(error: InvalidSettings) -> Self {
        refusal::at("settings", &error)
    }
}

impl ControlError {
    fn facts(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "Forbidden"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "Unauthorized"),
            Self::NotReady => (StatusCode::SERVICE_UNAVAILABLE, "NotReady"),
            Self::Syntax(_) | Self::Unreadable(Unreadable::Broken) => {
                (StatusCode::BAD_REQUEST, "InvalidRequestBody")
            }
            Self::Problems(_) => (StatusCode::UNPROCESSABLE_ENTITY, "InvalidRequest"),
            Self::Unreadable(Unreadable::Type) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType")
            }
            Self::Unreadable(Unreadable::Large) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLarge")
            }
            Self::Unreadable(Unreadable::Late) => (StatusCode::REQUEST_TIMEOUT, "RequestTimeout"),
            Self::NoAccount(_) => (StatusCode::NOT_FOUND, "AccountNotFound"),
            Self::NoSuchPath(_) => (StatusCode::NOT_FOUND, "InvalidEndpoint"),
            Self::MethodNotAllowed(_) => (StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
            Self::NoRecord(_) => (StatusCode::NOT_FOUND, "RecordNotFound"),
            Self::Registry(_) | Self::Conflict(_) => (StatusCode::CONFLICT, "Conflict"),
            Self::NotVerified { .. } => (StatusCode::CONFLICT, "NotVerified"),
            Self::Incomplete(_) => (StatusCode::CONFLICT, "Incomplete"),
        }
    }

    pub(super) fn description(&self) -> String {
        match self {
            Self::Forbidden(why)
            | Self::Syntax(why)
            | Self::NoSuchPath(why)
            | Self::NoRecord(why)
            | Self::Conflict(why) => why.clone(),
            Self::MethodNotAllowed(methods) => format!("this path takes {methods}"),
            Self::Unauthorized => "control calls need `Authorization: Bearer` with the control token".to_owned(),
            Self::NotReady => "the server is still starting".to_owned(),
            Self::Problems(problems) => counted(problems.count()),
            Self::Unreadable(Unreadable::Type) => {
                "the content type must be application/json; for a new account also application/yaml, for many agents \
                 also application/x-ndjson"
                    .to_owned()
            }
            Self::Unreadable(Unreadable::Large) => "the request body is too large".to_owned(),
            Self::Unreadable(Unreadable::Late) => "the request body did not arrive in time".to_owned(),
            Self::Unreadable(Unreadable::Broken) => "the request body ended early".to_owned(),
            Self::NoAccount(subdomain) => format!("there is no account {subdomain}"),
            Self::Registry(error) => error.to_string(),
            Self::NotVerified { description, .. } => description.clone(),
            Self::Incomplete(why) => format!("the journal has dropped requests that could decide this: {why}"),
        }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let ((status, error), description) = (self.facts(), self.description());
        let mut refusal = Refusal {
            error: error.to_owned(),
            description,
            ..Refusal::default()
        };
        match self {
            Self::Problems(problems) => {
                refusal.problems = problems.named().to_vec();
                refusal.problem_count = problems.count();
            }
            Self::NotVerified {
                details: Value::Object(details),
                ..
            } => refusal.details = details,
            _ => {}
        }
        let mut response = (status, Json(refusal)).into_response();
        let more = match status {
            StatusCode::UNAUTHORIZED => Some((WWW_AUTHENTICATE, "Bearer")),
            StatusCode::SERVICE_UNAVAILABLE => Some((RETRY_AFTER, "1")),
            _ => None,
        };
        if let Some((name, value)) = more {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

fn counted(problems: usize) -> String {
    match problems {
        1 => "there is a problem, and nothing was changed".to_owned(),
        many => format!("there are {many} problems, and nothing was changed"),
    }
}
