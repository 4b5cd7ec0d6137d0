//! Groups, and the users in them.
//!
//! <https://developer.zendesk.com/api-reference/ticketing/groups/groups/>

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::response::Response;
use serde::Serialize;

use super::error::ApiError;
use super::request::api_request::ApiRequest;
use super::response;
use super::response::ticketing_pages::{List, Paging};
use super::user_resource::{CREATED_AT, UserResource};
use crate::world::{Group, GroupId, UserId, page_of_groups};

#[derive(Serialize)]
struct GroupDocument {
    group: GroupResource,
}

/// A group as answers show it.
#[derive(Serialize)]
pub(super) struct GroupResource {
    id: u64,
    url: String,
    name: String,
    description: String,
    default: bool,
    deleted: bool,
    is_public: bool,
    created_at: &'static str,
    updated_at: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result_type: Option<&'static str>,
}

impl GroupResource {
    pub(super) fn new(request: &ApiRequest, group: &Group) -> Result<Self, ApiError> {
        let Group {
            id,
            name,
            description,
            is_public,
            ..
        } = group.clone();
        let first = request.context.directory.groups.keys().next();
        Ok(Self {
            id: id.0,
            url: request.api_url(&format!("/groups/{id}.json"))?,
            name,
            description: description.unwrap_or_default(),
            default: first == Some(&id),
            deleted: false,
            is_public,
            created_at: CREATED_AT,
            updated_at: CREATED_AT,
            result_type: None,
        })
    }
}

/// `GET /api/v2/groups`
pub(crate) async fn list_groups(request: ApiRequest) -> Result<Response, ApiError> {
    list(request, "/groups.json", |request| Ok(all_groups(request)))
}

/// `GET /api/v2/groups/assignable`: tickets can be assigned to all groups.
pub(crate) async fn list_assignable_groups(request: ApiRequest) -> Result<Response, ApiError> {
    let path = "/groups/assignable.json";
    list(request, path, |request| Ok(all_groups(request)))
}

/// `GET /api/v2/users/{user_id}/groups`
pub(crate) async fn list_user_groups(request: ApiRequest) -> Result<Response, ApiError> {
    let path = format!("/users/{}/groups.json", request.param("user_id"));
    list(request, &path, groups_of_user)
}

type Groups<'a> = Cow<'a, BTreeMap<GroupId, Group>>;

fn all_groups(request: &ApiRequest) -> Groups<'_> {
    Cow::Borrowed(&request.context.directory.groups)
}

/// The groups of the user in the path.
fn groups_of_user(request: &ApiRequest) -> Result<Groups<'_>, ApiError> {
    let id = UserId(request.read_id("user_id", "api/v2/groups/index")?);
    let directory = &request.context.directory;
    let user = request.world().user_in(directory, id);
    user.ok_or(ApiError::NoRecord)?;
    let agent = request.world().record(id.as_agent());
    let ids = agent.iter().filter_map(|agent| agent.groups()).flatten();
    let known = ids.filter_map(|id| directory.groups.get(&id));
    Ok(Cow::Owned(
        known.map(|group| (group.id, group.clone())).collect(),
    ))
}

fn list(
    mut request: ApiRequest,
    path: &str,
    groups: impl FnOnce(&ApiRequest) -> Result<Groups<'_>, ApiError>,
) -> Result<Response, ApiError> {
    let paging = Paging::<GroupId>::read(&mut request.query);
    request.finish_query()?;
    let groups = groups(&request)?;
    let page = paging.select(|position, limit| page_of_groups(&groups, position, limit))?;
    let found = page.items.iter().filter_map(|id| groups.get(id));
    let resources = found.map(|group| GroupResource::new(&request, group));
    let list = List {
        name: "groups",
        path,
        page: &page,
        resources: resources.collect::<Result<_, _>>()?,
        count: &|| groups.len(),
    };
    paging.answer(&request, &list, |id| *id)
}

/// `GET /api/v2/groups/{group_id}`
pub(crate) async fn show_group(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = read_group_id(&request, "api/v2/groups/show")?;
    let group = request.context.directory.groups.get(&id);
    let group = GroupResource::new(&request, group.ok_or(ApiError::NoRecord)?)?;
    Ok(response::ok(&GroupDocument { group }))
}

/// `GET /api/v2/groups/{group_id}/users`
pub(crate) async fn list_group_users(mut request: ApiRequest) -> Result<Response, ApiError> {
    let paging = Paging::<UserId>::read(&mut request.query);
    request.finish_query()?;
    let id = read_group_id(&request, "api/v2/users/index")?;
    let world = request.world();
    let page = paging.select(|position, limit| world.users_in(id, position, limit))?;
    let list = List {
        name: "users",
        path: &format!("/groups/{id}/users.json"),
        page: &page,
        resources: UserResource::of_ids(&request, page.items.iter().copied())?,
        count: &|| world.group_size(id),
    };
    paging.answer(&request, &list, |id| *id)
}

/// The id of a group that exists, from the path.
pub(super) fn read_group_id(
    request: &ApiRequest,
    action: &'static str,
) -> Result<GroupId, ApiError> {
    let id = GroupId(request.read_id("group_id", action)?);
    if request.context.directory.groups.contains_key(&id) {
        Ok(id)
    } else {
        Err(ApiError::NoRecord)
    }
}
