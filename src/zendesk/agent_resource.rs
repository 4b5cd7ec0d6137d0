//! An agent as a JSON:API resource, with its channels and work items: the one place that renders
//! agents.
//!
//! Most of what the emulator sends is rendered here, so it is written straight into the bytes of
//! the answer. `openapi/` says what the fields mean.

use super::request::api_request::ApiRequest;
use super::response::cursor_pages::{Links, Meta, NEXT};
use super::response::json::Json;
use super::{PREFIX, work_items};
use crate::config::SkillsForm;
use crate::world::{ChannelName, ChannelRecord, ItemRecord, Record};

/// How agents are shown, by the account's settings and the caller.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(super) shows_omnichannel: bool,
    pub(super) skills: SkillsForm,
    /// How many work items of a channel are included: the first page.
    pub(super) work_items: usize,
    /// Links have `/me`, because agents may call only these forms.
    pub(super) links_to_me: bool,
}

impl Shape {
    pub(super) fn of(request: &ApiRequest) -> Self {
        let settings = request.context.settings();
        Self {
            shows_omnichannel: request.shows_omnichannel,
            skills: settings.skills,
            work_items: settings.work_items_per_page,
            links_to_me: !request.is_by_admin(),
        }
    }
}

/// The view of an answer: renders agents.
pub(super) struct View<'a> {
    pub(super) shape: Shape,
    /// What links begin with.
    pub(super) base_url: &'a str,
    /// The only channel to show, if one was selected.
    pub(super) channel: Option<ChannelName>,
}

