//! When clients renew their tokens.

use std::collections::{BTreeMap, BTreeSet};

use super::token_uses::{AllUses, Issue, Numbered, Uses};
use super::{Finding, ReportRule, Verdict};
use crate::account::{Reading, RenewedToken, TOKEN_OPERATION};

/// Tokens that were renewed with more than half of their lifetime left.
///
/// A correct client may renew its token at each start, or because it keeps only the refresh token. So
/// it is a note. A client that treats a missing `expires_in` as expired does so with every token. A
/// token that was made later than now, by a clock that was set back, is not judged.
pub(super) fn early_renewal(uses: &AllUses<'_>) -> Vec<Finding> {
    let early = renewals(uses)
        .filter(|(issue, renewed)| is_early(issue, renewed).unwrap_or_default())
        .map(|(issue, _)| issue.request.number)
        .collect::<BTreeSet<_>>();
    let description = "renewed tokens with more than half of their lifetime left: a bug unless the client does so at its start only";
    let shown = [(Verdict::Note, early, description)];
    Finding::all_of(ReportRule::EarlyRenewal, shown)
}

/// `None` if the token did not expire, or was made later by the account's clock.
fn is_early(issue: &Issue<'_>, renewed: &RenewedToken) -> Option<bool> {
    let (created_at, expires_at) = (renewed.created_at?, renewed.expires_at?);
    let age = issue.request.entry.time.duration_since(created_at);
    let left = expires_at.duration_since(issue.request.entry.time);
    (!age.is_negative()).then_some(left > age)
}

/// Two findings. Clients that were told when their tokens expire, but renewed each of them only after a
/// call with it was refused. And calls with an expired token, after which no request asked for another.
///
/// A correct client may
/// - renew its tokens in time by the machine's clock, which does not move when the account's is moved:
///   it looks like one that waits for the refusal;
/// - have a clock that is late, so that some renewals follow a refusal: there is no finding for a client
///   that has renewed one token without;
/// - not have been told: there is no finding for tokens that were issued before the journal begins, or
///   whose answer had no `expires_in` or met a rule;
/// - give up on purpose when its token has expired.
///
/// So both are notes.
pub(super) fn late_renewal(reading: &Reading, uses: &AllUses<'_>) -> Vec<Finding> {
    let mut clients = BTreeMap::<_, Vec<_>>::new();
    for (issue, renewed) in renewals(uses) {
        clients
            .entry(issue.issued.client)
            .or_default()
            .push((issue, uses.get(&renewed.token)));
    }
    // A client that renews one token in time renews none only after a refusal.
    clients.retain(|_, renewals| {
        let mut renewals = renewals.iter();
        renewals.all(|(issue, old)| old.is_some_and(|old| is_after_refusal(issue, old)))
    });
    let after_refusal: BTreeSet<_> = clients
        .into_values()
        .flatten()
        .filter(|(_, old)| old.is_some_and(is_expiry_known))
        .map(|(issue, _)| issue.request.number)
        .collect();
    let shown = [
        (
            Verdict::Note,
            after_refusal,
            "renewed tokens only after a call with them was refused with 401, although expires_in said when they expire: a call is lost each time, unless only the account's clock was moved",
        ),
        (
            Verdict::Note,
            left_expired(reading, uses),
            "called with an access token that had expired, and nothing has asked for another one since: a bug unless the client gave up on purpose",
        ),
    ];
    Finding::all_of(ReportRule::LateRenewal, shown)
}

/// Every renewal, and the token that it replaced.
fn renewals<'a>(uses: &AllUses<'a>) -> impl Iterator<Item = (Issue<'a>, &'a RenewedToken)> {
    let renewals = uses.values().filter_map(|uses| uses.renewal);
    renewals.filter_map(|issue| Some((issue, issue.issued.renewed.as_ref()?)))
}

/// Whether a call with the old token was refused before.
fn is_after_refusal(issue: &Issue<'_>, old: &Uses<'_>) -> bool {
    let mut calls = old.calls.iter();
    calls.any(|call| is_unauthorized(call) && issue.request.entry.came_after(call.number))
}

fn is_unauthorized(call: &Numbered<'_>) -> bool {
    call.entry.status == 401 && call.entry.fault.is_none()
}

/// Whether the client was told when a token expires.
fn is_expiry_known(uses: &Uses<'_>) -> bool {
    uses.issue.is_some_and(|Issue { request, issued }| {
        issued.is_expiry_told && request.entry.fault.is_none()
    })
}

/// Calls that were refused because their token had expired, and after which nothing asked for a token.
fn left_expired(reading: &Reading, uses: &AllUses<'_>) -> BTreeSet<u64> {
    let mut requests = reading.entries.iter().rev();
    let last_attempt = requests
        .find(|(_, entry)| entry.operation == Some(TOKEN_OPERATION))
        .map_or(0, |(number, _)| *number);
    let calls = uses.values().flat_map(|uses| &uses.calls);
    let left = calls.filter(|call| is_unauthorized(call) && call.number > last_attempt);
    left.map(|call| call.number).collect()
}
