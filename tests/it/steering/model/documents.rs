//! Agents as plain documents, and changes to them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub const CHANNELS: [&str; 3] = ["messaging", "support", "talk"];

#[derive(Clone, Debug, Default)]
pub struct Documents {
    pub agents: BTreeMap<u64, Value>,
    /// The unified status that an agent had before it was disconnected, if it is disconnected.
    pub before: BTreeMap<u64, u64>,
}

/// The channel status that a unified status sets.
pub fn mapped(status: u64, channel: &str) -> Option<&'static str> {
    match (status, channel) {
        (2, _) | (51, "messaging" | "talk") => Some("offline"),
        (3, _) | (4 | 51, "support") => Some("online"),
        (4, _) | (50, "messaging") => Some("away"),
        _ => None,
    }
}

/// Makes a document from a body and from the agent as it was.
pub fn resolved(id: u64, body: &Value, old: Option<&Value>, now: &str) -> Value {
    let status = body["agent_status"]["id"].as_u64().unwrap_or(2);
    let reason = body["agent_status"]["reason"].as_str().unwrap_or("UNKNOWN");
    let before = old.map(|old| &old["agent_status"]);
    let same = before.filter(|before| before["id"] == status && before["reason"] == reason);
    let since = same.map_or(json!(now), |before| before["updated_at"].clone());
    let mut document = json!({
        "id": id,
        "version": old.map_or(json!(1), |old| old["version"].clone()),
        "agent_status": { "id": status, "reason": reason, "updated_at": since },
        "channels": {},
    });
    for key in ["group_ids", "skill_ids"] {
        if !body[key].is_null() {
            document[key] = body[key].clone();
        }
    }
    for name in CHANNELS {
        let (said, held) = (
            &body["channels"][name],
            old.map_or(&Value::Null, |old| &old["channels"][name]),
        );
        if said.is_null() {
            continue;
        }
        let state = said["status"]
            .as_str()
            .or(mapped(status, name))
            .or(held["status"].as_str())
            .unwrap_or("offline");
        let mut channel = json!({ "status": state, "updated_at": now, "work_items": [] });
        if !said["max_capacity"].is_null() {
            channel["max_capacity"] = said["max_capacity"].clone();
        }
        if held["status"] == channel["status"]
            && held.get("max_capacity") == channel.get("max_capacity")
        {
            channel["updated_at"] = held["updated_at"].clone();
        }
        let mut items: Vec<Value> = Vec::new();
        for (index, item) in said["work_items"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let came = items_of(held)
                .into_iter()
                .find(|held| held["id"] == item["id"]);
            let came = came.map_or_else(
                || json!(now.replace(".000000", &format!(".{index:06}"))),
                |held| held["added_at"].clone(),
            );
            let reason = item["reason"].as_str().unwrap_or("UNKNOWN_ADD");
            items.push(json!({ "id": item["id"], "added_at": came, "reason": reason }));
        }
        items.sort_by_key(|item| (item["added_at"].to_string(), item["id"].as_u64()));
        channel["work_items"] = items.into();
        document["channels"][name] = channel;
    }
    document
}

/// Puts an agent into a unified status. Returns the number of events.
pub fn enter(document: &mut Value, status: u64, reason: &str, now: &str) -> u64 {
    document["agent_status"] = json!({ "id": status, "reason": reason, "updated_at": now });
    let mut events = 1;
    for name in CHANNELS {
        let held = &mut document["channels"][name];
        if let Some(new) =
            mapped(status, name).filter(|new| !held.is_null() && held["status"] != *new)
        {
            held["status"] = new.into();
            held["updated_at"] = now.into();
            events += 1;
        } else if held.is_null() {
            document["channels"]
                .as_object_mut()
                .expect("channels")
                .remove(name);
        }
    }
    events
}

pub fn items_of(channel: &Value) -> Vec<Value> {
    channel["work_items"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

/// The number of events between two documents, and whether something without an event changes.
pub fn differences(before: &Value, after: &Value) -> (u64, bool) {
    let differs = |one: &Value, other: &Value, key: &str| u64::from(one.get(key) != other.get(key));
    let status = [before, after].map(|document| &document["agent_status"]);
    let mut events = differs(before, after, "group_ids");
    events += differs(status[0], status[1], "id").max(differs(status[0], status[1], "reason"));
    for name in CHANNELS {
        let [old, new] = [before, after].map(|document| &document["channels"][name]);
        events += match (old.is_null(), new.is_null()) {
            (true, true) => 0,
            (false, false) => differs(old, new, "status") + differs(old, new, "max_capacity"),
            _ => 1,
        };
        let [old, new] = [old, new].map(items_of);
        let find = |items: &[Value], item: &Value| {
            items
                .iter()
                .find(|other| other["id"] == item["id"])
                .cloned()
        };
        events += old.iter().filter(|item| find(&new, item).is_none()).count() as u64;
        let is_other =
            |item: &&Value| find(&old, item).is_none_or(|old| old["reason"] != item["reason"]);
        events += new.iter().filter(is_other).count() as u64;
    }
    (events, before.get("skill_ids") != after.get("skill_ids"))
}

/// The ids of the accepted items of an agent's channel for calls.
fn calls(document: &Value) -> Vec<Value> {
    let items = items_of(&document["channels"]["talk"]).into_iter();
    let accepted = items.filter(|item| item["reason"] == "ACCEPTED");
    accepted.map(|item| item["id"].clone()).collect()
}

impl Documents {
    /// Notes which agents no longer hold an accepted call that they held before.
    pub fn note_ended_calls(&mut self, before: &Self, now: &str) {
        for (id, document) in &mut self.agents {
            let Some(old) = before.agents.get(id) else {
                continue;
            };
            let present = calls(document);
            if calls(old).iter().any(|call| !present.contains(call)) {
                document["talk"] = json!({ "via": "client", "call_ended_at": now });
            } else if let Some(talk) = old.get("talk") {
                document["talk"] = talk.clone();
            }
        }
    }

    /// The same answer, with the agents in it as they are here.
    pub fn renewed(&self, mut answer: Value) -> Value {
        for part in ["/from", "/to", ""] {
            if let Some(agent) = answer.pointer_mut(part)
                && let Some(present) = agent["id"].as_u64().and_then(|id| self.agents.get(&id))
            {
                *agent = present.clone();
            }
        }
        answer
    }
}
