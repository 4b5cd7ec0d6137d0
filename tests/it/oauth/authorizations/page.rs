//! The page that asks.

use std::fmt::Write;

use axum::http::Method;
use zendesk_availability_emulator::world::UserId;

use super::super::{SEED, account, state};
use super::{CALLBACK, CHALLENGE, PATH, behind, code, form, get, public, query};
use crate::harness::{Account, Ask};

/// The address of the first form, unescaped.
fn action(page: &str) -> String {
    let (_, rest) = page
        .split_once("<form method=\"post\" action=\"")
        .expect("a form");
    let (action, _) = rest.split_once('"').expect("an address");
    action.replace("&amp;", "&")
}

/// The values of the fields of users.
fn users(page: &str) -> Vec<u64> {
    let fields = page
        .split("<input type=\"radio\" name=\"user_id\" value=\"")
        .skip(1);
    let id = |field: &str| field.split('"').next()?.parse().ok();
    fields.map(|field| id(field).expect("an id")).collect()
}

/// Documented: the client's name, company, description and logo, and the scopes. Assumed: the
/// users.
#[test]
fn the_page_shows_client_scopes_and_users() {
    let account = account();
    let before = state(&account);
    let answer = get(&account, &query("&scope=read+%3Ci%3E"));
    assert_eq!((answer.status.as_u16(), answer.hint()), (200, ""));
    let page = answer.text();
    for part in [
        "<h1>Allow &lt;b&gt;App&lt;/b&gt; &amp; &#39;co&#39; to access the account?</h1>",
        "<p>Company: Co &lt;i&gt;</p>",
        "<p>Description: Says &quot;hello&quot;</p>",
        "<p>Logo: https://app.example.com/logo.png</p>",
        "<li>read</li>\n<li>&lt;i&gt;</li>",
        "Bob (bob@example.com, agent)",
        "Lin (lin@example.com, light agent)",
        ">Allow</button>",
        ">Deny</button>",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    for part in ["<b>", "<i>", "<script", "<img", "<link", "app-secret"] {
        assert!(!page.contains(part), "{part} is in {page}");
    }
    // Admins, agents, light agents, end users; none that is suspended or not active.
    assert_eq!(users(page), [1, 7, 2, 3, 4]);
    assert_eq!(state(&account), before);
}

/// Assumed: a browser loads nothing for the page, and may follow the redirects.
#[test]
fn a_browser_loads_nothing_for_the_page() {
    let account = account();
    let refused = get(&account, "");
    let redirect = account.send(&form(&query(""), "decision=deny"));
    for answer in [get(&account, &query("")), redirect, refused] {
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(policy.contains("form-action http: https:;"), "{policy}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

/// Documented: the flow. Assumed: the form. It sends all parameters again, to the address of the
/// page, which may begin with the account.
#[test]
fn the_form_of_the_page_sends_everything_again() {
    let account = account();
    let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    let asked = public(&format!(
        "{pkce}&scope=tickets:read&state=%FF%22%3E&nonce=1"
    ));
    let page = format!("/_account/example{PATH}?{asked}");
    let page = account.send(&Ask::raw(Method::GET, &page));
    let action = action(page.text());
    let expected = format!(
        "?response_type=code&client_id=cli&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb\
         &scope=tickets%3Aread{pkce}&state=%FF%22%3E"
    );
    assert_eq!(action, expected);
    let target = format!("/_account/example{PATH}{action}");
    let ask = Ask::raw(Method::POST, &target)
        .header(
            "content-type",
            "application/x-www-form-urlencoded;charset=UTF-8",
        )
        .body("user_id=4&decision=allow");
    let answer = account.send(&ask);
    let text = code(&answer, "http://localhost:3000/cb?");
    assert!(
        behind(&answer, "").ends_with("&state=%FF%22%3E"),
        "{answer:?}"
    );
    let directory = account.world().directory();
    let code = directory.oauth().code(&text).expect("the code");
    assert_eq!(
        (code.user, code.scopes.as_slice()),
        (UserId(4), &["tickets:read".to_owned()][..])
    );
    assert_eq!(code.challenge.as_deref(), Some(CHALLENGE));
}

/// Documented: the request may be a POST. Without a decision it gets the page. Assumed: the body
/// counts more than the query.
#[test]
fn a_request_can_be_in_the_body() {
    let account = account();
    let asked = query("&state=s");
    for ask in [
        form("", &asked),
        form("client_id=cli&state=t", &asked),
        form(&asked, ""),
        form(&asked, "decision="),
        Ask::raw(Method::POST, &format!("{PATH}?{asked}")).header("content-type", "text/plain"),
    ] {
        let answer = account.send(&ask);
        assert_eq!(answer.status, 200, "{ask:?}: {}", answer.text());
        assert!(action(answer.text()).ends_with("&state=s"), "{ask:?}");
    }
    let both = form("client_id=cli", &format!("{asked}&decision=deny"));
    behind(&account.send(&both), CALLBACK);
}

/// Assumed: a GET decides nothing, whatever its parameters say.
#[test]
fn a_link_cannot_decide() {
    let account = account();
    let answer = get(&account, &query("&decision=allow&user_id=1"));
    assert_eq!(answer.status, 200);
    for name in ["`decision`", "`user_id`"] {
        assert!(answer.hint().contains(name), "{}", answer.hint());
    }
}

/// Assumed: the page lists 100 users, and then a field takes the id of another one.
#[test]
fn the_page_lists_100_users() {
    for (users_of_the_seed, has_field) in [(100, false), (101, true)] {
        let mut more = String::from("users:\n");
        // Five of the seed's users are active.
        for id in 101..=95 + users_of_the_seed {
            let user = format!("name: U{id}, email: u{id}@example.com, role: end_user");
            writeln!(more, "  - {{ id: {id}, {user} }}").expect("text");
        }
        let account = Account::seeded(&SEED.replacen("users:\n", &more, 1));
        let answer = get(&account, &query(""));
        let listed = users(answer.text());
        assert_eq!((listed.len(), &listed[..5]), (100, &[1, 7, 2, 3, 4][..]));
        assert_eq!(answer.text().contains("Another user"), has_field);
        let last = 95 + users_of_the_seed;
        let allowed = account.send(&form(&query(""), &format!("user_id={last}&decision=allow")));
        code(&allowed, "https://app.example.com/cb?");
    }
}
