//! Steering the world: agents, channels, work items, statuses and what happens to agents. Zendesk
//! has no such calls, so every test is assumed unless it says otherwise. Reasons are
//! documented.

mod agent_pages;
mod agents;
mod channels;
mod many;
mod model;
mod oauth_tokens;
mod patches;
mod presence;
mod refusals;
mod selections;
mod statuses;
mod users;
mod work_items;

use axum::http::Method;
use serde_json::Value;
use zendesk_availability_emulator::world::{EventKind as Kind, GroupId};

use crate::harness::{Account, Answer, Ask};

/// A call about the default account.
fn call(server: &Account, method: Method, path: &str, body: &Value) -> Answer {
    server.send(&Ask::control(method, path).json(body))
}

fn get(server: &Account, path: &str) -> Answer {
    server.send(&Ask::control(Method::GET, path))
}

fn delete(server: &Account, path: &str) -> Answer {
    server.send(&Ask::control(Method::DELETE, path))
}

fn post(server: &Account, path: &str, body: &Value) -> Answer {
    call(server, Method::POST, path, body)
}

fn put(server: &Account, path: &str, body: &Value) -> Answer {
    call(server, Method::PUT, path, body)
}

fn patch(server: &Account, path: &str, body: &Value) -> Answer {
    call(server, Method::PATCH, path, body)
}

/// The agent as the control API shows it.
fn agent(server: &Account, id: u64) -> Value {
    let answer = get(server, &format!("/agents/{id}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The events so far, in readable form: agent and version, and text.
fn events(server: &Account) -> Vec<String> {
    let events = crate::events::events(server);
    let shown = events.into_iter().map(|(agent, kind)| {
        let (id, version) = agent.expect("an event of an agent");
        format!("{id} v{version} {}", short(&kind))
    });
    shown.collect()
}

fn short(kind: &Kind) -> String {
    let ids = |groups: &[GroupId]| groups.iter().map(|id| id.0).collect::<Vec<_>>();
    match kind {
        Kind::StateChanged {
            channel,
            previous,
            new,
        } => format!("{channel}: {previous} to {new}"),
        Kind::UnifiedStateChanged { previous, new } => {
            format!(
                "{} {} to {} {}",
                previous.name, previous.reason, new.name, new.reason
            )
        }
        Kind::WorkItemAdded { channel, item } => {
            format!("{channel}: added {} {}", item.id, item.reason)
        }
        Kind::WorkItemUpdated {
            channel,
            item,
            previous_reason,
        } => {
            format!(
                "{channel}: item {} {previous_reason} to {}",
                item.id, item.reason
            )
        }
        Kind::WorkItemRemoved { channel, item } => {
            format!("{channel}: removed {} {}", item.id, item.reason)
        }
        Kind::MaxCapacityChanged {
            channel,
            previous,
            new,
        } => format!("{channel}: capacity {previous:?} to {new:?}"),
        Kind::ChannelCreated { channel } => format!("{channel}: created"),
        Kind::ChannelDeleted { channel } => format!("{channel}: deleted"),
        Kind::GroupsUpdated { previous, new } => {
            format!("groups {:?} to {:?}", ids(previous), ids(new))
        }
        other => format!("{other:?}"),
    }
}
