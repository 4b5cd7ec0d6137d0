//! Users.

use super::AgentId;
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
    /// Its e-mail address, unique within the account, case-insensitively.
    pub email: String,
    /// Its role.
    pub role: Role,
    /// Its password, if it has one.
    pub password: Option<String>,
    /// Its id in another system, if it has one. Several users may have the same.
    pub external_id: Option<String>,
    /// Its telephone number, if it has one.
    pub phone: Option<String>,
    /// Whether it still exists. A user that was deleted at Zendesk is not active.
    pub active: bool,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Its tags.
    pub tags: Vec<String>,
}

impl User {
    /// An active user. The other members are not known.
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

    /// Whether it has this external id, case-insensitively.
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
