//! What the journal keeps of who called, with which credential, and of what became of the call: ids
//! and times, and nothing secret.

use jiff::Timestamp;

use crate::world::{ClientId, OauthToken, Role, TokenId, UserId};

/// A caller. The e-mail address is in the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallerThen {
    /// None for an admin who is not a user of the account.
    pub(crate) user: Option<UserId>,
    pub(crate) role: Role,
}

/// The credential of a call. Those that the account does not know are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialThen {
    Password,
    ApiToken,
    /// An access token, which may have expired.
    OauthToken(TokenId),
    /// An access token that had been replaced: its refresh token had been used.
    ReplacedToken(TokenId),
}

/// Why a call was refused, where its status does not say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusalThen {
    /// For the caller's role.
    WrongRole,
    /// Because of too many open jobs, with a 429 that is not the rate limit's.
    TooManyJobs,
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

impl From<&OauthToken> for RenewedToken {
    fn from(token: &OauthToken) -> Self {
        Self {
            token: token.id,
            created_at: token.created_at,
            expires_at: token.expires_at,
        }
    }
}
