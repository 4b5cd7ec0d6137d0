//! Users.

use super::account::{Account, path};
use super::error::ClientError;
use super::patch::patch;
use crate::wire::user::UserDocument;
use crate::world::Role;

patch! {
    /// A change of a user. What is not given stays.
    UserPatch
}

impl UserPatch {
    /// Its new name.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with("name", name.into())
    }

    /// Its new e-mail address.
    #[must_use]
    pub fn email(self, email: impl Into<String>) -> Self {
        self.with("email", email.into())
    }

    /// Its new role.
    #[must_use]
    pub fn role(self, role: Role) -> Self {
        self.with("role", role.as_str())
    }

    /// Its new password, or none.
    #[must_use]
    pub fn password(self, password: Option<&str>) -> Self {
        self.with("password", password)
    }

    /// Its new id in another system, or none.
    #[must_use]
    pub fn external_id(self, external_id: Option<&str>) -> Self {
        self.with("external_id", external_id)
    }

    /// Its new telephone number, or none.
    #[must_use]
    pub fn phone(self, phone: Option<&str>) -> Self {
        self.with("phone", phone)
    }

    /// Whether it is there.
    #[must_use]
    pub fn active(self, active: bool) -> Self {
        self.with("active", active)
    }

    /// Whether it is suspended.
    #[must_use]
    pub fn suspended(self, suspended: bool) -> Self {
        self.with("suspended", suspended)
    }

    /// Its new tags.
    #[must_use]
    pub fn tags<S: Into<String>>(self, tags: impl IntoIterator<Item = S>) -> Self {
        let tags: Vec<String> = tags.into_iter().map(Into::into).collect();
        self.with("tags", tags)
    }
}

impl Account {
    /// All users, by id.
    pub fn users(&self) -> Result<Vec<UserDocument>, ClientError> {
        self.list("users")
    }

    /// One user.
    pub fn user(&self, id: u64) -> Result<UserDocument, ClientError> {
        self.get(&path("users", id))
    }

    /// Replaces the user with this id, or adds it.
    pub fn replace_user(&self, user: &UserDocument) -> Result<UserDocument, ClientError> {
        self.put(&path("users", user.id), user)
    }

    /// Changes a user.
    pub fn update_user(&self, id: u64, patch: &UserPatch) -> Result<UserDocument, ClientError> {
        self.patch(&path("users", id), patch)
    }

    /// Deletes a user, and returns it. Its OAuth tokens and the OAuth clients that it created go
    /// with it. An agent with the same id stays.
    pub fn delete_user(&self, id: u64) -> Result<UserDocument, ClientError> {
        self.delete_at(&path("users", id))
    }
}
