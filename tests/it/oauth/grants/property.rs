//! Random lives of tokens compared with a small model: which texts are live, and that nothing
//! brings back one that has ended. By design: there is no order in which a spent refresh token
//! works or two live tokens come from one.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::Method;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::codes::{CALLBACK, CHALLENGE, LOCAL, VERIFIER, allowing, authorize, code};
use super::{access_token, account_with, call, control, grant, refresh_token};
use crate::harness::{Account, Ask};
use crate::property::{GRANT_LENGTH, GRANTS, check};

/// The clients of the seed with the users who created them. `cli` is public.
const CLIENTS: [(&str, u64); 3] = [("app", 1), ("cli", 1), ("bot é+%", 3)];
/// The users whom a step may suspend or delete. User 1 stays: it created the first two clients.
const USERS: [u64; 2] = [2, 3];
/// The lives of an access token and of a refresh token, in seconds.
const LIVES: [u64; 2] = [1800, 2_592_000];

#[derive(Clone, Debug)]
enum Step {
    /// A client spends a refresh token, any that has ever been seen.
    Refresh(usize, Index),
    /// User 1 allows `app` or `cli`.
    Authorize(usize),
    /// A client exchanges a code, any that has ever been seen.
    Exchange(usize, Index),
    /// A client asks for a token for itself.
    Mint(usize),
    /// A tester revokes a token, if any is live.
    Revoke(Index),
    Suspend(u64),
    Restore(u64),
    /// A user goes, with the clients that it created.
    Delete(u64),
    /// An admin deletes a client.
    DeleteClient(usize),
    /// Seconds pass.
    Advance(u64),
    /// The account is replaced by its snapshot.
    RoundTrip,
}

fn steps() -> impl Strategy<Value = Step> {
    let client = || 0..CLIENTS.len();
    let user = || select(&USERS[..]);
    let seconds = [1, 119, 120, LIVES[0] - 1, LIVES[0], LIVES[1] - 1, LIVES[1]];
    prop_oneof![
        8 => (client(), any::<Index>()).prop_map(|(client, token)| Step::Refresh(client, token)),
        4 => (0..2_usize).prop_map(Step::Authorize),
        6 => (0..2_usize, any::<Index>()).prop_map(|(client, code)| Step::Exchange(client, code)),
        4 => client().prop_map(Step::Mint),
        2 => any::<Index>().prop_map(Step::Revoke),
        1 => user().prop_map(Step::Suspend),
        1 => user().prop_map(Step::Restore),
        1 => user().prop_map(Step::Delete),
        1 => client().prop_map(Step::DeleteClient),
        3 => select(seconds.to_vec()).prop_map(Step::Advance),
        1 => Just(Step::RoundTrip),
    ]
}

/// A token that was not revoked or renewed. It may have expired.
#[derive(Clone, Debug)]
struct Token {
    access: String,
    refresh: Option<String>,
    client: usize,
    user: u64,
    /// When the two expire.
    ends: [u64; 2],
}

#[derive(Debug)]
struct Model {
    now: u64,
    tokens: Vec<Token>,
    /// Every access token that was ever seen, and every refresh token.
    access: Vec<String>,
    refresh: Vec<String>,
    /// The codes that can be exchanged: each with its client and when it expires.
    codes: Vec<(String, usize, u64)>,
    /// Every code that was ever seen.
    all_codes: Vec<String>,
    suspended: BTreeSet<u64>,
    deleted: BTreeSet<u64>,
    deleted_clients: BTreeSet<usize>,
}

impl Model {
    fn new() -> Self {
        let token = |client: usize, name: &str, user| Token {
            access: format!("{name}-access"),
            refresh: Some(format!("{name}-refresh")),
            client,
            user,
            ends: LIVES,
        };
        let mut model = Self {
            now: 0,
            tokens: Vec::new(),
            access: Vec::new(),
            refresh: vec!["unknown".to_owned()],
            codes: Vec::new(),
            all_codes: vec!["unknown".to_owned()],
            suspended: BTreeSet::new(),
            deleted: BTreeSet::new(),
            deleted_clients: BTreeSet::new(),
        };
        model.add(token(0, "app", 1));
        model.add(token(1, "cli", 2));
        model
    }

