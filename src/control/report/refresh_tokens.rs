//! What clients do with refresh tokens, of which each can be used once.

use std::collections::BTreeSet;

use super::token_uses::{AllUses, Issue, Numbered, Uses};
use super::{Finding, ReportRule, Verdict};

const REPEATED: &str = "sent more than one request to renew the same token, of which one can \
    succeed: let one worker renew it, and the others wait for the new tokens";
const SPENT: &str = "sent a refresh token again that had been used: each works once, so the newest \
    pair has to be stored before it is used, and after invalid_grant only a new consent helps";
const LOST: &str = "renewed a token, and later sent the old refresh token again and never the new \
    one: the answer to a renewal has a new refresh token, which has to be stored";
const UNANSWERED: &str = "renewed a token, and sent the old tokens later, because a fault kept the \
    answer from it: only a new consent helps";
const UNUSED: &str = "renewed a token, and later called with the old one and never with the new \
    one: a bug unless these calls are another worker's";

/// How to judge a request whose refresh token had been used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SpentKind {
    /// One of several that renew one token when it expires.
    Together,
    /// One that cannot have missed that the refresh token was spent.
    Again,
    /// One that may not have known.
    Excused,
}

/// Several requests that renew one token, of which one succeeds. The others were sent before the
/// winner was answered, or before a new token was used or had expired.
///
/// A correct client with several workers lets one of them renew the token. A client whose library
/// first sends its secret in Basic, and then in the body, sends the refresh token twice; the first
/// request is refused before the refresh token matters, so it does not count.
pub(super) fn repeated_renewal(uses: &AllUses<'_>) -> Vec<Finding> {
    let mut requests = BTreeSet::new();
    for old in uses.values() {
        let together: Vec<_> = spent_requests(uses, old)
            .filter(|(_, kind)| *kind == SpentKind::Together)
            .map(|(request, _)| request.number)
            .collect();
        if !together.is_empty() {
            requests.extend(together);
            requests.extend(old.renewal.map(|renewal| renewal.request.number));
        }
    }
    let shown = [(Verdict::Bad, requests, REPEATED)];
    Finding::all_of(ReportRule::RepeatedRenewal, shown)
}

/// Refresh tokens that were sent again after they had been used.
///
/// A correct client may send one again if a fault kept the answer from it: the first such request is
/// not bad, and neither is the first if the journal does not go back to the renewal. After an
/// `invalid_grant`, only a new consent of the user helps.
pub(super) fn spent_refresh_token(uses: &AllUses<'_>) -> Vec<Finding> {
    let spent = uses.values().flat_map(|old| spent_requests(uses, old));
    let again: BTreeSet<_> = spent
        .filter(|(_, kind)| *kind == SpentKind::Again)
        .map(|(request, _)| request.number)
        .collect();
    let shown = [(Verdict::Bad, again, SPENT)];
    Finding::all_of(ReportRule::SpentRefreshToken, shown)
}

/// Renewals whose new tokens the client does not have: it sent the old ones later, and never the new
/// ones. If it used the new access token, and later the old refresh token, it has kept only one of the
/// two.
///
/// A correct client may
/// - not have got the answer, because of a fault: a note. A client that stores the answer only after it
///   has used the tokens looks like that when it is stopped in between;
/// - have workers that call with the old access token until they learn of the new one: a note, unless
///   the old refresh token was sent as well;
/// - have several workers that renew one token together: those requests do not count here.
pub(super) fn lost_rotation(uses: &AllUses<'_>) -> Vec<Finding> {
    let (mut lost, mut unanswered, mut unused) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for renewal in uses.values().filter_map(|old| old.renewal) {
        let new = uses.get(&renewal.issued.token);
        // The new refresh token was kept.
        if new.is_some_and(Uses::is_refresh_token_sent) {
            continue;
        }
        let is_new_used = new.is_some_and(|new| !new.calls.is_empty());
        let is_after = |request: &Numbered<'_>| request.entry.came_after(renewal.request.number);
        let (mut refreshes, mut calls) = (Vec::new(), Vec::new());
        for old in replaced_by(uses, &renewal) {
            let spent = spent_requests(uses, old);
            let apart = spent.filter(|(_, kind)| *kind != SpentKind::Together);
            let apart = apart.map(|(request, _)| request).filter(is_after);
            refreshes.extend(apart.map(|request| request.number));
            let late = old.late_calls.iter().filter(|call| is_after(call));
            calls.extend(late.map(|call| call.number));
        }
        let is_damaged = renewal.request.entry.is_damaged;
        if is_new_used && (is_damaged || refreshes.is_empty()) {
            continue;
        }
        let (group, shown) = if is_damaged {
            (&mut unanswered, [refreshes, calls].concat())
        } else if refreshes.is_empty() {
            (&mut unused, calls)
        } else {
            (&mut lost, refreshes)
        };
        if !shown.is_empty() {
            group.extend(shown);
            group.insert(renewal.request.number);
        }
    }
    let shown = [
        (Verdict::Bad, lost, LOST),
        (Verdict::Note, unanswered, UNANSWERED),
        (Verdict::Note, unused, UNUSED),
    ];
    Finding::all_of(ReportRule::LostRotation, shown)
}

