//! The errors of `POST /oauth/tokens`, in the form of RFC 6749. The authorization page redirects
//! with one of them.

use axum::http::header::{CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

use super::error::ApiError;
use crate::incoming::Unreadable;

const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"OAuth2 Token Endpoint\"");

/// Why a token is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OauthError {
    /// A parameter is missing or cannot be read. The text is the description.
    InvalidRequest(String),
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
}

/// The body of an error.
#[derive(Debug, Serialize)]
pub(super) struct OauthErrorBody<'a> {
    error: &'static str,
    error_description: &'a str,
}

impl OauthErrorBody<'_> {
    /// The error as parameters of a redirect.
    pub(super) fn parameters(&self) -> [(&str, &str); 2] {
        [
            ("error", self.error),
            ("error_description", self.error_description),
        ]
    }
}

impl OauthError {
    /// The error for a body that cannot be read. One that is too large or too late gets the answer
    /// that every call gets.
    pub(super) fn from_unreadable(why: Unreadable) -> ApiError {
        match why {
            Unreadable::Broken => {
                Self::InvalidRequest("The request body ended early.".to_owned()).into()
            }
            Unreadable::Large | Unreadable::Late | Unreadable::Type => why.into(),
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::InvalidClient => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    pub(super) fn body(&self) -> OauthErrorBody<'_> {
        let (error, error_description) = match self {
            Self::InvalidRequest(description) => ("invalid_request", description.as_str()),
            Self::InvalidClient => (
                "invalid_client",
                "The client identifier provided is invalid, the client failed to authenticate, the \
                 client did not include its credentials, provided multiple client credentials, or \
                 used unsupported credentials type.",
            ),
            Self::InvalidGrant => (
                "invalid_grant",
                "The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, \
                 expired authorization token, bad end-user password credentials, or mismatching \
                 authorization code and redirection URI).",
            ),
            Self::UnauthorizedClient => (
                "unauthorized_client",
                "The authenticated client is not authorized to use the access grant type provided.",
            ),
            Self::UnsupportedGrantType => (
                "unsupported_grant_type",
                "The access grant included - its type or another attribute - is not supported by \
                 the authorization server.",
            ),
            Self::InvalidScope => (
                "invalid_scope",
                "The requested scope is invalid, unknown, malformed, or exceeds the previously \
                 granted scope.",
            ),
        };
        OauthErrorBody {
            error,
            error_description,
        }
    }

    pub(super) fn add_headers(&self, headers: &mut HeaderMap) {
        forbid_storing(headers);
        if *self == Self::InvalidClient {
            headers.insert(WWW_AUTHENTICATE, CHALLENGE);
        }
    }
}

impl From<OauthError> for ApiError {
    fn from(error: OauthError) -> Self {
        Self::Oauth(error)
    }
}

/// Says that no cache may store the answer.
pub(super) fn forbid_storing(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
}
