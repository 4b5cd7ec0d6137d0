//! What a client asks for at `POST /oauth/tokens`, and the checks of client, code and refresh token.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::authorizations::active_user;
use super::error::ApiError;
use super::oauth_error::OauthError;
use super::oauth_lifetimes::Lifetimes;
use super::oauth_scopes;
use super::request::context::RequestContext;
use super::request::grant_request::{ClientCredentials, GrantRequest};
use crate::account::RenewedToken;
use crate::world::{
    AuthorizationCode, ClientId, Directory, Ended, OauthClient, OauthToken, TokenId, UserId,
    WriteError,
};

/// What a client asks for. It has been read as a whole before anything is looked up.
#[derive(Debug)]
pub(super) struct TokenRequest {
    client: ClientCredentials,
    kind: GrantKind,
    pub(super) scope: Option<String>,
    pub(super) lifetimes: Lifetimes,
}

#[derive(Debug)]
enum GrantKind {
    AuthorizationCode {
        code: String,
        redirect_uri: Option<String>,
        verifier: Option<String>,
    },
    RefreshToken(String),
    ClientCredentials,
}

impl TokenRequest {
    pub(super) fn read(
        context: &RequestContext,
        request: &GrantRequest,
    ) -> Result<Self, OauthError> {
        let kind = request.required("grant_type")?;
        let client = request.client(context)?;
        let text = |name| request.get(name).map(str::to_owned);
        let kind = match kind {
            "authorization_code" => GrantKind::AuthorizationCode {
                code: request.required("code")?.to_owned(),
                redirect_uri: text("redirect_uri"),
                verifier: text("code_verifier"),
            },
            "refresh_token" => {
                GrantKind::RefreshToken(request.required("refresh_token")?.to_owned())
            }
            "client_credentials" => GrantKind::ClientCredentials,
            other => {
                context.hints.add(if other == "password" {
                    "Zendesk ended the grant `password` on 2025-02-17"
                } else {
                    "the grants are `authorization_code`, `refresh_token` and `client_credentials`"
                });
                return Err(OauthError::UnsupportedGrantType);
            }
        };
        let lifetimes = Lifetimes {
            access_as_given: text("expires_in"),
            refresh_as_given: text("refresh_token_expires_in"),
        };
        Ok(Self {
            client,
            kind,
            scope: text("scope"),
            lifetimes,
        })
    }

    /// Checks the client, that it may use this grant, the code or refresh token, and the user.
    pub(super) fn grant(
        &self,
        context: &RequestContext,
        directory: &Directory,
    ) -> Result<Grant, Refused> {
        let grant = self.find_grant(context, directory)?;
        if active_user(directory, grant.user).is_some() {
            return Ok(grant);
        }
        let hint = "the user that the token would act as is deleted or suspended";
        Err(invalid_grant(context, hint))
    }

    fn find_grant(
        &self,
        context: &RequestContext,
        directory: &Directory,
    ) -> Result<Grant, Refused> {
        let client = self.check_client(context, directory)?;
        match &self.kind {
            GrantKind::AuthorizationCode {
                code,
                redirect_uri,
                verifier,
            } => {
                let code = find_code(context, directory, client, code)?;
                check_redirect_uri(context, code, redirect_uri.as_deref())?;
                check_verifier(context, client, code, verifier.as_deref())?;
                Ok(Grant {
                    user: code.user,
                    scopes: code.scopes.clone(),
                    uses: Uses::Code(Arc::clone(&code.code)),
                    client: client.clone(),
                })
            }
            GrantKind::RefreshToken(text) => {
                let token = find_refresh_token(context, directory, client, text)?;
                Ok(Grant {
                    user: token.user,
                    scopes: token.scopes.to_vec(),
                    uses: Uses::RefreshToken(token.id),
                    client: client.clone(),
                })
            }
            GrantKind::ClientCredentials => {
                if client.is_public() {
                    context.hints.add(
                        "a public client cannot use client credentials: it needs a user's consent",
                    );
                    return Err(OauthError::UnauthorizedClient.into());
                }
                Ok(Grant {
                    user: client.user,
                    scopes: oauth_scopes::default_of(client),
                    uses: Uses::Nothing,
                    client: client.clone(),
                })
            }
        }
    }

    fn check_client<'a>(
        &self,
        context: &RequestContext,
        directory: &'a Directory,
    ) -> Result<&'a OauthClient, Refused> {
        let refuse = |hint: &str| {
            context.hints.add(hint);
            Refused::from(OauthError::InvalidClient)
        };
        let ClientCredentials { identifier, secret } = &self.client;
        let oauth = directory.oauth();
        let Some(client) = oauth.client_by_identifier(identifier) else {
            let id = identifier.parse().ok().map(ClientId);
            return Err(if id.is_some_and(|id| oauth.client(id).is_some()) {
                refuse("`client_id` is the client's identifier, not its numeric id")
            } else {
                refuse("the account has no OAuth client with this identifier")
            });
        };
        match (&client.secret, secret) {
            (Some(own), Some(sent)) if own != sent => Err(refuse("the client's secret is wrong")),
            (Some(_), None) if !client.is_public() => Err(refuse(
                "the client is not public: it has to send `client_secret`",
            )),
            (None, _) if !client.is_public() => {
                Err(refuse("the client is not public, and yet it has no secret"))
            }
            _ => Ok(client),
        }
    }
}

