//! Users and their credentials.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{AgentId, CapacityRules, Group, GroupId, Skill, SkillId, WriteError};
use crate::names::named_enum;

/// The id of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub u64);

impl UserId {
    /// The id of the agent that this user may be.
    pub fn as_agent(self) -> AgentId {
        AgentId(self.0)
    }
}

named_enum! {
    /// What a user may do.
    #[non_exhaustive]
    pub enum Role {
        /// Everything.
        Admin => "admin",
        /// Reading and changing its own availability.
        Agent => "agent",
        /// Nothing here: light agents have no availability.
        LightAgent => "light_agent",
        /// Nothing here.
        EndUser => "end_user",
    }
}

impl Role {
    /// Whether users of this role may be agents.
    pub fn has_availability(self) -> bool {
        matches!(self, Self::Admin | Self::Agent)
    }
}

/// A user of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub name: String,
    /// Its e-mail address, unique within the account, ignoring case.
    pub email: String,
    /// Its role.
    pub role: Role,
    /// Its password, if it has one.
    pub password: Option<String>,
    /// Its id in another system, if it has one. Several users may have the same.
    pub external_id: Option<String>,
    /// Its telephone number, if it has one.
    pub phone: Option<String>,
    /// Whether it is there. A user who was deleted at Zendesk is not active.
    pub active: bool,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Its tags.
    pub tags: Vec<String>,
}

impl User {
    /// An active user of whom no more is known.
    pub fn new(id: UserId, name: impl Into<String>, email: impl Into<String>, role: Role) -> Self {
        Self {
            id,
            name: name.into(),
            email: email.into(),
            role,
            password: None,
            external_id: None,
            phone: None,
            active: true,
            suspended: false,
            tags: Vec::new(),
        }
    }

    /// Whether it has this external id. Small and capital letters are the same.
    pub(crate) fn has_external_id(&self, id: &str) -> bool {
        let own = self.external_id.as_ref();
        own.is_some_and(|own| own.to_lowercase() == id.to_lowercase())
    }

    /// What is shown of an agent that is not among the users. No credentials sign in as it.
    pub fn of_agent(id: AgentId) -> Self {
        let (name, email) = (format!("Agent {id}"), format!("agent-{id}@example.com"));
        Self::new(UserId(id.0), name, email, Role::Agent)
    }
}

/// The id of an API token or an OAuth token, unique among the tokens of its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub u64);

/// An API token of the account. Any user can sign in with it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiToken {
    /// Its id.
    pub id: TokenId,
    /// The token itself, unique among all tokens.
    pub token: String,
    /// What it is for.
    pub description: Option<String>,
}

/// An OAuth token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OauthToken {
    /// Its id.
    pub id: TokenId,
    /// The token itself, unique among all tokens.
    pub token: String,
    /// Its user.
    pub user: UserId,
    /// Its scopes, which may be any texts. Shared, because every call reads them.
    pub scopes: Arc<BTreeSet<String>>,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
}

impl OauthToken {
    /// The scope of GET and HEAD.
    pub const READ: &'static str = "read";
    /// The scope of everything else.
    pub const WRITE: &'static str = "write";

    /// Whether it has expired.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// The users and tokens of an account, and the groups and skills that its agents refer to.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    users: BTreeMap<UserId, User>,
    by_email: BTreeMap<String, UserId>,
    by_role: [BTreeSet<UserId>; Role::ALL.len()],
    by_external_id: BTreeSet<(String, UserId)>,
    /// API tokens by their text.
    pub api_tokens: BTreeMap<String, ApiToken>,
    /// OAuth tokens by their text.
    pub oauth_tokens: BTreeMap<String, OauthToken>,
    /// Groups by id.
    pub groups: BTreeMap<GroupId, Group>,
    /// Skills by id.
    pub skills: BTreeMap<SkillId, Skill>,
    /// Capacity rules. Shared, because they are not changed one by one.
    pub capacity_rules: Arc<CapacityRules>,
}

