//! Authentication of the caller: Zendesk's four forms of credentials.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;

use crate::account::ACCESS_TOKEN;
use crate::config::AuthMode;
use crate::world::{Directory, OauthToken, Role, User, UserId};

/// Some clients leave out the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The kind of credential that a request carries, valid or not: refusals and CORS differ by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CredentialKind {
    /// An OAuth token, after `Bearer` or as `access_token`.
    OauthToken,
    /// Anything else: Basic, an unknown scheme, or none.
    #[default]
    Other,
}

/// The caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) kind: CredentialKind,
    /// None for an admin without a seeded user.
    pub(crate) user: Option<UserId>,
    pub(crate) role: Role,
    /// None where scopes do not apply.
    pub(crate) scopes: Option<Arc<BTreeSet<String>>>,
}

/// Why authentication failed. The texts say what would help, and never quote a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AuthFailure {
    #[error(
        "send `Authorization: Basic` with e-mail/token:api_token or e-mail:password, or `Bearer` with an OAuth token"
    )]
    Missing,
    #[error("the scheme of `Authorization` is neither Basic nor Bearer")]
    UnknownScheme,
    #[error("what follows `Basic` is not the base64 of `user:password`")]
    NotBasic,
    #[error("`Bearer` is not followed by a token")]
    NotBearer,
    #[error("no user has this e-mail address")]
    UnknownEmail,
    #[error("token login needs `/token` after the e-mail")]
    TokenWithoutSuffix,
    #[error("this is the user's password; after e-mail/token comes an API token")]
    PasswordWithSuffix,
    #[error("the password is wrong")]
    WrongPassword,
    #[error("the account has no such API token")]
    UnknownApiToken,
    #[error("this is an OAuth token: send it alone, as `Authorization: Bearer` and the token")]
    OauthTokenInBasic,
    #[error("this is an API token: it goes into Basic, as e-mail/token:api_token")]
    ApiTokenAsBearer,
    #[error("the account has no such OAuth token")]
    UnknownOauthToken,
    #[error("this OAuth token has expired")]
    ExpiredOauthToken,
}

impl AuthFailure {
    /// The kind of the credential that was refused.
    pub(crate) fn kind(self) -> CredentialKind {
        match self {
            Self::NotBearer
            | Self::ApiTokenAsBearer
            | Self::UnknownOauthToken
            | Self::ExpiredOauthToken => CredentialKind::OauthToken,
            Self::Missing
            | Self::UnknownScheme
            | Self::NotBasic
            | Self::UnknownEmail
            | Self::TokenWithoutSuffix
            | Self::PasswordWithSuffix
            | Self::WrongPassword
            | Self::UnknownApiToken
            | Self::OauthTokenInBasic => CredentialKind::Other,
        }
    }

    /// The most general failure of this kind of credential.
    pub(crate) fn of(kind: CredentialKind) -> Self {
        match kind {
            CredentialKind::OauthToken => Self::UnknownOauthToken,
            CredentialKind::Other => Self::Missing,
        }
    }
}

/// Up to this many bytes, decoded credentials are short.
const SHORT: usize = 256;

/// A credential from the request.
enum Credential<'a> {
    Password { email: &'a str, password: &'a str },
    ApiToken { email: &'a str, token: &'a str },
    Oauth(&'a str),
}

/// Finds the caller by the request's headers or, for old clients, by `access_token` in its query.
pub(crate) fn identify(
    directory: &Directory,
    mode: AuthMode,
    headers: &HeaderMap,
    query: &str,
    now: Timestamp,
) -> Result<Caller, AuthFailure> {
    let known = |credential: &Credential<'_>| match mode {
        AuthMode::Strict => check(directory, credential, now),
        AuthMode::Any => Ok(named_by(directory, credential)),
    };
    match headers.get(AUTHORIZATION) {
        Some(header) => from_header(header, known),
        None => {
            let token = from_query(query).ok_or(AuthFailure::Missing)?;
            known(&Credential::Oauth(&token))
        }
    }
}

