//! An agent as a JSON:API resource, with the channels and work items that go along: the one place that renders agents.

use serde::Serialize;

use super::call::Call;
use super::error::ApiError;
use super::id::{AgentKey, ChannelKey, Reference, WorkItemKey};
use super::page;
use super::time::Micros;
use super::work_items::{self, WorkItemResource};
use crate::config::SkillsForm;
use crate::world::{Agent, AgentId, AgentStatus, Channel, ChannelName, SkillId, WorkItem};

/// How an account's settings and a request shape the agents in the answer.
pub(super) struct View<'a> {
    call: &'a Call,
    skills: SkillsForm,
    work_items: usize,
    /// The only channels to show, if any were selected.
    channels: Option<&'a [ChannelName]>,
}

impl<'a> View<'a> {
    pub(super) fn new(call: &'a Call, channels: Option<&'a [ChannelName]>) -> Self {
        let settings = &call.account.settings;
        Self { call, skills: settings.skills, work_items: settings.work_items_per_page, channels }
    }

    /// An agent, and what the document includes for it.
    pub(super) fn render<'b>(&self, agent: &'b Agent) -> Result<(AgentResource<'b>, Vec<Included>), ApiError> {
        let shown = |channel: &&Channel| self.channels.is_none_or(|names| names.contains(&channel.name));
        let channels: Vec<_> = agent.channels.iter().filter(shown).collect();
        let url = self.call.agent_url(agent.id)?;
        let mut included: Vec<_> = channels.iter().map(|channel| self.channel(agent.id, channel, &url)).collect();
        included.extend(channels.iter().flat_map(|channel| {
            let items = self.listed(channel).iter();
            items.map(|item| Included::WorkItem(WorkItemResource::new(agent.id, channel.name, item)))
        }));
        let resource = AgentResource {
            kind: "agent_availabilities",
            id: AgentKey(agent.id),
            attributes: AgentAttributes {
                agent_id: agent.id.0,
                agent_status: self.call.shows_omnichannel.then(|| StatusAttribute::from(&agent.status)),
                group_ids: agent.groups.as_ref().map(|groups| groups.iter().map(|group| group.0).collect()),
                skills: agent.skills.as_ref().and_then(|skills| self.skills(skills)),
                version: agent.version,
            },
            links: SelfLink { this: self.call.url(&format!("/{}", agent.id))? },
            relationships: AgentRelationships {
                channels: References {
                    data: channels.iter().map(|channel| Reference::channel(agent.id, channel.name)).collect(),
                },
            },
        };
        Ok((resource, included))
    }

    fn skills<'b>(&self, skills: &'b [SkillId]) -> Option<Skills<'b>> {
        let ids = skills.iter().map(|skill| &*skill.0);
        match self.skills {
            SkillsForm::Objects => Some(Skills::Objects(ids.map(|id| SkillObject { id }).collect())),
            SkillsForm::Ids => Some(Skills::Ids(ids.collect())),
            SkillsForm::Omit => None,
        }
    }

    /// The work items that are included: the first page.
    fn listed<'b>(&self, channel: &'b Channel) -> &'b [WorkItem] {
        &channel.work_items[..channel.work_items.len().min(self.work_items)]
    }

    fn channel(&self, agent: AgentId, channel: &Channel, agent_url: &str) -> Included {
        let listed = self.listed(channel);
        let has_more = listed.len() < channel.work_items.len();
        let url = || work_items::url(agent_url, channel.name);
        let next = has_more.then(|| page::next_link(&url(), listed.last().map(|item| item.id)));
        Included::Channel(ChannelResource {
            kind: "channels",
            id: ChannelKey(agent, channel.name),
            attributes: ChannelAttributes {
                name: channel.name.as_str(),
                status: channel.status.as_str(),
                max_capacity: channel.max_capacity.filter(|_| self.call.shows_omnichannel),
                updated_at: Micros(channel.updated_at),
                work_item_count: channel.work_items.len(),
            },
            relationships: ChannelRelationships {
                work_items: FirstPage {
                    data: listed.iter().map(|item| Reference::work_item(agent, channel.name, item.id)).collect(),
                    links: NextLink { next },
                    meta: HasMore { has_more },
                },
            },
        })
    }
}

#[derive(Serialize)]
pub(super) struct AgentResource<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: AgentKey,
    attributes: AgentAttributes<'a>,
    links: SelfLink,
    relationships: AgentRelationships,
}

#[derive(Serialize)]
struct AgentAttributes<'a> {
    agent_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_status: Option<StatusAttribute<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_ids: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skills: Option<Skills<'a>>,
    version: u64,
}

#[derive(Serialize)]
struct StatusAttribute<'a> {
    id: u64,
    name: &'a str,
    reason: &'static str,
    updated_at: Micros,
}

impl<'a> From<&'a AgentStatus> for StatusAttribute<'a> {
    fn from(agent: &'a AgentStatus) -> Self {
        Self {
            id: agent.status.id.0,
            name: &agent.status.name,
            reason: agent.reason.as_str(),
            updated_at: Micros(agent.updated_at),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Skills<'a> {
    Objects(Vec<SkillObject<'a>>),
    Ids(Vec<&'a str>),
}

#[derive(Serialize)]
struct SkillObject<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct SelfLink {
    #[serde(rename = "self")]
    this: String,
}

#[derive(Serialize)]
struct AgentRelationships {
    channels: References<ChannelKey>,
}

#[derive(Serialize)]
struct References<K> {
    data: Vec<Reference<K>>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Included {
    Channel(ChannelResource),
    WorkItem(WorkItemResource),
}

#[derive(Serialize)]
pub(super) struct ChannelResource {
    #[serde(rename = "type")]
    kind: &'static str,
    id: ChannelKey,
    attributes: ChannelAttributes,
    relationships: ChannelRelationships,
}

#[derive(Serialize)]
struct ChannelAttributes {
    name: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_capacity: Option<u32>,
    updated_at: Micros,
    work_item_count: usize,
}

#[derive(Serialize)]
struct ChannelRelationships {
    work_items: FirstPage,
}

#[derive(Serialize)]
struct FirstPage {
    data: Vec<Reference<WorkItemKey>>,
    links: NextLink,
    meta: HasMore,
}

#[derive(Serialize)]
struct NextLink {
    next: Option<String>,
}

#[derive(Serialize)]
struct HasMore {
    has_more: bool,
}
