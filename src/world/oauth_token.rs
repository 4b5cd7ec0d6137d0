//! Authorization codes, access tokens and refresh tokens of OAuth.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{ClientId, LastUse, TokenId, UserId};

/// A code that a client exchanges for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorizationCode {
    /// The code itself.
    pub code: Arc<str>,
    /// The client that may exchange it.
    pub client: ClientId,
    /// The user who allowed it.
    pub user: UserId,
    /// Where the user was sent back to.
    pub redirect_uri: String,
    /// The scopes that the client asked for, in its order.
    pub scopes: Vec<String>,
    /// The S256 challenge of PKCE, if the client sent one.
    pub challenge: Option<String>,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl AuthorizationCode {
    /// How long a code lives.
    pub const LIFETIME: Duration = Duration::from_mins(2);
}

/// A refresh token: it can be used once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefreshToken {
    /// The token itself, unique among all tokens.
    pub token: Arc<str>,
    /// When it expires, if it does.
    pub expires_at: Option<Timestamp>,
}

impl RefreshToken {
    /// How long one lives if the client does not say.
    pub const LIFETIME: Duration = Duration::from_hours(30 * 24);

    /// Whether it has expired.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        has_passed(self.expires_at, now)
    }
}

/// An OAuth access token, with the refresh token that renews it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OauthToken {
    /// Its id.
    pub id: TokenId,
    /// The token itself, unique among all tokens.
    pub token: Arc<str>,
    /// Its user.
    pub user: UserId,
    /// The client that it was issued to, if one was.
    pub client: Option<ClientId>,
    /// Its scopes, which may be any texts, in the order in which they were asked for. Shared,
    /// because every call reads them.
    pub scopes: Arc<[String]>,
    /// When it was made. None only in a seed: then it is made when the account begins.
    pub created_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
    /// What renews it.
    pub refresh: Option<RefreshToken>,
    /// When it was last used.
    pub last_use: LastUse,
}

impl OauthToken {
    /// The scope of GET and HEAD.
    pub const READ: &'static str = "read";
    /// The scope of everything else.
    pub const WRITE: &'static str = "write";

    /// Whether it has expired.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        has_passed(self.expires_at, now)
    }

    /// Whether it has expired and cannot be renewed.
    pub fn is_dead(&self, now: Timestamp) -> bool {
        let can_be_renewed = |refresh: &RefreshToken| !refresh.has_expired(now);
        self.has_expired(now) && !self.refresh.as_ref().is_some_and(can_be_renewed)
    }

    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }
}

/// The scopes in their order, each once.
pub(crate) fn each_once(scopes: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let scopes = scopes.into_iter();
    scopes.filter(|scope| seen.insert(scope.clone())).collect()
}

fn has_passed(time: Option<Timestamp>, now: Timestamp) -> bool {
    time.is_some_and(|time| time <= now)
}