impl View<'_> {
    /// The document of one agent.
    pub(super) fn document(&self, agent: &Record) -> Vec<u8> {
        let mut writer = Writer::new(self, self.size(agent));
        writer.json.raw(r#"{"data":"#);
        writer.resource(agent);
        writer.json.raw(r#","included":["#);
        writer.included(agent);
        writer.json.raw("]}");
        writer.json.into_bytes()
    }

    /// The document of a page of agents.
    pub(super) fn list(&self, agents: &[Record], links: &Links, meta: &Meta) -> Vec<u8> {
        let size = ENVELOPE_SIZE + agents.iter().map(|agent| self.size(agent)).sum::<usize>();
        let mut writer = Writer::new(self, size);
        writer.json.raw(r#"{"data":["#);
        for agent in agents {
            writer.json.element();
            writer.resource(agent);
        }
        writer.json.raw(r#"],"included":["#);
        for agent in agents {
            writer.included(agent);
        }
        writer
            .json
            .raw(r#"],"links":"#)
            .value(links)
            .raw(r#","meta":"#)
            .value(meta)
            .raw("}");
        writer.json.into_bytes()
    }

    /// About how many bytes the agent takes. A buffer that has to grow costs 18 % of a page.
    fn size(&self, agent: &Record) -> usize {
        let channels = self.shown(agent).map(|channel| {
            let listed = channel.items().len().min(self.shape.work_items);
            CHANNEL_SIZE + self.base_url.len() + listed * (REFERENCE_SIZE + work_items::SIZE)
        });
        RESOURCE_SIZE + self.base_url.len() + channels.sum::<usize>()
    }

    /// The channels of an agent that are shown.
    fn shown<'r>(
        &self,
        agent: &'r Record,
    ) -> impl Iterator<Item = ChannelRecord<'r>> + Clone + use<'r> {
        let selected = self.channel;
        agent
            .channels()
            .filter(move |channel| selected.is_none_or(|name| name == channel.name()))
    }

    /// The work items of a channel that are included.
    fn listed<'r>(
        &self,
        channel: ChannelRecord<'r>,
    ) -> impl Iterator<Item = ItemRecord> + Clone + use<'r> {
        channel.items().take(self.shape.work_items)
    }
}

/// About how many bytes a document has besides its agents, an agent besides its channels, a channel
/// besides its items, and the reference to an item.
const ENVELOPE_SIZE: usize = 1024;
const RESOURCE_SIZE: usize = 640;
const CHANNEL_SIZE: usize = 480;
const REFERENCE_SIZE: usize = 120;

/// A document that is being written.
struct Writer<'a> {
    view: &'a View<'a>,
    json: Json,
    /// The beginning of a work item of the present channel, up to the item's number. Agents and
    /// channels begin with a part of it. Writing the parts each time costs 27 % of a page.
    opening: String,
}

/// The parts of [`Writer::opening`]. Between them are the id of the agent and the name of the channel.
const ITEM: &str = r#"{"type":"work_items","id":""#;
const AGENT: &str = "agent_availabilities|";
const CHANNELS: &str = "|channels|";
const WORK_ITEMS: &str = "|work_items|";
/// Where the id of the resource begins, and in it the number of the agent.
const KEY: usize = ITEM.len();
const NUMBER: usize = KEY + AGENT.len();

impl<'a> Writer<'a> {
    fn new(view: &'a View<'a>, size: usize) -> Self {
        Self {
            view,
            json: Json::with_capacity(size),
            opening: String::with_capacity(2 * NUMBER),
        }
    }

    /// Begins the opening with an agent.
    fn begin_agent(&mut self, agent: &Record) {
        self.opening.clear();
        self.opening.push_str(ITEM);
        self.opening.push_str(AGENT);
        self.opening
            .push_str(itoa::Buffer::new().format(agent.id().0));
    }

    fn resource(&mut self, agent: &Record) {
        self.begin_agent(agent);
        let (view, json) = (self.view, &mut self.json);
        let (key, number) = (&self.opening[KEY..], &self.opening[NUMBER..]);
        json.raw(r#"{"type":"agent_availabilities","id":""#)
            .raw(key);
        json.raw(r#"","attributes":{"agent_id":"#).raw(number);
        if view.shape.shows_omnichannel {
            let status = agent.status();
            json.raw(r#","agent_status":{"id":"#).number(status.id.0);
            json.raw(r#","name":"#).text(&status.name);
            json.raw(r#","reason":""#).raw(agent.reason().as_str());
            json.raw(r#"","updated_at":"#).time(agent.updated_at());
            json.raw("}");
        }
        if let Some(groups) = agent.groups() {
            json.raw(r#","group_ids":"#).array(groups, |json, group| {
                json.number(group.0);
            });
        }
        if let Some(skills) = agent.skills() {
            let ids = skills.iter().map(|skill| &*skill.0);
            match view.shape.skills {
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
        json.raw(r#"},"links":{"self":""#).raw(view.base_url);
        json.raw(PREFIX).raw("/").raw(number);
        json.raw(r#""},"relationships":{"channels":{"data":"#)
            .array(view.shown(agent), |json, channel| {
                json.raw(r#"{"type":"channels","id":""#)
                    .raw(key)
                    .raw(CHANNELS)
                    .raw(channel.name().as_str())
                    .raw(r#""}"#);
            });
        json.raw("}}}");
    }

    /// Writes the channels of an agent, and then all the work items.
    fn included(&mut self, agent: &Record) {
        self.begin_agent(agent);
        let numbered = self.opening.len();
        for channel in self.view.shown(agent) {
            self.begin_channel(numbered, channel);
            self.channel(numbered, channel);
        }
        for channel in self.view.shown(agent) {
            self.begin_channel(numbered, channel);
            for item in self.view.listed(channel) {
                work_items::resource(self.json.element(), &self.opening, item);
            }
        }
    }

    /// Continues the opening with a channel. `numbered` is where the agent's number ends.
    fn begin_channel(&mut self, numbered: usize, channel: ChannelRecord<'_>) {
        self.opening.truncate(numbered);
        for part in [CHANNELS, channel.name().as_str(), WORK_ITEMS] {
            self.opening.push_str(part);
        }
    }

    fn channel(&mut self, numbered: usize, channel: ChannelRecord<'_>) {
        let (view, json, opening) = (self.view, self.json.element(), &self.opening);
        let (key, name) = (
            &opening[KEY..opening.len() - WORK_ITEMS.len()],
            channel.name().as_str(),
        );
        json.raw(r#"{"type":"channels","id":""#).raw(key);
        json.raw(r#"","attributes":{"name":""#).raw(name);
        json.raw(r#"","status":""#)
            .raw(channel.status().as_str())
            .raw("\"");
        if view.shape.shows_omnichannel
            && let Some(capacity) = channel.max_capacity()
        {
            json.raw(r#","max_capacity":"#).number(capacity);
        }
        json.raw(r#","updated_at":"#).time(channel.updated_at());
        json.raw(r#","work_item_count":"#)
            .number(channel.items().len());
        json.raw(r#"},"relationships":{"work_items":{"data":"#)
            .array(view.listed(channel), |json, listed| {
                json.raw(opening).number(listed.id().0).raw(r#""}"#);
            });
        if channel.items().len() > view.shape.work_items {
            let agent = if view.shape.links_to_me {
                "me"
            } else {
                &opening[NUMBER..numbered]
            };
            json.raw(r#","links":{"next":""#)
                .raw(view.base_url)
                .raw(PREFIX);
            json.raw("/").raw(agent);
            json.raw("/channels/").raw(name).raw(work_items::PATH);
            // If none is included, the next page is the first.
            if let Some(last) = view.listed(channel).last() {
                json.raw(NEXT).number(last.id().0);
            }
            json.raw(r#""},"meta":{"has_more":true}}}}"#);
        } else {
            json.raw(r#","links":{"next":null},"meta":{"has_more":false}}}}"#);
        }
    }
}
