//! Facts about a request for the account's journal, set by the layer or handler that finds them.

use std::sync::{Arc, OnceLock};

use crate::account::{GrantThen, IssuedToken, ParameterUsage, RefusalThen, RenewedToken};
use crate::world::{OauthToken, TokenId};

/// What the journal records besides the request and the answer. No decision depends on it.
#[derive(Debug, Default)]
pub(crate) struct JournalMetadata {
    /// The usage of each query parameter, if there are any and a handler read the query.
    pub(crate) parameters: OnceLock<Arc<[ParameterUsage]>>,
    /// Fields of the body that nothing read, as JSON pointers.
    pub(crate) unread_fields: OnceLock<Arc<[Box<str>]>>,
    /// What became of a request for a token.
    pub(crate) grant: OnceLock<Arc<GrantThen>>,
    refusal: OnceLock<RefusalThen>,
    has_more: OnceLock<bool>,
    damaged: OnceLock<()>,
}

impl JournalMetadata {
    /// The caller's role may not make this call.
    pub(crate) fn set_wrong_role(&self) {
        let _ = self.refusal.set(RefusalThen::WrongRole);
    }

    /// Too many jobs are queued or running.
    pub(crate) fn set_too_many_jobs(&self) {
        let _ = self.refusal.set(RefusalThen::TooManyJobs);
    }

    /// A token was issued, in place of the one that was renewed, if any. `is_told` says whether the
    /// answer has the time of its expiry.
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

    /// The request has a refresh token that had been used before. `token` is the one that it
    /// renewed then.
    pub(crate) fn set_spent(&self, token: Option<TokenId>) {
        if let Some(token) = token {
            let _ = self.grant.set(Arc::new(GrantThen::Spent(token)));
        }
    }

    /// A fault delays or damages the answer, or keeps it back.
    pub(crate) fn set_damaged(&self) {
        let _ = self.damaged.set(());
    }

    /// The answer is a page of a list, and whether more comes after it.
    pub(crate) fn set_page(&self, has_more: bool) {
        let _ = self.has_more.set(has_more);
    }

    /// Why the call was refused, if its status does not say so.
    pub(crate) fn refusal(&self) -> Option<RefusalThen> {
        self.refusal.get().copied()
    }

    /// Whether the client may not have read the answer, because of a fault.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.get().is_some()
    }

    /// Whether more comes after the page. None if the answer is not a page of a list.
    pub(crate) fn has_more(&self) -> Option<bool> {
        self.has_more.get().copied()
    }
}
