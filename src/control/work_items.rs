//! The work items of agents: added, changed, removed and moved.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;

use super::account_path::AccountPath;
use super::agents::document;
use super::error::ControlResult;
use super::{blocking, body, refusal};
use crate::account::Account;
use crate::document::json::Document;
use crate::document::reader::Node;
use crate::seed::write;
use crate::wire::agent::Moved;
use crate::world::{AgentId, ChannelName, Stamp, WorkItem, WorkItemId, WorkItemReason, WriteError};

/// `POST /_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}/work_items`
pub(crate) async fn create_work_item(path: AccountPath, request: Request) -> ControlResult {
    let (agent, channel) = (path.agent()?, path.channel()?);
    let create = move |account: &Account, given: &Document<'_>, stamp: Stamp| {
        let item = body::read(given, |node| read_item(node, stamp.time))?;
        let added = account.world.add_work_item(agent, channel, item, stamp);
        Ok((StatusCode::CREATED, document(&added?)).into_response())
    };
    path.work(request, create).await
}

/// `PATCH
/// /_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}/work_items/{work_item_id}`
pub(crate) async fn update_work_item(path: AccountPath, request: Request) -> ControlResult {
    let (agent, channel, item) = (path.agent()?, path.channel()?, path.work_item()?);
    let update = move |account: &Account, given: &Document<'_>, stamp| {
        let reason = body::read(given, |node| {
            node.object(&["reason"])?.required("reason")?.word("reason")
        })?;
        let updated = account
            .world
            .update_work_item(agent, channel, item, reason, stamp);
        Ok(document(&updated?))
    };
    path.work(request, update).await
}

/// `DELETE
/// /_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}/work_items/{work_item_id}`
pub(crate) async fn delete_work_item(path: AccountPath) -> ControlResult {
    let (agent, channel, item) = (path.agent()?, path.channel()?, path.work_item()?);
    let stamp = path.run_due().await;
    let has_many_items = path.has_many_items();
    let delete = move || {
        let removed = path
            .account
            .world
            .remove_work_item(agent, channel, item, stamp);
        Ok(document(&removed?))
    };
    blocking::answer(has_many_items, delete).await
}

/// `POST
/// /_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}/work_items/{work_item_id}/move`
pub(crate) async fn move_work_item(path: AccountPath, request: Request) -> ControlResult {
    let (from, item) = ((path.agent()?, path.channel()?), path.work_item()?);
    let move_item = move |account: &Account, given: &Document<'_>, stamp| {
        let wanted = body::read(given, read_move)?;
        let to = (
            wanted.agent.unwrap_or(from.0),
            wanted.channel.unwrap_or(from.1),
        );
        let usual = if to.0 == from.0 {
            WorkItemReason::ChannelChange
        } else {
            WorkItemReason::AssignedTransfer
        };
        let moved =
            account
                .world
                .move_work_item(from, item, to, wanted.reason.unwrap_or(usual), stamp);
        let (from, to) = moved.map_err(|error| match error {
            WriteError::UnknownAgent(id) if id == to.0 && id != from.0 => {
                refusal::at("agent_id", &error)
            }
            WriteError::UnknownChannel { agent, channel }
                if (agent, channel) == to && to != from =>
            {
                refusal::at(
                    if wanted.channel.is_some() {
                        "channel"
                    } else {
                        "agent_id"
                    },
                    &error,
                )
            }
            _ => refusal::of(&error),
        })?;
        Ok(Json(Moved {
            from: write::agent(&from),
            to: write::agent(&to),
        }))
    };
    // The other agent, which only the body names, may hold many items.
    path.long_work(request, move_item).await
}

/// Where a work item goes, and why.
struct Move {
    agent: Option<AgentId>,
    channel: Option<ChannelName>,
    reason: Option<WorkItemReason>,
}

fn read_move(node: &Node<'_>) -> Option<Move> {
    let wanted = node.object(&["agent_id", "channel", "reason"])?;
    let (agent, channel) = (wanted.optional("agent_id"), wanted.optional("channel"));
    if agent.is_none() && channel.is_none() {
        node.problem("expected an agent_id, a channel, or both");
    }
    Some(Move {
        agent: agent.and_then(|node| node.number()).map(AgentId),
        channel: channel.and_then(|node| node.word("channel")),
        reason: wanted
            .optional("reason")
            .and_then(|node| node.word("reason")),
    })
}

fn read_item(node: &Node<'_>, now: Timestamp) -> Option<WorkItem> {
    let item = node.object(&["id", "reason", "added_at"])?;
    let id = item.required("id").and_then(|node| node.number());
    let reason = item.optional("reason").and_then(|node| node.word("reason"));
    let added_at = item.optional("added_at").and_then(|node| node.time());
    let reason = reason.unwrap_or(WorkItemReason::Assigned);
    Some(WorkItem {
        id: WorkItemId(id?),
        added_at: added_at.unwrap_or(now),
        reason,
    })
}
