//! What happens to agents without a call to Zendesk's API: sign-in, sign-out, lost connections.
//! Each has the reason that Zendesk documents for it.

use axum::extract::Request;

use super::account_path::AccountPath;
use super::agents::document;
use super::error::{ControlError, ControlResult};
use super::{body, refusal};
use crate::account::Account;
use crate::document::json::Document;
use crate::document::reader::Node;
use crate::world::{ChannelStatus, Destination, StatusId, StatusReason, WriteError};

const STATUS: &str = "agent_status_id";

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/sign-in`
pub(crate) async fn sign_in(path: AccountPath, request: Request) -> ControlResult {
    enter_wanted(
        path,
        request,
        ChannelStatus::Online,
        StatusReason::AgentStatusSwitcher,
    )
    .await
}

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/sign-out`
pub(crate) async fn sign_out(path: AccountPath, request: Request) -> ControlResult {
    go_offline(path, request, StatusReason::AgentLogout).await
}

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/disconnect`
pub(crate) async fn disconnect(path: AccountPath, request: Request) -> ControlResult {
    go_offline(path, request, StatusReason::AgentDisconnected).await
}

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/reconnect`
pub(crate) async fn reconnect(path: AccountPath, request: Request) -> ControlResult {
    let id = path.agent()?;
    let reconnect = move |account: &Account, given: &Document<'_>, stamp| {
        let PresenceRequest { status: wanted } = body::read(given, read_request)?;
        let agent = account.world.reconnect(id, wanted, stamp);
        let agent = agent.map_err(|error| match error {
            // The status is the one that the agent had before, and not in the body.
            WriteError::UnknownStatus(_) | WriteError::NotInGroups { .. } if wanted.is_none() => {
                ControlError::Conflict(error.to_string())
            }
            _ => refusal::of_agent(&error, STATUS),
        })?;
        Ok(document(&agent))
    };
    path.work(request, reconnect).await
}

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/idle`
pub(crate) async fn idle(path: AccountPath, request: Request) -> ControlResult {
    enter_wanted(
        path,
        request,
        ChannelStatus::Away,
        StatusReason::AgentIdleTimeout,
    )
    .await
}

/// Puts the agent into the unified status of the body, or else into a standard one.
async fn enter_wanted(
    path: AccountPath,
    request: Request,
    usual: ChannelStatus,
    reason: StatusReason,
) -> ControlResult {
    enter(path, request, reason, move |node| {
        Some(
            read_request(node)?
                .status
                .map_or(Destination::Standard(usual), Destination::Status),
        )
    })
    .await
}

async fn go_offline(path: AccountPath, request: Request, reason: StatusReason) -> ControlResult {
    let read = |node: &Node<'_>| {
        node.object(&[])
            .map(|_| Destination::Standard(ChannelStatus::Offline))
    };
    enter(path, request, reason, read).await
}

/// Puts the agent into the status that `read` takes from the body.
async fn enter(
    path: AccountPath,
    request: Request,
    reason: StatusReason,
    read: impl FnOnce(&Node<'_>) -> Option<Destination> + Send + 'static,
) -> ControlResult {
    let id = path.agent()?;
    let enter = move |account: &Account, given: &Document<'_>, stamp| {
        let agent = account
            .world
            .enter(id, body::read(given, read)?, reason, stamp);
        Ok(document(
            &agent.map_err(|error| refusal::of_agent(&error, STATUS))?,
        ))
    };
    path.work(request, enter).await
}

/// The body of sign-in, reconnect and idle.
struct PresenceRequest {
    status: Option<StatusId>,
}

fn read_request(node: &Node<'_>) -> Option<PresenceRequest> {
    let wanted = node.object(&[STATUS])?;
    Some(PresenceRequest {
        status: wanted
            .optional(STATUS)
            .and_then(|node| node.number())
            .map(StatusId),
    })
}
