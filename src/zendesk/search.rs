//! Searches for users and groups.
//!
//! <https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/>

use std::borrow::Cow;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;

use super::blocking;
use super::error::{ApiError, Code};
use super::groups::GroupResource;
use super::hint::quoted;
use super::request::api_request::ApiRequest;
use super::request::query::Query;
use super::response;
use super::response::cursor_pages;
use super::response::ticketing_pages::{
    OffsetLinks, begin_page, offset_links, offset_page, read_offset, write_offset,
};
use super::search_query::SearchQuery;
use super::user_resource::UserResource;
use super::users::read_external_id;
use crate::account::Account;
use crate::world::{Directory, GroupId, Position, User, UserFilter, UserId};

/// The most results of a search.
const MOST: usize = 1_000;
/// How many users are compared before the world's lock is free for others.
const PORTION: usize = 4_096;

const QUERY: &[&str] = &["query"];

/// A record that was found.
#[derive(Clone, Copy)]
enum Found {
    User(UserId),
    Group(GroupId),
}

#[derive(Serialize)]
#[serde(untagged)]
enum SearchResult {
    User(Box<UserResource>),
    Group(GroupResource),
}

/// `GET /api/v2/users/search`
pub(crate) async fn search_users(mut request: ApiRequest) -> Result<Response, ApiError> {
    let page = read_page(&mut request.query, "api/v2/users/search");
    let query = request.query.read_text(QUERY);
    let external_id = read_external_id(&mut request.query);
    if external_id.is_none() {
        require(&mut request.query, query.as_deref());
    }
    request.finish_query()?;
    let (page, size) = page?;
    let search = SearchQuery::parse(&query.unwrap_or_default());
    explain(&request, &search);
    let found = find_users(records(&request), search, external_id).await?;
    let users = page_of(&found, page, size)?;
    let links = links(&request, "/users/search.json", page, size, found.len())?;
    let users = UserResource::of_ids(&request, users.iter().copied())?;
    Ok(offset_page("users", &users, &links, found.len()))
}

/// `GET /api/v2/search`
pub(crate) async fn list_search_results(mut request: ApiRequest) -> Result<Response, ApiError> {
    let page = read_page(&mut request.query, "api/v2/search/index");
    let query = request.query.read_text(QUERY);
    require(&mut request.query, query.as_deref());
    request.finish_query()?;
    let (page, size) = page?;
    let search = SearchQuery::parse(&query.unwrap_or_default());
    explain(&request, &search);
    let groups = find_groups(&request, &search);
    let users = find_users(records(&request), search, None).await?;
    let users = users.into_iter().map(Found::User);
    let mut found: Vec<_> = users.chain(groups.into_iter().map(Found::Group)).collect();
    found.truncate(MOST);
    let links = links(&request, "/search.json", page, size, found.len())?;
    let results = results(&request, page_of(&found, page, size)?)?;
    let mut json = begin_page("results", &results);
    json.raw(",\"facets\":null");
    write_offset(&mut json, &links, found.len());
    json.raw("}");
    Ok(response::written(json.into_bytes()))
}

fn require(query: &mut Query, text: Option<&str>) {
    if text.is_none() {
        query.add_parameter_problem("query", Code::InvalidParameter, "a search needs one");
    }
}

/// Reads the page. A search has no cursors.
fn read_page(query: &mut Query, action: &'static str) -> Result<(usize, usize), ApiError> {
    let wrong = ApiError::InvalidAttribute {
        name: "page",
        action,
    };
    let mut is_wrong = false;
    for cursor in [
        &[cursor_pages::SIZE],
        &[cursor_pages::AFTER],
        &[cursor_pages::BEFORE],
    ] {
        is_wrong |= query.read_text(cursor).is_some();
    }
    if is_wrong || query.has_other_than_number(cursor_pages::NUMBER) {
        query.tolerate(&[cursor_pages::NUMBER]);
        return Err(wrong);
    }
    Ok(read_offset(query))
}

/// Adds hints about the parts of a search that match nothing or have no effect.
fn explain(request: &ApiRequest, search: &SearchQuery) {
    for unknown in &search.unknown {
        let unknown = quoted(unknown);
        let hint = format!("nothing has {unknown}: searches know name, email, role and type");
        request.context.hints.add(hint);
    }
    for kind in search
        .kinds
        .iter()
        .filter(|kind| !["user", "group"].contains(&kind.as_str()))
    {
        let kind = quoted(kind);
        let hint = format!("there are no records of the type {kind}: only user and group are here");
        request.context.hints.add(hint);
    }
    for sorting in &search.sorting {
        let sorting = quoted(sorting);
        let hint = format!("{sorting} has no effect: results are in the order of their ids");
        request.context.hints.add(hint);
    }
}

