//! The users of an account, one by one.

use axum::extract::Request;
use jiff::Timestamp;

use super::account_path::AccountPath;
use super::directory::{self, DirectoryEntry};
use super::error::ControlResult;
use crate::document::reader::Node;
use crate::seed::{Identity, users, write};
use crate::wire::user::UserDocument;
use crate::world::{Directory, User, UserId, WriteError};

/// `GET /_emulator/accounts/{subdomain}/users`
pub(crate) async fn list_users(path: AccountPath) -> ControlResult {
    directory::list::<User>(path).await
}

/// `GET /_emulator/accounts/{subdomain}/users/{user_id}`
pub(crate) async fn show_user(path: AccountPath) -> ControlResult {
    directory::show::<User>(path).await
}

/// `PUT /_emulator/accounts/{subdomain}/users/{user_id}`
pub(crate) async fn replace_user(path: AccountPath, request: Request) -> ControlResult {
    directory::replace::<User>(path, request).await
}

/// `PATCH /_emulator/accounts/{subdomain}/users/{user_id}`
pub(crate) async fn update_user(path: AccountPath, request: Request) -> ControlResult {
    directory::update::<User>(path, request).await
}

/// `DELETE /_emulator/accounts/{subdomain}/users/{user_id}`: the user's OAuth tokens go with it, and
/// the OAuth clients that the user created.
pub(crate) async fn delete_user(path: AccountPath) -> ControlResult {
    directory::delete::<User>(path, |directory, id, now| {
        directory.remove_user(UserId(id), now);
    })
    .await
}

impl DirectoryEntry for User {
    type Document = UserDocument;

    const NAME: &'static str = "user";
    const PARAMETER: &'static str = "user_id";
    const LIST: &'static str = "users";
    const KEYS: &'static [&'static str] = users::USER_KEYS;

    fn all(directory: &Directory) -> Vec<&Self> {
        directory.users().collect()
    }

    fn find(directory: &Directory, id: u64) -> Option<&Self> {
        directory.user(UserId(id))
    }

    fn read(node: &Node<'_>, id: u64, _: &Directory, _: Timestamp) -> Option<Self> {
        users::read_user(node, Identity::Given(id), &mut users::unique_emails())
    }

    fn write(&self) -> UserDocument {
        write::user(self)
    }

    fn save(self, directory: &mut Directory, now: Timestamp) -> Result<(), WriteError> {
        directory.save_user(self, now)
    }

    fn user(id: u64) -> Option<UserId> {
        Some(UserId(id))
    }
}
