//! The work items of an agent's channel, oldest first.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/work_items/>

use axum::response::Response;
use serde::Serialize;

use super::call::{Call, no_such_agent};
use super::error::{ApiError, Code, Problem, Source, sentence};
use super::id::WorkItemKey;
use super::page::{self, Cursor, Links, Meta, PageRequest};
use super::query;
use super::reply;
use super::time::Micros;
use crate::world::{AgentId, ChannelName, WorkItem, WorkItemId};

/// `GET /api/v2/agent_availabilities/{agent_id}/channels/{channel}/relationships/work_items`
pub(crate) async fn list_work_items(mut call: Call) -> Result<Response, ApiError> {
    let id = call.agent_in_path();
    list(call, id)
}

/// `GET /api/v2/agent_availabilities/me/channels/{channel}/relationships/work_items`
pub(crate) async fn list_my_work_items(call: Call) -> Result<Response, ApiError> {
    let id = call.caller_as_agent();
    list(call, id)
}

fn list(mut call: Call, id: Result<AgentId, ApiError>) -> Result<Response, ApiError> {
    let request = PageRequest::<WorkItemId>::read(&mut call.query, call.account.settings.page_size_default);
    call.finish_query()?;
    let (id, name) = (id?, call.channel_in_path()?);
    let page = match call.world().work_items(id, name, &request.position, request.size) {
        Some(Ok(page)) => page,
        Some(Err(unknown)) => {
            let problem = Problem::new(Code::InvalidPaginationParameter, sentence(&unknown));
            return Err(problem.at(Source::Parameter(request.cursor_name().to_owned())).into());
        }
        None if call.world().agent(id).is_none() => return Err(no_such_agent(id)),
        None => return Err(ApiError::not_found(format!("Agent {id} has no channel {name}."))),
    };
    let url = url(&call.agent_url(id)?, name);
    let (links, meta) = page::envelope(&page, |item| item.id, &url, &call.query);
    let data = page.items.iter().map(|item| WorkItemResource::new(id, name, item)).collect();
    Ok(reply::ok(&WorkItemList { data, links, meta }))
}

/// Where the work items of a channel are, below the address of their agent.
pub(super) fn url(agent_url: &str, channel: ChannelName) -> String {
    format!("{agent_url}/channels/{channel}/relationships/work_items")
}

impl Cursor for WorkItemId {
    fn parse(text: &str) -> Option<Self> {
        query::number(text).map(Self)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

#[derive(Serialize)]
struct WorkItemList {
    data: Vec<WorkItemResource>,
    links: Links,
    meta: Meta,
}

/// A work item, here and among what an agent's document includes.
#[derive(Serialize)]
pub(super) struct WorkItemResource {
    #[serde(rename = "type")]
    kind: &'static str,
    id: WorkItemKey,
    attributes: WorkItemAttributes,
}

#[derive(Serialize)]
struct WorkItemAttributes {
    added_at: Micros,
    reason: &'static str,
}

impl WorkItemResource {
    pub(super) fn new(agent: AgentId, channel: ChannelName, item: &WorkItem) -> Self {
        Self {
            kind: "work_items",
            id: WorkItemKey(agent, channel, item.id),
            attributes: WorkItemAttributes { added_at: Micros(item.added_at), reason: item.reason.as_str() },
        }
    }
}
