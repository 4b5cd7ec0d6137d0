//! `/oauth/authorizations/new`.

mod page;
mod refusals;

use std::time::Duration;

use axum::http::Method;
use zendesk_availability_emulator::config::{Consent, OauthSettingsPatch, SettingsPatch};
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::{ClientId, UserId};

use super::{SEED, account};
use crate::harness::{Account, Answer, Ask};

const PATH: &str = "/oauth/authorizations/new";
const CALLBACK: &str = "https://app.example.com/cb";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An account that decides at once.
fn deciding(oauth: OauthSettingsPatch) -> Account {
    let seed = Seed::parse(SEED).expect("a seed");
    Account::with(|builder| {
        builder
            .seed(seed)
            .settings(SettingsPatch::new().oauth(oauth))
    })
}

fn allowing() -> Account {
    deciding(OauthSettingsPatch::new().consent(Consent::Allow))
}

/// The query of a request of the confidential client, with these parameters added.
fn query(more: &str) -> String {
    format!(
        "client_id=app&response_type=code&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb{more}"
    )
}

/// The query of a request of the public client.
fn public(more: &str) -> String {
    format!("client_id=cli&response_type=code&redirect_uri=http://localhost:3000/cb{more}")
}

fn get(account: &Account, query: &str) -> Answer {
    account.send(&Ask::raw(Method::GET, &format!("{PATH}?{query}")))
}

