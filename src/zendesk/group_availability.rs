//! How available the agents of a group are.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/account-groups-availability/account_groups_availability/>

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;

use super::blocking;
use super::error::ApiError;
use super::groups::read_group_id;
use super::request::api_request::ApiRequest;
use super::response;
use crate::world::{ChannelStatus, GroupAvailability, GroupId};

/// From how many agents counting takes longer than handing it to another thread.
const MANY: usize = 1_000;

#[derive(Serialize)]
struct GroupAvailabilityDocument<'a> {
    account_id: u64,
    group_id: u64,
    version: u64,
    channel_group_statuses: BTreeMap<&'static str, ChannelGroupStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unified_states: Option<BTreeMap<&'a str, usize>>,
}

#[derive(Serialize)]
struct ChannelGroupStatus {
    state_counts: BTreeMap<&'static str, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_max_capacity: Option<u64>,
    total_consumed_capacity: u64,
}

impl<'a> GroupAvailabilityDocument<'a> {
    fn new(request: &ApiRequest, group: GroupId, counted: &'a GroupAvailability) -> Self {
        let shows_omnichannel = request.shows_omnichannel;
        let channels = counted.channels().map(|(name, channel)| {
            let counts = ChannelStatus::ALL.iter();
            let counts = counts.map(|status| (status.as_str(), channel.with_status(*status)));
            let status = ChannelGroupStatus {
                state_counts: counts.collect(),
                total_max_capacity: shows_omnichannel.then_some(channel.max_capacity),
                total_consumed_capacity: channel.work_items,
            };
            (name.as_str(), status)
        });
        let states = counted.statuses.iter();
        let states = states.map(|(name, agents)| (&**name, *agents));
        Self {
            account_id: request.account.id(),
            group_id: group.0,
            version: counted.last_event,
            channel_group_statuses: channels.collect(),
            unified_states: shows_omnichannel.then(|| states.collect()),
        }
    }
}

/// `GET /api/v2/account_groups/availability/{group_id}`
pub(crate) async fn show_group_availability(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let group = read_group_id(&request, "api/v2/account_groups/availability/show")?;
    let account = Arc::clone(&request.account);
    let count = move || account.world.group_availability(group);
    let counted = if request.world().group_size(group) > MANY {
        blocking::run(count).await?
    } else {
        count()
    };
    let document = GroupAvailabilityDocument::new(&request, group, &counted);
    Ok(response::ok(&document))
}
