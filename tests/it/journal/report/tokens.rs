//! What the report says of clients that renew their tokens. Each test is a client that moves the
//! account's clock in place of waiting.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use super::{NONE, report, rules, shown, verdicts};
use crate::faults::oauth::{account, grant, refresh};
use crate::faults::set;
use crate::harness::{Account, Ask};
use crate::oauth::Pair;

const EARLY: &str = "early_renewal";
const LATE: &str = "late_renewal";
const REPEATED: &str = "repeated_renewal";
const SPENT: &str = "spent_refresh_token";
const LOST: &str = "lost_rotation";

/// The pair of the seed, which lives for 30 minutes.
fn seeded() -> Pair {
    Pair::new("old-access", "old-refresh")
}

fn call(server: &Account, token: &str) -> u16 {
    let ask = Ask::raw(Method::GET, "/api/v2/users/me").bearer(token);
    server.send(&ask).status.as_u16()
}

fn renew(server: &Account, pair: &Pair) -> Pair {
    Pair::of(&server.send(&refresh(&pair.refresh)))
}

fn is_refused(server: &Account, refresh_token: &str) {
    let refused = server.send(&refresh(refresh_token));
    assert_eq!(refused.at("/error"), "invalid_grant");
}

fn minutes(server: &Account, minutes: u64) {
    server.advance(Duration::from_mins(minutes));
}

/// Documented: refreshing before expiry is allowed. By design: a client that renews in time, and
/// uses the newest pair, has nothing to be told.
#[test]
fn a_client_that_renews_in_time_is_right() {
    let server = account();
    let mut pair = seeded();
    for _ in 0..3 {
        assert_eq!(call(&server, &pair.access), 200);
        minutes(&server, 25);
        pair = renew(&server, &pair);
    }
    assert_eq!(call(&server, &pair.access), 200);
    assert_eq!(report(&server), [Value::Null; 0]);
}

/// By design: more than half of the lifetime left. Exactly half of it is not more.
#[test]
fn an_early_renewal_is_noted() {
    for (age, early) in [(0, vec![1]), (14, vec![1]), (15, NONE), (16, NONE)] {
        let server = account();
        minutes(&server, age);
        renew(&server, &seeded());
        assert_eq!(verdicts(&server, EARLY), [NONE, NONE, early], "{age}");
    }
}

/// A token that does not expire has no half of its lifetime.
#[test]
fn a_token_that_does_not_expire_is_not_renewed_early() {
    let server = Account::seeded(
        "
users: [{ id: 1, name: A, email: a@example.com, role: admin }]
oauth_clients: [{ id: 5, identifier: app, secret: s3cret, user_id: 1, created_at: 2025-01-01T00:00:00Z }]
oauth_tokens: [{ token: old-access, user_id: 1, client_id: 5, refresh_token: old-refresh }]
",
    );
    renew(&server, &seeded());
    assert_eq!(report(&server), [Value::Null; 0]);
}

/// By design: mint, advance 1,801 s, call, refresh, retry. The client knew `expires_in`, so it
/// could have renewed in time. For the pair of the seed it did not.
#[test]
fn a_client_that_waits_for_the_refusal_is_noted() {
    let server = account();
    let mut pair = seeded();
    for _ in 0..3 {
        server.advance(Duration::from_secs(1_801));
        assert_eq!(call(&server, &pair.access), 401);
        pair = renew(&server, &pair);
        assert_eq!(call(&server, &pair.access), 200);
    }
    assert_eq!(verdicts(&server, LATE), [NONE, NONE, vec![5, 8]]);
    // One renewal in time shows that the client can.
    minutes(&server, 25);
    renew(&server, &pair);
    assert_eq!(verdicts(&server, LATE), [NONE, NONE, NONE]);
}

/// Observed in nango #6775: without `expires_in`, a client learns of the expiry by a 401.
#[test]
fn a_client_that_was_not_told_may_wait_for_the_refusal() {
    let server = account();
    set(&server, &json!([{ "preset": "oauth-omits-expires-in" }]));
    let pair = renew(&server, &seeded());
    minutes(&server, 31);
    assert_eq!(call(&server, &pair.access), 401);
    renew(&server, &pair);
    assert_eq!(verdicts(&server, LATE), [NONE, NONE, NONE]);
}

