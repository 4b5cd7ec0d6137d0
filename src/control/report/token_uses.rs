//! What the journal shows of OAuth tokens: which were issued, and which requests used them.

use std::collections::BTreeMap;

use crate::account::{CredentialThen, Entry, GrantThen, IssuedToken, Reading};
use crate::world::TokenId;

/// A request with its number.
#[derive(Clone, Copy)]
pub(super) struct Numbered<'a> {
    pub(super) number: u64,
    pub(super) entry: &'a Entry,
}

/// A request that was answered with a token.
#[derive(Clone, Copy)]
pub(super) struct Issue<'a> {
    pub(super) request: Numbered<'a>,
    pub(super) issued: &'a IssuedToken,
}

/// The requests about one token, in their order.
#[derive(Default)]
pub(super) struct Uses<'a> {
    /// Calls with the access token.
    pub(super) calls: Vec<Numbered<'a>>,
    /// Calls with the access token after it had been replaced.
    pub(super) late_calls: Vec<Numbered<'a>>,
    /// The request that issued it.
    pub(super) issue: Option<Issue<'a>>,
    /// The request that renewed it.
    pub(super) renewal: Option<Issue<'a>>,
    /// Requests that were refused because its refresh token had been used.
    pub(super) spent: Vec<Numbered<'a>>,
}

impl Uses<'_> {
    /// Whether the refresh token was sent.
    pub(super) fn is_refresh_token_sent(&self) -> bool {
        self.renewal.is_some() || !self.spent.is_empty()
    }

    /// Whether one of the two tokens was sent before a request.
    pub(super) fn are_before(&self, other: &Numbered<'_>) -> bool {
        let renewal = self.renewal.map(|renewal| renewal.request);
        let lists = [&self.calls, &self.late_calls, &self.spent];
        let first = lists.into_iter().filter_map(|list| list.first());
        first
            .chain(&renewal)
            .any(|request| request.number < other.number)
    }
}

/// The requests about each token.
pub(super) type AllUses<'a> = BTreeMap<TokenId, Uses<'a>>;

/// Sorts the requests of the journal by their tokens.
pub(super) fn token_uses(reading: &Reading) -> AllUses<'_> {
    let mut uses = AllUses::new();
    for (number, entry) in &reading.entries {
        let request = Numbered {
            number: *number,
            entry,
        };
        match entry.credential {
            Some(CredentialThen::OauthToken(token)) => {
                uses.entry(token).or_default().calls.push(request);
            }
            Some(CredentialThen::ReplacedToken(token)) => {
                uses.entry(token).or_default().late_calls.push(request);
            }
            Some(CredentialThen::ApiToken | CredentialThen::Password) | None => {}
        }
        match entry.grant.as_deref() {
            Some(GrantThen::Issued(issued)) => {
                let issue = Some(Issue { request, issued });
                uses.entry(issued.token).or_default().issue = issue;
                if let Some(renewed) = &issued.renewed {
                    uses.entry(renewed.token).or_default().renewal = issue;
                }
            }
            Some(GrantThen::Spent(token)) => uses.entry(*token).or_default().spent.push(request),
            None => {}
        }
    }
    uses
}
