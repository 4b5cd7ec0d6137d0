//! Answers about agents as serde writes them, from plain [`Agent`] values. Tests compare whole
//! bodies with them. The fields are in the order of `tests/it/snapshots/answers.txt`.

use serde::Serialize;
use zendesk_availability_emulator::config::SkillsForm;
use zendesk_availability_emulator::jiff::{Timestamp, tz::Offset};
use zendesk_availability_emulator::world::{Agent, AgentId, Channel, ChannelName, Page, WorkItem};

use crate::harness::P;

/// What the form of agents in an answer depends on, besides the agents.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    pub omnichannel: bool,
    pub skills: SkillsForm,
    pub work_items: usize,
    /// The only channel to show.
    pub channel: Option<ChannelName>,
    pub host: &'a str,
    pub to_me: bool,
}

#[derive(Serialize)]
struct Document {
    data: Resource,
    included: Vec<Included>,
}

#[derive(Serialize)]
struct List<T> {
    data: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<Vec<Included>>,
    links: Links,
    meta: Meta,
}

#[derive(Serialize)]
struct Links {
    prev: Option<String>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Meta {
    has_more: bool,
    after_cursor: Option<String>,
    before_cursor: Option<String>,
}

#[derive(Serialize)]
struct Resource {
    r#type: &'static str,
    id: String,
    attributes: Attributes,
    links: SelfLink,
    relationships: HasChannels,
}

#[derive(Serialize)]
struct Attributes {
    agent_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_status: Option<AgentStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_ids: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skills: Option<Skills>,
    version: u64,
}

#[derive(Serialize)]
struct AgentStatus {
    id: u64,
    name: String,
    reason: &'static str,
    updated_at: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Skills {
    Objects(Vec<Skill>),
    Ids(Vec<String>),
}

#[derive(Serialize)]
struct Skill {
    id: String,
}

#[derive(Serialize)]
struct SelfLink {
    #[serde(rename = "self")]
    this: String,
}

#[derive(Serialize)]
struct HasChannels {
    channels: References,
}

#[derive(Serialize)]
struct References {
    data: Vec<Reference>,
}

#[derive(Serialize)]
struct Reference {
    r#type: &'static str,
    id: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Included {
    Channel(ChannelResource),
    WorkItem(WorkItemResource),
}

#[derive(Serialize)]
struct ChannelResource {
    r#type: &'static str,
    id: String,
    attributes: ChannelAttributes,
    relationships: HasWorkItems,
}

#[derive(Serialize)]
struct ChannelAttributes {
    name: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_capacity: Option<u32>,
    updated_at: String,
    work_item_count: usize,
}

#[derive(Serialize)]
struct HasWorkItems {
    work_items: WorkItems,
}

#[derive(Serialize)]
struct WorkItems {
    data: Vec<Reference>,
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

#[derive(Serialize)]
struct WorkItemResource {
    r#type: &'static str,
    id: String,
    attributes: WorkItemAttributes,
}

#[derive(Serialize)]
struct WorkItemAttributes {
    added_at: String,
    reason: &'static str,
}

/// UTC with microseconds. Anything finer is cut off.
fn time(time: Timestamp) -> String {
    let at = Offset::UTC.to_datetime(time);
    // A year that does not have four digits is written with six and a sign.
    let year = if at.year() < 0 {
        format!("-{:06}", -at.year())
    } else {
        format!("{:04}", at.year())
    };
    let (month, day, micros) = (at.month(), at.day(), at.subsec_nanosecond() / 1000);
    format!(
        "{year}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{micros:06}Z",
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("it can be written")
}

impl Shape<'_> {
    /// The body of an answer with this agent.
    pub fn document(&self, agent: &Agent) -> Vec<u8> {
        bytes(&Document {
            data: self.resource(agent),
            included: self.included(agent),
        })
    }

    /// The body of an answer with this page of agents. Links repeat `query`, in the order of the
    /// request.
    pub fn list(&self, page: &Page<Agent>, query: &[(&str, &str)]) -> Vec<u8> {
        let url = format!("http://{}{P}", self.host);
        let (links, meta) = envelope(page, |agent| agent.id.0, &url, query);
        bytes(&List {
            data: page
                .items
                .iter()
                .map(|agent| self.resource(agent))
                .collect(),
            included: Some(
                page.items
                    .iter()
                    .flat_map(|agent| self.included(agent))
                    .collect(),
            ),
            links,
            meta,
        })
    }

    /// The body of an answer with this page of the items of a channel.
    pub fn work_items(
        &self,
        id: AgentId,
        name: ChannelName,
        page: &Page<WorkItem>,
        query: &[(&str, &str)],
    ) -> Vec<u8> {
        let (links, meta) = envelope(
            page,
            |item| item.id.0,
            &self.work_items_url(id, name),
            query,
        );
        let data = page
            .items
            .iter()
            .map(|item| work_item(id, name, item))
            .collect();
        bytes(&List {
            data,
            included: None,
            links,
            meta,
        })
    }

    fn work_items_url(&self, id: AgentId, name: ChannelName) -> String {
        let agent = if self.to_me {
            "me".to_owned()
        } else {
            id.to_string()
        };
        format!(
            "http://{}{P}/{agent}/channels/{name}/relationships/work_items",
            self.host
        )
    }

    fn resource(&self, agent: &Agent) -> Resource {
        let id = agent.id;
        let status = || AgentStatus {
            id: agent.status.status.id.0,
            name: agent.status.status.name.to_string(),
            reason: agent.status.reason.as_str(),
            updated_at: time(agent.status.updated_at),
        };
        let skills = agent
            .skills
            .as_ref()
            .map(|ids| ids.iter().map(|id| id.0.to_string()));
        let skills = skills.and_then(|ids| match self.skills {
            SkillsForm::Objects => Some(Skills::Objects(ids.map(|id| Skill { id }).collect())),
            SkillsForm::Ids => Some(Skills::Ids(ids.collect())),
            _ => None,
        });
        let channels = self.shown(agent).into_iter();
        let data = channels
            .map(|channel| Reference {
                r#type: "channels",
                id: channel_key(id, channel.name),
            })
            .collect();
        Resource {
            r#type: "agent_availabilities",
            id: format!("agent_availabilities|{id}"),
            attributes: Attributes {
                agent_id: id.0,
                agent_status: self.omnichannel.then(status),
                group_ids: agent
                    .groups
                    .as_ref()
                    .map(|ids| ids.iter().map(|id| id.0).collect()),
                skills,
                version: agent.version,
            },
            links: SelfLink {
                this: format!("http://{}{P}/{id}", self.host),
            },
            relationships: HasChannels {
                channels: References { data },
            },
        }
    }

    fn shown<'a>(&self, agent: &'a Agent) -> Vec<&'a Channel> {
        let is_shown = |channel: &&Channel| self.channel.is_none_or(|name| name == channel.name);
        let mut channels: Vec<_> = agent.channels.iter().filter(is_shown).collect();
        channels.sort_by_key(|channel| channel.name.as_str());
        channels
    }

