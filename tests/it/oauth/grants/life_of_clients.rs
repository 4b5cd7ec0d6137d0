//! What a client has to survive. Each of these tests moves the account's clock and waits for
//! nothing.

use std::time::Duration;

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{ExpiresInAnswer, OauthSettingsPatch, SettingsPatch};

use super::{
    Pair, access_token, account, account_with, client_credentials, grant, grants_in_journal,
    refresh, with,
};
use crate::authentication::invalid_token;
use crate::harness::{Account, Answer, Ask};

const EXPIRY: Duration = Duration::from_secs(1801);

/// The pair of the seed.
fn seeded() -> Pair {
    Pair::new("app-access", "app-refresh")
}

/// A call with the access token of this pair.
fn me(account: &Account, pair: &Pair) -> Answer {
    account.send(&Ask::get("/me").bearer(&pair.access))
}

/// A client that renews its tokens after a 401 `invalid_token`, stores the new pair and tries
/// again.
#[derive(Debug)]
struct Client<'a> {
    account: &'a Account,
    stored: Pair,
}

/// Why a client cannot go on by itself.
#[derive(Debug, PartialEq, Eq)]
struct NeedsConsent;

impl Client<'_> {
    fn call(&mut self) -> Result<u16, NeedsConsent> {
        let answer = me(self.account, &self.stored);
        if answer.status != 401 {
            return Ok(answer.status.as_u16());
        }
        assert_eq!(answer.json(), invalid_token().0);
        let renewed = refresh(self.account, &self.stored.refresh);
        if renewed.status != 200 {
            assert_eq!(renewed.refusal(), "400 invalid_grant");
            return Err(NeedsConsent);
        }
        self.stored = Pair::of(&renewed);
        Ok(me(self.account, &self.stored).status.as_u16())
    }
}

/// An expired token, a refresh, and the call again. The journal has exactly one refresh.
#[test]
fn an_expired_token_is_renewed_once() {
    let account = account();
    let stored = Pair::of(&refresh(&account, "app-refresh"));
    let mut client = Client {
        account: &account,
        stored,
    };
    assert_eq!(client.call(), Ok(200));
    account.advance(EXPIRY);
    assert_eq!(client.call(), Ok(200));
    assert_eq!(client.call(), Ok(200));
    assert_eq!(
        grants_in_journal(&account),
        [200, 200],
        "the first is that of the test"
    );
}

/// After a refresh, both old tokens are of no use.
#[test]
fn the_old_pair_is_of_no_use() {
    let account = account();
    let old = seeded();
    assert_eq!(refresh(&account, &old.refresh).status, 200);
    assert_eq!(me(&account, &old).json(), invalid_token().0);
    assert_eq!(
        refresh(&account, &old.refresh).refusal(),
        "400 invalid_grant"
    );
}

/// Workers that share a store get a 401 at once, and all of them refresh. One succeeds. The
/// others read the store again, and none is logged out.
#[test]
fn many_workers_survive_one_expiry() {
    let account = account();
    let mut store = seeded();
    account.advance(EXPIRY);
    let seen: Vec<_> = (0..8).map(|_| store.clone()).collect();
    for pair in &seen {
        assert_eq!(me(&account, pair).json(), invalid_token().0);
    }
    for pair in &seen {
        let answer = refresh(&account, &pair.refresh);
        if answer.status == 200 {
            store = Pair::of(&answer);
        } else {
            assert_eq!(answer.refusal(), "400 invalid_grant");
            assert_ne!(store, *pair, "another worker has renewed the pair");
        }
        assert_eq!(me(&account, &store).status, 200);
    }
    let outcomes = grants_in_journal(&account);
    assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(outcomes.len(), 8);
}

/// The answer does not say how long the token lives, and the client renews it nevertheless.
/// A client that takes the missing number for "never" gets a 401 and needs no more than that.
#[test]
fn a_client_renews_what_does_not_say_when_it_expires() {
    let oauth = OauthSettingsPatch::new().expires_in_answer(ExpiresInAnswer::WhenAsked);
    let account = account_with(SettingsPatch::new().oauth(oauth));
    let first = refresh(&account, "app-refresh");
    assert_eq!(first.json().get("expires_in"), None);
    let mut client = Client {
        account: &account,
        stored: Pair::of(&first),
    };
    for _ in 0..3 {
        account.advance(EXPIRY);
        assert_eq!(client.call(), Ok(200));
    }
    assert_eq!(grants_in_journal(&account).len(), 4);
}

/// After 31 days without a refresh, a client needs a new consent.
#[test]
fn after_31_days_a_client_needs_consent() {
    let account = account();
    let mut client = Client {
        account: &account,
        stored: seeded(),
    };
    account.advance(Duration::from_hours(29 * 24));
    assert_eq!(client.call(), Ok(200));
    account.advance(Duration::from_hours(31 * 24));
    assert_eq!(client.call(), Err(NeedsConsent));
    assert_eq!(client.call(), Err(NeedsConsent));
}

/// A client that acts by itself mints a new token after a 401. It gets no refresh token.
#[test]
fn a_client_that_acts_by_itself_mints_again() {
    let account = account();
    let mint = || grant(&account, &client_credentials());
    let first = mint();
    assert_eq!(first.json().get("refresh_token"), None);
    let call = |answer: &Answer| account.send(&Ask::get("/me").bearer(&access_token(answer)));
    assert_eq!(call(&first).at("/data/attributes/agent_id"), 1);
    account.advance(EXPIRY);
    assert_eq!(call(&first).json(), invalid_token().0);
    assert_eq!(call(&mint()).at("/data/attributes/agent_id"), 1);
}

/// A missing scope is a 403. The client does not renew the token, which would not help.
#[test]
fn a_missing_scope_is_no_reason_to_renew() {
    let account = account();
    let scope = json!({ "scope": "tickets:read" });
    let token = access_token(&grant(&account, &with(&client_credentials(), &scope)));
    let mut client = Client {
        account: &account,
        stored: Pair::new(&token, "app-refresh"),
    };
    assert_eq!(client.call(), Ok(403));
    assert_eq!(client.stored.refresh, "app-refresh");
    assert_eq!(grants_in_journal(&account), [200], "no refresh");
}

/// A client restarts after a rotation. If it has stored the new pair, it goes on; with the
/// old pair it needs a new consent.
#[test]
fn a_client_stores_the_new_pair_before_it_uses_it() {
    let account = account();
    let mut client = Client {
        account: &account,
        stored: seeded(),
    };
    account.advance(EXPIRY);
    assert_eq!(client.call(), Ok(200));
    let file: Value = json!({ "access": client.stored.access, "refresh": client.stored.refresh });
    let text = |name: &str| file[name].as_str().expect("a token");
    let stored = Pair::new(text("access"), text("refresh"));
    let mut restarted = Client {
        account: &account,
        stored,
    };
    account.advance(EXPIRY);
    assert_eq!(restarted.call(), Ok(200));
    let mut forgetful = Client {
        account: &account,
        stored: seeded(),
    };
    assert_eq!(forgetful.call(), Err(NeedsConsent));
}
