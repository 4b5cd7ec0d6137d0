//! A seed document, part by part.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reader::{Node, Object, Unique};
use super::{CustomStatus, Seed, SeedProblem, SeededAgent, SeededChannel, SeededWorkItem, StandardStatus, settings};
use crate::config::SettingsPatch;
use crate::world::{
    ChannelStatus, Directory, Group, GroupId, OauthToken, Role, Scope, Skill, SkillId, Status, StatusId, StatusReason,
    User, UserId, WorkItemReason,
};

const KEYS: &[&str] =
    &["settings", "groups", "skills", "users", "api_tokens", "oauth_tokens", "agent_statuses", "agents"];

pub(super) fn read(value: &Value) -> Result<Seed, Vec<SeedProblem>> {
    let problems = RefCell::new(Vec::new());
    let seed = read_root(&Node::root(value, &problems));
    match (seed, problems.into_inner()) {
        (Some(seed), problems) if problems.is_empty() => Ok(seed),
        (_, problems) => Err(problems),
    }
}

pub(super) fn empty() -> Seed {
    Seed {
        settings: SettingsPatch::default(),
        directory: Directory::default(),
        standard: standard_statuses(&[]),
        custom: Vec::new(),
        agents: Vec::new(),
    }
}

/// Parts that others refer to come first.
fn read_root(node: &Node<'_>) -> Option<Seed> {
    let root = node.object(KEYS)?;
    let mut seed = empty();
    if let Some(node) = root.optional("settings") {
        seed.settings = settings::read(&node).unwrap_or_default();
    }
    seed.directory.groups = list(&root, "groups", read_group).into_iter().map(|group| (group.id, group)).collect();
    seed.directory.skills =
        list(&root, "skills", read_skill).into_iter().map(|skill| (skill.id.clone(), skill)).collect();
    read_users(&root, &mut seed.directory);
    read_tokens(&root, &mut seed.directory);
    read_statuses(&root, &mut seed);
    let mut ids = Unique::new("agent");
    if let Some(node) = root.optional("agents") {
        seed.agents = node.list(|node| read_agent(node, &mut ids, &seed)).unwrap_or_default();
    }
    Some(seed)
}

/// A list of things with an `id` that is unique among them.
fn list<I: Ord + std::fmt::Display, T>(
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

fn read_users(root: &Object<'_>, directory: &mut Directory) {
    let emails = RefCell::new(Unique::new("e-mail address"));
    let users = list(root, "users", |node, ids: &mut Unique<u64>| {
        let user = node.object(&["id", "name", "email", "role", "password"])?;
        let required = ["id", "name", "email", "role"].map(|key| user.required(key));
        let [id, name, email, role] = &required;
        let id = id.as_ref().and_then(|node| node.number().inspect(|id| ids.check(*id, node)));
        let name = name.as_ref().and_then(Node::text);
        let email = email.as_ref().and_then(|node| {
            let email = node.text()?;
            // The colon ends the e-mail address in a Basic credential, and the slash begins `/token`.
            if !email.contains('@') || email.contains([':', '/']) {
                node.problem("expected an e-mail address");
                return None;
            }
            emails.borrow_mut().check(email.to_lowercase(), node);
            Some(email)
        });
        let role = role.as_ref().and_then(|node| node.word("role"));
        let password = user.optional("password").and_then(|node| node.text().map(str::to_owned));
        Some(User { id: UserId(id?), name: name?.to_owned(), email: email?.to_owned(), role: role?, password })
    });
    for user in users {
        directory.insert_user(user);
    }
}

fn read_tokens(root: &Object<'_>, directory: &mut Directory) {
    let mut tokens = Unique::new("token");
    if let Some(node) = root.optional("api_tokens") {
        let texts = node.list(|node| {
            let token = node.object(&["token", "description"])?;
            if let Some(node) = token.optional("description") {
                node.text();
            }
            read_token(&token.required("token")?, &mut tokens)
        });
        directory.api_tokens = texts.unwrap_or_default().into_iter().collect();
    }
    if let Some(node) = root.optional("oauth_tokens") {
        let read = node.list(|node| {
            let token = node.object(&["token", "user_id", "scopes"])?;
            let text = token.required("token").and_then(|node| read_token(&node, &mut tokens));
            let user = token.required("user_id").and_then(|node| {
                let id = UserId(node.number()?);
                if directory.user(id).is_none() {
                    node.problem(format_args!("there is no user {}", id.0));
                }
                Some(id)
            });
            let every: BTreeSet<_> = Scope::ALL.iter().copied().collect();
            let scopes = token.optional("scopes").and_then(|node| node.list(|node| node.word("scope")));
            let scopes = scopes.map_or(every, |scopes| scopes.into_iter().collect());
            Some((text?, OauthToken { user: user?, scopes }))
        });
        directory.oauth_tokens = read.unwrap_or_default().into_iter().collect();
    }
}

fn read_token(node: &Node<'_>, tokens: &mut Unique<Redacted>) -> Option<String> {
    let text = node.text()?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        node.problem("expected visible ASCII without spaces");
        return None;
    }
    tokens.check(Redacted(text.to_owned()), node);
    Some(text.to_owned())
}

/// A token in a message that others may read.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Redacted(String);

impl std::fmt::Display for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(not shown)")
    }
}

