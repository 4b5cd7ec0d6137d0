//! The channels of an agent: added, changed and removed.

use axum::extract::Request;
use axum::response::IntoResponse;

use super::account_path::AccountPath;
use super::agents::document;
use super::error::ControlResult;
use super::{blocking, body, saved_status};
use crate::account::Account;
use crate::document::json::{Document, RawJson};
use crate::document::reader::Node;
use crate::seed::read_status_and_capacity;
use crate::world::{Channel, ChannelStatus};

/// `PUT /_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}`
pub(crate) async fn replace_channel(path: AccountPath, request: Request) -> ControlResult {
    let (agent, channel) = (path.agent()?, path.channel()?);
    let replace = move |account: &Account, given: &Document<'_>, stamp| {
        let change = body::read(given, read_update)?;
        let replaced = account
            .world
            .put_channel(agent, channel, stamp, |channel| change.apply_to(channel));
        let (agent, is_new) = replaced?;
        Ok((saved_status(is_new), document(&agent)).into_response())
    };
    path.work(request, replace).await
}

/// `PATCH /_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}`
pub(crate) async fn update_channel(path: AccountPath, request: Request) -> ControlResult {
    let (agent, channel) = (path.agent()?, path.channel()?);
    let update = move |account: &Account, given: &Document<'_>, stamp| {
        let change = body::read(given, read_update)?;
        let updated = account
            .world
            .edit_channel(agent, channel, stamp, |channel| change.apply_to(channel));
        Ok(document(&updated?))
    };
    path.work(request, update).await
}

/// `DELETE /_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}`
pub(crate) async fn delete_channel(path: AccountPath) -> ControlResult {
    let (agent, channel) = (path.agent()?, path.channel()?);
    let stamp = path.run_due().await;
    let has_many_items = path.has_many_items();
    let delete = move || {
        let deleted = path.account.world.remove_channel(agent, channel, stamp);
        Ok(document(&deleted?))
    };
    blocking::answer(has_many_items, delete).await
}

/// A change of a channel.
struct ChannelUpdate {
    status: Option<ChannelStatus>,
    max_capacity: Option<u32>,
    /// `max_capacity` is null. If it is missing, the capacity stays.
    is_unlimited: bool,
}

impl ChannelUpdate {
    fn apply_to(&self, channel: &mut Channel) {
        channel.status = self.status.unwrap_or(channel.status);
        channel.max_capacity = if self.is_unlimited {
            None
        } else {
            self.max_capacity.or(channel.max_capacity)
        };
    }
}

fn read_update(node: &Node<'_>) -> Option<ChannelUpdate> {
    let channel = node.object(&["status", "max_capacity"])?;
    let (status, max_capacity) = read_status_and_capacity(&channel);
    Some(ChannelUpdate {
        status,
        max_capacity,
        is_unlimited: node
            .value()
            .get("max_capacity")
            .is_some_and(RawJson::is_null),
    })
}
