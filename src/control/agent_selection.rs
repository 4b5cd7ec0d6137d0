//! Which agents a call lists or counts.

use super::parameters::whole_number;
use crate::account::Account;
use crate::document::reader::{Node, Object};
use crate::world::{
    Agent, AgentFilter, AgentId, ChannelName, ChannelStatus, Directory, GroupId, Page, Position,
    StatusId, Tally, User, World,
};

/// The parameters of a selection.
pub(super) const KEYS: [&str; 5] = [
    "agent_status_id",
    "channel",
    "channel_status",
    "group_id",
    "text",
];
/// Those of them that are numbers.
pub(super) const NUMBERS: [&str; 2] = ["agent_status_id", "group_id"];

/// With a text, how many agents are asked for under one lock.
const PORTION: usize = 4_000;

/// Which agents. They meet every condition.
#[derive(Debug)]
pub(super) struct Selection {
    filter: AgentFilter,
    text: Option<TextPattern>,
}

/// A part of the name or of the e-mail address of an agent's user, or the agent's id.
#[derive(Debug)]
struct TextPattern {
    lower_case: String,
    /// If it is a number.
    id: Option<AgentId>,
}

impl Selection {
    pub(super) fn read(query: &Object<'_>, account: &Account) -> Self {
        let status = query.optional("agent_status_id").and_then(|node| {
            let id = node.number()?;
            if account.world.catalog().get(StatusId(id)).is_none() {
                node.problem(format_args!("there is no unified status {id}"));
            }
            Some(vec![StatusId(id)])
        });
        let group = query.optional("group_id").and_then(|node| {
            let id = node.number()?;
            let directory = account.world.directory();
            if !directory.groups.contains_key(&GroupId(id)) {
                node.problem(format_args!("there is no group {id}"));
            }
            Some(vec![GroupId(id)])
        });
        Self {
            filter: AgentFilter {
                agent_status: status,
                channel_status: read_channel(query),
                group,
                ..AgentFilter::default()
            },
            text: query.optional("text").and_then(|node| read_text(&node)),
        }
    }

    /// A page of the agents, by id. With a text that many users have, it may be put together from
    /// several instants.
    pub(super) fn page(&self, world: &World, after: Option<AgentId>, limit: usize) -> Page<Agent> {
        let Some(text) = &self.text else {
            let position = after.map_or(Position::First, Position::After);
            return world.agents(&self.filter, &position, limit);
        };
        let ids = text.agents(&world.directory());
        let from = ids.partition_point(|id| after.is_some_and(|after| *id <= after));
        let mut items = Vec::new();
        for ids in ids[from..].chunks(PORTION) {
            // One more than fits says that there is another page.
            let room = limit + 1 - items.len();
            items.extend(world.agents(&self.among(ids), &Position::First, room).items);
            if items.len() > limit {
                break;
            }
        }
        let has_next = items.len() > limit;
        items.truncate(limit);
        Page {
            items,
            has_previous: false,
            has_next,
        }
    }

    /// How many agents there are in which status.
    pub(super) fn tally(&self, world: &World) -> Tally {
        let mut tally = Tally::default();
        match &self.text {
            None if self.filter == AgentFilter::default() => return world.tally(),
            None => world.tally_matching(&self.filter, &mut tally),
            Some(text) => {
                for ids in text.agents(&world.directory()).chunks(PORTION) {
                    world.tally_matching(&self.among(ids), &mut tally);
                }
            }
        }
        tally
    }

    /// The other conditions, for these agents.
    fn among(&self, ids: &[AgentId]) -> AgentFilter {
        AgentFilter {
            agent: Some(ids.to_vec()),
            ..self.filter.clone()
        }
    }
}

impl TextPattern {
    /// The agents that may have the text, by id: those of the users that have it, and the one with
    /// this id, which may have no user.
    fn agents(&self, directory: &Directory) -> Vec<AgentId> {
        let users = directory.users().filter(|user| self.matches(user));
        let mut ids: Vec<_> = users.map(|user| user.id.as_agent()).collect();
        if let Some(id) = self.id
            && let Err(place) = ids.binary_search(&id)
        {
            ids.insert(place, id);
        }
        ids
    }

    fn matches(&self, user: &User) -> bool {
        [&user.name, &user.email]
            .iter()
            .any(|text| text.to_lowercase().contains(&self.lower_case))
    }
}

fn read_text(node: &Node<'_>) -> Option<TextPattern> {
    let text = node.text()?;
    Some(TextPattern {
        lower_case: text.to_lowercase(),
        id: whole_number(&text).map(AgentId),
    })
}

/// A channel with any status, a status on any channel, or both.
fn read_channel(query: &Object<'_>) -> Option<Vec<(ChannelName, ChannelStatus)>> {
    let channel: Option<ChannelName> = query
        .optional("channel")
        .and_then(|node| node.word("channel"));
    let status: Option<ChannelStatus> = query
        .optional("channel_status")
        .and_then(|node| node.word("status"));
    if channel.is_none() && status.is_none() {
        return None;
    }
    let channels = ChannelName::ALL
        .iter()
        .filter(|name| channel.is_none_or(|channel| channel == **name));
    let pairs = channels.flat_map(|name| ChannelStatus::ALL.iter().map(|it| (*name, *it)));
    Some(
        pairs
            .filter(|(_, it)| status.is_none_or(|status| status == *it))
            .collect(),
    )
}
