//! Facts about a request for the account's journal, set by the layer or handler that finds them.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use crate::account::{GrantThen, IssuedToken, ParameterUsage, RefusalThen, RenewedToken};
use crate::world::{OauthToken, TokenId};

const PAGE: u8 = 1;
const HAS_MORE: u8 = 2;
const WRONG_ROLE: u8 = 4;
const TOO_MANY_JOBS: u8 = 8;
const DAMAGED: u8 = 16;

/// What the journal records besides the request and the answer. No decision depends on it.
#[derive(Debug, Default)]
pub(crate) struct JournalMetadata {
    /// The usage of each query parameter, if there are any and a handler read the query.
    pub(crate) parameters: OnceLock<Arc<[ParameterUsage]>>,
    /// Fields of the body that nothing read, as JSON pointers.
    pub(crate) unread_fields: OnceLock<Arc<[Box<str>]>>,
    /// What became of a request for a token.
    pub(crate) grant: OnceLock<Arc<GrantThen>>,
    flags: AtomicU8,
}

impl JournalMetadata {
    /// The caller's role may not make this call.
    pub(crate) fn set_wrong_role(&self) {
        self.set(WRONG_ROLE);
    }

    /// Too many jobs are queued or running.
    pub(crate) fn set_too_many_jobs(&self) {
        self.set(TOO_MANY_JOBS);
    }

    /// A token was issued, in place of another one if it was renewed, and the client is told or not
    /// when it expires.
    pub(crate) fn set_issued(
        &self,
        token: &OauthToken,
        is_told: bool,
        renewed: Option<RenewedToken>,
    ) {
        let issued = IssuedToken {
            token: token.id,
            client: token.client,
            expires_at: token.expires_at,
            is_expiry_told: is_told && token.expires_at.is_some(),
            renewed,
        };
        let _ = self.grant.set(Arc::new(GrantThen::Issued(issued)));
    }

    /// A token was asked for with the refresh token of this token, if that had been used before.
    pub(crate) fn set_spent(&self, token: Option<TokenId>) {
        if let Some(token) = token {
            let _ = self.grant.set(Arc::new(GrantThen::Spent(token)));
        }
    }

    /// A fault delays or damages the answer, or keeps it back.
    pub(crate) fn set_damaged(&self) {
        self.set(DAMAGED);
    }

    /// The answer is a page of a list, and whether more comes after it.
    pub(crate) fn set_page(&self, has_more: bool) {
        self.set(if has_more { PAGE | HAS_MORE } else { PAGE });
    }

    fn set(&self, flags: u8) {
        self.flags.fetch_or(flags, Ordering::Relaxed);
    }

    /// Why the call was refused, if its status does not say so.
    pub(crate) fn refusal(&self) -> Option<RefusalThen> {
        if self.has(WRONG_ROLE) {
            Some(RefusalThen::WrongRole)
        } else {
            self.has(TOO_MANY_JOBS).then_some(RefusalThen::TooManyJobs)
        }
    }

    /// Whether the client may not have read the answer, because of a fault.
    pub(crate) fn is_damaged(&self) -> bool {
        self.has(DAMAGED)
    }

    fn has(&self, flag: u8) -> bool {
        self.flags.load(Ordering::Relaxed) & flag != 0
    }

    /// Whether more comes after the page. None if the answer is not a page of a list.
    pub(crate) fn has_more(&self) -> Option<bool> {
        let flags = self.flags.load(Ordering::Relaxed);
        (flags & PAGE != 0).then_some(flags & HAS_MORE != 0)
    }
}
