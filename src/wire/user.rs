//! Users.

use serde::{Deserialize, Serialize};

use super::{is_false, is_true, yes};
use crate::world::Role;

/// A user: what the emulator returns, and what [`Account::replace_user`] takes.
///
/// [`Account::replace_user`]: crate::client::Account::replace_user
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserDocument {
    /// Its id. If the user is an agent, the agent has the same id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its e-mail address, unique in the account whatever the case of its letters.
    pub email: String,
    /// What it may do. A light agent or an end user cannot have the id of an agent.
    pub role: Role,
    /// Its password, if it can sign in with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Its id in another system, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Its telephone number, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether it is there. A user who was deleted at Zendesk is not active.
    #[serde(skip_serializing_if = "is_true", default = "yes")]
    pub active: bool,
    /// Whether it is suspended.
    #[serde(skip_serializing_if = "is_false", default)]
    pub suspended: bool,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tags: Vec<String>,
}

impl UserDocument {
    /// A user without a password.
    pub fn new(id: u64, name: impl Into<String>, email: impl Into<String>, role: Role) -> Self {
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
}
