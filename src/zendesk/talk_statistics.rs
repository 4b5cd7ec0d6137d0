//! Statistics of Zendesk Talk: what agents do, and what waits in the queue.
//!
//! <https://developer.zendesk.com/api-reference/voice/talk-api/stats/>

use std::collections::BTreeMap;

use axum::response::Response;
use serde::Serialize;

use super::error::ApiError;
use super::request::api_request::ApiRequest;
use super::request::query::listed_id;
use super::response;
use super::response::ticketing_pages::{List, Paging, read_offset};
use super::users::at_most_100;
use crate::world::{
    AgentFilter, AgentId, CallStatus, ChannelStatus, GroupId, QueueStatistic, Record,
    TalkStatistic, UserId, Via,
};

/// The activity of an agent as answers show it.
#[derive(Serialize)]
struct AgentActivity {
    agent_id: u64,
    name: String,
    avatar_url: Option<String>,
    agent_state: Option<ChannelStatus>,
    call_status: Option<CallStatus>,
    via: Via,
    forwarding_number: Option<String>,
    #[serde(flatten)]
    numbers: BTreeMap<TalkStatistic, u64>,
}

impl AgentActivity {
    fn new(request: &ApiRequest, agent: &Record) -> Self {
        let (context, id) = (&request.context, agent.id());
        let user = request.world().user_in(&context.directory, UserId(id.0));
        Self {
            agent_id: id.0,
            name: user.map(|user| user.name.clone()).unwrap_or_default(),
            avatar_url: None,
            agent_state: agent.talk_state(),
            call_status: agent.call_status(context.now, context.settings().talk_wrap_up),
            via: agent.via(),
            forwarding_number: None,
            numbers: agent.talk_statistics(),
        }
    }
}

const GROUP_IDS: &[&str] = &["group_ids"];
const AGENT_IDS: &[&str] = &["agent_ids"];

/// `GET /api/v2/channels/voice/stats/agents_activity`
pub(crate) async fn list_agents_activity(mut request: ApiRequest) -> Result<Response, ApiError> {
    let (page, size) = read_offset(&mut request.query);
    let groups = request.query.read_list(GROUP_IDS, listed_id);
    let agents = request.query.read_list(AGENT_IDS, listed_id);
    request.finish_query()?;
    let groups = listed("group_ids", groups, GroupId)?;
    let agents = listed("agent_ids", agents, AgentId)?;
    let filter = AgentFilter::on_talk(groups, agents);
    let world = request.world();
    let paging = Paging::<AgentId>::Offset { page, size };
    let page = paging.select(|position, limit| world.records(&filter, position, limit))?;
    let resources = page.items.iter();
    let list = List {
        name: "agents_activity",
        path: "/channels/voice/stats/agents_activity.json",
        page: &page,
        resources: resources
            .map(|agent| AgentActivity::new(&request, agent))
            .collect(),
        count: &|| world.count_on_talk(&filter),
    };
    paging.answer(&request, &list, Record::id)
}

/// The ids of a parameter, without those that are too large for an id.
fn listed<T>(
    parameter: &'static str,
    ids: Option<Vec<Option<u64>>>,
    id: impl Fn(u64) -> T,
) -> Result<Option<Vec<T>>, ApiError> {
    let ids = at_most_100(parameter, ids)?;
    Ok(ids.map(|ids| ids.into_iter().flatten().map(id).collect()))
}

#[derive(Serialize)]
struct QueueDocument {
    current_queue_activity: QueueActivity,
}

#[derive(Serialize)]
struct QueueActivity {
    agents_online: usize,
    #[serde(flatten)]
    numbers: BTreeMap<QueueStatistic, u64>,
}

/// `GET /api/v2/channels/voice/stats/current_queue_activity`
pub(crate) async fn show_current_queue_activity(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    request.finish_query()?;
    let world = request.world();
    let current_queue_activity = QueueActivity {
        agents_online: world.talk_agents_in(ChannelStatus::Online),
        numbers: world.talk_queue(),
    };
    Ok(response::ok(&QueueDocument {
        current_queue_activity,
    }))
}
