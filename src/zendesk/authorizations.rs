//! The authorization page: a user allows a client to act for it, or denies that.
//!
//! <https://support.zendesk.com/hc/en-us/articles/4408845965210>
//!
//! A request whose client or redirect URI is wrong gets a page and no redirect, so that nothing is
//! sent to an address that the client has not registered.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::header::{
    CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::authorization_request::{AuthorizationRequest, CheckedRequest, Refusal};
use super::consent_page::{self, ConsentPage};
use super::error::ApiError;
use super::hint::quoted;
use super::oauth_error::OauthError;
use super::request::api_request::ApiRequest;
use super::request::query;
use super::response;
use crate::config::Consent;
use crate::world::{AuthorizationCode, Directory, MOST_CODES, Role, User, UserId};

/// How many users the page lists.
const MOST_USERS: usize = 100;

const DENIED: [(&str, &str); 2] = [
    ("error", "access_denied"),
    (
        "error_description",
        "The end-user or authorization server denied the request",
    ),
];

/// Nothing is loaded. Forms may go anywhere, because browsers apply this to the redirects that
/// follow, and those may go on from the client's address.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action http: https:; frame-ancestors 'none'",
);

/// What the user, or the account's setting, says.
enum Decision {
    Ask,
    Allow(UserId),
    Deny,
}

/// `GET /oauth/authorizations/new`
pub(crate) async fn new_authorization(mut request: ApiRequest) -> Result<Response, ApiError> {
    let asked = AuthorizationRequest::read(&mut request.query, request.context.uri.query());
    request.finish_query()?;
    let answer = answer(&request, &asked, |_| by_setting(&request));
    Ok(answer.unwrap_or_else(|refusal| refuse(&request, refusal)))
}

/// `POST /oauth/authorizations/new`: what the page sends. Without a decision it is like GET.
pub(crate) async fn create_authorization(mut request: ApiRequest) -> Result<Response, ApiError> {
    let text = request.read_form().await?;
    let asked = AuthorizationRequest::read(&mut request.query, Some(&text));
    let decision = request.query.read_text(&["decision"]);
    let user = request.query.read_text(&["user_id"]);
    request.finish_query()?;
    let answer = answer(&request, &asked, |directory| match decision.as_deref() {
        None => by_setting(&request),
        Some("deny") => Ok(Decision::Deny),
        Some("allow") => {
            let user = user.as_deref().unwrap_or_default();
            let id = query::number(user).map(UserId);
            let known = id.and_then(|id| active_user(directory, id));
            let known = known.ok_or_else(|| {
                Refusal::invalid("`user_id` is not the id of an active user of the account")
            })?;
            Ok(Decision::Allow(known.id))
        }
        Some(other) => Err(Refusal::invalid(format!(
            "the `decision` {} is not one of allow, deny",
            quoted(other)
        ))),
    });
    Ok(answer.unwrap_or_else(|refusal| refuse(&request, refusal)))
}

fn answer(
    request: &ApiRequest,
    asked: &AuthorizationRequest,
    decide: impl FnOnce(&Directory) -> Result<Decision, Refusal>,
) -> Result<Response, Refusal> {
    let directory = &*request.context.directory;
    let checked = asked.check(directory)?;
    if checked.has_other_port {
        request.context.hints.add(
            "the port of `redirect_uri` differs from the registered one, which is allowed on loopback",
        );
    }
    if let Some(scope) = checked.refused_scope() {
        let hint = format!("the scope {} is not allowed for this client", quoted(scope));
        request.context.hints.add(hint);
        let error = OauthError::InvalidScope.body();
        return Ok(redirect(&checked.redirect(&error.parameters())));
    }
    match decide(directory)? {
        Decision::Ask => Ok(ask(directory, asked, &checked)),
        Decision::Deny => Ok(redirect(&checked.redirect(&DENIED))),
        Decision::Allow(user) => {
            let code = add_code(request, &checked, user)?;
            Ok(redirect(&checked.redirect(&[("code", &code)])))
        }
    }
}

