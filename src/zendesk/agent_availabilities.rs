//! Agent availabilities: one agent, the caller, or many by criteria.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availabilities/>

use axum::response::Response;
use serde::Serialize;

use super::agent_resource::{AgentResource, Included, View};
use super::call::{Call, no_such_agent};
use super::error::{ApiError, Code};
use super::page::{self, Cursor, Links, Meta, PageRequest};
use super::query::{self, Query};
use super::reply;
use crate::world::{AgentFilter, AgentId, ChannelStatus, GroupId, SkillId, StatusId};

/// `GET /api/v2/agent_availabilities/{agent_id}`
pub(crate) async fn show_agent_availability(mut call: Call) -> Result<Response, ApiError> {
    let id = call.agent_in_path();
    call.query.tolerate("include");
    call.finish_query()?;
    show(&call, id?)
}

/// `GET /api/v2/agent_availabilities/me`
pub(crate) async fn show_my_agent_availability(mut call: Call) -> Result<Response, ApiError> {
    call.query.tolerate("include");
    call.finish_query()?;
    show(&call, call.caller_as_agent()?)
}

fn show(call: &Call, id: AgentId) -> Result<Response, ApiError> {
    let agent = call.world().agent(id).ok_or_else(|| no_such_agent(id))?;
    let view = View::new(call, None);
    let (data, included) = view.render(&agent)?;
    Ok(reply::ok(&AgentDocument { data, included }))
}

/// `GET /api/v2/agent_availabilities`
pub(crate) async fn list_agent_availabilities(mut call: Call) -> Result<Response, ApiError> {
    let filter = read_filter(&mut call.query, call.shows_omnichannel);
    let request = PageRequest::read(&mut call.query, call.account.settings.page_size_default);
    call.query.tolerate("include");
    call.finish_query()?;
    let page = call.world().agents(&filter, &request.position, request.size);
    let view = View::new(&call, filter.channel.as_deref());
    let (mut data, mut included) = (Vec::with_capacity(page.items.len()), Vec::new());
    for agent in &page.items {
        let (agent, others) = view.render(agent)?;
        data.push(agent);
        included.extend(others);
    }
    let (links, meta) = page::envelope(&page, |agent| agent.id, &call.url("")?, &call.query);
    Ok(reply::ok(&AgentList { data, included, links, meta }))
}

const AGENT_STATUS: &[&str] = &["filter[agent_status_id]", "filter[agent_status_ids]"];
const REMAINING_CAPACITY: &str = "filter[remaining_capacity]";

fn read_filter(query: &mut Query, shows_omnichannel: bool) -> AgentFilter {
    let filter = AgentFilter {
        channel_status: query.per_channel("filter[channel_status]", "status", query::word::<ChannelStatus>),
        agent_status: query.ids(AGENT_STATUS, StatusId),
        agent: query.ids(&["filter[agent_id]", "filter[agent_ids]"], AgentId),
        group: query.ids(&["filter[group_id]", "filter[group_ids]"], GroupId),
        skill: query.list(&["filter[skill_id]", "filter[skill_ids]"], |id| Ok(SkillId(id.into()))),
        remaining_capacity: query.per_channel(REMAINING_CAPACITY, "number", query::count),
        channel: query.words(&["select_channel", "filter[select_channel]"]),
    };
    if !shows_omnichannel {
        let detail = "it needs omnichannel routing, which is off";
        let needing = [AGENT_STATUS, &[REMAINING_CAPACITY]].map(|names| query.given(names));
        for name in needing.into_iter().flatten() {
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

#[derive(Serialize)]
struct AgentDocument<'a> {
    data: AgentResource<'a>,
    included: Vec<Included>,
}

#[derive(Serialize)]
struct AgentList<'a> {
    data: Vec<AgentResource<'a>>,
    included: Vec<Included>,
    links: Links,
    meta: Meta,
}
