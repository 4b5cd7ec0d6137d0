//! OAuth tokens, which their users and admins see and revoke.
//!
//! <https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/>

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::{ApiError, Code, InvalidField, Problem, Reason};
use super::hint::quoted;
use super::oauth_scopes;
use super::oauth_secret;
use super::request::api_request::ApiRequest;
use super::request::oauth_body;
use super::request::query::{self, Query};
use super::response;
use super::response::ticketing_pages::{List, Paging};
use super::response::time::Seconds;
use crate::world::{
    ClientId, Directory, LastUse, MOST_TOKENS, OauthToken, Position, TokenId, UserId,
};

const ALL: &[&str] = &["all"];
const CLIENT_ID: &[&str] = &["client_id"];
const GLOBAL_CLIENT_ID: &[&str] = &["global_client_id"];
/// How much an answer shows of a token.
const SHOWN: usize = 10;
const SHOW: &str = "api/v2/oauth/tokens/show";
const DESTROY: &str = "api/v2/oauth/tokens/destroy";

#[derive(Serialize)]
struct TokenDocument {
    token: TokenResource,
}

#[derive(Serialize)]
struct TokenResource {
    id: u64,
    url: String,
    user_id: u64,
    client_id: Option<u64>,
    scopes: Vec<String>,
    token: String,
    refresh_token: Option<String>,
    created_at: Option<Seconds>,
    expires_at: Option<Seconds>,
    refresh_token_expires_at: Option<Seconds>,
    used_at: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_token: Option<String>,
}

impl TokenResource {
    fn new(request: &ApiRequest, token: &OauthToken) -> Result<Self, ApiError> {
        let OauthToken {
            id,
            token,
            user,
            client,
            scopes,
            created_at,
            expires_at,
            refresh,
            last_use,
        } = token;
        let refresh = refresh.as_ref();
        Ok(Self {
            id: id.0,
            url: request.api_url(&format!("/oauth/tokens/{}.json", id.0))?,
            user_id: user.0,
            client_id: client.map(|client| client.0),
            scopes: scopes.to_vec(),
            token: oauth_secret::beginning(token, SHOWN),
            refresh_token: refresh.map(|refresh| oauth_secret::end(&refresh.token, SHOWN)),
            created_at: created_at.map(Seconds),
            expires_at: expires_at.map(Seconds),
            refresh_token_expires_at: refresh.and_then(|it| it.expires_at).map(Seconds),
            used_at: last_use.time().map(Seconds),
            full_token: None,
        })
    }
}

/// Which tokens a list has.
struct TokenFilter {
    /// Those of all users.
    all: bool,
    /// Those of this client.
    client: Option<ClientId>,
    /// Those of this global client.
    global_client: Option<ClientId>,
}

impl TokenFilter {
    fn read(query: &mut Query) -> Self {
        let all = query.read(ALL, Code::InvalidParameter, |text| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(format!("{} is not one of true, false", quoted(text))),
        });
        let client = |text: &str| {
            let id = query::number(text).map(ClientId);
            id.ok_or_else(|| format!("{} is not the id of a client", quoted(text)))
        };
        Self {
            all: all.unwrap_or_default(),
            client: query.read(CLIENT_ID, Code::InvalidParameter, client),
            global_client: query.read(GLOBAL_CLIENT_ID, Code::InvalidParameter, client),
        }
    }

    fn has(&self, token: &OauthToken, user: Option<UserId>, directory: &Directory) -> bool {
        let is_global = || {
            let client = token.client.and_then(|id| directory.oauth().client(id));
            client.is_some_and(|client| client.global)
        };
        let is_of = |client: Option<ClientId>| client.is_none() || client == token.client;
        (self.all || user == Some(token.user))
            && is_of(self.client)
            && is_of(self.global_client)
            && (self.global_client.is_none() || is_global())
    }
}

/// `GET /api/v2/oauth/tokens`
pub(crate) async fn list_oauth_tokens(mut request: ApiRequest) -> Result<Response, ApiError> {
    let paging = Paging::<TokenId>::read(&mut request.query);
    let filter = TokenFilter::read(&mut request.query);
    request.finish_query()?;
    let (user, now) = (request.context.caller()?.user, request.context.now);
    let directory = &*request.context.directory;
    let oauth = directory.oauth();
    let is_listed = |token: &OauthToken| !token.is_dead(now) && filter.has(token, user, directory);
    let page = paging
        .select(|position: &Position<_>, limit| oauth.page_of_tokens(is_listed, position, limit))?;
    let found = page.items.iter().filter_map(|id| oauth.token(*id));
    let resources = found.map(|token| TokenResource::new(&request, token));
    let list = List {
        name: "tokens",
        path: "/oauth/tokens.json",
        page: &page,
        resources: resources.collect::<Result<_, _>>()?,
        count: &|| oauth.tokens().filter(|token| is_listed(token)).count(),
    };
    paging.answer(&request, &list, |id| *id)
}

