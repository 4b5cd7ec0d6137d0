//! What happens to agents by itself, each with the reason that Zendesk documents for it.

use axum::Json;
use axum::extract::Request;
use serde_json::Value;

use super::agents::document;
use super::error::ControlError;
use super::place::Place;
use super::{body, refusal};
use crate::seed::reader::Node;
use crate::world::{AgentId, ChannelStatus, Destination, StatusId, StatusReason, WriteError};

const STATUS: &str = "agent_status_id";

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/sign-in`
pub(crate) async fn sign_in(mut place: Place, request: Request) -> Result<Json<Value>, ControlError> {
    enter_wanted(&mut place, request, ChannelStatus::Online, StatusReason::AgentStatusSwitcher).await
}

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/sign-out`
pub(crate) async fn sign_out(mut place: Place, request: Request) -> Result<Json<Value>, ControlError> {
    go_offline(&mut place, request, StatusReason::AgentLogout).await
}

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/disconnect`
pub(crate) async fn disconnect(mut place: Place, request: Request) -> Result<Json<Value>, ControlError> {
    go_offline(&mut place, request, StatusReason::AgentDisconnected).await
}

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/reconnect`
pub(crate) async fn reconnect(mut place: Place, request: Request) -> Result<Json<Value>, ControlError> {
    let id = place.agent()?;
    let wanted = receive(&mut place, request).await?;
    let now = place.settled().await;
    let agent = place.account.world.reconnect(id, wanted, now);
    let agent = agent.map_err(|error| match error {
        // The body does not name the status that the agent had before.
        WriteError::UnknownStatus(_) | WriteError::NotInGroups { .. } if wanted.is_none() => {
            ControlError::Conflict(error.to_string())
        }
        _ => refusal::of_agent(&error, STATUS),
    })?;
    Ok(document(&agent))
}

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/idle`
pub(crate) async fn idle(mut place: Place, request: Request) -> Result<Json<Value>, ControlError> {
    enter_wanted(&mut place, request, ChannelStatus::Away, StatusReason::AgentIdleTimeout).await
}

/// Puts the agent into the unified status that the body names, else into a standard one.
async fn enter_wanted(
    place: &mut Place,
    request: Request,
    usual: ChannelStatus,
    reason: StatusReason,
) -> Result<Json<Value>, ControlError> {
    let id = place.agent()?;
    let wanted = receive(place, request).await?;
    enter(place, id, wanted.map_or(Destination::Standard(usual), Destination::Status), reason).await
}

async fn go_offline(place: &mut Place, request: Request, reason: StatusReason) -> Result<Json<Value>, ControlError> {
    let id = place.agent()?;
    let value = place.receive(request).await?;
    body::read(&value, |node| node.object(&[]).map(drop))?;
    enter(place, id, Destination::Standard(ChannelStatus::Offline), reason).await
}

async fn enter(place: &Place, id: AgentId, to: Destination, reason: StatusReason) -> Result<Json<Value>, ControlError> {
    let now = place.settled().await;
    let agent = place.account.world.enter(id, to, reason, now);
    Ok(document(&agent.map_err(|error| refusal::of_agent(&error, STATUS))?))
}

async fn receive(place: &mut Place, request: Request) -> Result<Option<StatusId>, ControlError> {
    let value = place.receive(request).await?;
    let read = |node: &Node<'_>| {
        let wanted = node.object(&[STATUS])?;
        Some(wanted.optional(STATUS).and_then(|node| node.number()).map(StatusId))
    };
    body::read(&value, read)
}