fn from_header<T>(
    header: &HeaderValue,
    known: impl FnOnce(&Credential<'_>) -> Result<T, AuthFailure>,
) -> Result<T, AuthFailure> {
    // A header that is not ASCII gets the same answer as an unknown scheme.
    let header = header.to_str().map_err(|_| AuthFailure::UnknownScheme)?;
    let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("basic") {
        let mut buffer = [0; SHORT];
        let decoded = decode(rest, &mut buffer).ok_or(AuthFailure::NotBasic)?;
        let (name, secret) = decoded.split_once(':').ok_or(AuthFailure::NotBasic)?;
        known(&match name.strip_suffix("/token") {
            Some(email) => Credential::ApiToken {
                email,
                token: secret,
            },
            None => Credential::Password {
                email: name,
                password: secret,
            },
        })
    } else if scheme.eq_ignore_ascii_case("bearer") {
        if rest.is_empty() {
            Err(AuthFailure::NotBearer)
        } else {
            known(&Credential::Oauth(rest))
        }
    } else {
        Err(AuthFailure::UnknownScheme)
    }
}

/// The text in Base64. Short ones, as most are, are decoded into a buffer: a string on the heap takes
/// 600 of the 34,700 instructions of a call that shows an agent.
fn decode<'a>(text: &str, buffer: &'a mut [u8; SHORT]) -> Option<Cow<'a, str>> {
    if base64::decoded_len_estimate(text.len()) > SHORT {
        return String::from_utf8(BASE64.decode(text).ok()?)
            .ok()
            .map(Cow::Owned);
    }
    let length = BASE64.decode_slice(text, buffer).ok()?;
    let decoded = std::str::from_utf8(buffer.get(..length)?).ok()?;
    Some(Cow::Borrowed(decoded))
}

fn from_query(query: &str) -> Option<Cow<'_, str>> {
    let tokens = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == ACCESS_TOKEN);
    tokens
        .last()
        .map(|(_, token)| token)
        .filter(|token| !token.is_empty())
}

fn check(
    directory: &Directory,
    credential: &Credential<'_>,
    now: Timestamp,
) -> Result<Caller, AuthFailure> {
    match credential {
        Credential::Password { email, password } => {
            let user = user(directory, email, password)?;
            if user.password.as_deref() == Some(password) {
                Ok(Caller::from(user))
            } else if directory.oauth_tokens.contains_key(*password) {
                Err(AuthFailure::OauthTokenInBasic)
            } else if directory.api_tokens.contains_key(*password) {
                Err(AuthFailure::TokenWithoutSuffix)
            } else {
                Err(AuthFailure::WrongPassword)
            }
        }
        Credential::ApiToken { email, token } => {
            let user = user(directory, email, token)?;
            if directory.api_tokens.contains_key(*token) {
                Ok(Caller::from(user))
            } else if directory.oauth_tokens.contains_key(*token) {
                Err(AuthFailure::OauthTokenInBasic)
            } else if user.password.as_deref() == Some(token) {
                Err(AuthFailure::PasswordWithSuffix)
            } else {
                Err(AuthFailure::UnknownApiToken)
            }
        }
        Credential::Oauth(text) => match directory.oauth_tokens.get(*text) {
            Some(token) if token.has_expired(now) => Err(AuthFailure::ExpiredOauthToken),
            Some(token) => with_oauth_token(directory, token).ok_or(AuthFailure::UnknownOauthToken),
            None if directory.api_tokens.contains_key(*text) => Err(AuthFailure::ApiTokenAsBearer),
            None => Err(AuthFailure::UnknownOauthToken),
        },
    }
}

/// The user that Basic names. If the secret is an OAuth token, that explains more than an unknown
/// address does.
fn user<'a>(directory: &'a Directory, email: &str, secret: &str) -> Result<&'a User, AuthFailure> {
    directory.user_by_email(email).ok_or_else(|| {
        let is_oauth_token = directory.oauth_tokens.contains_key(secret);
        if is_oauth_token {
            AuthFailure::OauthTokenInBasic
        } else {
            AuthFailure::UnknownEmail
        }
    })
}

/// The seeded user that the credential names, valid or not, or else an admin.
fn named_by(directory: &Directory, credential: &Credential<'_>) -> Caller {
    let (kind, named) = match credential {
        Credential::Password { email, .. } | Credential::ApiToken { email, .. } => (
            CredentialKind::Other,
            directory.user_by_email(email).map(Caller::from),
        ),
        Credential::Oauth(text) => {
            let token = directory.oauth_tokens.get(*text);
            (
                CredentialKind::OauthToken,
                token.and_then(|token| with_oauth_token(directory, token)),
            )
        }
    };
    named.unwrap_or_else(|| {
        let admin = directory.users().find(|user| user.role == Role::Admin);
        Caller {
            kind,
            user: admin.map(|admin| admin.id),
            role: Role::Admin,
            scopes: None,
        }
    })
}

fn with_oauth_token(directory: &Directory, token: &OauthToken) -> Option<Caller> {
    let user = directory.user(token.user)?;
    let (kind, scopes) = (CredentialKind::OauthToken, Some(Arc::clone(&token.scopes)));
    Some(Caller {
        kind,
        scopes,
        ..Caller::from(user)
    })
}

impl From<&User> for Caller {
    fn from(user: &User) -> Self {
        Self {
            kind: CredentialKind::Other,
            user: Some(user.id),
            role: user.role,
            scopes: None,
        }
    }
}
