//! The unified statuses of a seed, and custom ones as control calls spell them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::agents::{Identity, read_groups};
use super::root::{Part, PartConsumer};
use super::{CustomStatus, Known, StandardStatus};
use crate::document::reader::{Node, Object};
use crate::document::unique::{Digest, Unique};
use crate::world::{ChannelName, ChannelStatus, GroupId, Micros, Status, StatusId, StatusKind};

const CUSTOM_KEYS: &[&str] = &[
    "id",
    "name",
    "description",
    "group_ids",
    "channels",
    "updated_at",
];

/// A custom status of a document, without its id.
#[derive(Clone, Debug)]
pub(crate) struct SeededStatus {
    name: String,
    description: Option<String>,
    group_ids: Vec<GroupId>,
    channels: BTreeMap<ChannelName, ChannelStatus>,
    updated_at: Option<Timestamp>,
}

impl SeededStatus {
    /// The status. Its time is now, unless the document gives another time than before or changes
    /// nothing. It is as precise as those of agents.
    pub(crate) fn onto(&self, id: StatusId, held: Option<&Status>, now: Timestamp) -> Status {
        let status = |updated_at| Status {
            id,
            name: self.name.as_str().into(),
            description: self.description.clone(),
            group_ids: self.group_ids.clone(),
            kind: StatusKind::Custom { updated_at },
            channels: self.channels.clone(),
        };
        let before = held.and_then(|held| match held.kind {
            StatusKind::Custom { updated_at } => Some((held, updated_at)),
            StatusKind::Standard(_) => None,
        });
        let micros = |time: Timestamp| Timestamp::from(Micros::from(time));
        let (said, now) = (self.updated_at.map(micros), micros(now));
        match (before, said) {
            (Some((held, before)), said) if said.is_none_or(|said| said == micros(before)) => {
                if status(before) == *held {
                    status(before)
                } else {
                    status(now)
                }
            }
            (_, said) => status(said.unwrap_or(now)),
        }
    }
}

pub(super) fn read_statuses(root: &Object<'_>, parts: &mut dyn PartConsumer) {
    let Some(node) = root.optional("agent_statuses") else {
        return;
    };
    let Some(statuses) = node.object(&["default", "custom"]) else {
        return;
    };
    let (mut ids, mut names) = (Unique::new("id"), Unique::new("name"));
    let mut given = Vec::new();
    if let Some(node) = statuses.optional("default") {
        node.each(|node| {
            let status = read_standard_status(node, &mut ids, &mut names);
            // If there are more, two have one name, which is a problem already.
            given.extend(status.filter(|_| given.len() < ChannelStatus::ALL.len()));
        });
    }
    let standard = standard_statuses(&given);
    // Those that are not given keep their ids, which no other status may have.
    let taken: BTreeMap<_, _> = standard
        .iter()
        .map(|status| (status.id, status.standard))
        .collect();
    let is_sound = taken.len() == standard.len();
    parts.take(Part::Standard(standard));
    if !is_sound {
        node.problem(
            "a default status has the id of another one that is not listed and keeps its id",
        );
    }
    if let Some(node) = statuses.optional("custom") {
        node.each(|node| {
            if let Some((Some(id), status)) =
                read_custom(node, Identity::Unique(&mut ids), &mut names, &taken, parts)
            {
                parts.take(Part::Custom(CustomStatus { id, status }));
            }
        });
    }
}

pub(super) fn standard_statuses(given: &[StandardStatus]) -> Vec<StandardStatus> {
    let status = |standard: &ChannelStatus| {
        let listed = given
            .iter()
            .find(|status| status.standard == *standard)
            .cloned();
        listed.unwrap_or_else(|| StandardStatus {
            id: Status::standard_id(*standard),
            standard: *standard,
            description: Status::standard_description(*standard).to_owned(),
        })
    };
    ChannelStatus::ALL.iter().map(status).collect()
}

/// The id of the status of agents for which the document does not give one.
pub(super) fn offline(standard: &[StandardStatus]) -> StatusId {
    let offline = standard
        .iter()
        .find(|status| status.standard == ChannelStatus::Offline);
    offline.map_or(Status::standard_id(ChannelStatus::Offline), |status| {
        status.id
    })
}

fn read_standard_status(
    node: &Node<'_>,
    ids: &mut Unique<u64>,
    names: &mut Unique<Digest>,
) -> Option<StandardStatus> {
    let status = node.object(&["id", "name", "description"])?;
    let (id, name) = (status.required("id"), status.required("name"));
    let id = id.and_then(|node| node.number().inspect(|id| ids.check(*id, &node)));
    let standard = name.and_then(|node| {
        let standard: ChannelStatus = node.word("default status")?;
        names.check_text(standard.as_str(), &node);
        Some(standard)
    });
    let description = status.read("description", Node::string);
    let standard = standard?;
    let description =
        description.unwrap_or_else(|| Status::standard_description(standard).to_owned());
    Some(StandardStatus {
        id: StatusId(id?),
        standard,
        description,
    })
}

/// A single custom status, and its id if the document gives one.
pub(crate) fn read_custom_status(
    node: &Node<'_>,
    id: Identity<'_>,
    known: &dyn Known,
) -> Option<(Option<StatusId>, SeededStatus)> {
    read_custom(node, id, &mut Unique::new("name"), &BTreeMap::new(), known)
}

fn read_custom(
    node: &Node<'_>,
    mut id: Identity<'_>,
    names: &mut Unique<Digest>,
    taken: &BTreeMap<StatusId, ChannelStatus>,
    known: &dyn Known,
) -> Option<(Option<StatusId>, SeededStatus)> {
    let status = node.object(CUSTOM_KEYS)?;
    let (id, name) = (id.read(&status).map(StatusId), status.required("name"));
    if let Some(id) = id
        && let Some(standard) = taken.get(&id)
        && let Some(node) = status.optional("id")
    {
        node.problem(format_args!(
            "id {id} is that of the default status {standard}"
        ));
    }
    let name = name.and_then(|node| {
        let name = node.text()?;
        if ChannelStatus::parse(&name).is_some() {
            node.problem(format_args!("name {name} is that of a default status"));
        }
        names.check_text(&name, &node);
        Some(name)
    });
    let channels = status.read("channels", |node| {
        node.map("channel", |channel, node| {
            node.word("channel status").map(|status| (channel, status))
        })
    });
    // Everything is read before anything is found missing, so that every problem is named.
    let description = status.read("description", Node::string);
    let group_ids = status
        .read("group_ids", |node| read_groups(node, known))
        .unwrap_or_default();
    let updated_at = status.read("updated_at", Node::time);
    let channels = channels.unwrap_or_default().into_iter().collect();
    Some((
        id,
        SeededStatus {
            name: name?.into_owned(),
            description,
            group_ids,
            channels,
            updated_at,
        },
    ))
}

/// Notes removals in a merge patch of what custom statuses do not have.
pub(crate) fn check_status_removals(removals: &Node<'_>) -> Option<()> {
    let status = removals.object(CUSTOM_KEYS)?;
    if let Some(channels) = status.optional("channels") {
        channels.map("channel", |_: ChannelName, _| Some(()));
    }
    Some(())
}
