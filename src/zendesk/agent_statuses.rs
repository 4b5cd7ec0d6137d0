//! The unified statuses that agents can be in.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;

use super::error::ApiError;
use super::request::api_request::{ApiRequest, no_such_agent};
use super::request::query::number;
use super::response;
use super::response::page::{self, Cursor, Links, Meta, PageRequest};
use super::response::time::Seconds;
use crate::config::StatusesShape;
use crate::world::{Status, StatusId, StatusKind, StatusPage};

/// `GET /api/v2/agent_availabilities/agent_statuses`
pub(crate) async fn list_agent_statuses(request: ApiRequest) -> Result<Response, ApiError> {
    list(request, "/agent_statuses", |_| {
        Ok(Box::new(|_: &Status| true))
    })
}

/// `GET /api/v2/agent_availabilities/agent_statuses/me`
pub(crate) async fn list_my_agent_statuses(request: ApiRequest) -> Result<Response, ApiError> {
    list(request, "/agent_statuses/me", |request| {
        let id = request.caller_as_agent()?;
        let agent = request.world().agent(id).ok_or_else(|| no_such_agent(id))?;
        Ok(Box::new(move |status: &Status| agent.may_use(status)))
    })
}

type Available = Box<dyn Fn(&Status) -> bool>;

fn list(
    mut request: ApiRequest,
    path: &str,
    available: impl FnOnce(&ApiRequest) -> Result<Available, ApiError>,
) -> Result<Response, ApiError> {
    let default_size = request.context.settings().page_size_default;
    let page_request = PageRequest::<StatusId>::read(&mut request.query, default_size);
    request.finish_query()?;
    let (position, size) = (&page_request.position, page_request.size);
    let page = request
        .world()
        .statuses(available(&request)?, position, size);
    let page = page.map_err(|unknown| page_request.refusal(unknown))?;
    request.context.metadata.set_page(page.custom.has_next);
    let url = request.url(path)?;
    let envelope = page::envelope(&page.custom, |status| status.id, &url, &request.query);
    Ok(match request.context.settings().statuses_shape {
        StatusesShape::Documented => documented(&page, envelope),
        StatusesShape::Flat => flat(&page, envelope),
    })
}

fn documented(page: &StatusPage, (links, meta): (Links, Meta)) -> Response {
    let (default, custom) = (rendered(&page.standard), rendered(&page.custom.items));
    response::ok(&StatusList {
        default,
        custom,
        links,
        meta,
    })
}

fn flat(page: &StatusPage, (links, meta): (Links, Meta)) -> Response {
    let (default_statuses, custom_statuses) =
        (rendered(&page.standard), rendered(&page.custom.items));
    response::ok(&FlatList {
        default_statuses,
        custom_statuses,
        links,
        meta,
    })
}

fn rendered<'a, T: From<&'a Status>>(statuses: &'a [Arc<Status>]) -> Vec<T> {
    statuses.iter().map(|status| T::from(status)).collect()
}

impl Cursor for StatusId {
    fn parse(text: &str) -> Option<Self> {
        number(text).map(Self)
    }

    fn text(&self) -> String {
        self.to_string()
    }
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
        let (name, description) = (&*status.name, status.description.as_deref());
        let attributes = StatusAttributes {
            name,
            description,
            custom: CustomAttributes::of(status),
        };
        Self {
            id: status.id.0,
            kind: "agent_status",
            updated_at: updated_at(status),
            attributes,
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
    custom: Option<CustomAttributes>,
}

#[derive(Serialize)]
struct CustomAttributes {
    group_ids: Vec<u64>,
    channels: BTreeMap<&'static str, &'static str>,
}

impl CustomAttributes {
    /// The attributes that only a custom status has.
    fn of(status: &Status) -> Option<Self> {
        status.is_custom().then(|| Self {
            group_ids: status.group_ids.iter().map(|group| group.0).collect(),
            channels: status
                .channels
                .iter()
                .map(|(channel, status)| (channel.as_str(), status.as_str()))
                .collect(),
        })
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
    name: &'a str,
    description: Option<&'a str>,
    #[serde(flatten)]
    custom: Option<CustomAttributes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Seconds>,
}

impl<'a> From<&'a Status> for FlatStatus<'a> {
    fn from(status: &'a Status) -> Self {
        Self {
            id: status.id.0,
            name: &status.name,
            description: status.description.as_deref(),
            custom: CustomAttributes::of(status),
            updated_at: updated_at(status),
        }
    }
}
