//! Parts of a seed as documents, in the form in which they are read: what was written can be read
//! again.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::world::{
    Agent, ApiToken, Channel, Group, Micros, OauthToken, Skill, Status, StatusKind, User, WorkItem,
};

/// An agent. Groups and skills that are not known are left out, which is not the same as none.
pub(crate) fn agent(agent: &Agent) -> Value {
    let mut document = json!({
        "id": agent.id.0,
        "version": agent.version,
        "agent_status": {
            "id": agent.status.status.id.0,
            "reason": agent.status.reason.as_str(),
            "updated_at": micros(agent.status.updated_at),
        },
    });
    if let Some(groups) = &agent.groups {
        document["group_ids"] = groups.iter().map(|group| group.0).collect();
    }
    if let Some(skills) = &agent.skills {
        document["skill_ids"] = skills.iter().map(|skill| &*skill.0).collect();
    }
    let channels = agent
        .channels
        .iter()
        .map(|it| (it.name.as_str().to_owned(), channel(it)));
    document["channels"] = Value::Object(channels.collect());
    document
}

/// A channel of an agent.
fn channel(channel: &Channel) -> Value {
    let mut document = Map::new();
    document.insert("status".to_owned(), channel.status.as_str().into());
    if let Some(capacity) = channel.max_capacity {
        document.insert("max_capacity".to_owned(), capacity.into());
    }
    document.insert("updated_at".to_owned(), micros(channel.updated_at).into());
    document.insert(
        "work_items".to_owned(),
        channel.work_items.iter().map(work_item).collect(),
    );
    document.into()
}

/// A work item of a channel.
pub(crate) fn work_item(item: &WorkItem) -> Value {
    json!({ "id": item.id.0, "added_at": micros(item.added_at), "reason": item.reason.as_str() })
}

/// A unified status: a standard one has neither groups nor channels to say.
pub(crate) fn status(status: &Status) -> Value {
    let mut document = json!({ "id": status.id.0, "name": &*status.name });
    if let Some(description) = &status.description {
        document["description"] = description.as_str().into();
    }
    if let StatusKind::Custom { updated_at } = status.kind {
        document["group_ids"] = status.group_ids.iter().map(|group| group.0).collect();
        let channels = status
            .channels
            .iter()
            .map(|(name, status)| (name.to_string(), status.as_str().into()));
        document["channels"] = Value::Object(channels.collect());
        document["updated_at"] = Timestamp::from(Micros::from(updated_at)).to_string().into();
    }
    document
}

/// A group.
pub(crate) fn group(group: &Group) -> Value {
    json!({ "id": group.id.0, "name": group.name })
}

/// A skill.
pub(crate) fn skill(skill: &Skill) -> Value {
    json!({ "id": &*skill.id.0, "name": skill.name })
}

/// A user.
pub(crate) fn user(user: &User) -> Value {
    let mut document = json!({ "id": user.id.0, "name": user.name, "email": user.email, "role": user.role.as_str() });
    if let Some(password) = &user.password {
        document["password"] = password.as_str().into();
    }
    document
}

/// An API token.
pub(crate) fn api_token(token: &ApiToken) -> Value {
    let mut document = json!({ "id": token.id.0, "token": token.token });
    if let Some(description) = &token.description {
        document["description"] = description.as_str().into();
    }
    document
}

/// An OAuth token.
pub(crate) fn oauth_token(token: &OauthToken) -> Value {
    let scopes: Value = token.scopes.iter().map(String::as_str).collect();
    let mut document = json!({ "id": token.id.0, "token": token.token, "user_id": token.user.0, "scopes": scopes });
    if let Some(expires_at) = token.expires_at {
        document["expires_at"] = expires_at.to_string().into();
    }
    document
}

/// As precise as a world keeps the times of agents, and as other answers show times.
pub(crate) fn micros(time: Timestamp) -> String {
    format!("{time:.6}")
}
