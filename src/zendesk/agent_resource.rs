//! An agent as a JSON:API resource, with the channels and work items that go along: the one place that renders agents.
//!
//! Nearly all that the emulator sends is made here, so it is written straight into the bytes of the answer. What the
//! pieces mean is in `openapi/`.

use super::call::Call;
use super::error::ApiError;
use super::json::{Json, escaped};
use super::page::{Links, Meta, NEXT};
use super::work_items;
use crate::config::SkillsForm;
use crate::world::{AgentId, ChannelName, ChannelRecord, ItemRecord, Record};

/// How an account's settings and a request shape the agents in the answer.
pub(super) struct View<'a> {
    shows_omnichannel: bool,
    skills: SkillsForm,
    /// How many work items of a channel are included: the first page.
    work_items: usize,
    /// The only channels to show, if any were selected.
    channels: Option<&'a [ChannelName]>,
    /// What links begin with, as it stands in JSON.
    url: String,
    /// Agents may call only the `/me` forms, so links to their work items have it.
    links_to_me: bool,
}

impl<'a> View<'a> {
    pub(super) fn new(call: &'a Call, channels: Option<&'a [ChannelName]>) -> Result<Self, ApiError> {
        let settings = &call.account.settings;
        Ok(Self {
            shows_omnichannel: call.shows_omnichannel,
            skills: settings.skills,
            work_items: settings.work_items_per_page,
            channels,
            url: escaped(call.url("")?),
            links_to_me: !call.is_by_admin(),
        })
    }

    /// The document of one agent.
    pub(super) fn document(&self, agent: &Record) -> Vec<u8> {
        let mut writer = Writer::new(self, [agent].into_iter());
        writer.json.raw(r#"{"data":"#);
        writer.resource(agent);
        writer.json.raw(r#","included":["#);
        writer.included(agent);
        writer.json.raw("]}");
        writer.json.into_bytes()
    }

    /// The document of a page of agents.
    pub(super) fn list(&self, agents: &[Record], links: &Links, meta: &Meta) -> Vec<u8> {
        let mut writer = Writer::new(self, agents.iter());
        writer.json.raw(r#"{"data":["#);
        for agent in agents {
            writer.json.element();
            writer.resource(agent);
        }
        writer.json.raw(r#"],"included":["#);
        for agent in agents {
            writer.included(agent);
        }
        writer.json.raw(r#"],"links":"#).value(links).raw(r#","meta":"#).value(meta).raw("}");
        writer.json.into_bytes()
    }

    /// About how many bytes the agent takes, so that the answer's buffer need not grow.
    fn size(&self, agent: &Record) -> usize {
        let channels = self.shown(agent).map(|channel| {
            let listed = channel.items().len().min(self.work_items);
            CHANNEL + self.url.len() + listed * (ITEM + work_items::SIZE)
        });
        RESOURCE + self.url.len() + channels.sum::<usize>()
    }

    /// The channels of an agent that are shown.
    fn shown<'r>(&self, agent: &'r Record) -> impl Iterator<Item = ChannelRecord<'r>> + Clone + use<'a, 'r> {
        let selected = self.channels;
        agent.channels().filter(move |channel| selected.is_none_or(|names| names.contains(&channel.name())))
    }

    /// The work items of a channel that are included.
    fn listed<'r>(&self, channel: ChannelRecord<'r>) -> impl Iterator<Item = ItemRecord> + Clone + use<'r> {
        channel.items().take(self.work_items)
    }
}

/// About how many bytes a document has besides its agents, an agent besides its channels, a channel besides its items,
/// and the reference to an item.
const ENVELOPE: usize = 1024;
const RESOURCE: usize = 640;
const CHANNEL: usize = 480;
const ITEM: usize = 120;

/// A document on its way.
struct Writer<'a> {
    view: &'a View<'a>,
    json: Json,
    /// The id of the resource at hand: `agent_availabilities|10011`, or of a channel or item of it.
    key: String,
}

const AGENT_KEY: &str = "agent_availabilities|";
const CHANNELS: &str = "|channels|";
const WORK_ITEMS: &str = "|work_items|";

