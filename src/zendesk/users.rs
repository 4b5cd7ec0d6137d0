//! Users.
//!
//! <https://developer.zendesk.com/api-reference/ticketing/users/users/>

use std::collections::BTreeSet;

use axum::response::Response;
use serde::Serialize;

use super::error::{ApiError, Code};
use super::hint::quoted;
use super::request::api_request::ApiRequest;
use super::request::query::{Query, listed_id};
use super::response;
use super::response::ticketing_pages::{List, OffsetLinks, Paging, offset_page};
use super::user_resource::{UserResource, roles_of};
use crate::world::{Role, UserFilter, UserId};

/// The most ids in one request.
const MOST_IDS: usize = 100;

const ROLE: &[&str] = &["role"];
const ROLES: &[&str] = &["role[]"];
const EXTERNAL_ID: &[&str] = &["external_id"];
const IDS: &[&str] = &["ids"];

#[derive(Serialize)]
struct UserDocument {
    user: UserResource,
}

/// `GET /api/v2/users`
pub(crate) async fn list_users(mut request: ApiRequest) -> Result<Response, ApiError> {
    let paging = Paging::<UserId>::read(&mut request.query);
    let filter = read_filter(&mut request.query);
    request.finish_query()?;
    let (world, directory) = (request.world(), &request.context.directory);
    let page =
        paging.select(|position, limit| world.user_ids(directory, &filter, position, limit))?;
    let list = List {
        name: "users",
        path: "/users.json",
        page: &page,
        resources: UserResource::of_ids(&request, page.items.iter().copied())?,
        count: &|| world.user_count(directory, &filter),
    };
    paging.answer(&request, &list, |id| *id)
}

fn read_filter(query: &mut Query) -> UserFilter {
    let roles = |word: &str| {
        roles_of(word)
            .ok_or_else(|| format!("{} is not one of end-user, agent, admin", quoted(word)))
    };
    let one = query.read(ROLE, Code::InvalidParameter, roles);
    let each = query.read_each(ROLES, Code::InvalidParameter, roles);
    let roles: Vec<Role> = one.into_iter().chain(each).flatten().collect();
    UserFilter {
        roles,
        external_id: read_external_id(query),
    }
}

pub(super) fn read_external_id(query: &mut Query) -> Option<String> {
    query.read_text(EXTERNAL_ID)
}

/// `GET /api/v2/users/{user_id}`
pub(crate) async fn show_user(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = request.read_id("user_id", "api/v2/users/show")?;
    show(&request, UserId(id))
}

/// `GET /api/v2/users/me`
pub(crate) async fn show_current_user(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = request.context.caller()?.user;
    show(&request, id.ok_or(ApiError::NoRecord)?)
}

/// The values of a parameter, unless they are too many.
pub(super) fn at_most_100<T>(
    parameter: &'static str,
    values: Option<Vec<T>>,
) -> Result<Option<Vec<T>>, ApiError> {
    match values {
        Some(values) if values.len() > MOST_IDS => Err(ApiError::TooManyValues(parameter)),
        values => Ok(values),
    }
}

fn show(request: &ApiRequest, id: UserId) -> Result<Response, ApiError> {
    let user = request.world().user_in(&request.context.directory, id);
    let user = UserResource::new(request, &*user.ok_or(ApiError::NoRecord)?)?;
    Ok(response::ok(&UserDocument { user }))
}

/// `GET /api/v2/users/show_many`: those of the ids that exist, in the order of the request.
pub(crate) async fn show_many_users(mut request: ApiRequest) -> Result<Response, ApiError> {
    let ids = request.query.read_list(IDS, listed_id);
    if ids.is_none() && request.query.is_sound() {
        let missing = "expected user ids with commas between them";
        request
            .query
            .add_parameter_problem("ids", Code::InvalidParameter, missing);
    }
    request.finish_query()?;
    let ids = at_most_100("ids", ids)?.unwrap_or_default();
    let mut seen = BTreeSet::new();
    let once = ids.into_iter().flatten().filter(|id| seen.insert(*id));
    let users = UserResource::of_ids(&request, once.map(UserId))?;
    Ok(offset_page(
        "users",
        &users,
        &OffsetLinks::default(),
        users.len(),
    ))
}
