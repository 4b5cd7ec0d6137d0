//! OAuth clients and tokens, in a seed and as control calls spell them.

use std::time::Duration;

use jiff::Timestamp;

use super::agents::Identity;
use super::root::{Part, PartConsumer, each, take};
use super::users::read_token_text;
use crate::document::reader::{Node, Object};
use crate::document::unique::{Digest, Unique};
use crate::world::{
    ClientId, ClientKind, LastUse, OauthClient, OauthToken, RefreshToken, TokenId, UserId,
    each_once, is_redirect_uri,
};

const CLIENT_KEYS: &[&str] = &[
    "id",
    "identifier",
    "name",
    "kind",
    "secret",
    "redirect_uri",
    "allowed_scopes",
    "company",
    "description",
    "logo_url",
    "global",
    "user_id",
    "created_at",
    "updated_at",
];
/// The members of an OAuth token's document.
pub(crate) const OAUTH_TOKEN_KEYS: &[&str] = &[
    "id",
    "token",
    "user_id",
    "client_id",
    "scopes",
    "created_at",
    "expires_at",
    "expires_in",
    "refresh_token",
    "refresh_token_expires_at",
    "refresh_token_expires_in",
    "used_at",
];

/// How long a token and its refresh token live from now on, if the document gives a duration and not
/// an instant.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SeededLifetimes {
    access: Option<Duration>,
    refresh: Option<Duration>,
}

impl SeededLifetimes {
    /// Whether the access token expires some time after the account begins.
    pub(super) fn ends(self) -> bool {
        self.access.is_some()
    }

    /// The token as it is if it is made now.
    pub(crate) fn begin(self, token: OauthToken, now: Timestamp) -> OauthToken {
        let end = |lifetime: Option<Duration>| {
            lifetime.map(|lifetime| now.saturating_add(lifetime).unwrap_or(Timestamp::MAX))
        };
        let refresh = token.refresh.map(|refresh| RefreshToken {
            expires_at: refresh.expires_at.or(end(self.refresh)),
            ..refresh
        });
        OauthToken {
            created_at: token.created_at.or(Some(now)),
            expires_at: token.expires_at.or(end(self.access)),
            refresh,
            ..token
        }
    }
}

/// Reads the OAuth clients and tokens of a seed. The texts of tokens must not be among `texts`.
pub(super) fn read_oauth(
    root: &Object<'_>,
    texts: &mut Unique<Digest>,
    parts: &mut dyn PartConsumer,
) {
    let mut identifiers = Unique::new("identifier");
    each(root, "oauth_clients", "id", |node, ids| {
        let has_user = |id| parts.role(id).is_some();
        let client = read_client(node, Identity::Unique(ids), &mut identifiers, has_user);
        take(parts, client.map(Part::OauthClient));
    });
    each(root, "oauth_tokens", "id", |node, ids| {
        let has_user = |id| parts.role(id).is_some();
        let has_client = |id| parts.has_client(id);
        let id = Identity::UniqueIfAny(ids);
        let token = read_oauth_token(node, id, texts, has_user, has_client);
        let part = token.map(|(id, token, lifetimes)| Part::OauthToken(id, token, lifetimes));
        take(parts, part);
    });
}

fn read_client(
    node: &Node<'_>,
    mut id: Identity<'_>,
    identifiers: &mut Unique<Digest>,
    has_user: impl Fn(UserId) -> bool,
) -> Option<OauthClient> {
    let client = node.object(CLIENT_KEYS)?;
    let id = id.read(&client).map(ClientId);
    let identifier = client.read_required("identifier", |node| {
        let identifier = node.text()?;
        identifiers.check_text(&identifier, node);
        Some(identifier.into_owned())
    });
    let text = |key| client.read(key, Node::string);
    let kind = client.word("kind").unwrap_or(ClientKind::Confidential);
    let secret = text("secret");
    if kind == ClientKind::Confidential && client.optional("secret").is_none() {
        node.problem("a confidential client has a \"secret\"");
    }
    let redirect_uris = client.read("redirect_uri", |node| node.long_list(|| read_redirect_uri));
    let allowed_scopes = client.read("allowed_scopes", |node| node.long_list(|| read_scope));
    let user = read_user_id(&client, has_user);
    let time = |key| client.read(key, Node::time);
    let global = client.read("global", Node::boolean);
    let name = text("name");
    let (company, description, logo_url) = (text("company"), text("description"), text("logo_url"));
    let (created_at, updated_at) = (time("created_at"), time("updated_at"));
    let identifier = identifier?;
    Some(OauthClient {
        id: id?,
        name: name.unwrap_or_else(|| identifier.clone()),
        identifier,
        kind,
        secret,
        redirect_uris: redirect_uris.unwrap_or_default(),
        allowed_scopes: allowed_scopes.map(each_once),
        company,
        description,
        logo_url,
        global: global.unwrap_or_default(),
        user: user?,
        created_at,
        updated_at,
    })
}

