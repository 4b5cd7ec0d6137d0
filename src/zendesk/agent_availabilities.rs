//! Agent availabilities: one agent, the caller, or many by criteria.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availabilities/>

use axum::response::Response;

use super::agent_resource::{Shape, View};
use super::error::{ApiError, Code};
use super::request::api_request::{ApiRequest, no_such_agent};
use super::request::query::{self, Query};
use super::request::quoted_list;
use super::response;
use super::response::cache::CacheKey;
use super::response::cursor_pages::{self, PageRequest};
use crate::world::{AgentFilter, AgentId, GroupId, Record, SkillId, StatusId};

/// `GET /api/v2/agent_availabilities/{agent_id}`
pub(crate) async fn show_agent_availability(mut request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.read_agent_id();
    request.query.tolerate(INCLUDE);
    request.finish_query()?;
    show(&request, id?)
}

/// `GET /api/v2/agent_availabilities/me`
pub(crate) async fn show_my_agent_availability(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    request.query.tolerate(INCLUDE);
    request.finish_query()?;
    show(&request, request.caller_as_agent()?)
}

fn show(request: &ApiRequest, id: AgentId) -> Result<Response, ApiError> {
    let agent = request.world().record(id);
    let agent = agent.ok_or_else(|| no_such_agent(id))?;
    let view = View {
        shape: Shape::of(request),
        base_url: request.context.base_url()?,
        channel: None,
    };
    Ok(response::written(view.document(&agent)))
}

/// `GET /api/v2/agent_availabilities`
pub(crate) async fn list_agent_availabilities(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    let page_request = PageRequest::read(&mut request);
    let filter = read_filter(&mut request.query, request.shows_omnichannel);
    let channel = request
        .query
        .read(SELECT_CHANNEL, Code::InvalidParameter, query::word);
    request.query.tolerate(INCLUDE);
    request.finish_query()?;
    let (world, cache) = (request.world(), &request.cache);
    let PageRequest { position, size } = page_request;
    let url = request.url("")?;
    let view = View {
        shape: Shape::of(&request),
        base_url: request.context.base_url()?,
        channel,
    };
    let key = CacheKey {
        shape: view.shape,
        base_url: view.base_url,
        target: request.context.target(),
        size,
    };
    let find = || world.records(&filter, &position, size);
    let (list, has_more) = cache.list(key, world.revision(), find, |page| {
        let (links, meta) = cursor_pages::envelope(page, Record::id, &url, &request.query);
        view.list(&page.items, &links, &meta)
    });
    request.context.metadata.set_page(has_more);
    Ok(response::written(list))
}

/// The spelling in Zendesk's documentation, and the one that the official Ruby client sends.
const SELECT_CHANNEL: &[&str] = &["select_channel", "filter[select_channel]"];

// Zendesk's spelling comes first. The others are from before Zendesk's table was known.
const AGENT_STATUS_ID: &[&str] = &["filter[agent_status_id]", "filter[agent_status_ids]"];
const AGENT_ID: &[&str] = &["filter[agent_id]", "filter[agent_ids]"];
const GROUP_ID: &[&str] = &["filter[group_id]", "filter[group_ids]"];
const SKILL: &[&str] = &["filter[skill]", "filter[skill_id]", "filter[skill_ids]"];

const CHANNEL_STATUS: &[&str] = &["filter[channel_status]"];
const WORK_ITEMS_COUNT: &[&str] = &["filter[work_items_count]"];
const AGENT_STATUS_NAME: &[&str] = &["filter[agent_status_name]"];
const REMAINING_CAPACITY: &[&str] = &["filter[remaining_capacity]"];
/// Tolerated: answers have all included resources anyway.
const INCLUDE: &[&str] = &["include"];

fn read_filter(query: &mut Query, shows_omnichannel: bool) -> AgentFilter {
    let filter = AgentFilter {
        channel_status: query.read_per_channel(CHANNEL_STATUS, "status", query::word),
        work_items_count: query.read_per_channel(WORK_ITEMS_COUNT, "number", query::count),
        remaining_capacity: query.read_per_channel(REMAINING_CAPACITY, "number", query::count),
        agent_status: query.read_ids(AGENT_STATUS_ID, StatusId),
        agent_status_name: query
            .read(AGENT_STATUS_NAME, Code::InvalidParameter, quoted_list::read)
            .flatten(),
        group: query.read_ids(GROUP_ID, GroupId),
        skill: query.read_list(SKILL, |id| Ok(SkillId(id.into()))),
        agent: query.read_ids(AGENT_ID, AgentId),
    };
    if !shows_omnichannel {
        let detail = "it needs omnichannel routing, which is off";
        let needing = [AGENT_STATUS_ID, AGENT_STATUS_NAME, REMAINING_CAPACITY];
        let given = needing.map(|names| query.given(names));
        for name in given.into_iter().flatten() {
            query.add_parameter_problem(&name, Code::InvalidParameter, detail);
        }
    }
    filter
}
