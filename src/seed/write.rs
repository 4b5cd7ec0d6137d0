//! Parts of a world as documents, in the form in which a seed has them.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::wire::agent::{AgentDocument, AgentStatusDocument, ChannelDocument, WorkItemDocument};
use crate::wire::group::GroupDocument;
use crate::wire::talk::TalkDocument;
use crate::wire::token::{ApiTokenDocument, OauthTokenDocument};
use crate::wire::user::UserDocument;
use crate::world::{
    Agent, ApiToken, Capacities, CapacityRule, Channel, Group, Micros, OauthClient, OauthToken,
    Skill, Status, StatusKind, Talk, User, WorkItem,
};

/// An agent. Groups and skills that are not known are left out, which is not the same as none.
pub(crate) fn agent(agent: &Agent) -> AgentDocument {
    let Agent {
        id,
        version,
        status,
        groups,
        skills,
        channels,
        talk: of_talk,
    } = agent;
    AgentDocument {
        id: id.0,
        version: *version,
        agent_status: AgentStatusDocument {
            id: status.status.id.0,
            reason: status.reason,
            updated_at: status.updated_at,
        },
        group_ids: groups
            .as_ref()
            .map(|ids| ids.iter().map(|id| id.0).collect()),
        skill_ids: skills
            .as_ref()
            .map(|ids| ids.iter().map(|id| id.0.to_string()).collect()),
        channels: channels.iter().map(|it| (it.name, channel(it))).collect(),
        talk: (*of_talk != Talk::default()).then(|| talk(of_talk)),
    }
}

fn talk(talk: &Talk) -> TalkDocument {
    let Talk {
        via,
        call_status,
        call_ended_at,
        activity,
    } = talk.clone();
    TalkDocument {
        via,
        call_status,
        call_ended_at,
        activity,
    }
}

fn channel(channel: &Channel) -> ChannelDocument {
    let Channel {
        name: _,
        status,
        max_capacity,
        updated_at,
        work_items,
    } = channel;
    ChannelDocument {
        status: *status,
        max_capacity: *max_capacity,
        updated_at: *updated_at,
        work_items: work_items.iter().map(work_item).collect(),
    }
}

fn work_item(item: &WorkItem) -> WorkItemDocument {
    let WorkItem {
        id,
        added_at,
        reason,
    } = *item;
    WorkItemDocument {
        id: id.0,
        added_at,
        reason,
    }
}

/// A unified status. A standard one has no groups and channels.
pub(crate) fn status(status: &Status) -> Value {
    let mut document = json!({ "id": status.id.0, "name": &*status.name });
    if let Some(description) = &status.description {
        document["description"] = description.as_str().into();
    }
    if let StatusKind::Custom { updated_at } = status.kind {
        document["group_ids"] = status.group_ids.iter().map(|group| group.0).collect();
        document["channels"] = status_channels(status);
        document["updated_at"] = Timestamp::from(Micros::from(updated_at)).to_string().into();
    }
    document
}

/// The status that a unified status gives each channel.
pub(crate) fn status_channels(status: &Status) -> Value {
    let channels = status
        .channels
        .iter()
        .map(|(name, status)| (name.to_string(), status.as_str().into()));
    Value::Object(channels.collect())
}

/// A group.
pub(crate) fn group(group: &Group) -> GroupDocument {
    let Group {
        id,
        name,
        description,
        is_public,
    } = group.clone();
    GroupDocument {
        id: id.0,
        name,
        description,
        is_public,
    }
}

/// A skill.
pub(crate) fn skill(skill: &Skill) -> Value {
    json!({ "id": &*skill.id.0, "name": skill.name })
}

/// A capacity rule.
pub(crate) fn capacity_rule(rule: &CapacityRule) -> Value {
    let CapacityRule {
        id,
        name,
        description,
        is_default,
        capacities:
            Capacities {
                email,
                messaging,
                voice,
            },
        agents,
        created_at,
        last_updated_at,
    } = rule;
    let mut document = json!({
        "id": id,
        "name": name,
        "default": is_default,
        "capacities": { "email": email, "messaging": messaging, "voice": voice },
        "created_at": created_at.to_string(),
        "last_updated_at": last_updated_at.to_string(),
    });
    if let Some(description) = description {
        document["description"] = description.as_str().into();
    }
    if !is_default {
        document["agent_ids"] = agents.iter().map(|agent| agent.0).collect();
    }
    document
}

/// A user.
pub(crate) fn user(user: &User) -> UserDocument {
    let User {
        id,
        name,
        email,
        role,
        password,
        external_id,
        phone,
        active,
        suspended,
        tags,
    } = user.clone();
    UserDocument {
        id: id.0,
        name,
        email,
        role,
        password,
        external_id,
        phone,
        active,
        suspended,
        tags,
    }
}

/// An API token.
pub(crate) fn api_token(token: &ApiToken) -> ApiTokenDocument {
    let ApiToken {
        id,
        token,
        description,
        active,
        created_at,
        activated_at,
        last_use,
    } = token.clone();
    ApiTokenDocument {
        id: id.0,
        token,
        description,
        active,
        created_at,
        activated_at,
        last_used_at: last_use.time(),
    }
}

/// An OAuth token.
pub(crate) fn oauth_token(token: &OauthToken) -> OauthTokenDocument {
    let OauthToken {
        id,
        token,
        user,
        client,
        scopes,
        created_at,
        expires_at,
        refresh,
        last_use,
    } = token;
    let refresh_token = refresh.as_ref().map(|refresh| refresh.token.to_string());
    let refresh_token_expires_at = refresh.as_ref().and_then(|refresh| refresh.expires_at);
    OauthTokenDocument {
        id: id.0,
        token: token.to_string(),
        user_id: user.0,
        client_id: client.map(|client| client.0),
        scopes: scopes.to_vec(),
        created_at: *created_at,
        expires_at: *expires_at,
        refresh_token,
        refresh_token_expires_at,
        used_at: last_use.time(),
    }
}

/// An OAuth client.
pub(crate) fn oauth_client(client: &OauthClient) -> Value {
    let OauthClient {
        id,
        identifier,
        name,
        kind,
        secret,
        redirect_uris,
        allowed_scopes,
        company,
        description,
        logo_url,
        global,
        user,
        created_at,
        updated_at,
    } = client;
    let mut document = json!({
        "id": id.0,
        "identifier": identifier,
        "name": name,
        "kind": kind,
        "redirect_uri": redirect_uris,
        "global": global,
        "user_id": user.0,
        "created_at": created_at,
        "updated_at": updated_at,
    });
    let texts = [
        ("secret", secret),
        ("company", company),
        ("description", description),
        ("logo_url", logo_url),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            document[key] = text.as_str().into();
        }
    }
    if let Some(scopes) = allowed_scopes {
        document["allowed_scopes"] = scopes.iter().map(String::as_str).collect();
    }
    document
}
