//! Authentication of the caller: Zendesk's four forms of credentials.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;

use crate::account::{ACCESS_TOKEN, CredentialThen};
use crate::config::{ApiTokenEnd, ApiTokenSettings, AuthMode, Settings};
use crate::world::{ApiToken, Directory, Ended, OauthToken, Role, TokenId, User, UserId};

/// Some clients leave out the padding.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The kind of credential that a request carries, valid or not: refusals and CORS differ by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CredentialKind {
    /// An OAuth token, after `Bearer` or as `access_token`.
    OauthToken,
    /// An API token that the account has, in Basic.
    ApiToken,
    /// A user's password, in Basic.
    Password,
    /// Anything else: what Basic carries is unknown, an unknown scheme, or none.
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
    pub(crate) scopes: Option<Arc<[String]>>,
    /// The OAuth token that the request carries.
    pub(crate) token: Option<TokenId>,
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
    #[error("this API token is not active")]
    InactiveApiToken,
    #[error("this API token was deactivated after {days} days without use")]
    UnusedApiToken { days: u16 },
    #[error("API tokens ended on {at:.0}")]
    EndedApiTokens { at: Timestamp },
    #[error("the account has no such OAuth token")]
    UnknownOauthToken,
    #[error("this OAuth token has expired, at {at:.0}")]
    ExpiredOauthToken { at: Timestamp, token: TokenId },
    #[error("this OAuth token was replaced at {at:.0}, when its refresh token was used")]
    RenewedOauthToken {
        at: Timestamp,
        token: Option<TokenId>,
    },
    #[error("this OAuth token was revoked at {at:.0}")]
    RevokedOauthToken { at: Timestamp },
    #[error("this is a refresh token: POST /oauth/tokens takes it, and returns an access token")]
    RefreshTokenAsBearer,
}

impl AuthFailure {
    /// The kind of the credential that was refused.
    pub(crate) fn kind(self) -> CredentialKind {
        match self {
            Self::NotBearer
            | Self::ApiTokenAsBearer
            | Self::UnknownOauthToken
            | Self::ExpiredOauthToken { .. }
            | Self::RenewedOauthToken { .. }
            | Self::RevokedOauthToken { .. }
            | Self::RefreshTokenAsBearer => CredentialKind::OauthToken,
            Self::Missing
            | Self::UnknownScheme
            | Self::NotBasic
            | Self::UnknownEmail
            | Self::TokenWithoutSuffix
            | Self::PasswordWithSuffix
            | Self::WrongPassword
            | Self::UnknownApiToken
            | Self::OauthTokenInBasic => CredentialKind::Other,
            Self::InactiveApiToken | Self::UnusedApiToken { .. } | Self::EndedApiTokens { .. } => {
                CredentialKind::ApiToken
            }
        }
    }

    /// The credential, if the account knows it although it cannot be used any more.
    pub(crate) fn credential(self) -> Option<CredentialThen> {
        match self {
            Self::ExpiredOauthToken { token, .. } => Some(CredentialThen::OauthToken(token)),
            Self::RenewedOauthToken { token, .. } => token.map(CredentialThen::ReplacedToken),
            _ if self.kind() == CredentialKind::ApiToken => Some(CredentialThen::ApiToken),
            _ => None,
        }
    }

