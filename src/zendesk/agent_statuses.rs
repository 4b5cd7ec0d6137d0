//! The unified statuses that agents can be in.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;

use super::error::ApiError;
use super::request::api_request::{ApiRequest, no_such_agent};
use super::response;
use super::response::cursor_pages::{self, Links, Meta, PageRequest};
use super::response::time::Seconds;
use crate::config::StatusesShape;
use crate::world::{Agent, ChannelName, ChannelStatus, Status, StatusId, StatusKind};

/// `GET /api/v2/agent_availabilities/agent_statuses`
pub(crate) async fn list_agent_statuses(request: ApiRequest) -> Result<Response, ApiError> {
    list(request, "/agent_statuses", |_| Ok(None))
}

/// `GET /api/v2/agent_availabilities/agent_statuses/me`
pub(crate) async fn list_my_agent_statuses(request: ApiRequest) -> Result<Response, ApiError> {
    list(request, "/agent_statuses/me", |request| {
        let id = request.caller_as_agent()?;
        let agent = request.world().agent(id);
        agent.ok_or_else(|| no_such_agent(id)).map(Some)
    })
}

/// Lists the statuses that an agent may use, or all without an agent.
fn list(
    mut request: ApiRequest,
    path: &str,
    agent: impl FnOnce(&ApiRequest) -> Result<Option<Agent>, ApiError>,
) -> Result<Response, ApiError> {
    let page_request = PageRequest::<StatusId>::read(&mut request);
    request.finish_query()?;
    let agent = agent(&request)?;
    let available = |status: &Status| agent.as_ref().is_none_or(|agent| agent.may_use(status));
    let (position, size) = (&page_request.position, page_request.size);
    let page = request.world().statuses(available, position, size);
    let page = page.map_err(|unknown| page_request.refusal(unknown))?;
    request.context.metadata.set_page(page.custom.has_next);
    let url = request.url(path)?;
    let (links, meta) =
        cursor_pages::envelope(&page.custom, |status| status.id, &url, &request.query);
    Ok(match request.context.settings().statuses_shape {
        StatusesShape::Documented => response::ok(&StatusList {
            default: rendered(&page.standard),
            custom: rendered(&page.custom.items),
            links,
            meta,
        }),
        StatusesShape::Flat => response::ok(&FlatList {
            default_statuses: rendered(&page.standard),
            custom_statuses: rendered(&page.custom.items),
            links,
            meta,
        }),
    })
}

fn rendered<'a, T: From<&'a Status>>(statuses: &'a [Arc<Status>]) -> Vec<T> {
    statuses.iter().map(|status| T::from(status)).collect()
}

#[derive(Serialize)]
struct StatusList<'a> {
    default: Vec<StatusResource<'a>>,
    custom: Vec<StatusResource<'a>>,
    links: Links,
    meta: Meta,
}

#[derive(Serialize)]
struct StatusResource<'a> {
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Seconds>,
    attributes: StatusAttributes<'a>,
}

impl<'a> From<&'a Status> for StatusResource<'a> {
    fn from(status: &'a Status) -> Self {
        Self {
            id: status.id.0,
            kind: "agent_status",
            updated_at: updated_at(status),
            attributes: StatusAttributes::from(status),
        }
    }
}

/// When a custom status was last edited.
fn updated_at(status: &Status) -> Option<Seconds> {
    match status.kind {
        StatusKind::Standard(_) => None,
        StatusKind::Custom { updated_at } => Some(Seconds(updated_at)),
    }
}

#[derive(Serialize)]
struct StatusAttributes<'a> {
    name: &'a str,
    description: Option<&'a str>,
    #[serde(flatten)]
    custom: Option<CustomAttributes<'a>>,
}

/// The attributes that only a custom status has.
#[derive(Serialize)]
struct CustomAttributes<'a> {
    group_ids: Vec<u64>,
    channels: &'a BTreeMap<ChannelName, ChannelStatus>,
}

impl<'a> From<&'a Status> for StatusAttributes<'a> {
    fn from(status: &'a Status) -> Self {
        let custom = status.is_custom().then(|| CustomAttributes {
            group_ids: status.group_ids.iter().map(|group| group.0).collect(),
            channels: &status.channels,
        });
        Self {
            name: &status.name,
            description: status.description.as_deref(),
            custom,
        }
    }
}

#[derive(Serialize)]
struct FlatList<'a> {
    default_statuses: Vec<FlatStatus<'a>>,
    custom_statuses: Vec<FlatStatus<'a>>,
    links: Links,
    meta: Meta,
}

#[derive(Serialize)]
struct FlatStatus<'a> {
    id: u64,
    #[serde(flatten)]
    attributes: StatusAttributes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Seconds>,
}

impl<'a> From<&'a Status> for FlatStatus<'a> {
    fn from(status: &'a Status) -> Self {
        Self {
            id: status.id.0,
            attributes: StatusAttributes::from(status),
            updated_at: updated_at(status),
        }
    }
}
