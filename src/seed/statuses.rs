//! The unified statuses of a seed.

use std::collections::BTreeMap;

use super::agents::read_groups;
use super::reader::{Node, Object, Unique};
use super::{CustomStatus, Seed, StandardStatus};
use crate::world::{ChannelStatus, Directory, Status, StatusId};

pub(super) fn read_statuses(root: &Object<'_>, seed: &mut Seed) {
    let Some(node) = root.optional("agent_statuses") else { return };
    let Some(statuses) = node.object(&["default", "custom"]) else { return };
    let (mut ids, mut names) = (Unique::new("id"), Unique::new("name"));
    if let Some(node) = statuses.optional("default") {
        let given = node.list(|node| read_standard_status(node, &mut ids, &mut names)).unwrap_or_default();
        seed.standard = standard_statuses(&given);
    }
    // Those that are not given keep their id, which no other may have then.
    let taken: BTreeMap<_, _> = seed.standard.iter().map(|status| (status.id, status.standard)).collect();
    if taken.len() < seed.standard.len() {
        node.problem("a default status has the id of another, which keeps it because it is not listed");
    }
    if let Some(node) = statuses.optional("custom") {
        let directory = &seed.directory;
        let custom = node.list(|node| read_custom_status(node, &mut ids, &mut names, &taken, directory));
        seed.custom = custom.unwrap_or_default();
    }
}

pub(super) fn standard_statuses(given: &[StandardStatus]) -> Vec<StandardStatus> {
    let status = |standard: &ChannelStatus| {
        let listed = given.iter().find(|status| status.standard == *standard).cloned();
        listed.unwrap_or_else(|| StandardStatus {
            id: Status::standard_id(*standard),
            standard: *standard,
            description: Status::standard_description(*standard).to_owned(),
        })
    };
    ChannelStatus::ALL.iter().map(status).collect()
}

fn read_standard_status(node: &Node<'_>, ids: &mut Unique<u64>, names: &mut Unique<String>) -> Option<StandardStatus> {
    let status = node.object(&["id", "name", "description"])?;
    let (id, name) = (status.required("id"), status.required("name"));
    let id = id.and_then(|node| node.number().inspect(|id| ids.check(*id, &node)));
    let standard = name.and_then(|node| {
        let standard: ChannelStatus = node.word("default status")?;
        names.check(standard.to_string(), &node);
        Some(standard)
    });
    let description = status.optional("description").and_then(|node| node.text().map(str::to_owned));
    let standard = standard?;
    let description = description.unwrap_or_else(|| Status::standard_description(standard).to_owned());
    Some(StandardStatus { id: StatusId(id?), standard, description })
}

fn read_custom_status(
    node: &Node<'_>,
    ids: &mut Unique<u64>,
    names: &mut Unique<String>,
    taken: &BTreeMap<StatusId, ChannelStatus>,
    directory: &Directory,
) -> Option<CustomStatus> {
    let status = node.object(&["id", "name", "description", "group_ids", "channels", "updated_at"])?;
    let (id, name) = (status.required("id"), status.required("name"));
    let id = id.and_then(|node| {
        let id = node.number()?;
        if let Some(standard) = taken.get(&StatusId(id)) {
            node.problem(format_args!("id {id} is that of the default status {standard}"));
        }
        ids.check(id, &node);
        Some(id)
    });
    let name = name.and_then(|node| {
        let name = node.text()?;
        if ChannelStatus::parse(name).is_some() {
            node.problem(format_args!("name {name} is that of a default status"));
        }
        names.check(name.to_owned(), &node);
        Some(name)
    });
    let channels = status.optional("channels").and_then(|node| {
        node.map("channel", |channel, node| node.word("channel status").map(|status| (channel, status)))
    });
    // All of it is read before any of it is missed, so that every problem is named.
    let description = status.optional("description").and_then(|node| node.text().map(str::to_owned));
    let group_ids = status.optional("group_ids").and_then(|node| read_groups(&node, directory)).unwrap_or_default();
    let updated_at = status.optional("updated_at").and_then(|node| node.time());
    Some(CustomStatus {
        id: StatusId(id?),
        name: name?.to_owned(),
        description,
        group_ids,
        channels: channels.unwrap_or_default(),
        updated_at,
    })
}
