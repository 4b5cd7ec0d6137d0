//! The work items of an agent's channel.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/work_items/>

use axum::response::Response;

use super::call::{Call, no_such_agent};
use super::error::{ApiError, Code};
use super::json::Json;
use super::page::{self, Cursor, PageRequest};
use super::query;
use super::reply;
use crate::world::{AgentId, ItemRecord, WorkItemId, WorkItemSort};

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
    let request =
        PageRequest::<WorkItemId>::read(&mut call.query, call.context.settings().page_size_default);
    let sort = call
        .query
        .read(&["sort"], Code::InvalidParameter, query::word);
    call.finish_query()?;
    let sort = sort.unwrap_or(WorkItemSort::AddedAt);
    let (id, name) = (id?, call.channel_in_path()?);
    let page = match call
        .world()
        .work_items(id, name, sort, &request.position, request.size)
    {
        Some(Ok(page)) => page,
        Some(Err(unknown)) => return Err(request.refusal(unknown)),
        None if call.world().record(id).is_none() => return Err(no_such_agent(id)),
        None => {
            return Err(ApiError::not_found(format!(
                "Agent {id} has no channel {name}."
            )));
        }
    };
    call.context.metadata.page(page.has_next);
    let agent = if call.is_by_admin() {
        id.to_string()
    } else {
        "me".to_owned()
    };
    let url = call.url(&format!("/{agent}/channels/{name}{PATH}"))?;
    let (links, meta) = page::envelope(&page, |item| item.id, &url, &call.query);
    let opening = format!(
        r#"{{"type":"work_items","id":"agent_availabilities|{id}|channels|{name}|work_items|"#
    );
    let mut json = Json::new(Vec::with_capacity(ENVELOPE + page.items.len() * SIZE));
    json.raw(r#"{"data":"#)
        .array(page.items.into_iter(), |json, item| {
            resource(json, &opening, item.into())
        });
    json.raw(r#","links":"#)
        .value(&links)
        .raw(r#","meta":"#)
        .value(&meta)
        .raw("}");
    Ok(reply::written(json.into_bytes()))
}

/// About how many bytes a work item takes, and what stands around a page of them.
pub(super) const SIZE: usize = 220;
const ENVELOPE: usize = 512;

/// Where the work items of a channel are, below the address of the channel.
pub(super) const PATH: &str = "/relationships/work_items";

impl Cursor for WorkItemId {
    fn parse(text: &str) -> Option<Self> {
        query::number(text).map(Self)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

/// A work item, here and among what an agent's document includes. `opening` is what the items of a
/// channel begin with, up to the number of the item.
pub(super) fn resource(json: &mut Json, opening: &str, item: ItemRecord) {
    json.raw(opening).number(item.id().0);
    json.raw(r#"","attributes":{"added_at":"#)
        .time(item.added_at());
    json.raw(r#","reason":""#)
        .raw(item.reason().as_str())
        .raw(r#""}}"#);
}
