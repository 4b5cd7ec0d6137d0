//! The unified statuses that agents can be in.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::call::{Call, no_such_agent};
use super::error::ApiError;
use super::page::{self, Cursor, Links, Meta, PageRequest};
use super::query::number;
use super::reply;
use super::time::Seconds;
use crate::config::StatusesShape;
use crate::world::{Page, Status, StatusId, StatusKey, StatusKind};

/// `GET /api/v2/agent_availabilities/agent_statuses`
pub(crate) async fn list_agent_statuses(call: Call) -> Result<Response, ApiError> {
    list(call, "/agent_statuses", |_| Ok(Box::new(|_: &Status| true)))
}

/// `GET /api/v2/agent_availabilities/agent_statuses/me`
pub(crate) async fn list_my_agent_statuses(call: Call) -> Result<Response, ApiError> {
    list(call, "/agent_statuses/me", |call| {
        let id = call.caller_as_agent()?;
        let agent = call.world().agent(id).ok_or_else(|| no_such_agent(id))?;
        Ok(Box::new(move |status: &Status| agent.may_use(status)))
    })
}

type Available = Box<dyn Fn(&Status) -> bool>;

fn list(
    mut call: Call,
    path: &str,
    available: impl FnOnce(&Call) -> Result<Available, ApiError>,
) -> Result<Response, ApiError> {
    let request = PageRequest::<StatusKey>::read(&mut call.query, call.exchange.settings().page_size_default);
    call.finish_query()?;
    let page = call.world().statuses(available(&call)?, &request.position, request.size);
    call.exchange.notes.page(page.has_next);
    let key = |status: &Arc<Status>| (Arc::clone(&status.name), status.id);
    let envelope = page::envelope(&page, key, &call.url(path)?, &call.query);
    Ok(match call.exchange.settings().statuses_shape {
        StatusesShape::Documented => documented(&page, envelope),
        StatusesShape::Flat => flat(&page, envelope),
    })
}

fn documented(page: &Page<Arc<Status>>, (links, meta): (Links, Meta)) -> Response {
    let (default, custom) = split(page, |status, custom| StatusResource {
        id: status.id.0,
        kind: "agent_status",
        updated_at: custom.as_ref().map(|custom| Seconds(custom.updated_at)),
        attributes: StatusAttributes {
            name: &status.name,
            description: status.description.as_deref(),
            custom: custom.map(CustomAttributes::from),
        },
    });
    reply::ok(&StatusList { default, custom, links, meta })
}

fn flat(page: &Page<Arc<Status>>, (links, meta): (Links, Meta)) -> Response {
    let (default_statuses, custom_statuses) = split(page, |status, custom| FlatStatus {
        id: status.id.0,
        name: &status.name,
        description: status.description.as_deref(),
        updated_at: custom.as_ref().map(|custom| Seconds(custom.updated_at)),
        custom: custom.map(CustomAttributes::from),
    });
    reply::ok(&FlatList { default_statuses, custom_statuses, links, meta })
}

/// What only a custom status has.
struct Custom<'a> {
    status: &'a Status,
    updated_at: jiff::Timestamp,
}

/// Standard statuses and custom ones, each in the order of the page.
fn split<'a, T>(page: &'a Page<Arc<Status>>, render: impl Fn(&'a Status, Option<Custom<'a>>) -> T) -> (Vec<T>, Vec<T>) {
    let (mut standard, mut custom) = (Vec::new(), Vec::new());
    for status in &page.items {
        match status.kind {
            StatusKind::Standard(_) => standard.push(render(status, None)),
            StatusKind::Custom { updated_at } => custom.push(render(status, Some(Custom { status, updated_at }))),
        }
    }
    (standard, custom)
}

/// Opaque to clients. It holds the whole key, so that it keeps its place when the status is renamed or deleted.
impl Cursor for StatusKey {
    fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (id, name) = text.split_once(':')?;
        Some((name.into(), StatusId(number(id)?)))
    }

    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", self.1, self.0))
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

impl From<Custom<'_>> for CustomAttributes {
    fn from(custom: Custom<'_>) -> Self {
        let channels = custom.status.channels.iter();
        Self {
            group_ids: custom.status.group_ids.iter().map(|group| group.0).collect(),
            channels: channels.map(|(channel, status)| (channel.as_str(), status.as_str())).collect(),
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
    name: &'a str,
    description: Option<&'a str>,
    #[serde(flatten)]
    custom: Option<CustomAttributes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Seconds>,
}
