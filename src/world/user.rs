//! Users and their credentials.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{AgentId, Group, GroupId, Skill, SkillId};
use crate::names::named_enum;

/// The id of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub u64);

impl UserId {
    /// The agent that this user is, if it is one.
    pub fn as_agent(self) -> AgentId {
        AgentId(self.0)
    }
}

named_enum! {
    /// What a user may do.
    pub enum Role {
        /// Everything.
        Admin => "admin",
        /// What concerns the agent itself.
        Agent => "agent",
        /// Nothing here: light agents have no availability.
        LightAgent => "light_agent",
        /// Nothing here.
        EndUser => "end_user",
    }
}

/// A user of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub name: String,
    /// Its e-mail address, unique within the account whatever the case of its letters.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Its password, if it can sign in with one.
    pub password: Option<String>,
}

/// An OAuth token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthToken {
    /// Whose it is.
    pub user: UserId,
    /// What it may be used for: any texts. Shared, since every call looks at them.
    pub scopes: Arc<BTreeSet<String>>,
    /// From when on nobody knows it any more.
    pub expires_at: Option<Timestamp>,
}

impl OauthToken {
    /// The scope of GET and HEAD.
    pub const READ: &'static str = "read";
    /// The scope of everything else.
    pub const WRITE: &'static str = "write";

    /// Whether nobody knows it any more.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// Who may call an account, and the groups and skills that its agents refer to.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    users: BTreeMap<UserId, User>,
    by_email: BTreeMap<String, UserId>,
    /// The account's API tokens, and what each is for: any of them goes with any user.
    pub api_tokens: BTreeMap<String, Option<String>>,
    /// OAuth tokens by their text.
    pub oauth_tokens: BTreeMap<String, OauthToken>,
    /// Groups by id.
    pub groups: BTreeMap<GroupId, Group>,
    /// Skills by id.
    pub skills: BTreeMap<SkillId, Skill>,
}

impl Directory {
    /// Adds a user, or replaces the one with this id.
    pub fn insert_user(&mut self, user: User) {
        self.by_email.insert(user.email.to_lowercase(), user.id);
        self.users.insert(user.id, user);
    }

    /// The user with this id.
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    /// The user with this e-mail address.
    pub fn user_by_email(&self, email: &str) -> Option<&User> {
        let is_lowercase = email.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let id = if is_lowercase { self.by_email.get(email) } else { self.by_email.get(&email.to_lowercase()) };
        id.and_then(|id| self.users.get(id))
    }

    /// Every user, by id.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }
}
