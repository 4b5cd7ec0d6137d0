//! The memberships of agents in groups.
//!
//! <https://developer.zendesk.com/api-reference/ticketing/groups/group_memberships/>

use axum::response::Response;
use serde::Serialize;

use super::error::ApiError;
use super::groups::read_group_id;
use super::request::api_request::ApiRequest;
use super::request::query;
use super::response::cursor_pages::Cursor;
use super::response::ticketing_pages::{List, Paging};
use super::user_resource::CREATED_AT;
use crate::world::{AgentId, GroupId, Membership, UserId};

const NAME: &str = "group_memberships";

/// A membership as answers show it.
#[derive(Serialize)]
struct MembershipResource {
    id: u64,
    url: String,
    user_id: u64,
    group_id: u64,
    default: bool,
    created_at: &'static str,
    updated_at: &'static str,
}

/// `GET /api/v2/group_memberships`
pub(crate) async fn list_group_memberships(mut request: ApiRequest) -> Result<Response, ApiError> {
    let paging = Paging::<Membership>::read(&mut request.query);
    request.finish_query()?;
    let world = request.world();
    let page = paging.select(|position, limit| world.memberships(position, limit))?;
    let list = List {
        name: NAME,
        path: "/group_memberships.json",
        page: &page,
        resources: resources(&request, page.items.iter().copied())?,
        count: &|| world.membership_count(),
    };
    paging.answer(&request, &list, |membership| *membership)
}

/// `GET /api/v2/groups/{group_id}/memberships`
pub(crate) async fn list_memberships_of_group(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    let paging = Paging::<UserId>::read(&mut request.query);
    request.finish_query()?;
    let group = read_group_id(&request, "api/v2/group_memberships/index")?;
    let world = request.world();
    let page = paging.select(|position, limit| world.users_in(group, position, limit))?;
    let agents = page.items.iter().map(|user| user.as_agent());
    let memberships = agents.map(|agent| Membership { agent, group });
    let list = List {
        name: NAME,
        path: &format!("/groups/{group}/memberships.json"),
        page: &page,
        resources: resources(&request, memberships)?,
        count: &|| world.group_size(group),
    };
    paging.answer(&request, &list, |user| *user)
}

fn resources(
    request: &ApiRequest,
    memberships: impl Iterator<Item = Membership>,
) -> Result<Vec<MembershipResource>, ApiError> {
    let resource = |membership: Membership| {
        let Membership { agent, group } = membership;
        let record = request.world().record(agent);
        let first = record.and_then(|record| record.groups()?.next());
        let id = id(membership);
        Ok(MembershipResource {
            id,
            url: request.api_url(&format!("/group_memberships/{id}.json"))?,
            user_id: agent.0,
            group_id: group.0,
            default: first == Some(group),
            created_at: CREATED_AT,
            updated_at: CREATED_AT,
        })
    };
    memberships.map(resource).collect()
}

/// The id of a membership, which a seed does not have: it follows from the two ids, so that it is
/// the same on every start. A number of 53 bits, which a double can hold.
fn id(membership: Membership) -> u64 {
    let mix = |value: u64| {
        let value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ value >> 31
    };
    mix(mix(membership.agent.0).wrapping_add(membership.group.0)) >> 11
}

impl Cursor for Membership {
    fn parse(text: &str) -> Option<Self> {
        let (agent, group) = text.split_once('-')?;
        Some(Self {
            agent: AgentId(query::number(agent)?),
            group: GroupId(query::number(group)?),
        })
    }

    fn text(&self) -> String {
        format!("{}-{}", self.agent, self.group)
    }
}
