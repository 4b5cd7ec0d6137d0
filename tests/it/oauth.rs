//! OAuth: the authorization page, tokens and clients. The source of each test is Zendesk's
//! reference, its help centre, what clients were observed to need, or the word *assumed*.

mod authorizations;
mod clients_api;
mod grants;
mod tokens_api;

pub use grants::Pair;

use crate::harness::{Account, Answer, Ask, numbers};
use crate::ticketing::below;
use axum::http::Method;

/// Users of all roles, a client of each kind, and tokens.
const SEED: &str = r#"
users:
  - { id: 1, name: Ada, email: ada@example.com, role: admin }
  - { id: 2, name: Bob, email: bob@example.com, role: agent, password: bob-password }
  - { id: 3, name: Lin, email: lin@example.com, role: light_agent }
  - { id: 4, name: Eve, email: eve@example.com, role: end_user }
  - { id: 5, name: Sue, email: sue@example.com, role: admin, suspended: true }
  - { id: 6, name: Out, email: out@example.com, role: admin, active: false }
  - { id: 7, name: Zed, email: zed@example.com, role: admin }
oauth_clients:
  - id: 10
    identifier: app
    name: "<b>App</b> & 'co'"
    company: "Co <i>"
    description: 'Says "hello"'
    logo_url: "https://app.example.com/logo.png"
    secret: app-secret-0123456789
    redirect_uri: ["https://app.example.com/cb", "https://app.example.com/cb?keep=1"]
    user_id: 1
    created_at: "2025-01-01T00:00:00Z"
  - { id: 20, identifier: cli, kind: public, redirect_uri: ["http://localhost:3000/cb"], user_id: 2 }
  - { id: 30, identifier: scoped, secret: scoped-secret, global: true, redirect_uri: ["https://s.example.com/cb"], allowed_scopes: [read, "tickets:read"], user_id: 1 }
oauth_tokens:
  - { id: 1, token: ada-token-0123456789, user_id: 1, client_id: 10, expires_in: 30m, refresh_token: ada-refresh-0123456789 }
  - { id: 2, token: bob-token-0123456789, user_id: 2, client_id: 20 }
  - { id: 3, token: eve-token-0123456789, user_id: 4, client_id: 30, scopes: [read] }
  - { id: 4, token: zed-token-0123456789, user_id: 7, expires_in: 60s }
  - { id: 5, token: ada-plain-0123456789, user_id: 1 }
"#;

const ADA: &str = "ada-plain-0123456789";
const BOB: &str = "bob-token-0123456789";
const EVE: &str = "eve-token-0123456789";

fn account() -> Account {
    Account::seeded(SEED)
}

/// A call to the API below `/api/v2` with this OAuth token.
fn ask(method: &str, path: &str, token: &str) -> Ask {
    let method: Method = method.parse().expect("a method");
    Ask::raw(method, &format!("/api/v2{path}")).bearer(token)
}

/// The ids of the records in this member.
fn ids(answer: &Answer, member: &str) -> Vec<u64> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    numbers(&answer.at(&format!("/{member}")), "/id")
}

/// What must not change when a call is refused: the clients and the tokens. When a token was last
/// used is left out.
fn state(account: &Account) -> String {
    let directory = account.world().directory();
    let (clients, tokens) = (directory.oauth().clients(), directory.oauth().tokens());
    let tokens = tokens.map(|token| (token.id, &token.token, &token.scopes, token.expires_at));
    let shown = (clients.collect::<Vec<_>>(), tokens.collect::<Vec<_>>());
    format!("{shown:?}")
}

/// All pages of a list, as ids.
fn walk(account: &Account, path: &str, member: &str) -> Vec<u64> {
    let (mut seen, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let page = account.send(&ask("GET", &path, ADA));
        seen.extend(ids(&page, member));
        let by_cursor = page.at("/links/next");
        let link = if page.at("/meta/has_more") == true {
            by_cursor
        } else {
            page.at("/next_page")
        };
        next = link.is_string().then(|| below(&link));
    }
    seen
}