/// Observed in tap-zendesk #191: the token is looked at when the program starts, runs out in the
/// middle of a long run, and the 401 ends the program.
#[test]
fn a_token_that_is_left_expired_is_noted() {
    let server = account();
    let parameters = json!({
        "grant_type": "refresh_token", "refresh_token": "old-refresh", "expires_in": 172_800,
    });
    let pair = Pair::of(&server.send(&grant(&parameters)));
    assert_eq!(call(&server, &pair.access), 200);
    minutes(&server, 3 * 24 * 60);
    assert_eq!(call(&server, &pair.access), 401);
    assert_eq!(verdicts(&server, LATE), [NONE, NONE, vec![3]]);
    assert_eq!(verdicts(&server, EARLY), [NONE, NONE, vec![1]]);
    // A request for another token, whatever becomes of it.
    is_refused(&server, "unknown");
    assert_eq!(verdicts(&server, LATE), [NONE, NONE, NONE]);
}

/// Documented: a client that acts by itself mints new tokens.
#[test]
fn tokens_that_are_minted_anew_are_not_left_expired() {
    let server = account();
    let mint = || {
        let answer = server.send(&grant(&json!({ "grant_type": "client_credentials" })));
        let token = answer.at("/access_token");
        token.as_str().expect("a token").to_owned()
    };
    let token = mint();
    minutes(&server, 31);
    assert_eq!(call(&server, &token), 401);
    assert_eq!(call(&server, &mint()), 200);
    assert_eq!(verdicts(&server, LATE), [NONE, NONE, vec![3]]);
    minutes(&server, 20);
    mint();
    assert_eq!(rules(&server), ["authentication"], "one was in time");
}

/// Assumed: a client that acts by itself, and asks for a token before each call.
#[test]
fn tokens_that_are_minted_too_early_are_noted() {
    let server = account();
    for _ in 0..3 {
        server.send(&grant(&json!({ "grant_type": "client_credentials" })));
        minutes(&server, 1);
    }
    assert_eq!(verdicts(&server, EARLY), [NONE, NONE, vec![2, 3]]);
    assert_eq!(rules(&server), [EARLY]);
}

/// Documented: of several requests with one refresh token, one succeeds. By design: N workers that
/// renew at once. The others read the new pair from where it was stored.
#[test]
fn workers_that_renew_together_are_named() {
    let server = account();
    minutes(&server, 31);
    for _ in 0..3 {
        assert_eq!(call(&server, "old-access"), 401);
    }
    let pair = renew(&server, &seeded());
    is_refused(&server, "old-refresh");
    is_refused(&server, "old-refresh");
    for _ in 0..3 {
        assert_eq!(call(&server, &pair.access), 200);
    }
    assert_eq!(verdicts(&server, REPEATED), [NONE, vec![4, 5, 6], NONE]);
    for rule in [SPENT, LOST] {
        assert_eq!(verdicts(&server, rule), [NONE, NONE, NONE], "{rule}");
    }
}

/// Assumed: a client that sends the refresh token again when the new token is in use, or has
/// expired, is not one of several workers.
#[test]
fn a_refresh_token_that_was_used_is_named() {
    for expires in [false, true] {
        let server = account();
        minutes(&server, 31);
        let pair = renew(&server, &seeded());
        if expires {
            minutes(&server, 30);
        } else {
            assert_eq!(call(&server, &pair.access), 200);
        }
        is_refused(&server, "old-refresh");
        let last = if expires { 2 } else { 3 };
        assert_eq!(verdicts(&server, SPENT), [NONE, vec![last], NONE]);
        assert_eq!(verdicts(&server, REPEATED), [NONE, NONE, NONE]);
        // The renewal, and what shows that its new refresh token was not kept.
        assert_eq!(verdicts(&server, LOST), [NONE, vec![1, last], NONE]);
    }
}

