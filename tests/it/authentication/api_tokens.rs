//! API tokens that end. Documented: the 30 days and the date. Assumed: the answer, which is
//! that to an unknown token, and what counts as use.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{
    ApiTokenSettingsPatch, AuthMode, RateLimitPatch, SettingsPatch,
};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::seed::Seed;

use super::not_authenticated;
use crate::harness::{Account, Answer, Ask, START};

const DAY: Duration = Duration::from_hours(24);
const UNUSED: &str = "this API token was deactivated after 30 days without use";

/// A team whose OAuth token does not expire.
const SEED: &str = "
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin, password: pw }
  - { id: 2, name: Agent, email: agent@example.com, role: agent }
api_tokens: [{ id: 1, token: first }, { id: 2, token: second }]
oauth_tokens: [{ token: oauth, user_id: 1 }]
agents: [{ id: 1 }, { id: 2 }]
";

fn thirty_days() -> ApiTokenSettingsPatch {
    ApiTokenSettingsPatch::new().inactivity_days(Some(30))
}

fn account_with(settings: SettingsPatch) -> Account {
    let seed = Seed::parse(SEED).expect("a seed");
    Account::with(|builder| builder.seed(seed).settings(settings))
}

fn account(api_tokens: ApiTokenSettingsPatch) -> Account {
    account_with(SettingsPatch::new().api_tokens(api_tokens))
}

/// A call by the admin with this API token.
fn by(account: &Account, token: &str) -> Answer {
    account.send(&Ask::get("/me").token("admin@example.com", token))
}

fn control(account: &Account, method: Method, path: &str, body: &Value) -> Answer {
    account.send(&Ask::control(method, path).json(body))
}

fn shown(account: &Account, id: u64) -> Value {
    account
        .send(&Ask::control(Method::GET, &format!("/api_tokens/{id}")))
        .json()
}

fn assert_refused(answer: &Answer, hint: &str) {
    let (body, challenge) = not_authenticated();
    assert_eq!(answer.status, 401, "{}", answer.text());
    assert_eq!(answer.json(), body);
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
    assert_eq!(answer.hint(), hint);
}

/// Documented: a token that is not used for 30 days is
/// deactivated. A client with OAuth goes on, and so does a password.
#[test]
fn a_token_ends_after_thirty_days_without_use() {
    let account = account(thirty_days());
    account.advance(31 * DAY);
    assert_refused(&by(&account, "first"), UNUSED);
    assert_eq!(
        account.send(&Ask::get("/me").bearer("oauth")).status,
        200,
        "OAuth goes on"
    );
    let password = Ask::get("/me").password("admin@example.com", "pw");
    assert_eq!(account.send(&password).status, 200);
    // A refused call is not a use.
    assert_refused(&by(&account, "first"), UNUSED);
    assert_eq!(shown(&account, 1)["last_used_at"], Value::Null);
}

/// Documented: the days count from the last use. Assumed: the thirtieth day is still one of them,
/// and each token has days of its own.
#[test]
fn each_use_begins_the_days_anew() {
    let account = account(thirty_days());
    for _ in 0..3 {
        account.advance(30 * DAY);
        assert_eq!(by(&account, "first").status, 200, "after 30 days");
    }
    assert_refused(&by(&account, "second"), UNUSED);
    // The use is known to the second.
    account.advance(30 * DAY + Duration::from_secs(1));
    assert_refused(&by(&account, "first"), UNUSED);
}

/// Assumed: the token was used, whichever user the call names. So it was if the limit or the
/// role refuses the call: the credential was good. A wrong credential uses nothing.
#[test]
fn a_call_with_a_good_credential_is_a_use() {
    let used_at = |account: &Account| shown(account, 1)["last_used_at"].clone();
    let by_agent = Ask::get("/agent_statuses").token("agent@example.com", "first");
    let own = account(thirty_days());
    for ask in [
        Ask::get("/me").bearer("oauth"),
        Ask::get("/me").bearer("first"),
        Ask::get("/me").token("admin@example.com", "second"),
        Ask::get("/me").token("nobody@example.com", "first"),
        Ask::get("/me").password("admin@example.com", "first"),
    ] {
        own.send(&ask);
        assert_eq!(used_at(&own), Value::Null, "{ask:?}");
    }
    assert_eq!(own.send(&by_agent).status, 403);
    assert_eq!(used_at(&own), START);

    let limit = RateLimitPatch::parse("1/60s").expect("a limit");
    let limited = account_with(SettingsPatch::new().rate_limit(limit));
    by(&limited, "first");
    limited.advance(Duration::from_secs(1));
    assert_eq!(by(&limited, "first").status, 429);
    assert_eq!(used_at(&limited), "2026-01-21T10:30:01Z");
}

