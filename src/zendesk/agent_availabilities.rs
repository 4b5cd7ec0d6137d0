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
use super::response::cache::Question;
use super::response::page::{self, Cursor, PageRequest};
use crate::world::{AgentFilter, AgentId, ChannelStatus, GroupId, Record, SkillId, StatusId};

/// `GET /api/v2/agent_availabilities/{agent_id}`
pub(crate) async fn show_agent_availability(mut request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.agent_in_path();
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
    let agent = request
        .world()
        .record(id)
        .ok_or_else(|| no_such_agent(id))?;
    let view = View {
        shape: Shape::of(request),
        base_url: request.context.base_url()?,
        channel: None,
    };
    let buffers = &request.memory.buffers;
    Ok(response::written(
        buffers.lend(view.document(&agent, buffers.take())),
    ))
}

/// `GET /api/v2/agent_availabilities`
pub(crate) async fn list_agent_availabilities(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    // Most requests say no more than this, and then there is no filter to look for.
    let page_request = PageRequest::read(
        &mut request.query,
        request.context.settings().page_size_default,
    );
    let filter = read_filter(&mut request.query, request.shows_omnichannel);
    let channel = request
        .query
        .read(SELECT_CHANNEL, Code::InvalidParameter, query::word);
    request.query.tolerate(INCLUDE);
    request.finish_query()?;
    let (shape, base_url) = (Shape::of(&request), request.context.base_url()?);
    let question = Question {
        shape,
        base_url,
        target: request.context.target(),
        size: page_request.size,
    };
    let url = request.url("")?;
    let find = || {
        request
            .world()
            .records(&filter, &page_request.position, page_request.size)
    };
    let (list, has_more) =
        request
            .memory
            .cache
            .list(question, request.world().revision(), find, |page| {
                let (links, meta) = page::envelope(page, Record::id, &url, &request.query);
                View {
                    shape,
                    base_url,
                    channel,
                }
                .list(&page.items, &links, &meta)
            });
    request.context.metadata.page(has_more);
    Ok(response::written(list))
}

/// The spelling of Zendesk's documentation, and the one that the official Ruby client makes of
/// every option.
const SELECT_CHANNEL: &[&str] = &["select_channel", "filter[select_channel]"];

// Zendesk's spelling comes first, then those that this emulator took before Zendesk's table was
// known.
const AGENT_STATUS_ID: &[&str] = &["filter[agent_status_id]", "filter[agent_status_ids]"];
const AGENT_ID: &[&str] = &["filter[agent_id]", "filter[agent_ids]"];
const GROUP_ID: &[&str] = &["filter[group_id]", "filter[group_ids]"];
const SKILL: &[&str] = &["filter[skill]", "filter[skill_id]", "filter[skill_ids]"];

const AGENT_STATUS_NAME: &[&str] = &["filter[agent_status_name]"];
const REMAINING_CAPACITY: &[&str] = &["filter[remaining_capacity]"];
/// Included resources come anyway.
const INCLUDE: &[&str] = &["include"];

fn read_filter(query: &mut Query, shows_omnichannel: bool) -> AgentFilter {
    let filter = AgentFilter {
        channel_status: query.per_channel(
            &["filter[channel_status]"],
            "status",
            query::word::<ChannelStatus>,
        ),
        work_items_count: query.per_channel(&["filter[work_items_count]"], "number", query::count),
        remaining_capacity: query.per_channel(REMAINING_CAPACITY, "number", query::count),
        agent_status: query.ids(AGENT_STATUS_ID, StatusId),
        agent_status_name: query
            .read(AGENT_STATUS_NAME, Code::InvalidParameter, quoted_list::read)
            .flatten(),
        group: query.ids(GROUP_ID, GroupId),
        skill: query.list(SKILL, |id| Ok(SkillId(id.into()))),
        agent: query.ids(AGENT_ID, AgentId),
    };
    if !shows_omnichannel {
        let detail = "it needs omnichannel routing, which is off";
        let needing = [AGENT_STATUS_ID, AGENT_STATUS_NAME, REMAINING_CAPACITY];
        for name in needing
            .map(|names| query.given(names))
            .into_iter()
            .flatten()
        {
            query.problem(&name, Code::InvalidParameter, detail);
        }
    }
    filter
}

impl Cursor for AgentId {
    fn parse(text: &str) -> Option<Self> {
        query::number(text).map(Self)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}
