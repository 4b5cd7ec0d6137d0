//! Users.

use serde::{Deserialize, Serialize};

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
        }
    }
}