impl Directory {
    /// Adds a user, or replaces the one with this id.
    ///
    /// # Errors
    ///
    /// Another user has the e-mail address.
    pub fn save_user(&mut self, user: User) -> Result<(), WriteError> {
        let (id, email) = (user.id, user.email.to_lowercase());
        if self.by_email.get(&email).is_some_and(|other| *other != id) {
            return Err(WriteError::DuplicateEmail(user.email));
        }
        if let Some(replaced) = self.users.remove(&id) {
            self.remove_from_indexes(&replaced);
        }
        self.by_email.insert(email, id);
        self.by_role[user.role as usize].insert(id);
        if let Some(external_id) = &user.external_id {
            self.by_external_id.insert((external_id.to_lowercase(), id));
        }
        self.users.insert(id, user);
        Ok(())
    }

    fn remove_from_indexes(&mut self, user: &User) {
        self.by_email.remove(&user.email.to_lowercase());
        self.by_role[user.role as usize].remove(&user.id);
        if let Some(external_id) = &user.external_id {
            self.by_external_id
                .remove(&(external_id.to_lowercase(), user.id));
        }
    }

    /// Adds an API token, or replaces the one with this id.
    ///
    /// # Errors
    ///
    /// Another token has the same text.
    pub fn save_api_token(&mut self, token: ApiToken) -> Result<(), WriteError> {
        if self.oauth_tokens.contains_key(&token.token) {
            return Err(WriteError::DuplicateToken);
        }
        save_token(&mut self.api_tokens, token.token.clone(), token, |it| it.id)
    }

    /// Adds an OAuth token, or replaces the one with this id.
    ///
    /// # Errors
    ///
    /// Another token has the same text.
    pub fn save_oauth_token(&mut self, token: OauthToken) -> Result<(), WriteError> {
        if self.api_tokens.contains_key(&token.token) {
            return Err(WriteError::DuplicateToken);
        }
        save_token(&mut self.oauth_tokens, token.token.clone(), token, |it| {
            it.id
        })
    }

    /// Removes a user and its OAuth tokens.
    pub(crate) fn remove_user(&mut self, id: UserId) -> Option<User> {
        let removed = self.users.remove(&id)?;
        self.remove_from_indexes(&removed);
        self.oauth_tokens.retain(|_, token| token.user != id);
        Some(removed)
    }

    /// The user with this id.
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    /// The user with this e-mail address.
    pub fn user_by_email(&self, email: &str) -> Option<&User> {
        let is_lowercase = email
            .bytes()
            .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let id = if is_lowercase {
            self.by_email.get(email)
        } else {
            self.by_email.get(&email.to_lowercase())
        };
        id.and_then(|id| self.users.get(id))
    }

    /// The users of a role, by id.
    pub(super) fn in_role(&self, role: Role) -> &BTreeSet<UserId> {
        &self.by_role[role as usize]
    }

    /// The users with this external id, by id. Small and capital letters are the same.
    pub(super) fn with_external_id(&self, external_id: &str) -> impl Iterator<Item = &User> {
        let external_id = external_id.to_lowercase();
        let from = self
            .by_external_id
            .range((external_id.clone(), UserId(0))..);
        from.take_while(move |(other, _)| *other == external_id)
            .filter_map(|(_, id)| self.users.get(id))
    }

    /// Every API token, by id.
    pub fn api_tokens(&self) -> Vec<&ApiToken> {
        let mut tokens: Vec<_> = self.api_tokens.values().collect();
        tokens.sort_unstable_by_key(|token| token.id);
        tokens
    }

    /// Every OAuth token, by id.
    pub fn oauth_tokens(&self) -> Vec<&OauthToken> {
        let mut tokens: Vec<_> = self.oauth_tokens.values().collect();
        tokens.sort_unstable_by_key(|token| token.id);
        tokens
    }

    /// Every user, by id.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }
}

/// Replaces the token with the same id, unless another token has the same text.
fn save_token<T>(
    tokens: &mut BTreeMap<String, T>,
    text: String,
    token: T,
    id: fn(&T) -> TokenId,
) -> Result<(), WriteError> {
    let own = id(&token);
    if tokens.get(&text).is_some_and(|other| id(other) != own) {
        return Err(WriteError::DuplicateToken);
    }
    tokens.retain(|_, other| id(other) != own);
    tokens.insert(text, token);
    Ok(())
}
