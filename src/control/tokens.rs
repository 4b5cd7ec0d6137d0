//! The API tokens and OAuth tokens of an account, one by one. Paths name them by id, so that no
//! path has a secret in it.

use axum::extract::Request;
use jiff::Timestamp;

use super::account_path::AccountPath;
use super::directory::{self, DirectoryEntry};
use super::error::ControlResult;
use crate::document::reader::Node;
use crate::seed::{Identity, oauth, users, write};
use crate::wire::token::{ApiTokenDocument, OauthTokenDocument};
use crate::world::{ApiToken, Directory, OauthToken, TokenId, WriteError};

/// `GET /_emulator/accounts/{subdomain}/api_tokens`
pub(crate) async fn list_api_tokens(path: AccountPath) -> ControlResult {
    directory::list::<ApiToken>(path).await
}

/// `GET /_emulator/accounts/{subdomain}/api_tokens/{api_token_id}`
pub(crate) async fn show_api_token(path: AccountPath) -> ControlResult {
    directory::show::<ApiToken>(path).await
}

/// `PUT /_emulator/accounts/{subdomain}/api_tokens/{api_token_id}`
pub(crate) async fn replace_api_token(path: AccountPath, request: Request) -> ControlResult {
    directory::replace::<ApiToken>(path, request).await
}

/// `PATCH /_emulator/accounts/{subdomain}/api_tokens/{api_token_id}`
pub(crate) async fn update_api_token(path: AccountPath, request: Request) -> ControlResult {
    directory::update::<ApiToken>(path, request).await
}

/// `DELETE /_emulator/accounts/{subdomain}/api_tokens/{api_token_id}`
pub(crate) async fn delete_api_token(path: AccountPath) -> ControlResult {
    directory::delete::<ApiToken>(path).await
}

/// `GET /_emulator/accounts/{subdomain}/oauth_tokens`
pub(crate) async fn list_oauth_tokens(path: AccountPath) -> ControlResult {
    directory::list::<OauthToken>(path).await
}

/// `GET /_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}`
pub(crate) async fn show_oauth_token(path: AccountPath) -> ControlResult {
    directory::show::<OauthToken>(path).await
}

/// `PUT /_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}`
pub(crate) async fn replace_oauth_token(path: AccountPath, request: Request) -> ControlResult {
    directory::replace::<OauthToken>(path, request).await
}

/// `PATCH /_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}`
pub(crate) async fn update_oauth_token(path: AccountPath, request: Request) -> ControlResult {
    directory::update::<OauthToken>(path, request).await
}

/// `DELETE /_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}`
pub(crate) async fn delete_oauth_token(path: AccountPath) -> ControlResult {
    directory::delete::<OauthToken>(path).await
}

impl DirectoryEntry for ApiToken {
    type Document = ApiTokenDocument;

    const NAME: &'static str = "API token";
    const PARAMETER: &'static str = "api_token_id";
    const LIST: &'static str = "api_tokens";
    const KEYS: &'static [&'static str] = users::API_TOKEN_KEYS;

    fn all(directory: &Directory) -> Vec<&Self> {
        directory.api_tokens()
    }

    fn find(directory: &Directory, id: u64) -> Option<&Self> {
        let mut tokens = directory.api_tokens_by_text().values();
        tokens.find(|token| token.id == TokenId(id))
    }

    fn read(node: &Node<'_>, id: u64, _: &Directory, now: Timestamp) -> Option<Self> {
        users::read_api_token(node, Identity::Given(id), &mut users::unique_texts()).map(
            |(_, token)| ApiToken {
                created_at: token.created_at.or(Some(now)),
                ..token
            },
        )
    }

    fn write(&self) -> ApiTokenDocument {
        write::api_token(self)
    }

    fn save(self, directory: &mut Directory, _: Timestamp) -> Result<(), WriteError> {
        directory.save_api_token(self)
    }

    fn remove(directory: &mut Directory, id: u64, _: Timestamp) {
        directory.remove_api_token(TokenId(id));
    }
}

impl DirectoryEntry for OauthToken {
    type Document = OauthTokenDocument;

    const NAME: &'static str = "OAuth token";
    const PARAMETER: &'static str = "oauth_token_id";
    const LIST: &'static str = "oauth_tokens";
    const KEYS: &'static [&'static str] = oauth::OAUTH_TOKEN_KEYS;

    fn all(directory: &Directory) -> Vec<&Self> {
        directory.oauth().tokens().collect()
    }

    fn find(directory: &Directory, id: u64) -> Option<&Self> {
        directory.oauth().token(TokenId(id))
    }

    fn read(node: &Node<'_>, id: u64, directory: &Directory, now: Timestamp) -> Option<Self> {
        let read = oauth::read_oauth_token(
            node,
            Identity::Given(id),
            &mut users::unique_texts(),
            |id| directory.user(id).is_some(),
            |id| directory.oauth().client(id).is_some(),
        );
        read.map(|(_, token, lifetimes)| lifetimes.begin(token, now))
    }

    fn write(&self) -> OauthTokenDocument {
        write::oauth_token(self)
    }

    fn save(self, directory: &mut Directory, _: Timestamp) -> Result<(), WriteError> {
        directory.save_oauth_token(self)
    }

    fn remove(directory: &mut Directory, id: u64, now: Timestamp) {
        directory.oauth_mut().revoke(TokenId(id), now);
    }
}