/// Observed in cxforge: a script keeps only `access_token`. Each later job begins with the refresh
/// token of its environment again, and is refused for ever.
#[test]
fn a_client_that_keeps_only_the_access_token_has_lost_the_rotation() {
    let server = account();
    let first = renew(&server, &seeded());
    assert_eq!(call(&server, &first.access), 200);
    for _ in 0..2 {
        minutes(&server, 60);
        is_refused(&server, "old-refresh");
    }
    assert_eq!(verdicts(&server, SPENT), [NONE, vec![3, 4], NONE]);
    assert_eq!(verdicts(&server, LOST), [NONE, vec![1, 3, 4], NONE]);
}

/// The same after further renewals: the last of them is the one whose tokens were lost.
#[test]
fn the_last_rotation_is_the_lost_one() {
    let server = account();
    let mut pair = seeded();
    for _ in 0..3 {
        minutes(&server, 25);
        pair = renew(&server, &pair);
        assert_eq!(call(&server, &pair.access), 200);
    }
    is_refused(&server, "old-refresh");
    assert_eq!(verdicts(&server, SPENT), [NONE, vec![7], NONE]);
    assert_eq!(verdicts(&server, LOST), [NONE, vec![5, 7], NONE]);
}

/// Observed in airbyte #83814: a missing expiry is taken for one in the past. The source is renewed
/// at once when it is set up, the new pair is dropped, and the saved source has the spent one.
#[test]
fn a_client_that_drops_the_new_pair_has_lost_the_rotation() {
    let server = account();
    set(&server, &json!([{ "preset": "oauth-omits-expires-in" }]));
    let first = renew(&server, &seeded());
    let second = renew(&server, &first);
    assert_eq!(call(&server, &second.access), 200);
    minutes(&server, 60);
    is_refused(&server, &first.refresh);
    assert_eq!(verdicts(&server, EARLY), [NONE, NONE, vec![1, 2]]);
    assert_eq!(verdicts(&server, SPENT), [NONE, vec![4], NONE]);
    assert_eq!(verdicts(&server, LOST), [NONE, vec![2, 4], NONE]);
}

/// By design: a client that starts again after a rotation has the new pair.
#[test]
fn a_client_that_stored_the_new_pair_has_lost_nothing() {
    let server = account();
    minutes(&server, 20);
    let stored = renew(&server, &seeded());
    minutes(&server, 20);
    renew(&server, &stored);
    assert_eq!(report(&server), [Value::Null; 0]);
}

/// Assumed: other workers may call with the old token until they learn of the new one. Calls that
/// were answered before the renewal say nothing.
#[test]
fn calls_with_the_old_token_are_noted_until_the_new_one_is_used() {
    let server = account();
    assert_eq!(call(&server, "old-access"), 200);
    minutes(&server, 20);
    let pair = renew(&server, &seeded());
    assert_eq!(verdicts(&server, LOST), [NONE, NONE, NONE]);
    assert_eq!(call(&server, "old-access"), 401);
    assert_eq!(verdicts(&server, LOST), [NONE, NONE, vec![2, 3]]);
    assert_eq!(call(&server, &pair.access), 200);
    assert_eq!(verdicts(&server, LOST), [NONE, NONE, NONE]);
}

/// By design: the client is killed between the answer and the save. It may try what it has, once.
/// Then it has to ask for a new consent: here, another token.
#[test]
fn a_client_whose_answer_was_lost_may_try_once() {
    let server = account();
    minutes(&server, 31);
    let rule = json!([{ "preset": "oauth-lost-answer", "when": { "first": 1 } }]);
    set(&server, &rule);
    let lost = server.send(&refresh("old-refresh"));
    assert_eq!((lost.status.as_u16(), lost.is_cut_off), (444, true));
    assert_eq!(call(&server, "old-access"), 401);
    is_refused(&server, "old-refresh");
    for rule in [REPEATED, SPENT] {
        assert_eq!(verdicts(&server, rule), [NONE, NONE, NONE], "{rule}");
    }
    assert_eq!(verdicts(&server, LOST), [NONE, NONE, vec![1, 2, 3]]);
    let consent = server.send(&grant(&json!({ "grant_type": "client_credentials" })));
    assert_eq!(consent.status, 200);
    assert_eq!(shown(&server, SPENT, "bad"), NONE);
    // A client that does not stop.
    is_refused(&server, "old-refresh");
    is_refused(&server, "old-refresh");
    assert_eq!(verdicts(&server, SPENT), [NONE, vec![5, 6], NONE]);
}

