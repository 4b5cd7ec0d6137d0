//! `POST /oauth/tokens`, and the life of the tokens that it makes.

mod answers;
mod clients;
mod codes;
mod encodings;
mod life;
mod life_of_clients;
mod lifetimes;
mod places;
mod property;
mod room;
mod rotation;
mod scopes;
mod secrets;
mod snapshots;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::Builder;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::seed::Seed;

use crate::harness::{Account, Answer, Ask, elements};

/// The client `app` has the token of an admin, and the public client `cli` that of an agent.
const SEED: &str = "
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
  - { id: 2, name: Agent, email: agent@example.com, role: agent }
  - { id: 3, name: Other, email: other@example.com, role: admin }
api_tokens: [{ token: demo-api-token }]
oauth_clients:
  - { id: 11, identifier: app, secret: app-secret, user_id: 1, redirect_uri: [https://app.example/callback] }
  - { id: 12, identifier: cli, kind: public, user_id: 1, redirect_uri: ['http://localhost:19186/'] }
  - { id: 13, identifier: 'bot é+%', secret: 's:e c/r&t=', user_id: 3 }
  - { id: 14, identifier: narrow, secret: narrow-secret, user_id: 1, allowed_scopes: [tickets:read, read] }
oauth_tokens:
  - { id: 1, token: app-access, user_id: 1, client_id: 11, refresh_token: app-refresh, expires_in: 30m }
  - { id: 2, token: cli-access, user_id: 2, client_id: 12, refresh_token: cli-refresh, expires_in: 30m }
agents: [{ id: 1 }, { id: 2 }, { id: 3 }]
";

/// [`SEED`] without a limit on calls.
fn with_seed(builder: Builder) -> Builder {
    seeded_with(builder, SEED, SettingsPatch::new())
}

fn seeded_with(builder: Builder, seed: &str, settings: SettingsPatch) -> Builder {
    let settings = settings
        .rate_limit(RateLimitPatch::off())
        .account_rate_limit(RateLimitPatch::off());
    let seed = Seed::parse(seed).unwrap_or_else(|error| panic!("the seed is wrong:\n{error}"));
    builder.seed(seed).settings(settings)
}

fn account() -> Account {
    Account::with(with_seed)
}

fn account_with(settings: SettingsPatch) -> Account {
    Account::with(|builder| seeded_with(builder, SEED, settings))
}

/// A request for a token, without parameters and without a client.
fn ask() -> Ask {
    Ask::raw(Method::POST, "/oauth/tokens")
}

/// Asks for a token with a JSON body.
fn grant(account: &Account, parameters: &Value) -> Answer {
    account.send(&ask().json(parameters))
}

/// The parameters, and those of the client `app`.
fn by_app(parameters: &Value) -> Value {
    with(
        parameters,
        &json!({ "client_id": "app", "client_secret": "app-secret" }),
    )
}

/// Both objects as one. Of a member that both have, the value in `others` counts.
fn with(parameters: &Value, others: &Value) -> Value {
    let mut all = parameters.clone();
    for (name, value) in others.as_object().expect("an object") {
        all[name] = value.clone();
    }
    all
}

/// A refresh by the client `app`.
fn refresh(account: &Account, refresh_token: &str) -> Answer {
    grant(account, &refresh_of(refresh_token))
}

fn refresh_of(refresh_token: &str) -> Value {
    by_app(&json!({ "grant_type": "refresh_token", "refresh_token": refresh_token }))
}

/// A token for the client `app` itself.
fn client_credentials() -> Value {
    by_app(&json!({ "grant_type": "client_credentials" }))
}

/// A pair of tokens as a client stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub access: String,
    pub refresh: String,
}

impl Pair {
    pub fn new(access: &str, refresh: &str) -> Self {
        Self {
            access: access.to_owned(),
            refresh: refresh.to_owned(),
        }
    }

    /// The pair in an answer.
    pub fn of(answer: &Answer) -> Self {
        Self {
            access: access_token(answer),
            refresh: refresh_token(answer),
        }
    }
}

/// The access token of an answer.
fn access_token(answer: &Answer) -> String {
    issued(answer, "/access_token")
}

/// The refresh token of an answer.
fn refresh_token(answer: &Answer) -> String {
    issued(answer, "/refresh_token")
}

fn issued(answer: &Answer, pointer: &str) -> String {
    assert_eq!(answer.status, 200, "{} {}", answer.text(), answer.hint());
    let text = answer.at(pointer);
    text.as_str().expect("a token").to_owned()
}

/// The status of a call with this access token. Agents and admins may make it.
fn call(account: &Account, access_token: &str) -> u16 {
    let answer = account.send(&Ask::get("/me").bearer(access_token));
    answer.status.as_u16()
}

/// A control call about the default account.
fn control(account: &Account, method: Method, path: &str, body: &Value) -> Answer {
    let ask = Ask::control(method, path);
    account.send(&ask.json(body))
}

/// The calls to `/oauth/tokens` that the journal has, each with its status.
fn grants_in_journal(account: &Account) -> Vec<u64> {
    let ask = Ask::control(Method::GET, "/requests");
    let journal = account.send(&ask).json();
    let grants = elements(&journal["requests"])
        .iter()
        .filter(|it| it["operation"] == "create_token_for_grant_type");
    grants
        .map(|it| it["status"].as_u64().expect("a status"))
        .collect()
}