/// Refuses what a client wants to exchange. The hint says why.
fn invalid_grant(context: &RequestContext, hint: impl Into<String>) -> Refused {
    context.hints.add(hint);
    OauthError::InvalidGrant.into()
}

fn find_code<'a>(
    context: &RequestContext,
    directory: &'a Directory,
    client: &OauthClient,
    text: &str,
) -> Result<&'a AuthorizationCode, Refused> {
    let Some(code) = directory.oauth().code(text) else {
        let hint = match directory.oauth().ended(text) {
            Some((Ended::Exchanged, at)) => format!("the code was used at {at:.0}"),
            _ => "the account has no such code".to_owned(),
        };
        return Err(invalid_grant(context, hint));
    };
    if code.expires_at <= context.now {
        let hint = format!("the code has expired, at {:.0}", code.expires_at);
        return Err(invalid_grant(context, hint));
    }
    if code.client != client.id {
        let hint = "the code was issued to another client";
        return Err(invalid_grant(context, hint));
    }
    Ok(code)
}

fn check_redirect_uri(
    context: &RequestContext,
    code: &AuthorizationCode,
    redirect_uri: Option<&str>,
) -> Result<(), Refused> {
    if redirect_uri == Some(&*code.redirect_uri) {
        return Ok(());
    }
    let hint = "`redirect_uri` is not the one with which the code was asked for";
    Err(invalid_grant(context, hint))
}

/// RFC 7636: the challenge is the SHA-256 of the verifier.
fn check_verifier(
    context: &RequestContext,
    client: &OauthClient,
    code: &AuthorizationCode,
    verifier: Option<&str>,
) -> Result<(), Refused> {
    let hash = |verifier: &str| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let hint = match (&code.challenge, verifier) {
        (None, None) if client.is_public() => {
            "the client has become public, and the code was asked for without PKCE"
        }
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) if *challenge == hash(verifier) => return Ok(()),
        (Some(_), Some(_)) => "`code_verifier` does not fit `code_challenge`",
        (Some(_), None) => "the code was asked for with PKCE: `code_verifier` is missing",
        (None, Some(_)) => "the code was asked for without PKCE: `code_verifier` is too much",
    };
    Err(invalid_grant(context, hint))
}

fn find_refresh_token<'a>(
    context: &RequestContext,
    directory: &'a Directory,
    client: &OauthClient,
    text: &str,
) -> Result<&'a OauthToken, Refused> {
    let oauth = directory.oauth();
    let Some(token) = oauth.by_refresh_token(text) else {
        context.metadata.set_spent(oauth.spent_token(text));
        let hint = match oauth.ended(text) {
            Some((Ended::Spent, at)) => format!(
                "the refresh token was used at {at:.0}, and each can be used once; the answer to that \
                 request has the next one"
            ),
            Some((Ended::Revoked, at)) => format!("the refresh token was revoked at {at:.0}"),
            _ if oauth.by_access_token(text).is_some() => {
                "this is an access token, not a refresh token".to_owned()
            }
            _ => "the account has no such refresh token".to_owned(),
        };
        return Err(invalid_grant(context, hint));
    };
    let expires_at = token.refresh.as_ref().and_then(|it| it.expires_at);
    if let Some(at) = expires_at.filter(|at| *at <= context.now) {
        let hint = format!("the refresh token has expired, at {at:.0}");
        return Err(invalid_grant(context, hint));
    }
    if token.client != Some(client.id) {
        let hint = "the refresh token was issued to another client";
        return Err(invalid_grant(context, hint));
    }
    Ok(token)
}

/// A grant that has been checked, up to its scopes.
pub(super) struct Grant {
    pub(super) client: OauthClient,
    pub(super) user: UserId,
    /// The scopes that the client gets if it asks for none. With a code or a refresh token, it may
    /// ask for some of these only.
    pub(super) scopes: Vec<String>,
    pub(super) uses: Uses,
}

/// What a grant uses up.
pub(super) enum Uses {
    Code(Arc<str>),
    RefreshToken(TokenId),
    Nothing,
}

impl Grant {
    /// The token that is replaced, as the journal keeps it. For client credentials, it is the newest
    /// token that the client got by them.
    pub(super) fn renewed(&self, directory: &Directory) -> Option<RenewedToken> {
        let oauth = directory.oauth();
        let replaced = match self.uses {
            Uses::RefreshToken(id) => oauth.token(id),
            Uses::Nothing => oauth.newest_token_of(self.client.id),
            Uses::Code(_) => None,
        };
        replaced.map(RenewedToken::from)
    }
}

/// Why the directory does not change.
#[derive(Debug)]
pub(super) enum Refused {
    /// The request is refused.
    Request(ApiError),
    /// Another token already has one of the new texts.
    Taken,
}

impl Refused {
    pub(super) fn into_error(self) -> ApiError {
        match self {
            Self::Request(error) => error,
            Self::Taken => ApiError::Internal,
        }
    }
}

impl From<OauthError> for Refused {
    fn from(error: OauthError) -> Self {
        Self::Request(error.into())
    }
}

impl From<WriteError> for Refused {
    fn from(error: WriteError) -> Self {
        if error == WriteError::DuplicateToken {
            return Self::Taken;
        }
        tracing::error!(%error, "a token could not be kept");
        Self::Request(ApiError::Internal)
    }
}