/// Documented: from 2027-04-30 on every call with an API token fails. Assumed: it fails from that
/// instant on, however lately the token was used.
#[test]
fn all_tokens_end_on_a_date() {
    let end: Timestamp = "2027-04-30T00:00:00Z".parse().expect("a time");
    let account = account(ApiTokenSettingsPatch::new().end_at(Some(end)));
    let left = Duration::try_from(end.duration_since(account.now())).expect("a later time");
    account.advance(left.saturating_sub(Duration::from_nanos(1)));
    assert_eq!(by(&account, "first").status, 200);
    account.advance(Duration::from_nanos(1));
    for token in ["first", "second"] {
        let hint = "API tokens ended on 2027-04-30T00:00:00Z";
        assert_refused(&by(&account, token), hint);
    }
    assert_eq!(account.send(&Ask::get("/me").bearer("oauth")).status, 200);
    // The setting decides, so it brings them back.
    let settings = json!({ "settings": { "api_tokens": { "end_at": null } } });
    assert_eq!(control(&account, Method::PATCH, "", &settings).status, 200);
    assert_eq!(by(&account, "first").status, 200);
}

/// Documented: an admin deactivates and activates tokens. Assumed: an active token counts its days
/// from then on.
#[test]
fn a_token_is_switched_off_and_on() {
    let account = account(thirty_days());
    let set = |body: &Value| control(&account, Method::PATCH, "/api_tokens/1", body);
    by(&account, "first");
    assert_eq!(set(&json!({ "active": false })).at("/active"), false);
    assert_refused(&by(&account, "first"), "this API token is not active");
    assert_eq!(by(&account, "second").status, 200);
    account.advance(31 * DAY);
    let activated = set(&json!({ "active": true }));
    assert_eq!(
        (activated.at("/active"), activated.at("/activated_at")),
        (json!(true), json!("2026-02-21T10:30:00Z"))
    );
    assert_eq!(activated.at("/last_used_at"), START, "it was not used");
    account.advance(30 * DAY);
    assert_eq!(by(&account, "first").status, 200);
}

/// Assumed: a token that the rule has ended is activated again by the same call, and not by a
/// change of something else.
#[test]
fn an_unused_token_is_activated_again() {
    let account = account(thirty_days());
    account.advance(31 * DAY);
    let set = |body: &Value| control(&account, Method::PATCH, "/api_tokens/1", body);
    set(&json!({ "description": "still refused" }));
    assert_refused(&by(&account, "first"), UNUSED);
    set(&json!({ "active": true }));
    assert_eq!(by(&account, "first").status, 200);
    // A time that the call gives is not replaced.
    set(&json!({ "active": true, "activated_at": null, "last_used_at": START }));
    assert_refused(&by(&account, "first"), UNUSED);
    set(&json!({ "last_used_at": "2026-02-20T10:30:00Z" }));
    assert_eq!(by(&account, "first").status, 200);
}

/// Assumed: the last use outlives a change of the directory and a snapshot, and a reset begins with
/// the seed.
#[test]
fn the_last_use_is_kept() {
    let account = account(thirty_days());
    account.advance(29 * DAY);
    by(&account, "first");
    let used_at = "2026-02-19T10:30:00Z";
    control(
        &account,
        Method::PATCH,
        "/api_tokens/1",
        &json!({ "description": "d" }),
    );
    control(
        &account,
        Method::PATCH,
        "/users/2",
        &json!({ "name": "Another" }),
    );
    assert_eq!(shown(&account, 1)["last_used_at"], used_at);
    let snapshot = control(&account, Method::GET, "/snapshot", &json!({})).json();
    assert_eq!(snapshot["api_tokens"][0]["last_used_at"], used_at);
    assert_eq!(
        control(&account, Method::PUT, "/snapshot", &snapshot).status,
        200
    );
    account.advance(29 * DAY);
    assert_eq!(by(&account, "first").status, 200);
    assert_refused(&by(&account, "second"), UNUSED);
    control(&account, Method::POST, "/reset", &json!({}));
    assert_eq!(shown(&account, 1).get("last_used_at"), None);
}

/// Assumed: accounts of one seed do not share when their tokens were used.
#[test]
fn accounts_count_their_own_uses() {
    let account = account(thirty_days());
    let make = Ask::raw(Method::POST, "/_emulator/accounts").json(&json!({ "subdomain": "a" }));
    assert_eq!(account.send(&make).status, 201);
    by(&account, "first");
    let other = Ask::raw(Method::GET, "/_emulator/accounts/a/api_tokens/1");
    assert_eq!(account.send(&other).json().get("last_used_at"), None);
    assert_eq!(shown(&account, 1)["last_used_at"], START);
}

/// Assumed: where every credential is accepted, no token ends. By default none does either.
#[test]
fn other_accounts_accept_old_tokens() {
    let end = ApiTokenSettingsPatch::new().end_at(Some(Timestamp::UNIX_EPOCH));
    let any = account_with(SettingsPatch::new().auth(AuthMode::Any).api_tokens(end));
    assert_eq!(by(&any, "first").status, 200);
    let usual = account(ApiTokenSettingsPatch::off());
    usual.advance(3_650 * DAY);
    assert_eq!(by(&usual, "first").status, 200);
}