/// What a search looks at. A handler cannot borrow it from the request while it waits, because the
/// body of the request is not [`Sync`].
fn records(request: &ApiRequest) -> (Arc<Account>, Arc<Directory>) {
    (
        Arc::clone(&request.account),
        Arc::clone(&request.context.directory),
    )
}

fn find_groups(request: &ApiRequest, search: &SearchQuery) -> Vec<GroupId> {
    if !search.is_for("group") {
        return Vec::new();
    }
    let groups = request.context.directory.groups.values();
    let found = groups.filter(|group| search.matches_group(group));
    found.map(|group| group.id).take(MOST).collect()
}

/// The first [`MOST`] users that match, by id. To compare many users takes long, so a blocking
/// thread does it.
async fn find_users(
    (account, directory): (Arc<Account>, Arc<Directory>),
    search: SearchQuery,
    external_id: Option<String>,
) -> Result<Vec<UserId>, ApiError> {
    if !search.is_for("user") {
        return Ok(Vec::new());
    }
    let filter = UserFilter {
        roles: search.roles.clone(),
        external_id,
    };
    if !search.has_terms() {
        let world = &account.world;
        let page = world.user_ids(&directory, &filter, &Position::First, MOST);
        return Ok(page.items);
    }
    if let Some(address) = search.address() {
        let found = user_at(address, &account, &directory);
        let matches = |user: &&User| {
            let external_id = filter.external_id.as_ref();
            filter.has(user.role)
                && external_id.is_none_or(|id| user.has_external_id(id))
                && search.matches_user(user)
        };
        let found = found.as_deref().filter(matches);
        return Ok(found.map(|user| user.id).into_iter().collect());
    }
    blocking::run(move || scan(&account, &directory, &search, &filter)).await
}

/// The user with this e-mail address.
fn user_at<'a>(
    address: &str,
    account: &Account,
    directory: &'a Directory,
) -> Option<Cow<'a, User>> {
    if let Some(user) = directory.user_by_email(address) {
        return Some(Cow::Borrowed(user));
    }
    let id = SearchQuery::agent_with(address)?;
    account.world.user_in(directory, UserId(id.0))
}

fn scan(
    account: &Account,
    directory: &Directory,
    search: &SearchQuery,
    filter: &UserFilter,
) -> Vec<UserId> {
    let (world, mut found) = (&account.world, Vec::new());
    let mut position = Position::First;
    loop {
        let portion = world.user_ids(directory, filter, &position, PORTION);
        for id in &portion.items {
            let user = world.user_in(directory, *id);
            if user.is_some_and(|user| search.matches_user(&user)) {
                found.push(*id);
            }
        }
        found.truncate(MOST);
        match portion.items.last() {
            Some(last) if portion.has_next && found.len() < MOST => {
                position = Position::After(*last);
            }
            _ => return found,
        }
    }
}

/// A page of the results. There is none after the last result that a search may have.
fn page_of<T>(found: &[T], page: usize, size: usize) -> Result<&[T], ApiError> {
    let start = (page - 1).saturating_mul(size);
    if start >= MOST {
        return Err(ApiError::TooManyResults);
    }
    let end = found.len().min(start + size);
    Ok(found.get(start..end).unwrap_or_default())
}

fn links(
    request: &ApiRequest,
    path: &str,
    page: usize,
    size: usize,
    count: usize,
) -> Result<OffsetLinks, ApiError> {
    let url = request.api_url(path)?;
    let has_next = page.saturating_mul(size) < count;
    Ok(offset_links(request, &url, page, has_next))
}

fn results(request: &ApiRequest, found: &[Found]) -> Result<Vec<SearchResult>, ApiError> {
    let directory = &request.context.directory;
    let mut results = Vec::with_capacity(found.len());
    for record in found {
        match record {
            Found::User(id) => {
                if let Some(user) = request.world().user_in(directory, *id) {
                    let mut user = UserResource::new(request, &user)?;
                    user.result_type = Some("user");
                    results.push(SearchResult::User(Box::new(user)));
                }
            }
            Found::Group(id) => {
                if let Some(group) = directory.groups.get(id) {
                    let mut group = GroupResource::new(request, group)?;
                    group.result_type = Some("group");
                    results.push(SearchResult::Group(group));
                }
            }
        }
    }
    Ok(results)
}