impl<'a> Writer<'a> {
    fn new<'r>(view: &'a View<'a>, agents: impl Iterator<Item = &'r Record>) -> Self {
        let size = agents.map(|agent| view.size(agent)).sum::<usize>() + ENVELOPE;
        Self { view, json: Json::with_capacity(size), key: String::new() }
    }

    /// Begins the key anew with that of the agent, and returns the agent's id in digits.
    fn key_of(&mut self, id: AgentId) -> itoa::Buffer {
        let mut digits = itoa::Buffer::new();
        self.key.clear();
        self.key.push_str(AGENT_KEY);
        self.key.push_str(digits.format(id.0));
        digits
    }

    fn resource(&mut self, agent: &Record) {
        let mut digits = self.key_of(agent.id());
        let id = digits.format(agent.id().0);
        let (view, json, key) = (self.view, &mut self.json, &self.key);
        json.raw(r#"{"type":"agent_availabilities","id":""#).raw(key);
        json.raw(r#"","attributes":{"agent_id":"#).raw(id);
        if view.shows_omnichannel {
            json.raw(r#","agent_status":{"id":"#).number(agent.status().id.0);
            json.raw(r#","name":"#).text(&agent.status().name);
            json.raw(r#","reason":""#).raw(agent.reason().as_str());
            json.raw(r#"","updated_at":"#).time(agent.updated_at()).raw("}");
        }
        if let Some(groups) = agent.groups() {
            json.raw(r#","group_ids":"#).array(groups, |json, group| {
                json.number(group.0);
            });
        }
        if let Some(skills) = agent.skills() {
            let ids = skills.iter().map(|skill| &*skill.0);
            match view.skills {
                SkillsForm::Objects => json.raw(r#","skills":"#).array(ids, |json, id| {
                    json.raw(r#"{"id":"#).text(id).raw("}");
                }),
                SkillsForm::Ids => json.raw(r#","skills":"#).array(ids, |json, id| {
                    json.text(id);
                }),
                SkillsForm::Omit => json,
            };
        }
        json.raw(r#","version":"#).number(agent.version());
        json.raw(r#"},"links":{"self":""#).raw(&view.url).raw("/").raw(id);
        json.raw(r#""},"relationships":{"channels":{"data":"#).array(view.shown(agent), |json, channel| {
            json.raw(r#"{"type":"channels","id":""#).raw(key).raw(CHANNELS).raw(channel.name().as_str()).raw(r#""}"#);
        });
        json.raw("}}}");
    }

    /// The channels of an agent, and behind them all the work items.
    fn included(&mut self, agent: &Record) {
        let mut digits = self.key_of(agent.id());
        let id = if self.view.links_to_me { "me" } else { digits.format(agent.id().0) };
        let agent_key = self.key.len();
        for channel in self.view.shown(agent) {
            self.key_of_items(agent_key, channel);
            self.channel(channel, id);
        }
        for channel in self.view.shown(agent) {
            self.key_of_items(agent_key, channel);
            for item in self.view.listed(channel) {
                work_items::resource(self.json.element(), &self.key, item);
            }
        }
    }

    /// Makes the key that which the items of a channel begin with.
    fn key_of_items(&mut self, agent_key: usize, channel: ChannelRecord<'_>) {
        self.key.truncate(agent_key);
        for part in [CHANNELS, channel.name().as_str(), WORK_ITEMS] {
            self.key.push_str(part);
        }
    }

    fn channel(&mut self, channel: ChannelRecord<'_>, agent: &str) {
        let (view, json, items_key) = (self.view, self.json.element(), &self.key);
        let (key, name) = (&items_key[..items_key.len() - WORK_ITEMS.len()], channel.name().as_str());
        json.raw(r#"{"type":"channels","id":""#).raw(key);
        json.raw(r#"","attributes":{"name":""#).raw(name);
        json.raw(r#"","status":""#).raw(channel.status().as_str()).raw("\"");
        if let Some(capacity) = channel.max_capacity().filter(|_| view.shows_omnichannel) {
            json.raw(r#","max_capacity":"#).number(capacity);
        }
        json.raw(r#","updated_at":"#).time(channel.updated_at());
        json.raw(r#","work_item_count":"#).number(channel.items().len());
        json.raw(r#"},"relationships":{"work_items":{"data":"#).array(view.listed(channel), |json, item| {
            json.raw(r#"{"type":"work_items","id":""#).raw(items_key).number(item.id().0).raw(r#""}"#);
        });
        json.raw(r#","links":{"next":"#);
        let has_more = channel.items().len() > view.work_items;
        if has_more {
            json.raw("\"").raw(&view.url).raw("/").raw(agent).raw("/channels/").raw(name).raw(work_items::PATH);
            match view.listed(channel).last() {
                Some(last) => json.raw(NEXT).number(last.id().0).raw("\""),
                // None is included, so the next page is the first.
                None => json.raw("\""),
            };
        } else {
            json.raw("null");
        }
        json.raw(r#"},"meta":{"has_more":"#).raw(if has_more { "true" } else { "false" }).raw("}}}}");
    }
}