    fn add(&mut self, token: Token) {
        assert!(!self.access.contains(&token.access), "a token is not new");
        self.access.push(token.access.clone());
        if let Some(refresh) = &token.refresh {
            assert!(
                !self.refresh.contains(refresh),
                "a refresh token is not new"
            );
            self.refresh.push(refresh.clone());
        }
        self.tokens.push(token);
    }

    fn has_client(&self, client: usize) -> bool {
        !self.deleted.contains(&CLIENTS[client].1) && !self.deleted_clients.contains(&client)
    }

    fn end_of_user(&mut self, user: u64) {
        self.tokens.retain(|token| token.user != user);
    }

    /// The token that a client renews with this text, or the refusal.
    fn renewed(&self, client: usize, refresh: &str) -> Result<usize, &'static str> {
        if !self.has_client(client) {
            return Err("401 invalid_client");
        }
        let is_it = |token: &Token| {
            token.refresh.as_deref() == Some(refresh)
                && token.client == client
                && token.ends[1] > self.now
        };
        self.tokens
            .iter()
            .position(is_it)
            .ok_or("400 invalid_grant")
    }

    /// The code that a client exchanges with this text, or the refusal.
    fn exchanged(&self, client: usize, text: &str) -> Result<usize, &'static str> {
        if !self.has_client(client) {
            return Err("401 invalid_client");
        }
        let is_it = |(code, of, ends): &(String, usize, u64)| {
            code == text && *of == client && *ends > self.now
        };
        self.codes.iter().position(is_it).ok_or("400 invalid_grant")
    }

    /// The user as whom a client acts by itself, or the refusal.
    fn minted(&self, client: usize) -> Result<u64, &'static str> {
        let user = CLIENTS[client].1;
        if !self.has_client(client) {
            Err("401 invalid_client")
        } else if client == 1 {
            Err("400 unauthorized_client")
        } else if self.suspended.contains(&user) {
            Err("400 invalid_grant")
        } else {
            Ok(user)
        }
    }

    fn take(&mut self, account: &Account, step: &Step) {
        let ends = LIVES.map(|life| self.now + life);
        match step {
            Step::Refresh(client, token) => {
                let text = token.get(&self.refresh).clone();
                let parameters = json!({ "grant_type": "refresh_token", "refresh_token": text });
                let answer = grant(account, &by(*client, parameters));
                match self.renewed(*client, &text) {
                    Ok(place) => {
                        let Token { client, user, .. } = self.tokens.remove(place);
                        let (access, refresh) =
                            (access_token(&answer), Some(refresh_token(&answer)));
                        self.add(Token {
                            access,
                            refresh,
                            client,
                            user,
                            ends,
                        });
                    }
                    Err(refused) => assert_eq!(answer.refusal(), refused),
                }
            }
            Step::Authorize(client) => {
                let more = [
                    ("code_challenge", CHALLENGE),
                    ("code_challenge_method", "S256"),
                ];
                let answer = authorize(account, CLIENTS[*client].0, address(*client), &more);
                if self.has_client(*client) {
                    let code = code(&answer);
                    assert!(!self.all_codes.contains(&code), "a code is not new");
                    self.all_codes.push(code.clone());
                    self.codes.push((code, *client, self.now + 120));
                } else {
                    assert_eq!(answer.status, 400);
                }
            }
            Step::Exchange(client, code) => {
                let text = code.get(&self.all_codes).clone();
                let parameters = json!({
                    "grant_type": "authorization_code", "code": text, "code_verifier": VERIFIER,
                    "redirect_uri": address(*client),
                });
                let answer = grant(account, &by(*client, parameters));
                match self.exchanged(*client, &text) {
                    Ok(place) => {
                        self.codes.remove(place);
                        let (access, refresh) =
                            (access_token(&answer), Some(refresh_token(&answer)));
                        self.add(Token {
                            access,
                            refresh,
                            client: *client,
                            user: 1,
                            ends,
                        });
                    }
                    Err(refused) => assert_eq!(answer.refusal(), refused),
                }
            }
            Step::DeleteClient(client) => {
                if self.has_client(*client) {
                    let target = format!("/api/v2/oauth/clients/{}", 11 + client);
                    let ask = Ask::raw(Method::DELETE, &target);
                    let ask = ask.token("admin@example.com", "demo-api-token");
                    assert_eq!(account.send(&ask).status, 204);
                    self.deleted_clients.insert(*client);
                    self.tokens.retain(|token| token.client != *client);
                    self.codes.retain(|(_, of, _)| of != client);
                }
            }
            Step::Mint(client) => {
                let answer = grant(
                    account,
                    &by(*client, json!({ "grant_type": "client_credentials" })),
                );
                match self.minted(*client) {
                    Ok(user) => {
                        let access = access_token(&answer);
                        self.add(Token {
                            access,
                            refresh: None,
                            client: *client,
                            user,
                            ends,
                        });
                    }
                    Err(refused) => assert_eq!(answer.refusal(), refused),
                }
            }
            Step::Revoke(token) => {
                if !self.tokens.is_empty() {
                    let ended = self.tokens.remove(token.index(self.tokens.len()));
                    let directory = account.world().directory();
                    let id = directory
                        .oauth()
                        .by_access_token(&ended.access)
                        .expect("a token")
                        .id;
                    control_ok(
                        account,
                        Method::DELETE,
                        &format!("/oauth_tokens/{}", id.0),
                        &json!({}),
                    );
                }
            }
            Step::Suspend(user) | Step::Restore(user) if self.deleted.contains(user) => {}
            Step::Suspend(user) => {
                set_suspended(account, *user, true);
                self.suspended.insert(*user);
                self.end_of_user(*user);
            }
            Step::Restore(user) => {
                set_suspended(account, *user, false);
                self.suspended.remove(user);
            }
            Step::Delete(user) => {
                if self.deleted.insert(*user) {
                    control_ok(
                        account,
                        Method::DELETE,
                        &format!("/users/{user}"),
                        &json!({}),
                    );
                    self.end_of_user(*user);
                    self.tokens.retain(|token| CLIENTS[token.client].1 != *user);
                }
            }
            Step::Advance(seconds) => {
                account.advance(Duration::from_secs(*seconds));
                self.now += seconds;
            }
            Step::RoundTrip => {
                let snapshot = control_ok(account, Method::GET, "/snapshot", &json!({}));
                control_ok(account, Method::PUT, "/snapshot", &snapshot);
                self.codes.clear();
            }
        }
    }

    /// Compares every text that was ever seen.
    fn compare(&self, account: &Account) {
        let directory = account.world().directory();
        let oauth = directory.oauth();
        for text in &self.access {
            let token = self.tokens.iter().find(|token| token.access == *text);
            let is_live = token.is_some_and(|token| token.ends[0] > self.now);
            let expected = if is_live { 200 } else { 401 };
            assert_eq!(call(account, text), expected, "{text}");
            assert_eq!(
                oauth.by_access_token(text).is_some(),
                token.is_some(),
                "{text}"
            );
        }
        for text in &self.refresh {
            let mut tokens = self.tokens.iter();
            let is_live = tokens.any(|token| token.refresh.as_ref() == Some(text));
            assert_eq!(oauth.by_refresh_token(text).is_some(), is_live, "{text}");
        }
        assert_eq!(oauth.tokens().count(), self.tokens.len());
    }
}

fn set_suspended(account: &Account, user: u64, suspended: bool) {
    let path = format!("/users/{user}");
    let change = json!({ "suspended": suspended });
    control_ok(account, Method::PATCH, &path, &change);
}

/// Where the user of a client is sent back to.
fn address(client: usize) -> &'static str {
    if client == 0 { CALLBACK } else { LOCAL }
}

/// A request by a client.
fn by(client: usize, mut parameters: Value) -> Value {
    let name = CLIENTS[client].0;
    parameters["client_id"] = json!(name);
    parameters["client_secret"] = match name {
        "app" => json!("app-secret"),
        "cli" => Value::Null,
        _ => json!("s:e c/r&t="),
    };
    parameters
}

fn control_ok(account: &Account, method: Method, path: &str, body: &Value) -> Value {
    let answer = control(account, method, path, body);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

#[test]
fn nothing_that_has_ended_comes_back() {
    let histories = prop::collection::vec(steps(), 1..=GRANT_LENGTH);
    check(GRANTS, &histories, |steps| {
        let (account, mut model) = (account_with(allowing()), Model::new());
        for step in steps {
            model.take(&account, &step);
            model.compare(&account);
        }
    });
}