    /// The most general failure of this kind of credential.
    pub(crate) fn of(kind: CredentialKind) -> Self {
        match kind {
            CredentialKind::OauthToken => Self::UnknownOauthToken,
            CredentialKind::ApiToken | CredentialKind::Password | CredentialKind::Other => {
                Self::Missing
            }
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
    settings: &Settings,
    headers: &HeaderMap,
    query: &str,
    now: Timestamp,
) -> Result<Caller, AuthFailure> {
    let known = |credential: &Credential<'_>| match settings.auth {
        AuthMode::Strict => check(directory, &settings.api_tokens, credential, now),
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
/// 1.7 % of the instructions of a call that shows an agent.
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
    api_tokens: &ApiTokenSettings,
    credential: &Credential<'_>,
    now: Timestamp,
) -> Result<Caller, AuthFailure> {
    match credential {
        Credential::Password { email, password } => {
            let user = user(directory, email, password)?;
            if user.password.as_deref() == Some(password) {
                Ok(Caller::signed_in(user, CredentialKind::Password))
            } else if is_oauth_token(directory, password) {
                Err(AuthFailure::OauthTokenInBasic)
            } else if directory.api_token(password).is_some() {
                Err(AuthFailure::TokenWithoutSuffix)
            } else {
                Err(AuthFailure::WrongPassword)
            }
        }
        Credential::ApiToken { email, token } => {
            let user = user(directory, email, token)?;
            if let Some(token) = directory.api_token(token) {
                check_api_token(token, api_tokens, now)?;
                token.last_use.note(now);
                Ok(Caller::signed_in(user, CredentialKind::ApiToken))
            } else if is_oauth_token(directory, token) {
                Err(AuthFailure::OauthTokenInBasic)
            } else if user.password.as_deref() == Some(token) {
                Err(AuthFailure::PasswordWithSuffix)
            } else {
                Err(AuthFailure::UnknownApiToken)
            }
        }
        Credential::Oauth(text) => {
            let token = directory.oauth().by_access_token(text);
            let token = token.ok_or_else(|| unknown_oauth_token(directory, text))?;
            if let Some(at) = token.expires_at.filter(|at| *at <= now) {
                let token = token.id;
                return Err(AuthFailure::ExpiredOauthToken { at, token });
            }
            let caller = with_oauth_token(directory, token);
            let caller = caller.ok_or(AuthFailure::UnknownOauthToken)?;
            token.last_use.note(now);
            Ok(caller)
        }
    }
}

fn is_oauth_token(directory: &Directory, text: &str) -> bool {
    directory.oauth().by_access_token(text).is_some()
}

/// Why a text is not an OAuth token, as far as that is known.
fn unknown_oauth_token(directory: &Directory, text: &str) -> AuthFailure {
    if directory.api_token(text).is_some() {
        return AuthFailure::ApiTokenAsBearer;
    }
    if directory.oauth().by_refresh_token(text).is_some() {
        return AuthFailure::RefreshTokenAsBearer;
    }
    match directory.oauth().ended(text) {
        Some((Ended::Renewed, at)) => AuthFailure::RenewedOauthToken {
            at,
            token: directory.oauth().replaced_token(text),
        },
        Some((Ended::Revoked, at)) => AuthFailure::RevokedOauthToken { at },
        Some((Ended::Spent | Ended::Exchanged, _)) | None => AuthFailure::UnknownOauthToken,
    }
}

/// Refuses an API token that cannot be used, or not any more.
fn check_api_token(
    token: &ApiToken,
    settings: &ApiTokenSettings,
    now: Timestamp,
) -> Result<(), AuthFailure> {
    match settings.end_of(token, now) {
        None => Ok(()),
        Some(ApiTokenEnd::Inactive) => Err(AuthFailure::InactiveApiToken),
        Some(ApiTokenEnd::Ended(at)) => Err(AuthFailure::EndedApiTokens { at }),
        Some(ApiTokenEnd::Unused(days)) => Err(AuthFailure::UnusedApiToken { days }),
    }
}

/// The user that Basic names. If the secret is an OAuth token, that explains more than an unknown
/// address does.
fn user<'a>(directory: &'a Directory, email: &str, secret: &str) -> Result<&'a User, AuthFailure> {
    directory.user_by_email(email).ok_or_else(|| {
        let is_oauth_token = is_oauth_token(directory, secret);
        if is_oauth_token {
            AuthFailure::OauthTokenInBasic
        } else {
            AuthFailure::UnknownEmail
        }
    })
}

/// The seeded user that the credential names, valid or not, or else an admin.
fn named_by(directory: &Directory, credential: &Credential<'_>) -> Caller {
    let basic = |kind, email: &str| {
        let user = directory.user_by_email(email);
        (kind, user.map(|user| Caller::signed_in(user, kind)))
    };
    let (kind, named) = match credential {
        Credential::Password { email, .. } => basic(CredentialKind::Password, email),
        Credential::ApiToken { email, .. } => basic(CredentialKind::ApiToken, email),
        Credential::Oauth(text) => {
            let token = directory.oauth().by_access_token(text);
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
            token: None,
        }
    })
}

fn with_oauth_token(directory: &Directory, token: &OauthToken) -> Option<Caller> {
    let user = directory.user(token.user)?;
    Some(Caller {
        scopes: Some(Arc::clone(&token.scopes)),
        token: Some(token.id),
        ..Caller::signed_in(user, CredentialKind::OauthToken)
    })
}

impl Caller {
    /// The credential, unless the account does not know it and takes any.
    pub(crate) fn credential(&self) -> Option<CredentialThen> {
        match self.kind {
            CredentialKind::Password => Some(CredentialThen::Password),
            CredentialKind::ApiToken => Some(CredentialThen::ApiToken),
            CredentialKind::OauthToken => self.token.map(CredentialThen::OauthToken),
            CredentialKind::Other => None,
        }
    }

    fn signed_in(user: &User, kind: CredentialKind) -> Self {
        Self {
            kind,
            user: Some(user.id),
            role: user.role,
            scopes: None,
            token: None,
        }
    }
}