/// Reads an OAuth token, its id if there is one, and how long it lives. The texts must not be among
/// `texts`.
pub(crate) fn read_oauth_token(
    node: &Node<'_>,
    mut id: Identity<'_>,
    texts: &mut Unique<Digest>,
    has_user: impl Fn(UserId) -> bool,
    has_client: impl Fn(ClientId) -> bool,
) -> Option<(Option<TokenId>, OauthToken, SeededLifetimes)> {
    let token = node.object(OAUTH_TOKEN_KEYS)?;
    let id = id.read(&token).map(TokenId);
    let text = token.read_required("token", |node| read_token_text(node, texts));
    let user = read_user_id(&token, has_user);
    let client = token.read("client_id", |node| {
        let id = ClientId(node.number()?);
        if !has_client(id) {
            node.problem(format_args!("there is no OAuth client {}", id.0));
        }
        Some(id)
    });
    let scopes = token.read("scopes", |node| node.long_list(|| read_scope));
    let scopes = scopes.unwrap_or_else(|| {
        [OauthToken::READ, OauthToken::WRITE]
            .map(str::to_owned)
            .into()
    });
    let time = |key| token.read(key, Node::time);
    let (expires_at, access) = read_end(&token, "expires_at", "expires_in");
    let refresh = token.optional("refresh_token");
    let refresh_text = refresh
        .as_ref()
        .and_then(|node| read_token_text(node, texts));
    let (refresh_expires_at, refresh_lifetime) = read_end(
        &token,
        "refresh_token_expires_at",
        "refresh_token_expires_in",
    );
    for key in ["refresh_token_expires_at", "refresh_token_expires_in"] {
        if let Some(node) = token.optional(key).filter(|_| refresh.is_none()) {
            node.problem("there is no \"refresh_token\" that could expire");
        }
    }
    let refresh = refresh_text.map(|text| RefreshToken {
        token: text.into(),
        expires_at: refresh_expires_at,
    });
    let lifetimes = SeededLifetimes {
        access,
        refresh: refresh_lifetime.or(Some(RefreshToken::LIFETIME)),
    };
    let (created_at, used_at) = (time("created_at"), time("used_at"));
    let token = OauthToken {
        id: id.unwrap_or_default(),
        token: text?.into(),
        user: user?,
        client,
        scopes: each_once(scopes).into(),
        created_at,
        expires_at,
        refresh,
        last_use: LastUse::at(used_at),
    };
    Some((id, token, lifetimes))
}

/// When something ends: at an instant, or after some time.
fn read_end(
    document: &Object<'_>,
    at: &'static str,
    after: &'static str,
) -> (Option<Timestamp>, Option<Duration>) {
    let (at, lifetime) = (document.optional(at), document.optional(after));
    if let (Some(_), Some(lifetime)) = (&at, &lifetime) {
        lifetime.problem("the time of the end is given too; give one of the two");
    }
    (
        at.and_then(|node| node.time()),
        lifetime.and_then(|node| node.duration()),
    )
}

fn read_user_id(document: &Object<'_>, has_user: impl Fn(UserId) -> bool) -> Option<UserId> {
    let node = document.required("user_id")?;
    let id = UserId(node.number()?);
    if !has_user(id) {
        node.problem(format_args!("there is no user {}", id.0));
    }
    Some(id)
}

fn read_redirect_uri(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    if !is_redirect_uri(&text) {
        node.problem("expected an https address, or an http address of localhost or 127.0.0.1");
    }
    Some(text.into_owned())
}

/// Any text is a scope. In a line of scopes, white space separates them.
fn read_scope(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    if text.contains(char::is_whitespace) {
        node.problem("expected text without white space");
        return None;
    }
    Some(text.into_owned())
}
