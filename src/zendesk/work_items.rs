//! The work items of an agent's channel.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/work_items/>

use axum::response::Response;

use super::error::{ApiError, Code};
use super::request::api_request::{ApiRequest, no_such_agent};
use super::request::query;
use super::response;
use super::response::json::Json;
use super::response::page::{self, Cursor, PageRequest};
use crate::world::{AgentId, ItemRecord, WorkItemId, WorkItemSort};

/// `GET /api/v2/agent_availabilities/{agent_id}/channels/{channel}/relationships/work_items`
pub(crate) async fn list_work_items(mut request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.agent_in_path();
    list(request, id)
}

/// `GET /api/v2/agent_availabilities/me/channels/{channel}/relationships/work_items`
pub(crate) async fn list_my_work_items(request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.caller_as_agent();
    list(request, id)
}

fn list(mut request: ApiRequest, id: Result<AgentId, ApiError>) -> Result<Response, ApiError> {
    let page_request = PageRequest::<WorkItemId>::read(
        &mut request.query,
        request.context.settings().page_size_default,
    );
    let sort = request
        .query
        .read(&["sort"], Code::InvalidParameter, query::word);
    request.finish_query()?;
    let sort = sort.unwrap_or(WorkItemSort::AddedAt);
    let (id, name) = (id?, request.channel_in_path()?);
    let page =
        match request
            .world()
            .work_items(id, name, sort, &page_request.position, page_request.size)
        {
            Some(Ok(page)) => page,
            Some(Err(unknown)) => return Err(page_request.refusal(unknown)),
            None if request.world().record(id).is_none() => return Err(no_such_agent(id)),
            None => {
                return Err(ApiError::not_found(format!(
                    "Agent {id} has no channel {name}."
                )));
            }
        };
    request.context.metadata.page(page.has_next);
    let agent = if request.is_by_admin() {
        id.to_string()
    } else {
        "me".to_owned()
    };
    let url = request.url(&format!("/{agent}/channels/{name}{PATH}"))?;
    let (links, meta) = page::envelope(&page, |item| item.id, &url, &request.query);
    let opening = format!(
        r#"{{"type":"work_items","id":"agent_availabilities|{id}|channels|{name}|work_items|"#
    );
    let mut json = Json::new(Vec::with_capacity(ENVELOPE + page.items.len() * SIZE));
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
