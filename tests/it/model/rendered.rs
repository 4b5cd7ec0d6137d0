//! The answers that the contract prescribes for the model.

use serde_json::{Value, json};
use zendesk_availability_emulator::jiff::Timestamp;

use super::agents::{Agent, Channel, Item, status_name};
use super::operation::Place;
use crate::harness::P;

/// Documented: availabilities have microseconds.
fn micros(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

fn url(path: &str) -> String {
    format!("http://localhost{P}{path}")
}

/// Documented: the resource of an agent and what is included for it. `links_of` is the agent's name
/// in links to its work items.
pub(super) fn agent(
    agent: &Agent,
    routing: bool,
    select: Option<&str>,
    links_of: &str,
) -> (Value, Vec<Value>) {
    let id = format!("agent_availabilities|{}", agent.id);
    let shown: Vec<_> = agent
        .channels
        .iter()
        .filter(|channel| select.is_none_or(|select| select == channel.name))
        .collect();
    let mut attributes = json!({ "agent_id": agent.id, "version": agent.version });
    if routing {
        attributes["agent_status"] = json!({
            "id": agent.status,
            "name": status_name(agent.status),
            "reason": agent.reason,
            "updated_at": micros(agent.since),
        });
    }
    if let Some(groups) = &agent.groups {
        attributes["group_ids"] = json!(groups);
    }
    if let Some(skills) = &agent.skills {
        attributes["skills"] = skills.iter().map(|id| json!({ "id": id })).collect();
    }
    let references: Vec<_> = shown
        .iter()
        .map(|channel| json!({ "type": "channels", "id": format!("{id}|channels|{}", channel.name) }))
        .collect();
    let resource = json!({
        "type": "agent_availabilities",
        "id": id,
        "attributes": attributes,
        "links": { "self": url(&format!("/{}", agent.id)) },
        "relationships": { "channels": { "data": references } },
    });
    let mut included: Vec<_> = shown
        .iter()
        .map(|it| channel(agent.id, it, routing, links_of))
        .collect();
    for channel in shown {
        included.extend(
            channel
                .items
                .iter()
                .take(2)
                .map(|item| work_item(agent.id, channel.name, item)),
        );
    }
    (resource, included)
}

/// Documented: a channel counts all its work items and lists the first of them, here two.
fn channel(agent: u64, channel: &Channel, routing: bool, links_of: &str) -> Value {
    let id = format!("agent_availabilities|{agent}|channels|{}", channel.name);
    let mut attributes = json!({
        "name": channel.name,
        "status": channel.status,
        "updated_at": micros(channel.updated_at),
        "work_item_count": channel.items.len(),
    });
    if let Some(capacity) = channel.capacity.filter(|_| routing) {
        attributes["max_capacity"] = json!(capacity);
    }
    let listed: Vec<_> = channel.items.iter().take(2).collect();
    let has_more = channel.items.len() > 2;
    let references: Vec<_> = listed
        .iter()
        .map(|item| json!({ "type": "work_items", "id": format!("{id}|work_items|{}", item.id) }))
        .collect();
    let next = listed.last().filter(|_| has_more).map(|item| {
        let path = format!(
            "{links_of}/channels/{}/relationships/work_items",
            channel.name
        );
        url(&format!("{path}?page%5Bafter%5D={}", item.id))
    });
    json!({
        "type": "channels",
        "id": id,
        "attributes": attributes,
        "relationships": { "work_items": { "data": references, "links": { "next": next }, "meta": { "has_more": has_more } } },
    })
}

pub(super) fn work_item(agent: u64, channel: &str, item: &Item) -> Value {
    json!({
        "type": "work_items",
        "id": format!("agent_availabilities|{agent}|channels|{channel}|work_items|{}", item.id),
        "attributes": { "added_at": micros(item.added_at), "reason": item.reason },
    })
}

/// Documented: the answer to an update.
pub(super) fn updated(agent: u64, status: u64) -> Value {
    json!({ "data": {
        "type": "agent_availabilities",
        "id": format!("agent_availabilities|{agent}"),
        "attributes": { "agent_id": agent, "agent_status": { "id": status, "name": status_name(status) } },
    } })
}

/// Documented for the members, assumed for the words.
pub(super) fn job(
    id: &str,
    status: &str,
    progress: usize,
    total: usize,
    done: Option<Timestamp>,
    results: Option<&Vec<Value>>,
) -> Value {
    let message = done.map(|done| format!("Completed at {}", done.strftime("%Y-%m-%dT%H:%M:%SZ")));
    let mut job = json!({
        "id": id,
        "url": url(&format!("/agent_statuses/job_statuses/{id}")),
        "status": status,
        "progress": progress,
        "total": total,
        "message": message,
    });
    if let Some(results) = results {
        job["results"] = json!(results);
    }
    job
}

/// A page of sorted keys.
#[derive(Clone, Debug)]
pub(super) struct Page<K = u64> {
    pub(super) ids: Vec<K>,
    pub(super) has_previous: bool,
    pub(super) has_next: bool,
}

impl Page {
    /// Documented for the cursors, assumed for their form and for an empty page.
    pub(super) fn meta(&self) -> Value {
        let cursor = |id: Option<&u64>| id.map(u64::to_string);
        json!({
            "has_more": self.has_next,
            "after_cursor": cursor(self.ids.last()),
            "before_cursor": cursor(self.ids.first()),
        })
    }
}

/// Documented for the meaning of a cursor, assumed for an empty page, which has nothing on either
/// side.
pub(super) fn page<K: Copy + Ord>(all: &[K], size: usize, place: Place<K>) -> Page<K> {
    let (start, end) = match place {
        Place::First => (0, size),
        Place::After(key) => {
            let start = all.iter().filter(|other| **other <= key).count();
            (start, start + size)
        }
        Place::Before(key) => {
            let end = all.iter().filter(|other| **other < key).count();
            (end.saturating_sub(size), end)
        }
    };
    let end = end.min(all.len());
    let is_empty = start >= end;
    Page {
        ids: all[start..end].to_vec(),
        has_previous: !is_empty && start > 0,
        has_next: !is_empty && end < all.len(),
    }
}
