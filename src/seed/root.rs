//! A seed document, part by part.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::agents::{self, Identity};
use super::{
    CustomStatus, Known, Seed, SeededAgent, SeededLifetimes, StandardStatus, capacity_rules,
    groups, oauth, settings, statuses, talk, users,
};
use crate::config::SettingsPatch;
use crate::document::reader::{Node, Object};
use crate::document::unique::{Digest, Unique};
use crate::world::{
    ApiToken, CapacityRule, CapacityRules, ClientId, Directory, Group, GroupId, OauthClient,
    OauthToken, Role, Skill, SkillId, StatusId, TalkQueue, TokenId, User, UserId,
};

const KEYS: &[&str] = &[
    "settings",
    "groups",
    "skills",
    "capacity_rules",
    "users",
    "api_tokens",
    "oauth_clients",
    "oauth_tokens",
    "agent_statuses",
    "agents",
    "talk_queue",
];

/// A part of a seed.
pub(super) enum Part {
    Settings(SettingsPatch),
    Group(Group),
    Skill(Skill),
    CapacityRule(CapacityRule),
    User(User),
    /// With its id, if it has one.
    ApiToken(Option<TokenId>, ApiToken),
    OauthClient(OauthClient),
    /// With its id, if it has one.
    OauthToken(Option<TokenId>, OauthToken, SeededLifetimes),
    /// All of them.
    Standard(Vec<StandardStatus>),
    Custom(CustomStatus),
    Agent(SeededAgent),
    TalkQueue(TalkQueue),
}

/// Takes the parts of a seed. Parts that others refer to come first.
pub(super) trait PartConsumer: Known {
    fn take(&mut self, part: Part);
}

pub(super) fn empty() -> Seed {
    Seed {
        settings: SettingsPatch::default(),
        directory: Directory::default(),
        standard: statuses::standard_statuses(&[]),
        custom: Vec::new(),
        agents: Vec::new(),
        talk_queue: TalkQueue::new(),
        lifetimes: BTreeMap::new(),
    }
}

/// Reads a seed. A long one is read twice: first to check it, so that a wrong one takes no memory
/// for its parts.
pub(super) fn read_root(node: &Node<'_>) -> Option<Seed> {
    let try_it = || {
        let _ = read_parts(node, &mut Seen::default());
    };
    if node.is_long() && !node.is_right_on_trial(try_it) {
        return None;
    }
    let mut built = Built {
        seed: empty(),
        statuses: BTreeSet::new(),
        capacity_rules: Vec::new(),
        api_tokens: Vec::new(),
        oauth_tokens: Vec::new(),
    };
    read_parts(node, &mut built)?;
    Some(built.finish())
}

fn read_parts(node: &Node<'_>, parts: &mut dyn PartConsumer) -> Option<()> {
    let root = node.object(KEYS)?;
    let settings = root.read("settings", settings::read_all);
    take(parts, settings.map(Part::Settings));
    each(&root, "groups", "id", |node, ids| {
        let group = groups::read_group(node, Identity::Unique(ids));
        take(parts, group.map(Part::Group));
    });
    each(&root, "skills", "id", |node, ids| {
        take(parts, read_skill(node, ids).map(Part::Skill));
    });
    capacity_rules::read_capacity_rules(&root, parts);
    users::read_users(&root, parts);
    let mut texts = users::unique_texts();
    users::read_api_tokens(&root, &mut texts, parts);
    oauth::read_oauth(&root, &mut texts, parts);
    statuses::read_statuses(&root, parts);
    each(&root, "agents", "agent", |node, ids| {
        let agent = agents::read_agent(node, Identity::Unique(ids), parts);
        take(parts, agent.map(Part::Agent));
    });
    let talk_queue = root.read("talk_queue", talk::read_statistics);
    take(parts, talk_queue.map(Part::TalkQueue));
    Some(())
}

/// Takes a part, unless it has problems.
pub(super) fn take(parts: &mut dyn PartConsumer, part: Option<Part>) {
    if let Some(part) = part {
        parts.take(part);
    }
}

