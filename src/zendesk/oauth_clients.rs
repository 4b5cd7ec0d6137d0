//! OAuth clients, which admins make, change and delete.
//!
//! <https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_clients/>

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::{ApiError, Code, InvalidField, Problem, Reason};
use super::oauth_secret;
use super::oauth_tokens::caller_as_user;
use super::request::api_request::ApiRequest;
use super::request::oauth_body::{self, ClientChanges};
use super::response;
use super::response::ticketing_pages::{List, Paging};
use super::response::time::Seconds;
use crate::world::{ClientId, ClientKind, Directory, MOST_CLIENTS, OauthClient, Position, UserId};

/// How much an answer shows of a secret that is not new.
const SHOWN: usize = 9;
const SHOW: &str = "api/v2/oauth/clients/show";
const UPDATE: &str = "api/v2/oauth/clients/update";
const DESTROY: &str = "api/v2/oauth/clients/destroy";
const GENERATE_SECRET: &str = "api/v2/oauth/clients/generate_secret";

#[derive(Serialize)]
struct ClientDocument {
    client: ClientResource,
}

#[derive(Serialize)]
struct ClientResource {
    id: u64,
    url: String,
    identifier: String,
    name: String,
    company: Option<String>,
    description: Option<String>,
    kind: ClientKind,
    global: bool,
    logo_url: Option<String>,
    redirect_uri: Vec<String>,
    secret: Option<String>,
    user_id: u64,
    created_at: Option<Seconds>,
    updated_at: Option<Seconds>,
}

/// How an answer shows a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    Whole,
    Beginning,
}

impl ClientResource {
    fn new(request: &ApiRequest, client: &OauthClient, shown: Secret) -> Result<Self, ApiError> {
        let OauthClient {
            id,
            identifier,
            name,
            kind,
            secret,
            redirect_uris,
            allowed_scopes: _,
            company,
            description,
            logo_url,
            global,
            user,
            created_at,
            updated_at,
        } = client.clone();
        Ok(Self {
            id: id.0,
            url: request.api_url(&format!("/oauth/clients/{}.json", id.0))?,
            identifier,
            name,
            company,
            description,
            kind,
            global,
            logo_url,
            redirect_uri: redirect_uris,
            secret: secret.map(|secret| match shown {
                Secret::Whole => secret,
                Secret::Beginning => oauth_secret::beginning(&secret, SHOWN),
            }),
            user_id: user.0,
            created_at: created_at.map(Seconds),
            updated_at: updated_at.or(created_at).map(Seconds),
        })
    }
}

/// `GET /api/v2/oauth/clients`
pub(crate) async fn list_oauth_clients(request: ApiRequest) -> Result<Response, ApiError> {
    list(request, "/oauth/clients.json", |_, _| true)
}

/// `GET /api/v2/users/me/oauth/clients`: those that the caller made.
pub(crate) async fn list_my_oauth_clients(request: ApiRequest) -> Result<Response, ApiError> {
    let is_own = |client: &OauthClient, user| user == Some(client.user);
    list(request, "/users/me/oauth/clients.json", is_own)
}

fn list(
    mut request: ApiRequest,
    path: &str,
    is_listed: impl Fn(&OauthClient, Option<UserId>) -> bool,
) -> Result<Response, ApiError> {
    let paging = Paging::<ClientId>::read(&mut request.query);
    request.finish_query()?;
    let user = request.context.caller()?.user;
    let is_listed = |client: &OauthClient| is_listed(client, user);
    let oauth = request.context.directory.oauth();
    let page = paging.select(|position: &Position<_>, limit| {
        oauth.page_of_clients(is_listed, position, limit)
    })?;
    let found = page.items.iter().filter_map(|id| oauth.client(*id));
    let resources = found.map(|client| ClientResource::new(&request, client, Secret::Beginning));
    let list = List {
        name: "clients",
        path,
        page: &page,
        resources: resources.collect::<Result<_, _>>()?,
        count: &|| oauth.clients().filter(|client| is_listed(client)).count(),
    };
    paging.answer(&request, &list, |id| *id)
}

/// `GET /api/v2/oauth/clients/{client_id}`
pub(crate) async fn show_oauth_client(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = ClientId(request.read_id("client_id", SHOW)?);
    let client = found(&request.context.directory, id)?;
    answer(&request, StatusCode::OK, client, Secret::Beginning)
}