/// Other faults keep an answer from the client too. An answer that a rule changes arrives.
#[test]
fn a_damaged_answer_is_a_lost_one() {
    for (rule, is_lost) in [
        (json!({ "preset": "truncated-json" }), true),
        (json!({ "preset": "reset-mid-body" }), true),
        (json!({ "fault": { "latency": "1s" } }), true),
        (json!({ "preset": "oauth-omits-expires-in" }), false),
    ] {
        let server = account();
        set(&server, &json!([rule]));
        server.send(&refresh("old-refresh"));
        set(&server, &json!([]));
        minutes(&server, 60);
        is_refused(&server, "old-refresh");
        let [bad, note] = if is_lost {
            [NONE, vec![1, 2]]
        } else {
            [vec![1, 2], NONE]
        };
        assert_eq!(verdicts(&server, LOST), [NONE, bad, note], "{rule}");
    }
}

/// Assumed: without the renewal in the journal it is not known whether its answer arrived. A second
/// refusal of the same token is enough.
#[test]
fn a_journal_without_the_renewal_gives_the_benefit_of_the_doubt() {
    let server = account();
    let pair = renew(&server, &seeded());
    assert_eq!(call(&server, &pair.access), 200);
    let clear = Ask::control(Method::DELETE, "/requests");
    assert!(server.send(&clear).status.is_success());
    is_refused(&server, "old-refresh");
    assert_eq!(verdicts(&server, SPENT), [NONE, NONE, NONE]);
    is_refused(&server, "old-refresh");
    assert_eq!(verdicts(&server, SPENT), [NONE, vec![4], NONE]);
    for rule in [REPEATED, LOST] {
        assert_eq!(verdicts(&server, rule), [NONE, NONE, NONE], "{rule}");
    }
}

/// Documented: when API tokens and passwords end. Assumed: refused calls count if the API token is
/// one of the account. A preflight does not count, and neither do the credentials of an OAuth
/// client.
#[test]
fn old_credentials_are_named_with_their_ends() {
    let server = Account::demo();
    let password = Ask::get("/10011").password("admin@example.com", "demo-password");
    let bearer = Ask::get("/10011").bearer("demo-oauth-admin");
    let unknown = Ask::get("/10011").token("admin@example.com", "x");
    let preflight = Ask::new(Method::OPTIONS, "/10011")
        .header("origin", "https://a.example")
        .header("access-control-request-method", "GET");
    let client = Ask::raw(Method::POST, "/oauth/tokens").basic("app:s3cret");
    for ask in [&bearer, &unknown, &preflight, &client] {
        server.send(ask);
        let found = verdicts(&server, "old_credentials");
        assert_eq!(found, [NONE, NONE, NONE], "{ask:?}");
    }
    let description = |server: &Account| {
        let findings = report(server);
        let mut findings = findings.iter();
        let finding = findings.find(|it| it["rule"] == "old_credentials");
        finding.expect("a finding")["description"].clone()
    };
    assert_eq!(server.get("/10011").status, 200);
    assert_eq!(
        description(&server),
        "signed in with API tokens, which Zendesk ends on 2027-04-30: use OAuth"
    );
    assert_eq!(server.send(&password).status, 200);
    assert_eq!(
        description(&server),
        "signed in with API tokens, which Zendesk ends on 2027-04-30, and with passwords, which Zendesk ended for its APIs on 2026-01-12: use OAuth"
    );
    let end = json!({ "settings": { "api_tokens": { "end_at": "2026-01-01T00:00:00Z" } } });
    let set_end = Ask::control(Method::PATCH, "").json(&end);
    assert_eq!(server.send(&set_end).status, 200);
    assert_eq!(server.get("/10011").status, 401);
    assert_eq!(
        verdicts(&server, "old_credentials"),
        [NONE, vec![5, 6, 7], NONE]
    );
}
