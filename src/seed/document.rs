//! A seed document, part by part.

use std::fmt::Display;

use serde_json::Value;

use super::agents::{Identity, Known};
use super::reader::{self, Node, Object, Unique};
use super::{Seed, SeedProblem, agents, settings, statuses, users};
use crate::config::SettingsPatch;
use crate::world::{ChannelStatus, Directory, Group, GroupId, Skill, SkillId};

const KEYS: &[&str] =
    &["settings", "groups", "skills", "users", "api_tokens", "oauth_tokens", "agent_statuses", "agents"];

pub(super) fn read(value: &Value) -> Result<Seed, Vec<SeedProblem>> {
    reader::read(value, read_root)
}

pub(super) fn empty() -> Seed {
    Seed {
        settings: SettingsPatch::default(),
        directory: Directory::default(),
        standard: statuses::standard_statuses(&[]),
        custom: Vec::new(),
        agents: Vec::new(),
    }
}

/// Parts that others refer to come first.
pub(super) fn read_root(node: &Node<'_>) -> Option<Seed> {
    let root = node.object(KEYS)?;
    let mut seed = empty();
    if let Some(node) = root.optional("settings") {
        seed.settings = settings::read_all(&node).unwrap_or_default();
    }
    seed.directory.groups = list(&root, "groups", read_group).into_iter().map(|group| (group.id, group)).collect();
    seed.directory.skills =
        list(&root, "skills", read_skill).into_iter().map(|skill| (skill.id.clone(), skill)).collect();
    users::read_users(&root, &mut seed.directory);
    users::read_tokens(&root, &mut seed.directory);
    statuses::read_statuses(&root, &mut seed);
    let mut ids = Unique::new("agent");
    if let Some(node) = root.optional("agents") {
        let known = known(&seed);
        let agents = node.list(|node| agents::read_agent(node, Identity::Unique(&mut ids), &known));
        seed.agents = agents.unwrap_or_default();
    }
    Some(seed)
}

fn known(seed: &Seed) -> Known<'_> {
    let offline = seed.standard.iter().find(|status| status.standard == ChannelStatus::Offline);
    let statuses = seed.standard.iter().map(|status| status.id).chain(seed.custom.iter().map(|status| status.id));
    Known::new(&seed.directory, statuses.collect(), offline.map(|status| status.id))
}

/// A list of things with an `id` that is unique among them.
pub(super) fn list<I: Ord + Display, T>(
    root: &Object<'_>,
    key: &'static str,
    read: impl Fn(&Node<'_>, &mut Unique<I>) -> Option<T>,
) -> Vec<T> {
    let mut ids = Unique::new("id");
    let items = root.optional(key).and_then(|node| node.list(|node| read(node, &mut ids)));
    items.unwrap_or_default()
}

fn read_group(node: &Node<'_>, ids: &mut Unique<u64>) -> Option<Group> {
    let group = node.object(&["id", "name"])?;
    let (id, name) = (group.required("id"), group.required("name"));
    let id = id.and_then(|node| node.number().inspect(|id| ids.check(*id, &node)));
    let name = name.and_then(|node| node.text());
    Some(Group { id: GroupId(id?), name: name?.to_owned() })
}

fn read_skill(node: &Node<'_>, ids: &mut Unique<String>) -> Option<Skill> {
    let skill = node.object(&["id", "name"])?;
    let (id, name) = (skill.required("id"), skill.required("name"));
    let id = id.and_then(|node| node.text().inspect(|id| ids.check((*id).to_owned(), &node)));
    let name = name.and_then(|node| node.text());
    Some(Skill { id: SkillId(id?.into()), name: name?.to_owned() })
}