fn form(query: &str, body: &str) -> Ask {
    let ask = Ask::raw(Method::POST, &format!("{PATH}?{query}"));
    ask.header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

/// What follows this address in the redirect.
fn behind(answer: &Answer, address: &str) -> String {
    assert_eq!(answer.status, 302, "{}", answer.text());
    let location = answer.header("location").expect("an address");
    let behind = location.strip_prefix(address);
    behind.unwrap_or_else(|| panic!("{location}")).to_owned()
}

/// The code of a redirect whose parameters begin with it.
fn code(answer: &Answer, before: &str) -> String {
    let behind = behind(answer, before);
    let code = behind.strip_prefix("code=").expect("a code");
    code.split('&').next().unwrap_or_default().to_owned()
}

/// Documented: the redirect with the code and the state, and that the code is valid for 120 s.
/// Assumed: 32 hexadecimal digits, the status, and that the first active admin allows.
#[test]
fn a_user_allows_at_once() {
    let account = allowing();
    let answer = get(
        &account,
        &query("&scope=write+read&state=a%20b&code_challenge_method=S256"),
    );
    assert_eq!(answer.status, 400, "a method without a challenge");
    let asked = format!(
        "&scope=write+read&state=xyz&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let answer = get(&account, &query(&asked));
    let text = code(&answer, "https://app.example.com/cb?");
    assert!(text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(behind(&answer, CALLBACK), format!("?code={text}&state=xyz"));
    let directory = account.world().directory();
    let code = directory.oauth().code(&text).expect("the code");
    assert_eq!((code.client, code.user), (ClientId(10), UserId(1)));
    assert_eq!(
        (&*code.redirect_uri, code.challenge.as_deref()),
        (CALLBACK, Some(CHALLENGE))
    );
    assert_eq!(code.scopes, ["write", "read"]);
    let lifetime = code.expires_at.duration_since(account.now());
    assert_eq!(lifetime.as_secs(), 120);
}

/// Assumed: the setting names another user. The user has to be active.
#[test]
fn the_setting_names_the_user_who_allows() {
    for (user, expected) in [(4, true), (5, false), (6, false), (99, false)] {
        let patch = OauthSettingsPatch::new().consent(Consent::Allow);
        let account = deciding(patch.consent_user(Some(user)));
        let answer = get(&account, &query(""));
        if expected {
            let directory = account.world().directory();
            let code = directory
                .oauth()
                .code(&code(&answer, "https://app.example.com/cb?"));
            assert_eq!(code.map(|code| code.user), Some(UserId(user)));
        } else {
            assert_eq!(answer.status, 400);
            assert!(
                answer.hint().contains("`oauth.consent_user`"),
                "{}",
                answer.hint()
            );
        }
    }
    let seed = "oauth_clients: [{ id: 1, identifier: app, secret: x, user_id: 2, redirect_uri: [\"https://app.example.com/cb\"] }]
users: [{ id: 2, name: Bob, email: bob@example.com, role: agent }]\n";
    let seed = Seed::parse(seed).expect("a seed");
    let oauth = OauthSettingsPatch::new().consent(Consent::Allow);
    let settings = SettingsPatch::new().oauth(oauth);
    let account = Account::with(|builder| builder.seed(seed).settings(settings));
    let answer = get(&account, &query(""));
    assert!(
        answer.hint().contains("no active admin"),
        "{}",
        answer.hint()
    );
}

/// Documented: the parameters of the redirect.
#[test]
fn a_user_denies() {
    let denied = "?error=access_denied&error_description=The+end-user+or+authorization+server+denied+the+request";
    let account = deciding(OauthSettingsPatch::new().consent(Consent::Deny));
    let answer = get(&account, &query(""));
    assert_eq!(behind(&answer, CALLBACK), denied);
    let by_page = super::account();
    let answer = by_page.send(&form(&query("&state=1"), "decision=deny"));
    assert_eq!(behind(&answer, CALLBACK), format!("{denied}&state=1"));
}

/// Assumed, from RFC 6749, section 4.1.2.1: the client learns of a scope that it may not ask for.
#[test]
fn a_scope_that_is_not_allowed_is_a_redirect() {
    let account = allowing();
    let scoped =
        "client_id=scoped&response_type=code&redirect_uri=https://s.example.com/cb&state=s";
    let answer = get(&account, &format!("{scoped}&scope=read+write"));
    let expected = "?error=invalid_scope&error_description=The+requested+scope+is+invalid%2C+unknown%2C+malformed%2C+or+exceeds+the+previously+granted+scope.&state=s";
    assert_eq!(behind(&answer, "https://s.example.com/cb"), expected);
    assert!(
        answer.hint().contains("`write` is not allowed"),
        "{}",
        answer.hint()
    );
    // Observed: without allowed scopes, any text is one.
    let answer = get(&account, &query("&scope=%5B%22read%22%5D"));
    code(&answer, "https://app.example.com/cb?");
}

/// Observed: a request without a scope asks for those that the client may have, or else for all.
#[test]
fn a_request_without_a_scope_asks_for_all() {
    let account = allowing();
    let scoped = "client_id=scoped&response_type=code&redirect_uri=https://s.example.com/cb";
    for (asked, before, expected) in [
        (
            query(""),
            "https://app.example.com/cb?",
            vec!["read", "write"],
        ),
        (
            query("&scope="),
            "https://app.example.com/cb?",
            vec!["read", "write"],
        ),
        (
            query("&scope=+"),
            "https://app.example.com/cb?",
            vec!["read", "write"],
        ),
        (
            scoped.to_owned(),
            "https://s.example.com/cb?",
            vec!["read", "tickets:read"],
        ),
    ] {
        let code = code(&get(&account, &asked), before);
        let directory = account.world().directory();
        assert_eq!(
            directory.oauth().code(&code).expect("the code").scopes,
            expected,
            "{asked}"
        );
    }
}

/// Documented: the state is given back. Assumed: byte by byte, also if it is not UTF-8.
#[test]
fn the_state_is_given_back_as_it_was() {
    let account = allowing();
    for (state, expected) in [
        ("a%20b+c", "a+b+c"),
        ("%FF%00%26%3D%2B", "%FF%00%26%3D%2B"),
        ("%C3%BC", "%C3%BC"),
        ("first&state=last", "last"),
        ("%3Cscript%3E", "%3Cscript%3E"),
    ] {
        let answer = get(&account, &query(&format!("&state={state}")));
        let end = format!("&state={expected}");
        assert!(
            behind(&answer, CALLBACK).ends_with(&end),
            "{state}: {answer:?}"
        );
    }
    for without in ["", "&state=", "&state=a&state="] {
        let answer = get(&account, &query(without));
        assert!(!behind(&answer, CALLBACK).contains("state"), "{without}");
    }
}

/// Assumed, from RFC 6749, section 4.1.2: the parameters follow those that the address has.
#[test]
fn an_address_keeps_its_own_parameters() {
    let account = allowing();
    let asked =
        "client_id=app&response_type=code&redirect_uri=https://app.example.com/cb%3Fkeep%3D1";
    code(&get(&account, asked), "https://app.example.com/cb?keep=1&");
}

/// Observed: zcli listens at one of three ports. Assumed: another port is allowed on loopback only.
#[test]
fn a_program_on_the_users_machine_chooses_its_port() {
    let account = allowing();
    let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    let other = public(&pkce).replace("3000", "19186");
    let answer = get(&account, &other);
    let text = code(&answer, "http://localhost:19186/cb?");
    assert!(answer.hint().contains("port"), "{}", answer.hint());
    let directory = account.world().directory();
    let code = directory.oauth().code(&text).expect("the code");
    assert_eq!(code.redirect_uri, "http://localhost:19186/cb");
    let registered = get(&account, &public(&pkce));
    assert_eq!((registered.status.as_u16(), registered.hint()), (302, ""));
}

/// Assumed: an account has at most 1,000 codes, and expired ones make room.
#[test]
fn an_account_has_room_for_1_000_codes() {
    let account = allowing();
    let first = code(&get(&account, &query("")), "https://app.example.com/cb?");
    account.advance(Duration::from_secs(1));
    for _ in 1..1000 {
        get(&account, &query(""));
    }
    let full = get(&account, &query(""));
    assert_eq!(full.status, 400);
    assert!(
        full.hint().contains("1000 authorization codes"),
        "{}",
        full.hint()
    );
    account.advance(Duration::from_secs(119));
    assert_eq!(get(&account, &query("")).status, 302);
    assert!(account.world().directory().oauth().code(&first).is_none());
    assert_eq!(get(&account, &query("")).status, 400);
}

/// Assumed: no credentials are asked for, no limit counts the call, and no page of another origin
/// can read the answer.
#[test]
fn the_page_is_for_anyone_and_counts_nothing() {
    let account = account();
    for ask in [
        Ask::raw(Method::GET, &format!("{PATH}?{}", query(""))),
        Ask::raw(Method::GET, &format!("{PATH}/?{}", query(""))),
        Ask::raw(Method::GET, &format!("{PATH}?{}", query(""))).bearer("unknown"),
        Ask::raw(Method::GET, &format!("{PATH}?{}", query(""))).bearer(super::ADA),
        Ask::raw(Method::HEAD, &format!("{PATH}?{}", query(""))),
        Ask::raw(
            Method::GET,
            &format!("/_account/example{PATH}?{}", query("")),
        ),
        Ask::raw(Method::GET, &format!("{PATH}?{}", query("")))
            .header("host", "example.zendesk.com"),
    ] {
        let answer = account.send(&ask.clone().header("origin", "https://app.example.com"));
        assert_eq!(answer.status, 200, "{ask:?}");
        for name in [
            "x-rate-limit",
            "ratelimit-limit",
            "access-control-allow-origin",
        ] {
            assert_eq!(answer.header(name), None, "{name}");
        }
    }
    let preflight = Ask::raw(Method::OPTIONS, PATH)
        .header("origin", "https://app.example.com")
        .header("access-control-request-method", "GET");
    let answer = account.send(&preflight);
    assert_eq!(
        (answer.status.as_u16(), answer.header("allow")),
        (405, Some("GET,HEAD,POST"))
    );
    let elsewhere = format!("/_account/missing{PATH}?{}", query(""));
    assert_eq!(account.send(&Ask::raw(Method::GET, &elsewhere)).status, 404);
}
