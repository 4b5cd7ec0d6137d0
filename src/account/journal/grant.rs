//! What the journal keeps of a credential and of a request for a token: ids and times, and nothing
//! secret.

use jiff::Timestamp;

use crate::world::{ClientId, TokenId};

/// The credential of a call. Those that the account does not know are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialThen {
    Password,
    ApiToken,
    /// An access token, also if it had expired.
    OauthToken(TokenId),
    /// An access token that had been replaced: its refresh token had been used.
    ReplacedToken(TokenId),
}

/// What became of a request for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantThen {
    Issued(IssuedToken),
    /// It was refused, because the refresh token of this access token had been used before.
    Spent(TokenId),
}

/// A token that was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IssuedToken {
    pub(crate) token: TokenId,
    pub(crate) client: Option<ClientId>,
    pub(crate) expires_at: Option<Timestamp>,
    /// Whether the answer says when it expires.
    pub(crate) is_expiry_told: bool,
    /// The token that it replaced.
    pub(crate) renewed: Option<RenewedToken>,
}

/// A token that was replaced, as it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RenewedToken {
    pub(crate) token: TokenId,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
}