/// `GET /api/v2/oauth/tokens/{token_id}`
pub(crate) async fn show_oauth_token(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = TokenId(request.read_id("token_id", SHOW)?);
    show(&request, id)
}

/// `GET /api/v2/oauth/tokens/current`
pub(crate) async fn show_current_oauth_token(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = current(&request)?;
    show(&request, id)
}

/// `POST /api/v2/oauth/tokens`: a token that does not expire and that nothing renews.
pub(crate) async fn create_oauth_token(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let wanted = request.read_body(oauth_body::new_token).await?;
    let (user, now) = (caller_as_user(&request)?, request.context.now);
    let text = oauth_secret::draw(&request.account, &request.context.directory);
    let token = request.world().update_directory(None, |directory| {
        let client = directory.oauth().client(wanted.client);
        let client = client.ok_or_else(|| invalid("client_id"))?;
        let allowed = client.allowed_scopes.as_deref();
        let scopes = match &wanted.scopes {
            Some(scopes) if oauth_scopes::are_too_many(scopes) => {
                request.context.hints.add(oauth_scopes::TOO_MANY);
                return Err(invalid("scopes"));
            }
            Some(scopes) if oauth_scopes::not_allowed(scopes, allowed).is_some() => {
                return Err(invalid("scopes"));
            }
            Some(scopes) => scopes.clone(),
            None => oauth_scopes::default_of(client),
        };
        if !directory.oauth_mut().make_room_for_token(now) {
            let detail =
                format!("The account has {MOST_TOKENS} tokens, the most that it may have.");
            return Err(Problem::new(Code::BadRequest, detail).into());
        }
        let token = OauthToken {
            id: directory.oauth().next_token_id(),
            token: Arc::clone(&text),
            user,
            client: Some(wanted.client),
            scopes: scopes.into(),
            created_at: Some(now),
            expires_at: None,
            refresh: None,
            last_use: LastUse::default(),
        };
        directory.save_oauth_token(token.clone())?;
        Ok::<_, ApiError>(token)
    })?;
    let token = TokenResource {
        full_token: Some(token.token.to_string()),
        ..TokenResource::new(&request, &token)?
    };
    Ok(response::json(
        StatusCode::CREATED,
        &TokenDocument { token },
    ))
}

/// `DELETE /api/v2/oauth/tokens/{token_id}`
pub(crate) async fn revoke_oauth_token(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = TokenId(request.read_id("token_id", DESTROY)?);
    revoke(&request, id)
}

/// `DELETE /api/v2/oauth/tokens/current`
pub(crate) async fn revoke_current_oauth_token(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = current(&request)?;
    revoke(&request, id)
}

fn show(request: &ApiRequest, id: TokenId) -> Result<Response, ApiError> {
    let token = visible(request, &request.context.directory, id)?;
    let token = TokenResource::new(request, token)?;
    Ok(response::ok(&TokenDocument { token }))
}

fn revoke(request: &ApiRequest, id: TokenId) -> Result<Response, ApiError> {
    request.world().update_directory(None, |directory| {
        visible(request, directory, id)?;
        directory.oauth_mut().revoke(id, request.context.now);
        Ok::<_, ApiError>(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The token of the call.
fn current(request: &ApiRequest) -> Result<TokenId, ApiError> {
    request.context.caller()?.token.ok_or_else(|| {
        let hint = "the call has no OAuth token of the account, so there is no current one";
        request.context.hints.add(hint);
        ApiError::NoRecord
    })
}

/// A token of the caller. One that has ended is not there.
fn visible<'a>(
    request: &ApiRequest,
    directory: &'a Directory,
    id: TokenId,
) -> Result<&'a OauthToken, ApiError> {
    let user = request.context.caller()?.user;
    let token = directory.oauth().token(id);
    let token =
        token.filter(|token| user == Some(token.user) && !token.is_dead(request.context.now));
    token.ok_or(ApiError::NoRecord)
}

/// The user that a new record belongs to.
pub(super) fn caller_as_user(request: &ApiRequest) -> Result<UserId, ApiError> {
    request.context.user().map(|user| user.id).ok_or_else(|| {
        let hint = "the caller is not a user of the account, and the record needs one";
        request.context.hints.add(hint);
        ApiError::NoRecord
    })
}

fn invalid(field: &'static str) -> ApiError {
    InvalidField::new(field, Reason::Invalid).into()
}
