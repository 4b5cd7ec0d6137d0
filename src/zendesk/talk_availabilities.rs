//! Availabilities of Zendesk Talk. The state is the status of the agent's channel `talk`.
//!
//! <https://developer.zendesk.com/api-reference/voice/talk-api/availabilities/>

use axum::response::Response;
use serde::Serialize;

use super::error::{ApiError, Code, Problem, sentence};
use super::request::api_request::ApiRequest;
use super::request::talk_body::{self, LegacyStatus};
use super::response;
use crate::world::{AgentId, CallStatus, ChannelName, ChannelStatus, Via, WriteError};

#[derive(Serialize)]
struct AvailabilityDocument {
    availability: Availability,
}

#[derive(Serialize)]
struct Availability {
    agent_state: ChannelStatus,
    call_status: Option<CallStatus>,
    via: Via,
    #[serde(flatten)]
    legacy: Option<LegacyAvailability>,
}

/// The members of the older API.
#[derive(Serialize)]
struct LegacyAvailability {
    available: bool,
    status: LegacyStatus,
}

impl LegacyAvailability {
    fn new(agent_state: ChannelStatus, call_status: Option<CallStatus>) -> Self {
        let available = agent_state == ChannelStatus::Online;
        Self {
            available,
            status: match call_status {
                Some(CallStatus::OnCall) => LegacyStatus::OnCall,
                Some(CallStatus::WrapUp) => LegacyStatus::WrapUp,
                None if available => LegacyStatus::Available,
                None => LegacyStatus::NotAvailable,
            },
        }
    }
}

/// `GET /api/v2/channels/voice/availabilities/{agent_id}`
pub(crate) async fn show_talk_availability(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = AgentId(request.read_id("agent_id", "api/v2/channels/voice/availabilities/show")?);
    let agent = request.world().record(id);
    let agent = agent.ok_or_else(|| refusal(&request, &WriteError::UnknownAgent(id)))?;
    let now = request.context.now;
    let wrap_up = request.context.settings().talk_wrap_up;
    let state = agent.talk_state().ok_or_else(|| {
        let (agent, channel) = (id, ChannelName::Talk);
        refusal(&request, &WriteError::UnknownChannel { agent, channel })
    })?;
    Ok(answer(
        &request,
        state,
        agent.call_status(now, wrap_up),
        agent.via(),
    ))
}

/// `PUT /api/v2/channels/voice/availabilities/{agent_id}`
pub(crate) async fn update_talk_availability(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    request.finish_query()?;
    let id = request.read_id("agent_id", "api/v2/channels/voice/availabilities/update");
    let update = request.read_body(talk_body::talk_update).await?;
    let (id, now) = (AgentId(id?), request.context.now);
    let updated = request.world().update_talk(id, update, now);
    let agent = updated.map_err(|error| refusal(&request, &error))?;
    // The update has found the channel.
    let channel = agent.channel(ChannelName::Talk).ok_or(ApiError::Internal)?;
    let wrap_up = request.context.settings().talk_wrap_up;
    let call_status = agent.call_status(now, wrap_up);
    Ok(answer(
        &request,
        channel.status,
        call_status,
        agent.talk.via,
    ))
}

fn answer(
    request: &ApiRequest,
    agent_state: ChannelStatus,
    call_status: Option<CallStatus>,
    via: Via,
) -> Response {
    let has_legacy = request.context.settings().talk_legacy;
    let availability = Availability {
        agent_state,
        call_status,
        via,
        legacy: has_legacy.then(|| LegacyAvailability::new(agent_state, call_status)),
    };
    response::ok(&AvailabilityDocument { availability })
}

fn refusal(request: &ApiRequest, error: &WriteError) -> ApiError {
    match error {
        WriteError::RoutingOn => Problem::new(Code::BadRequest, sentence(error)).into(),
        WriteError::UnknownAgent(_) | WriteError::UnknownChannel { .. } => {
            request.context.hints.add(error.to_string());
            ApiError::NoRecord
        }
        _ => ApiError::Internal,
    }
}
