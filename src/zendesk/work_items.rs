//! The work items of an agent's channel.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/work_items/>

use axum::response::Response;

use super::error::{ApiError, Code};
use super::request::api_request::{ApiRequest, no_such_agent};
use super::request::query;
use super::response;
use super::response::cursor_pages::{self, PageRequest};
use super::response::json::Json;
use crate::world::{AgentId, ItemRecord, WorkItemId, WorkItemSort};

/// `GET /api/v2/agent_availabilities/{agent_id}/channels/{channel}/relationships/work_items`
pub(crate) async fn list_work_items(mut request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.read_agent_id();
    list(request, id)
}

/// `GET /api/v2/agent_availabilities/me/channels/{channel}/relationships/work_items`
pub(crate) async fn list_my_work_items(request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.caller_as_agent();
    list(request, id)
}

fn list(mut request: ApiRequest, id: Result<AgentId, ApiError>) -> Result<Response, ApiError> {
    let page_request = PageRequest::<WorkItemId>::read(&mut request);
    let sort = &["sort"];
    let sort = request
        .query
        .read(sort, Code::InvalidParameter, query::word);
    request.finish_query()?;
    let sort = sort.unwrap_or(WorkItemSort::AddedAt);
    let (id, name) = (id?, request.channel_in_path()?);
    let (position, size) = (&page_request.position, page_request.size);
    let page = request.world().work_items(id, name, sort, position, size);
    let page = page.ok_or_else(|| match request.world().record(id) {
        Some(_) => ApiError::not_found(format!("Agent {id} has no channel {name}.")),
        None => no_such_agent(id),
    })?;
    let page = page.map_err(|unknown| page_request.refusal(unknown))?;
    request.context.metadata.set_page(page.has_next);
    let agent = if request.is_by_admin() {
        id.to_string()
    } else {
        "me".to_owned()
    };
    let url = request.url(&format!("/{agent}/channels/{name}{PATH}"))?;
    let (links, meta) = cursor_pages::envelope(&page, |item| item.id, &url, &request.query);
    let opening = format!(
        r#"{{"type":"work_items","id":"agent_availabilities|{id}|channels|{name}|work_items|"#
    );
    let mut json = Json::with_capacity(ENVELOPE + page.items.len() * SIZE);
    json.raw(r#"{"data":"#)
        .array(page.items.into_iter(), |json, item| {
            resource(json, &opening, item.into());
        });
    json.raw(r#","links":"#)
        .value(&links)
        .raw(r#","meta":"#)
        .value(&meta)
        .raw("}");
    Ok(response::written(json.into_bytes()))
}

/// About how many bytes a work item takes, and a page besides its items.
pub(super) const SIZE: usize = 220;
const ENVELOPE: usize = 512;

/// The path of the work items of a channel, below the path of the channel.
pub(super) const PATH: &str = "/relationships/work_items";

/// Writes a work item, for this list and for the `included` of an agent. `opening` is what every item
/// of the channel begins with, up to the item's number.
pub(super) fn resource(json: &mut Json, opening: &str, item: ItemRecord) {
    json.raw(opening).number(item.id().0);
    json.raw(r#"","attributes":{"added_at":"#)
        .time(item.added_at());
    json.raw(r#","reason":""#)
        .raw(item.reason().as_str())
        .raw(r#""}}"#);
}