    /// The channels of an agent, then the work items of all of them.
    fn included(&self, agent: &Agent) -> Vec<Included> {
        let shown = self.shown(agent);
        let channels = shown
            .iter()
            .map(|channel| Included::Channel(self.channel(agent.id, channel)));
        let items = shown.iter().flat_map(|channel| {
            let items = sorted(channel).into_iter().take(self.work_items);
            items.map(|item| Included::WorkItem(work_item(agent.id, channel.name, &item)))
        });
        channels.chain(items).collect()
    }

    fn channel(&self, id: AgentId, channel: &Channel) -> ChannelResource {
        let items: Vec<_> = sorted(channel).into_iter().take(self.work_items).collect();
        let has_more = channel.work_items.len() > items.len();
        let url = self.work_items_url(id, channel.name);
        let next = items.last().map_or(url.clone(), |last| {
            format!("{url}?page%5Bafter%5D={}", last.id)
        });
        ChannelResource {
            r#type: "channels",
            id: channel_key(id, channel.name),
            attributes: ChannelAttributes {
                name: channel.name.as_str(),
                status: channel.status.as_str(),
                max_capacity: channel.max_capacity.filter(|_| self.omnichannel),
                updated_at: time(channel.updated_at),
                work_item_count: channel.work_items.len(),
            },
            relationships: HasWorkItems {
                work_items: WorkItems {
                    data: items
                        .iter()
                        .map(|item| reference(id, channel.name, item))
                        .collect(),
                    links: NextLink {
                        next: has_more.then_some(next),
                    },
                    meta: HasMore { has_more },
                },
            },
        }
    }
}

fn channel_key(id: AgentId, name: ChannelName) -> String {
    format!("agent_availabilities|{id}|channels|{name}")
}

fn reference(id: AgentId, name: ChannelName, item: &WorkItem) -> Reference {
    Reference {
        r#type: "work_items",
        id: format!("{}|work_items|{}", channel_key(id, name), item.id),
    }
}

fn work_item(id: AgentId, name: ChannelName, item: &WorkItem) -> WorkItemResource {
    let Reference { r#type, id } = reference(id, name, item);
    let attributes = WorkItemAttributes {
        added_at: time(item.added_at),
        reason: item.reason.as_str(),
    };
    WorkItemResource {
        r#type,
        id,
        attributes,
    }
}

/// The items of a channel, oldest first, and by id within one microsecond.
fn sorted(channel: &Channel) -> Vec<WorkItem> {
    let mut items = channel.work_items.clone();
    items.sort_by_key(|item| (item.added_at.as_nanosecond().div_euclid(1000), item.id));
    items
}

fn envelope<T>(
    page: &Page<T>,
    id: impl Fn(&T) -> u64,
    url: &str,
    query: &[(&str, &str)],
) -> (Links, Meta) {
    let [first, last] =
        [page.items.first(), page.items.last()].map(|item| item.map(|item| id(item).to_string()));
    let link = |name, cursor: &Option<String>| {
        let cursor = cursor.as_deref().expect("an empty page has no links");
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        format!(
            "{url}?{}",
            pairs.extend_pairs(query).append_pair(name, cursor).finish()
        )
    };
    let links = Links {
        prev: page.has_previous.then(|| link("page[before]", &first)),
        next: page.has_next.then(|| link("page[after]", &last)),
    };
    (
        links,
        Meta {
            has_more: page.has_next,
            after_cursor: last,
            before_cursor: first,
        },
    )
}