/// What the account's setting says.
fn by_setting(request: &ApiRequest) -> Result<Decision, Refusal> {
    let directory = &request.context.directory;
    let settings = &request.context.settings().oauth;
    match settings.consent {
        Consent::Page => Ok(Decision::Ask),
        Consent::Deny => Ok(Decision::Deny),
        Consent::Allow => {
            let user = match settings.consent_user {
                Some(id) => active_user(directory, UserId(id)).ok_or_else(|| {
                    Refusal::invalid(format!(
                        "the setting `oauth.consent_user` is {id}, which is not the id of an active user"
                    ))
                }),
                None => users_of(directory, Role::Admin).next().ok_or_else(|| {
                    Refusal::invalid(
                        "the account has no active admin; the setting `oauth.consent_user` can name another user",
                    )
                }),
            };
            user.map(|user| Decision::Allow(user.id))
        }
    }
}

/// The page that asks.
fn ask(
    directory: &Directory,
    asked: &AuthorizationRequest,
    checked: &CheckedRequest<'_>,
) -> Response {
    let roles = Role::ALL.iter();
    let users = roles.flat_map(|role| users_of(directory, *role));
    let mut users: Vec<_> = users.take(MOST_USERS + 1).collect();
    let has_more = users.len() > MOST_USERS;
    users.truncate(MOST_USERS);
    let page = ConsentPage {
        client: checked.client,
        scopes: &checked.scopes,
        users,
        has_more,
        query: &asked.form(),
    };
    html(StatusCode::OK, page.html())
}

/// Adds an authorization code, unless the client or the user has gone meanwhile.
fn add_code(
    request: &ApiRequest,
    checked: &CheckedRequest<'_>,
    user: UserId,
) -> Result<Arc<str>, Refusal> {
    let now = request.context.now;
    let expires_at = now.saturating_add(AuthorizationCode::LIFETIME);
    let code = AuthorizationCode {
        code: request.account.short_text(),
        client: checked.client.id,
        user,
        redirect_uri: checked.redirect_uri.to_owned(),
        scopes: checked.scopes.clone(),
        challenge: checked.challenge.map(str::to_owned),
        expires_at: expires_at.unwrap_or(jiff::Timestamp::MAX),
    };
    request.world().update_directory(None, |directory| {
        if directory.oauth().client(code.client).is_none() {
            return Err(Refusal::NoSuchClient);
        }
        if active_user(directory, user).is_none() {
            return Err(Refusal::invalid("the user is not active any more"));
        }
        if directory.oauth_mut().add_code(code.clone(), now) {
            Ok(())
        } else {
            Err(Refusal::invalid(format!(
                "the account has {MOST_CODES} authorization codes that were not exchanged, the most \
                 that it may have; each expires after 120 s"
            )))
        }
    })?;
    Ok(code.code)
}

fn is_active(user: &User) -> bool {
    user.active && !user.suspended
}

/// The user with this id, unless it is deleted or suspended.
pub(super) fn active_user(directory: &Directory, id: UserId) -> Option<&User> {
    directory.user(id).filter(|user| is_active(user))
}

fn users_of(directory: &Directory, role: Role) -> impl Iterator<Item = &User> {
    let users = directory.users();
    users.filter(move |user| user.role == role && is_active(user))
}

fn refuse(request: &ApiRequest, refusal: Refusal) -> Response {
    let (error, description, hint) = match refusal {
        Refusal::NoSuchClient => (
            "",
            "No such client",
            Cow::Borrowed(
                "no OAuth client of the account has this `client_id`; it is the identifier, not the numeric id",
            ),
        ),
        Refusal::Invalid(hint) => (
            "invalid_request",
            "The request is missing a required parameter, includes an unsupported parameter or \
             parameter value, or is otherwise malformed.",
            hint,
        ),
    };
    request.context.hints.add(hint);
    let page = consent_page::refusal(error, description);
    html(StatusCode::BAD_REQUEST, page)
}

fn redirect(location: &str) -> Response {
    let mut response = html(StatusCode::FOUND, consent_page::redirect(location));
    // A redirect URI is visible ASCII, and so is a form.
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn html(status: StatusCode, page: String) -> Response {
    let mut response = response::with_type(status, response::HTML, page.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let no_sniff = HeaderValue::from_static("nosniff");
    headers.insert(X_CONTENT_TYPE_OPTIONS, no_sniff);
    response
}
