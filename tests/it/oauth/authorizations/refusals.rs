//! Requests that get the page about an error, and no redirect.

use serde_json::json;
use zendesk_availability_emulator::config::{SettingsPatch, Validation};
use zendesk_availability_emulator::seed::Seed;

use super::super::{SEED, account, state};
use super::{CHALLENGE, allowing, form, get, public, query};
use crate::harness::{Account, Answer};

const MALFORMED: &str = "The request is missing a required parameter, includes an unsupported parameter or parameter value, or is otherwise malformed.";

/// Checks that the answer is this page and leads nowhere else.
fn check(answer: &Answer, text: &str, hint: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (400, None),
        "{answer:?}"
    );
    let page = answer.text();
    assert!(
        page.contains("<h1>Invalid Authorization Request</h1>"),
        "{page}"
    );
    assert!(page.contains(&format!("<p>{text}</p>")), "{page}");
    assert_eq!(
        page.contains("<h2>invalid_request</h2>"),
        text == MALFORMED,
        "{page}"
    );
    assert!(answer.hint().contains(hint), "{hint:?}: {}", answer.hint());
}

/// Observed: the heading and the texts. Assumed: the status.
#[test]
fn an_unknown_client_is_named_as_such() {
    let account = allowing();
    for id in ["nobody", "10", "APP", "%3Cb%3E"] {
        let answer = get(&account, &query("").replace("=app", &format!("={id}")));
        check(&answer, "No such client", "not the numeric id");
    }
}

/// Observed: these get no redirect (n8n #18371, screenpipe #4668). Assumed: a wrong
/// `response_type`. Documented: PKCE is needed for public clients, only S256, and the implicit
/// grant is gone.
#[test]
fn a_malformed_request_gets_no_redirect() {
    let account = allowing();
    let before = state(&account);
    let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    let s256 = |challenge: &str| format!("&code_challenge={challenge}&code_challenge_method=S256");
    let app = |uri: &str| format!("client_id=app&response_type=code&redirect_uri={uri}");
    let uri = "this `redirect_uri` is not registered";
    let challenge = "`code_challenge` is not the base64url";
    for (asked, hint) in [
        (String::new(), "`client_id` is missing"),
        (
            "client_id=&response_type=code".to_owned(),
            "`client_id` is missing",
        ),
        (
            "client_id=app&response_type=code".to_owned(),
            "`redirect_uri` is missing",
        ),
        (app("https://app.example.com/cb/"), uri),
        (app("https://app.example.com:443/cb"), uri),
        (app("https://APP.example.com/cb"), uri),
        (app("https://evil.example.com/cb"), uri),
        (app("urn:ietf:wg:oauth:2.0:oob"), uri),
        (
            public(&pkce).replace("localhost:3000", "127.0.0.1:3000"),
            uri,
        ),
        (
            public(&pkce).replace("localhost:3000", "localhost:1@evil.example.com"),
            uri,
        ),
        (
            public(&pkce).replace("localhost:3000/cb", "localhost:3001/other"),
            uri,
        ),
        (
            query("").replace("response_type=code&", ""),
            "`response_type` is missing",
        ),
        (query("").replace("=code", "=token"), "2025-02-17"),
        (
            query("").replace("=code", "=id_token"),
            "`id_token` is not `code`",
        ),
        (public(""), "a public client needs PKCE"),
        (
            public("&code_challenge_method=S256"),
            "a public client needs PKCE",
        ),
        (
            public(&format!("&code_challenge={CHALLENGE}")),
            "`code_challenge_method` is not `S256`",
        ),
        (
            query(&pkce.replace("S256", "plain")),
            "`code_challenge_method` is not `S256`",
        ),
        (
            query("&code_challenge_method=S256"),
            "`code_challenge` is missing",
        ),
        (query(&s256(&CHALLENGE[1..])), challenge),
        (query(&s256(&format!("{CHALLENGE}="))), challenge),
        (query(&s256(&CHALLENGE.replace('-', "%2B"))), challenge),
    ] {
        check(&get(&account, &asked), MALFORMED, hint);
        check(&account.send(&form("", &asked)), MALFORMED, hint);
    }
    assert_eq!(state(&account), before);
}

/// Assumed: a decision that cannot be read is refused, and so is that of a user who may not sign in.
#[test]
fn a_decision_needs_a_user_who_is_active() {
    let account = account();
    for (body, hint) in [
        ("decision=allow", "`user_id` is not the id"),
        ("decision=allow&user_id=5", "`user_id` is not the id"),
        ("decision=allow&user_id=6", "`user_id` is not the id"),
        ("decision=allow&user_id=99", "`user_id` is not the id"),
        ("decision=allow&user_id=Ada", "`user_id` is not the id"),
        (
            "decision=maybe&user_id=1",
            "`maybe` is not one of allow, deny",
        ),
    ] {
        check(&account.send(&form(&query(""), body)), MALFORMED, hint);
    }
}

/// Assumed: bodies are forms. With `validation: strict` unknown parameters are refused, in JSON.
#[test]
fn other_bodies_and_parameters_are_refused() {
    let account = account();
    let json = form(&query(""), "{}").header("content-type", "application/json");
    let answer = account.send(&json);
    assert_eq!(answer.status, 415);
    assert!(
        answer.hint().contains("this call takes a form"),
        "{}",
        answer.hint()
    );
    let large = form(&query(""), &"x".repeat(1024 * 1024 + 1));
    assert_eq!(account.send(&large).status, 413);
    let warned = get(&account, &query("&nonce=1"));
    assert!(warned.hint().contains("`nonce`"), "{}", warned.hint());
    let seed = Seed::parse(SEED).expect("a seed");
    let settings = SettingsPatch::new().validation(Validation::Strict);
    let strict = Account::with(|builder| builder.seed(seed).settings(settings));
    let refused = get(&strict, &query("&nonce=1"));
    assert_eq!(
        (refused.status.as_u16(), refused.at("/errors/0/code")),
        (400, json!("UnknownParameter"))
    );
    assert_eq!(get(&strict, &query("&state=1")).status, 200);
}
