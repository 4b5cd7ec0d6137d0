//! `POST /oauth/tokens`: an access token for an authorization code, for a refresh token, or for the
//! client itself.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::error::ApiError;
use super::oauth_error::{OauthError, forbid_storing};
use super::oauth_grant::{Grant, Refused, TokenRequest, Uses};
use super::oauth_scopes;
use super::request::api_request::ApiRequest;
use super::request::context::RequestContext;
use super::request::grant_request::GrantRequest;
use super::response;
use crate::account::Account;
use crate::config::{ExpiresInAnswer, TokenFormat};
use crate::world::{Directory, LastUse, OauthToken, RefreshToken};

/// `POST /oauth/tokens`
pub(crate) async fn create_token_for_grant_type(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    let body = request.receive_body().await;
    let body = body.map_err(OauthError::from_unreadable)?;
    let (context, account) = (&request.context, &request.account);
    let asked = TokenRequest::read(context, &GrantRequest::read(context, &body)?)?;
    // Most refusals need no copy of the directory.
    asked
        .grant(context, &account.world.directory())
        .map_err(Refused::into_error)?;
    let (issued, renewed) = loop {
        let texts = Texts::draw(account);
        // Two requests with one code or refresh token both get here. The directory changes for one
        // of them, and for the other the change runs again and finds that it is used up.
        let issued = account.world.update_directory(None, |directory| {
            let grant = asked.grant(context, directory)?;
            let renewed = grant.renewed(directory);
            let issued = issue(&asked, grant, context, account, directory, &texts)?;
            Ok((issued, renewed))
        });
        match issued {
            Ok(issued) => break issued,
            Err(Refused::Request(error)) => return Err(error),
            // Sequential ids begin again with each server, and a snapshot may be older.
            Err(Refused::Taken) => {}
        }
    };
    let settings = &context.settings().oauth;
    let status = StatusCode::from_u16(settings.created_status).unwrap_or(StatusCode::OK);
    let is_told = settings.expires_in_answer == ExpiresInAnswer::Always
        || asked.lifetimes.access_as_given.is_some();
    context.metadata.set_issued(&issued, is_told, renewed);
    let answer = TokenResponse {
        access_token: &issued.token,
        token_type: "bearer",
        scope: issued.scopes.join(" "),
        expires_in: seconds_until(issued.expires_at, context.now).filter(|_| is_told),
        refresh_token: issued.refresh.as_ref().map(|refresh| &*refresh.token),
        refresh_token_expires_in: issued
            .refresh
            .as_ref()
            .and_then(|refresh| seconds_until(refresh.expires_at, context.now)),
    };
    let mut response = response::json(status, &answer);
    forbid_storing(response.headers_mut());
    Ok(response)
}

/// The answer with a token.
#[derive(Serialize)]
struct TokenResponse<'a> {
    access_token: &'a str,
    token_type: &'static str,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expires_in: Option<i64>,
}

fn seconds_until(end: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    end.map(|end| end.duration_since(now).as_secs())
}

/// Texts for a token, drawn before the directory is changed. The change may run more than once.
struct Texts {
    refresh: Arc<str>,
    opaque: Arc<str>,
    /// The id of a JWT.
    key_id: Uuid,
}

impl Texts {
    fn draw(account: &Account) -> Self {
        Self {
            refresh: account.short_text(),
            opaque: account.long_text(),
            key_id: account.ids.uuid(),
        }
    }
}

/// Checks scopes and lifetimes, and then uses the grant up for a token.
fn issue(
    asked: &TokenRequest,
    grant: Grant,
    context: &RequestContext,
    account: &Account,
    directory: &mut Directory,
    texts: &Texts,
) -> Result<OauthToken, Refused> {
    let Grant {
        client,
        user,
        scopes,
        uses,
    } = grant;
    let given = oauth_scopes::split(asked.scope.as_deref().unwrap_or_default());
    let Some(given) = given else {
        context.hints.add(oauth_scopes::TOO_MANY);
        return Err(OauthError::InvalidScope.into());
    };
    let is_renewable = !matches!(uses, Uses::Nothing);
    let granted = is_renewable.then(|| scopes.clone());
    let scopes = if given.is_empty() { scopes } else { given };
    oauth_scopes::check(context, &scopes, granted.as_deref(), &client)?;
    let access = asked.lifetimes.access(context, &client)?;
    let refresh = asked.lifetimes.refresh(context)?;
    let after = |lifetime| {
        context
            .now
            .saturating_add(lifetime)
            .unwrap_or(Timestamp::MAX)
    };
    let oauth = directory.oauth_mut();
    // A token that is renewed makes room for its successor.
    let has_room = matches!(uses, Uses::RefreshToken(_)) || oauth.make_room_for_token(context.now);
    if !has_room {
        context
            .hints
            .add("the account has 10,000 tokens that have not expired");
        let description = "There are too many tokens.";
        return Err(OauthError::InvalidRequest(description.to_owned()).into());
    }
    match uses {
        Uses::Code(code) => oauth.exchange(&code, context.now),
        Uses::RefreshToken(id) => oauth.renew(id, context.now),
        Uses::Nothing => {}
    }
    let expires_at = access.map(after);
    let token = match expires_at {
        Some(expires_at) if context.settings().oauth.token_format == TokenFormat::Jwt => {
            account.jwt(texts.key_id, expires_at)
        }
        _ => Arc::clone(&texts.opaque),
    };
    let refresh = is_renewable.then(|| RefreshToken {
        token: Arc::clone(&texts.refresh),
        expires_at: Some(after(refresh)),
    });
    let token = OauthToken {
        id: directory.oauth().next_token_id(),
        token,
        user,
        client: Some(client.id),
        scopes: scopes.into(),
        created_at: Some(context.now),
        expires_at,
        refresh,
        last_use: LastUse::default(),
    };
    directory.save_oauth_token(token.clone())?;
    Ok(token)
}