/// Calls `read` for each element of a list whose elements differ in `what`.
pub(super) fn each<I: Ord>(
    root: &Object<'_>,
    key: &'static str,
    what: &'static str,
    mut read: impl FnMut(&Node<'_>, &mut Unique<I>),
) {
    let mut seen = Unique::new(what);
    if let Some(node) = root.optional(key) {
        node.each(|node| read(node, &mut seen));
    }
}

fn read_skill(node: &Node<'_>, ids: &mut Unique<Digest>) -> Option<Skill> {
    let skill = node.object(&["id", "name"])?;
    let (id, name) = (skill.required("id"), skill.required("name"));
    let id = id.and_then(|node| node.text().inspect(|id| ids.check_text(id, &node)));
    let name = name.and_then(|node| node.text());
    Some(Skill {
        id: SkillId(id?.into()),
        name: name?.into_owned(),
    })
}

/// The seed so far.
struct Built {
    seed: Seed,
    statuses: BTreeSet<StatusId>,
    capacity_rules: Vec<CapacityRule>,
    api_tokens: Vec<(Option<TokenId>, ApiToken)>,
    oauth_tokens: Vec<(Option<TokenId>, (OauthToken, SeededLifetimes))>,
}

impl Built {
    /// The seed. Tokens without an id get the lowest free ids, in the order of the document.
    fn finish(self) -> Seed {
        let Self {
            mut seed,
            capacity_rules,
            api_tokens,
            oauth_tokens,
            ..
        } = self;
        let directory = &mut seed.directory;
        directory.capacity_rules = Arc::new(CapacityRules::new(capacity_rules));
        // Two tokens with one text are already a problem.
        for (id, token) in with_ids(api_tokens) {
            drop(directory.save_api_token(ApiToken { id, ..token }));
        }
        for (id, (token, lifetimes)) in with_ids(oauth_tokens) {
            drop(directory.save_oauth_token(OauthToken { id, ..token }));
            seed.lifetimes.insert(id, lifetimes);
        }
        seed
    }
}

fn with_ids<T>(tokens: Vec<(Option<TokenId>, T)>) -> impl Iterator<Item = (TokenId, T)> {
    let given: BTreeSet<_> = tokens.iter().filter_map(|(id, _)| *id).collect();
    let mut free = (1..).map(TokenId).filter(move |id| !given.contains(id));
    tokens
        .into_iter()
        .filter_map(move |(id, token)| Some((id.or_else(|| free.next())?, token)))
}

impl PartConsumer for Built {
    fn take(&mut self, part: Part) {
        let Self {
            seed,
            statuses,
            capacity_rules,
            api_tokens,
            oauth_tokens,
        } = self;
        let directory = &mut seed.directory;
        match part {
            Part::Settings(settings) => seed.settings = settings,
            Part::Group(group) => {
                Arc::make_mut(&mut directory.groups).insert(group.id, group);
            }
            Part::Skill(skill) => {
                Arc::make_mut(&mut directory.skills).insert(skill.id.clone(), skill);
            }
            Part::CapacityRule(rule) => capacity_rules.push(rule),
            // Two users with one address are already a problem.
            Part::User(user) => drop(directory.save_user(user, Timestamp::UNIX_EPOCH)),
            Part::ApiToken(id, token) => api_tokens.push((id, token)),
            // Two clients with one identifier as well.
            Part::OauthClient(client) => drop(directory.save_oauth_client(client)),
            Part::OauthToken(id, token, lifetimes) => oauth_tokens.push((id, (token, lifetimes))),
            Part::Standard(standard) => seed.standard = standard,
            Part::Custom(custom) => {
                statuses.insert(custom.id);
                seed.custom.push(custom);
            }
            Part::Agent(agent) => seed.agents.push(agent),
            Part::TalkQueue(queue) => seed.talk_queue = queue,
        }
    }
}

impl Known for Built {
    fn has_group(&self, id: GroupId) -> bool {
        self.seed.directory.groups.contains_key(&id)
    }

    fn skill(&self, id: &str) -> Option<SkillId> {
        self.seed.directory.skill_id(id)
    }

    fn role(&self, id: UserId) -> Option<Role> {
        self.seed.directory.user(id).map(|user| user.role)
    }

    fn has_client(&self, id: ClientId) -> bool {
        self.seed.directory.oauth().client(id).is_some()
    }

    fn has_status(&self, id: StatusId) -> bool {
        self.statuses.contains(&id) || self.seed.standard.iter().any(|status| status.id == id)
    }

    fn offline(&self) -> StatusId {
        statuses::offline(&self.seed.standard)
    }
}

/// Only those parts of the seed so far that others can refer to.
struct Seen {
    groups: BTreeSet<GroupId>,
    skills: BTreeSet<Digest>,
    users: BTreeMap<UserId, Role>,
    clients: BTreeSet<ClientId>,
    standard: Vec<StandardStatus>,
    custom: BTreeSet<StatusId>,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            groups: BTreeSet::new(),
            skills: BTreeSet::new(),
            users: BTreeMap::new(),
            clients: BTreeSet::new(),
            standard: statuses::standard_statuses(&[]),
            custom: BTreeSet::new(),
        }
    }
}

impl PartConsumer for Seen {
    fn take(&mut self, part: Part) {
        match part {
            Part::Group(group) => drop(self.groups.insert(group.id)),
            Part::Skill(skill) => drop(self.skills.insert(Digest::of(&skill.id.0))),
            Part::User(user) => drop(self.users.insert(user.id, user.role)),
            Part::OauthClient(client) => drop(self.clients.insert(client.id)),
            Part::Standard(standard) => self.standard = standard,
            Part::Custom(custom) => drop(self.custom.insert(custom.id)),
            Part::Settings(_)
            | Part::CapacityRule(_)
            | Part::ApiToken(..)
            | Part::OauthToken(..)
            | Part::Agent(_)
            | Part::TalkQueue(_) => {}
        }
    }
}

impl Known for Seen {
    fn has_group(&self, id: GroupId) -> bool {
        self.groups.contains(&id)
    }

    fn skill(&self, id: &str) -> Option<SkillId> {
        self.skills
            .contains(&Digest::of(id))
            .then(|| SkillId(id.into()))
    }

    fn role(&self, id: UserId) -> Option<Role> {
        self.users.get(&id).copied()
    }

    fn has_client(&self, id: ClientId) -> bool {
        self.clients.contains(&id)
    }

    fn has_status(&self, id: StatusId) -> bool {
        self.custom.contains(&id) || self.standard.iter().any(|status| status.id == id)
    }

    fn offline(&self) -> StatusId {
        statuses::offline(&self.standard)
    }
}