/// `POST /api/v2/oauth/clients`
pub(crate) async fn create_oauth_client(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let given = request.read_body(oauth_body::new_client).await?;
    let (user, now) = (caller_as_user(&request)?, request.context.now);
    let secret = oauth_secret::draw(&request.account, &request.context.directory);
    let client = request.world().update_directory(None, |directory| {
        let oauth = directory.oauth();
        if !oauth.has_room_for_client() {
            let detail =
                format!("The account has {MOST_CLIENTS} clients, the most that it may have.");
            return Err(Problem::new(Code::BadRequest, detail).into());
        }
        let created_at = OauthClient::creation(now);
        let new = OauthClient {
            id: oauth.next_client_id(),
            identifier: String::new(),
            name: String::new(),
            kind: ClientKind::Confidential,
            secret: Some(secret.to_string()),
            redirect_uris: Vec::new(),
            allowed_scopes: None,
            company: None,
            description: None,
            logo_url: None,
            global: false,
            user,
            created_at: Some(created_at),
            updated_at: Some(created_at),
        };
        save(directory, changed(new, given.clone())?)
    })?;
    answer(&request, StatusCode::CREATED, &client, Secret::Whole)
}

/// `PUT /api/v2/oauth/clients/{client_id}`: members that are not given stay as they are.
pub(crate) async fn update_oauth_client(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = request.read_id("client_id", UPDATE);
    let given = request.read_body(oauth_body::client_changes).await?;
    let (id, now) = (ClientId(id?), request.context.now);
    let secret = oauth_secret::draw(&request.account, &request.context.directory);
    let (client, shown) = request.world().update_directory(None, |directory| {
        let before = found(directory, id)?.clone();
        let mut client = changed(before.clone(), given.clone())?;
        let mut shown = Secret::Beginning;
        // One that becomes confidential needs a secret, and only this answer can tell it.
        if client.kind == ClientKind::Confidential && client.secret.is_none() {
            client.secret = Some(secret.to_string());
            shown = Secret::Whole;
        }
        if client != before {
            client.updated_at = Some(now);
        }
        Ok::<_, ApiError>((save(directory, client)?, shown))
    })?;
    answer(&request, StatusCode::OK, &client, shown)
}

/// `DELETE /api/v2/oauth/clients/{client_id}`: its codes and tokens end.
pub(crate) async fn delete_oauth_client(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = ClientId(request.read_id("client_id", DESTROY)?);
    request.world().update_directory(None, |directory| {
        found(directory, id)?;
        directory.remove_oauth_client(id, request.context.now);
        Ok::<_, ApiError>(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `PUT /api/v2/oauth/clients/{client_id}/generate_secret`: the earlier secret ends.
pub(crate) async fn generate_oauth_client_secret(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = ClientId(request.read_id("client_id", GENERATE_SECRET)?);
    let secret = oauth_secret::draw(&request.account, &request.context.directory);
    let client = request.world().update_directory(None, |directory| {
        let client = OauthClient {
            secret: Some(secret.to_string()),
            updated_at: Some(request.context.now),
            ..found(directory, id)?.clone()
        };
        save(directory, client)
    })?;
    answer(&request, StatusCode::OK, &client, Secret::Whole)
}

fn answer(
    request: &ApiRequest,
    status: StatusCode,
    client: &OauthClient,
    shown: Secret,
) -> Result<Response, ApiError> {
    let client = ClientResource::new(request, client, shown)?;
    Ok(response::json(status, &ClientDocument { client }))
}

fn found(directory: &Directory, id: ClientId) -> Result<&OauthClient, ApiError> {
    directory.oauth().client(id).ok_or(ApiError::NoRecord)
}

fn save(directory: &mut Directory, client: OauthClient) -> Result<OauthClient, ApiError> {
    directory.save_oauth_client(client.clone())?;
    Ok(client)
}

/// The client with the members that are given. Only old clients have the kind `unknown`: no other
/// client can get it.
fn changed(client: OauthClient, given: ClientChanges) -> Result<OauthClient, ApiError> {
    let ClientChanges {
        name,
        identifier,
        kind,
        redirect_uris,
        company,
        description,
        logo_url,
    } = given;
    if kind == Some(ClientKind::Unknown) && client.kind != ClientKind::Unknown {
        return Err(InvalidField::new("kind", Reason::Invalid).into());
    }
    let text = |given: Option<String>, before| match given {
        Some(text) => Some(text).filter(|text| !text.is_empty()),
        None => before,
    };
    Ok(OauthClient {
        name: name.unwrap_or(client.name),
        identifier: identifier.unwrap_or(client.identifier),
        kind: kind.unwrap_or(client.kind),
        redirect_uris: redirect_uris.unwrap_or(client.redirect_uris),
        company: text(company, client.company),
        description: text(description, client.description),
        logo_url: text(logo_url, client.logo_url),
        ..client
    })
}
