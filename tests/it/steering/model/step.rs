//! The steps of a tester, and their expected results.

use axum::http::Method;
use serde_json::{Value, json};

use super::documents::{CHANNELS, Documents, differences, enter, items_of, mapped, resolved};

pub const IDS: [u64; 4] = [1, 2, 3, 4];

#[derive(Clone, Debug)]
pub enum Step {
    Create(u64, Value),
    Many(Vec<u64>),
    Replace(u64, Value),
    Patch(u64, Value),
    Delete(u64),
    PutChannel(u64, &'static str, Value),
    PatchChannel(u64, &'static str, Value),
    DeleteChannel(u64, &'static str),
    AddItem(u64, &'static str, u64),
    UpdateItem(u64, &'static str, u64, &'static str),
    DeleteItem(u64, &'static str, u64),
    Move {
        from: (u64, &'static str),
        item: u64,
        agent: Option<u64>,
        channel: Option<&'static str>,
    },
    Presence(u64, &'static str),
}

/// The expected result of a step: the answer, and the agent and version of each event.
pub struct Done {
    pub status: u16,
    pub answer: Option<Value>,
    pub events: Vec<(u64, u64)>,
}

impl Step {
    /// The call, with its body.
    pub fn call(&self) -> (Method, String, Value) {
        let item = |id: &u64, channel: &str, item: &u64| {
            format!("/agents/{id}/channels/{channel}/work_items/{item}")
        };
        match self {
            Self::Create(id, body) => {
                let mut body = if body.is_null() {
                    json!({})
                } else {
                    body.clone()
                };
                body["id"] = (*id).into();
                (Method::POST, "/agents".to_owned(), body)
            }
            // The body is lines and not one JSON document.
            Self::Many(_) => (Method::POST, "/agents".to_owned(), Value::Null),
            Self::Replace(id, body) => (Method::PUT, format!("/agents/{id}"), body.clone()),
            Self::Patch(id, body) => (Method::PATCH, format!("/agents/{id}"), body.clone()),
            Self::Delete(id) => (Method::DELETE, format!("/agents/{id}"), json!({})),
            Self::PutChannel(id, name, body) => (
                Method::PUT,
                format!("/agents/{id}/channels/{name}"),
                body.clone(),
            ),
            Self::PatchChannel(id, name, body) => (
                Method::PATCH,
                format!("/agents/{id}/channels/{name}"),
                body.clone(),
            ),
            Self::DeleteChannel(id, name) => (
                Method::DELETE,
                format!("/agents/{id}/channels/{name}"),
                json!({}),
            ),
            Self::AddItem(id, name, item) => (
                Method::POST,
                format!("/agents/{id}/channels/{name}/work_items"),
                json!({ "id": item }),
            ),
            Self::UpdateItem(id, name, of, reason) => (
                Method::PATCH,
                item(id, name, of),
                json!({ "reason": reason }),
            ),
            Self::DeleteItem(id, name, of) => (Method::DELETE, item(id, name, of), json!({})),
            Self::Move {
                from: (id, name),
                item: of,
                agent,
                channel,
            } => {
                let body = json!({ "agent_id": agent, "channel": channel });
                (Method::POST, format!("{}/move", item(id, name, of)), body)
            }
            Self::Presence(id, what) => (Method::POST, format!("/agents/{id}/{what}"), json!({})),
        }
    }

    /// Makes the change in the documents. The caller discards them if it is refused.
    pub fn apply_to(&self, documents: &mut Documents, now: &str) -> Result<Done, u16> {
        match self {
            Self::Create(id, body) => {
                let answer = resolved(*id, body, None, now);
                if documents.agents.insert(*id, answer.clone()).is_some() {
                    return Err(409);
                }
                documents.before.remove(id);
                Ok(Done {
                    status: 201,
                    answer: Some(answer),
                    events: Vec::new(),
                })
            }
            Self::Many(ids) => {
                for id in ids {
                    let agent = resolved(*id, &Value::Null, None, now);
                    if documents.agents.insert(*id, agent).is_some() {
                        return Err(422);
                    }
                    documents.before.remove(id);
                }
                Ok(Done {
                    status: 201,
                    answer: Some(json!({ "created": ids.len() })),
                    events: Vec::new(),
                })
            }
            Self::Replace(id, body) => {
                let Some(old) = documents.agents.get(id).cloned() else {
                    let answer = resolved(*id, body, None, now);
                    documents.agents.insert(*id, answer.clone());
                    documents.before.remove(id);
                    return Ok(Done {
                        status: 201,
                        answer: Some(answer),
                        events: Vec::new(),
                    });
                };
                Ok(documents.turn(*id, resolved(*id, body, Some(&old), now), 200))
            }
            Self::Patch(id, patch) => {
                let old = documents.agents.get(id).cloned().ok_or(404_u16)?;
                Ok(documents.turn(*id, patched(*id, &old, patch, now), 200))
            }
            Self::Delete(id) => {
                let answer = documents.agents.remove(id).ok_or(404_u16)?;
                Ok(Done {
                    status: 200,
                    answer: Some(answer),
                    events: Vec::new(),
                })
            }
            Self::Move {
                from,
                item,
                agent,
                channel,
            } => documents.move_item(
                *from,
                *item,
                (agent.unwrap_or(from.0), channel.unwrap_or(from.1)),
                now,
            ),
            Self::Presence(id, what) => documents.happen(*id, what, now),
            _ => self.apply_to_channel(documents, now),
        }
    }

    fn apply_to_channel(&self, documents: &mut Documents, now: &str) -> Result<Done, u16> {
        let (Self::PutChannel(id, name, _)
        | Self::PatchChannel(id, name, _)
        | Self::DeleteChannel(id, name)
        | Self::AddItem(id, name, _)
        | Self::UpdateItem(id, name, ..)
        | Self::DeleteItem(id, name, _)) = self
        else {
            unreachable!("the others have been dealt with");
        };
        let mut document = documents.agents.get(id).cloned().ok_or(404_u16)?;
        let status = document["agent_status"]["id"].as_u64().expect("an id");
        let channels = document["channels"].as_object_mut().expect("channels");
        let held = channels.get(*name).cloned();
        let mut code = 200;
        match self {
            Self::PutChannel(_, _, body) => {
                code = if held.is_some() { 200 } else { 201 };
                let state = body["status"].as_str().or(mapped(status, name));
                let state = state
                    .or(held.as_ref().and_then(|held| held["status"].as_str()))
                    .unwrap_or("offline");
                let new = json!({ "status": state, "max_capacity": body["max_capacity"] });
                channels.insert((*name).to_owned(), set(held.as_ref(), &new, now));
            }
            Self::PatchChannel(_, _, body) => {
                let held = held.ok_or(404_u16)?;
                let capacity = body
                    .get("max_capacity")
                    .or(held.get("max_capacity"))
                    .cloned()
                    .unwrap_or_default();
                let state = body["status"].as_str().or(held["status"].as_str());
                let new = json!({ "status": state, "max_capacity": capacity });
                channels.insert((*name).to_owned(), set(Some(&held), &new, now));
            }
            Self::DeleteChannel(..) => _ = channels.remove(*name).ok_or(404_u16)?,
            Self::AddItem(_, _, item) => {
                let held = channels.get_mut(*name).ok_or(404_u16)?;
                let items = held["work_items"].as_array_mut().expect("items");
                if items.iter().any(|held| held["id"] == *item) {
                    return Err(409);
                }
                code = 201;
                items.push(json!({ "id": item, "added_at": now, "reason": "ASSIGNED" }));
            }
            Self::UpdateItem(_, _, item, reason) => {
                let held = channels.get_mut(*name).ok_or(404_u16)?;
                let items = held["work_items"].as_array_mut().expect("items");
                items
                    .iter_mut()
                    .find(|held| held["id"] == *item)
                    .ok_or(404_u16)?["reason"] = (*reason).into();
                // Setting the present reason is a change like any other.
                return Ok(documents.changed(*id, document, 1, 200));
            }
            Self::DeleteItem(_, _, item) => {
                let held = channels.get_mut(*name).ok_or(404_u16)?;
                let items = held["work_items"].as_array_mut().expect("items");
                items.remove(
                    items
                        .iter()
                        .position(|held| held["id"] == *item)
                        .ok_or(404_u16)?,
                );
            }
            _ => unreachable!("it is about a channel"),
        }
        Ok(documents.turn(*id, document, code))
    }
}

/// Sets the status and the capacity of a channel.
fn set(held: Option<&Value>, new: &Value, now: &str) -> Value {
    let mut channel = json!({ "status": new["status"] });
    if !new["max_capacity"].is_null() {
        channel["max_capacity"] = new["max_capacity"].clone();
    }
    let same = |held: &&Value| {
        held["status"] == channel["status"]
            && held.get("max_capacity") == channel.get("max_capacity")
    };
    let since = held
        .filter(same)
        .map_or(json!(now), |held| held["updated_at"].clone());
    channel["updated_at"] = since;
    channel["work_items"] = held.map_or(json!([]), |held| held["work_items"].clone());
    channel
}

fn patched(id: u64, old: &Value, patch: &Value, now: &str) -> Value {
    let status = patch["agent_status"]["id"].as_u64();
    let is_other = status.is_some_and(|status| old["agent_status"]["id"] != status);
    let mut body = old.clone();
    for key in ["id", "reason"] {
        if !patch["agent_status"][key].is_null() {
            body["agent_status"][key] = patch["agent_status"][key].clone();
        }
    }
    for key in ["group_ids", "skill_ids"] {
        if let Some(value) = patch.get(key) {
            body[key] = value.clone();
        }
    }
    for name in CHANNELS {
        let said = patch["channels"].get(name);
        if said.is_some_and(Value::is_null) {
            body["channels"][name] = Value::Null;
        } else if said.is_some() || !old["channels"][name].is_null() {
            for key in ["status", "max_capacity"] {
                match said.and_then(|said| said.get(key)) {
                    Some(value) => body["channels"][name][key] = value.clone(),
                    None if key == "status" && is_other => {
                        body["channels"][name][key] = Value::Null;
                    }
                    None => {}
                }
            }
            if body["channels"][name].is_null() {
                body["channels"][name] = json!({});
            }
        }
    }
    resolved(id, &body, Some(old), now)
}

impl Documents {
    /// Replaces an agent, with an event for each difference.
    fn turn(&mut self, id: u64, document: Value, status: u16) -> Done {
        let (events, silent) = differences(&self.agents[&id], &document);
        let mut done = self.changed(id, document, events, status);
        if silent {
            let document = self.agents.get_mut(&id).expect("it is there");
            document["version"] = (document["version"].as_u64().expect("a version") + 1).into();
            done.answer = Some(document.clone());
        }
        done
    }

    fn changed(&mut self, id: u64, mut document: Value, events: u64, status: u16) -> Done {
        let version = document["version"].as_u64().expect("a version");
        document["version"] = (version + events).into();
        if document["agent_status"]["reason"] != "AGENT_DISCONNECTED" {
            self.before
                .insert(id, document["agent_status"]["id"].as_u64().expect("an id"));
        }
        self.agents.insert(id, document.clone());
        let events = (version + 1..=version + events)
            .map(|version| (id, version))
            .collect();
        Done {
            status,
            answer: Some(document),
            events,
        }
    }

    fn happen(&mut self, id: u64, what: &str, now: &str) -> Result<Done, u16> {
        let mut document = self.agents.get(&id).cloned().ok_or(404_u16)?;
        let was = document["agent_status"].clone();
        let (status, reason) = match what {
            "sign-in" => (3, "AGENT_STATUS_SWITCHER"),
            "sign-out" => (2, "AGENT_LOGOUT"),
            "disconnect" => (2, "AGENT_DISCONNECTED"),
            "idle" => (4, "AGENT_IDLE_TIMEOUT"),
            _ if was["reason"] != "AGENT_DISCONNECTED" => return Err(409),
            _ => {
                let status = self.before.get(&id).copied().ok_or(409_u16)?;
                let groups = document["group_ids"].as_array();
                if status == 51 && !groups.is_some_and(|groups| groups.contains(&json!(2))) {
                    return Err(409);
                }
                (status, "SWITCHER_AUTO_RECONNECT")
            }
        };
        if was["reason"] != "AGENT_DISCONNECTED" {
            self.before.insert(id, was["id"].as_u64().expect("an id"));
        }
        let events = enter(&mut document, status, reason, now);
        Ok(self.changed(id, document, events, 200))
    }

    fn move_item(
        &mut self,
        from: (u64, &str),
        item: u64,
        to: (u64, &str),
        now: &str,
    ) -> Result<Done, u16> {
        let held = |documents: &Self, (id, name): (u64, &str)| {
            let channel = documents
                .agents
                .get(&id)
                .map(|agent| agent["channels"][name].clone());
            let channel = channel.filter(|channel| !channel.is_null())?;
            Some(items_of(&channel).iter().any(|held| held["id"] == item))
        };
        if !held(self, from).ok_or(404_u16)? {
            return Err(404);
        }
        if held(self, to).ok_or(422_u16)? {
            return Err(409);
        }
        let mut giver = self.agents[&from.0].clone();
        giver["channels"][from.1]["work_items"]
            .as_array_mut()
            .expect("items")
            .retain(|held| held["id"] != item);
        let mut events = self.turn(from.0, giver, 200).events;
        let mut taker = self.agents[&to.0].clone();
        let reason = if from.0 == to.0 {
            "CHANNEL_CHANGE"
        } else {
            "ASSIGNED_TRANSFER"
        };
        let items = taker["channels"][to.1]["work_items"]
            .as_array_mut()
            .expect("items");
        items.push(json!({ "id": item, "added_at": now, "reason": reason }));
        events.extend(self.turn(to.0, taker, 200).events);
        let answer = json!({ "from": self.agents[&from.0], "to": self.agents[&to.0] });
        Ok(Done {
            status: 200,
            answer: Some(answer),
            events,
        })
    }
}