/// The tokens that a renewal replaced, the latest first, as far as the journal goes back.
fn replaced_by<'a, 'b>(
    uses: &'b AllUses<'a>,
    renewal: &Issue<'a>,
) -> impl Iterator<Item = &'b Uses<'a>> {
    let replaced = |issue: &Issue<'a>| uses.get(&issue.issued.renewed.as_ref()?.token);
    std::iter::successors(replaced(renewal), move |old| replaced(old.issue.as_ref()?))
}

/// The requests that were refused because the refresh token of a token had been used.
fn spent_requests<'a, 'b>(
    uses: &'b AllUses<'a>,
    old: &'b Uses<'a>,
) -> impl Iterator<Item = (Numbered<'a>, SpentKind)> {
    let first = old.spent.first();
    old.spent.iter().map(move |request| {
        let knows_of_refusal = first.is_some_and(|first| request.entry.came_after(first.number));
        let kind = match &old.renewal {
            // A snapshot has put the token back since then.
            Some(renewal) if renewal.request.entry.came_after(request.number) => SpentKind::Excused,
            Some(renewal) if is_together(uses, renewal, request) => SpentKind::Together,
            Some(renewal) if !renewal.request.entry.is_damaged => SpentKind::Again,
            _ if knows_of_refusal => SpentKind::Again,
            _ => SpentKind::Excused,
        };
        (*request, kind)
    })
}

/// Whether a request belongs to the same expiry as a renewal.
fn is_together(uses: &AllUses<'_>, renewal: &Issue<'_>, request: &Numbered<'_>) -> bool {
    if !request.entry.came_after(renewal.request.number) {
        return true;
    }
    let new = uses.get(&renewal.issued.token);
    let has_expired = renewal
        .issued
        .expires_at
        .is_some_and(|expires_at| expires_at <= request.entry.time);
    let is_used = new.is_some_and(|new| new.are_before(request));
    !renewal.request.entry.is_damaged && !has_expired && !is_used
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::token_uses::token_uses;
    use super::*;
    use crate::account::{CredentialThen, Entry, GrantThen, IssuedToken, Reading, RenewedToken};
    use crate::world::TokenId;

    const OLD: TokenId = TokenId(1);
    const NEW: TokenId = TokenId(2);

    fn entry(
        began: u64,
        credential: Option<CredentialThen>,
        grant: Option<GrantThen>,
    ) -> Arc<Entry> {
        Arc::new(Entry {
            began,
            credential,
            grant: grant.map(Arc::new),
            ..Entry::default()
        })
    }

    /// Assumed: a request that came before the renewal was answered is one of several, even if the new
    /// token is in use when it is refused. One that was refused before the renewal came is from before
    /// a snapshot was put back.
    #[test]
    fn requests_that_overlap_are_together() {
        let issued = GrantThen::Issued(IssuedToken {
            token: NEW,
            client: None,
            expires_at: None,
            is_expiry_told: false,
            renewed: Some(RenewedToken {
                token: OLD,
                created_at: None,
                expires_at: None,
            }),
        });
        let by_new = Some(CredentialThen::OauthToken(NEW));
        for (began, repeated, again) in [(1, vec![2, 4], vec![]), (2, vec![], vec![4])] {
            let spent = || Some(GrantThen::Spent(OLD));
            let entries = [
                entry(0, None, None),
                entry(0, None, Some(issued)),
                entry(2, by_new, None),
                entry(began, None, spent()),
            ];
            let reading = Reading {
                entries: (1..).zip(entries).collect(),
                last: 4,
                dropped: 0,
            };
            let numbers = |findings: Vec<Finding>| -> Vec<u64> {
                findings.into_iter().flat_map(|it| it.requests).collect()
            };
            let uses = token_uses(&reading);
            assert_eq!(numbers(repeated_renewal(&uses)), repeated, "{began}");
            assert_eq!(numbers(spent_refresh_token(&uses)), again, "{began}");
        }
        let entries = [
            entry(0, None, Some(GrantThen::Spent(OLD))),
            entry(1, None, Some(issued)),
        ];
        let reading = Reading {
            entries: (1..).zip(entries).collect(),
            last: 2,
            dropped: 0,
        };
        let uses = token_uses(&reading);
        assert_eq!(repeated_renewal(&uses), []);
        assert_eq!(spent_refresh_token(&uses), []);
    }
}
