//! OAuth clients.

use std::time::Duration;

use jiff::Timestamp;

use super::UserId;
use crate::names::named_enum;

/// The id of an OAuth client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

named_enum! {
    /// Whether a client can keep a secret.
    #[non_exhaustive]
    pub enum ClientKind {
        /// It can: a server.
        Confidential => "confidential",
        /// It cannot: a program on a user's machine. It needs PKCE.
        Public => "public",
        /// An old client, which is treated as a confidential one.
        Unknown => "unknown",
    }
}

/// An OAuth client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OauthClient {
    /// Its id.
    pub id: ClientId,
    /// The name that it sends as `client_id`, unique among the clients.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// Whether it can keep a secret.
    pub kind: ClientKind,
    /// Its secret, if it has one.
    pub secret: Option<String>,
    /// Where its users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// The scopes that it may ask for. None for any.
    pub allowed_scopes: Option<Vec<String>>,
    /// The company that made it.
    pub company: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The address of its logo.
    pub logo_url: Option<String>,
    /// Whether several accounts use it.
    pub global: bool,
    /// The user who created it. With client credentials, its tokens act as this user.
    pub user: UserId,
    /// When it was created, which decides how long its tokens live. None only in a seed: then it
    /// counts as new.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

impl OauthClient {
    /// Tokens of local clients that were created from this day on expire: 2026-04-30.
    const LOCAL_SINCE: i64 = 1_777_507_200;
    /// Tokens of global clients that were created from this day on expire: 2026-02-02.
    const GLOBAL_SINCE: i64 = 1_769_990_400;
    /// How long they live if the client does not say.
    const LIFETIME: Duration = Duration::from_mins(30);

    /// Whether it needs PKCE, and no secret.
    pub fn is_public(&self) -> bool {
        self.kind == ClientKind::Public
    }

    /// Its secret, if it keeps one: a public client proves itself by PKCE.
    pub(crate) fn own_secret(&self) -> Option<&str> {
        self.secret.as_deref().filter(|_| !self.is_public())
    }

    /// How long its access tokens live if it does not say. None if they never expire.
    pub fn default_lifetime(&self) -> Option<Duration> {
        let since = if self.global {
            Self::GLOBAL_SINCE
        } else {
            Self::LOCAL_SINCE
        };
        let is_old = self
            .created_at
            .is_some_and(|created_at| created_at.as_second() < since);
        (!is_old).then_some(Self::LIFETIME)
    }

    /// The time of creation of a client that is created now. It is at least the day from which tokens
    /// expire, also if the account's clock is before that day.
    pub fn creation(now: Timestamp) -> Timestamp {
        let first = Timestamp::from_second(Self::LOCAL_SINCE).unwrap_or_default();
        now.max(first)
    }
}
