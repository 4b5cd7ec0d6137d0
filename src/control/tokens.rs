//! The API tokens and OAuth tokens of an account, one by one. Paths name them by id, so that no
//! path has a secret in it.

use axum::extract::Request;
use axum::http::Uri;
use jiff::Timestamp;

use super::account_path::AccountPath;
use super::body;
use super::directory::{self, DirectoryEntry};
use super::error::ControlResult;
use super::parameters::Parameters;
use crate::account::Account;
use crate::document::json::{Document, RawJson};
use crate::document::reader::Node;
use crate::seed::{Identity, oauth, users, write};
use crate::wire::token::{ApiTokenDocument, OauthTokenDocument};
use crate::world::{ApiToken, Directory, LastUse, OauthToken, Stamp, TokenId, WriteError};

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
    directory::delete::<ApiToken>(path, |directory, id, _| {
        directory.remove_api_token(TokenId(id));
    })
    .await
}

/// `GET /_emulator/accounts/{subdomain}/oauth_tokens`: with `live`, only tokens that can be used or
/// renewed, or only the others.
pub(crate) async fn list_oauth_tokens(path: AccountPath, uri: Uri) -> ControlResult {
    let wanted = Parameters::parse(uri.query(), &[]).read(|node| {
        let query = node.object(&["live"])?;
        Some(query.optional("live").and_then(|node| {
            let live: Option<bool> = node.value().text().and_then(|text| text.parse().ok());
            if live.is_none() {
                node.problem("expected true or false");
            }
            live
        }))
    })?;
    directory::list_some(path, move |token: &OauthToken, now| {
        wanted.is_none_or(|live| token.is_dead(now) != live)
    })
    .await
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

/// `POST /_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}/expire`: the access token
/// expires now. Its refresh token does not change, and neither does a token that has expired before.
pub(crate) async fn expire_oauth_token(path: AccountPath, request: Request) -> ControlResult {
    let id = path.id(OauthToken::NAME, OauthToken::PARAMETER)?;
    let expire = move |account: &Account, given: &Document<'_>, stamp: Stamp| {
        body::read(given, |node| node.object(&[]).map(drop))?;
        account.world.update_directory(None, |directory| {
            let mut token = directory::found::<OauthToken>(directory, id)?.clone();
            let now = stamp.time;
            token.expires_at = Some(token.expires_at.map_or(now, |end| end.min(now)));
            directory::save(token, directory, now)
        })
    };
    path.long_work(request, expire).await
}

/// `DELETE /_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}`: revokes it, and its
/// refresh token.
pub(crate) async fn delete_oauth_token(path: AccountPath) -> ControlResult {
    directory::delete::<OauthToken>(path, |directory, id, now| {
        directory.oauth_mut().revoke(TokenId(id), now);
    })
    .await
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

    fn patched(self, before: &Self, patch: RawJson<'_>, now: Timestamp) -> Self {
        // The days without use begin anew.
        let is_activated = patch.get("active").and_then(RawJson::boolean) == Some(true)
            && patch.get("activated_at").is_none();
        Self {
            activated_at: if is_activated {
                Some(now)
            } else {
                self.activated_at
            },
            last_use: kept(self.last_use, &before.last_use, patch.get("last_used_at")),
            ..self
        }
    }

    fn save(self, directory: &mut Directory, _: Timestamp) -> Result<(), WriteError> {
        directory.save_api_token(self)
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

    fn prepare(document: &mut OauthTokenDocument, patch: RawJson<'_>) {
        let is_given = |key| patch.get(key).is_some_and(|value| !value.is_null());
        // The one takes the place of the other.
        if is_given("expires_in") {
            document.expires_at = None;
        }
        let is_removed = patch.get("refresh_token").is_some_and(RawJson::is_null);
        if is_given("refresh_token_expires_in") || is_removed {
            document.refresh_token_expires_at = None;
        }
    }

    fn patched(self, before: &Self, patch: RawJson<'_>, _: Timestamp) -> Self {
        let last_use = kept(self.last_use, &before.last_use, patch.get("used_at"));
        Self { last_use, ..self }
    }

    fn save(self, directory: &mut Directory, _: Timestamp) -> Result<(), WriteError> {
        directory.save_oauth_token(self)
    }
}

/// When a token was last used. Calls note that all the time, so a patch without it does not change
/// it.
fn kept(read: LastUse, before: &LastUse, given: Option<RawJson<'_>>) -> LastUse {
    if given.is_some() {
        read
    } else {
        before.clone()
    }
}