fn read_statuses(root: &Object<'_>, seed: &mut Seed) {
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

fn standard_statuses(given: &[StandardStatus]) -> Vec<StandardStatus> {
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
    Some(CustomStatus {
        id: StatusId(id?),
        name: name?.to_owned(),
        description: status.optional("description").and_then(|node| node.text().map(str::to_owned)),
        group_ids: status.optional("group_ids").and_then(|node| read_groups(&node, directory)).unwrap_or_default(),
        channels: channels.unwrap_or_default(),
        updated_at: status.optional("updated_at").and_then(|node| node.time()),
    })
}

fn read_groups(node: &Node<'_>, directory: &Directory) -> Option<Vec<GroupId>> {
    let mut ids = Unique::new("group");
    node.list(|node| {
        let id = node.number()?;
        ids.check(id, node);
        let known = directory.groups.contains_key(&GroupId(id));
        if !known {
            node.problem(format_args!("there is no group {id}"));
        }
        known.then_some(GroupId(id))
    })
}

fn read_skills(node: &Node<'_>, directory: &Directory) -> Option<Vec<SkillId>> {
    let mut ids = Unique::new("skill");
    node.list(|node| {
        let id = node.text()?;
        ids.check(id.to_owned(), node);
        // The directory's own text, so that a skill's id is in memory once.
        let known = directory.skills.get_key_value(&SkillId(id.into())).map(|(id, _)| id.clone());
        if known.is_none() {
            node.problem(format_args!("there is no skill {id}"));
        }
        known
    })
}

fn read_agent(node: &Node<'_>, ids: &mut Unique<u64>, seed: &Seed) -> Option<SeededAgent> {
    let agent = node.object(&["id", "version", "agent_status", "group_ids", "skill_ids", "channels"])?;
    let id = agent.required("id").and_then(|node| {
        let id = node.number()?;
        ids.check(id, &node);
        if let Some(user) = seed.directory.user(UserId(id))
            && matches!(user.role, Role::LightAgent | Role::EndUser)
        {
            node.problem(format_args!("user {id} is a {}, which has no availability", user.role));
        }
        Some(id)
    });
    let version = agent.optional("version").and_then(|node| node.number_in(1, u64::MAX));
    let mut seeded = SeededAgent {
        id: 0,
        version: version.unwrap_or(1),
        status: seed.status_id(ChannelStatus::Offline),
        reason: StatusReason::Unknown,
        status_updated_at: None,
        groups: agent.optional("group_ids").and_then(|node| read_groups(&node, &seed.directory)),
        skills: agent.optional("skill_ids").and_then(|node| read_skills(&node, &seed.directory)),
        channels: Vec::new(),
    };
    if let Some(node) = agent.optional("agent_status") {
        read_agent_status(&node, &mut seeded, seed);
    }
    if let Some(node) = agent.optional("channels") {
        let channels = node.map("channel", |name, node| {
            let channel = node.object(&["status", "max_capacity", "updated_at", "work_items"])?;
            Some(SeededChannel {
                name,
                status: channel.optional("status").and_then(|node| node.word("channel status")),
                max_capacity: channel.optional("max_capacity").and_then(|node| node.number_in(0, u32::MAX.into())),
                updated_at: channel.optional("updated_at").and_then(|node| node.time()),
                work_items: channel.optional("work_items").and_then(|node| read_work_items(&node)).unwrap_or_default(),
            })
        });
        seeded.channels = channels.unwrap_or_default();
    }
    seeded.id = id?;
    Some(seeded)
}

fn read_agent_status(node: &Node<'_>, agent: &mut SeededAgent, seed: &Seed) {
    let Some(status) = node.object(&["id", "reason", "updated_at"]) else { return };
    if let Some(node) = status.required("id")
        && let Some(id) = node.number().map(StatusId)
    {
        if !seed.has_status(id) {
            node.problem(format_args!("there is no agent status {id}"));
        }
        agent.status = id;
    }
    if let Some(reason) = status.optional("reason").and_then(|node| node.word("reason")) {
        agent.reason = reason;
    }
    agent.status_updated_at = status.optional("updated_at").and_then(|node| node.time());
}

fn read_work_items(node: &Node<'_>) -> Option<Vec<SeededWorkItem>> {
    let mut ids = Unique::new("work item");
    let mut last = None;
    node.list(|node| {
        let item = node.object(&["id", "added_at", "reason"])?;
        let id = item.required("id").and_then(|node| node.number().inspect(|id| ids.check(*id, &node)));
        let reason = item.optional("reason").and_then(|node| node.word("reason"));
        let added_at = item.optional("added_at").and_then(|node| {
            let time = node.time()?;
            let arrival = Some((time, id));
            if arrival < last {
                node.problem("came before the item above it: work items are listed oldest first, then by id");
            }
            last = arrival;
            Some(time)
        });
        Some(SeededWorkItem { id: id?, added_at, reason: reason.unwrap_or(WorkItemReason::UnknownAdd) })
    })
}

impl Seed {
    fn status_id(&self, standard: ChannelStatus) -> StatusId {
        let listed = self.standard.iter().find(|status| status.standard == standard);
        listed.map_or_else(|| Status::standard_id(standard), |status| status.id)
    }

    fn has_status(&self, id: StatusId) -> bool {
        self.standard.iter().any(|status| status.id == id) || self.custom.iter().any(|status| status.id == id)
    }
}
