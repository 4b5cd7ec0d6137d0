//! Authentication.

mod api_tokens;
mod expiry;
mod roles;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{AuthMode, SettingsPatch};

use crate::harness::{Account, Ask, P};

/// `/me` without credentials. The answer shows who the caller is.
fn me() -> Ask {
    Ask::get("/me").anonymous()
}

/// A request with a token in its query.
fn query(parameters: &str) -> Ask {
    Ask::raw(Method::GET, &format!("{P}/me?{parameters}"))
}

fn authorization(value: impl AsRef<[u8]>) -> Ask {
    me().header("authorization", value)
}

/// Body and challenge for an OAuth token.
pub fn invalid_token() -> (Value, &'static str) {
    let why =
        "The access token provided is expired, revoked, malformed or invalid for other reasons.";
    let challenge = "Bearer realm=\"Zendesk::OAuth Bearer Token Authentication\", error=\"invalid_token\", \
                     error_description=\"The access token provided is expired, revoked, malformed or invalid for other \
                     reasons.\"";
    (
        json!({ "error": "invalid_token", "error_description": why }),
        challenge,
    )
}

/// Body and challenge for every other credential.
pub fn not_authenticated() -> (Value, &'static str) {
    (
        json!({ "error": "Couldn't authenticate you" }),
        "Basic realm=\"Web Password\"",
    )
}

fn assert_is(account: &Account, ask: &Ask, agent: u64) {
    let answer = account.send(ask);
    assert_eq!(
        answer.status,
        200,
        "{ask:?}: {} {}",
        answer.text(),
        answer.hint()
    );
    assert_eq!(answer.at("/data/attributes/agent_id"), agent, "{ask:?}");
}

/// Documented for Basic and OAuth, observed for the token in the query: the four forms of
/// credentials.
#[test]
fn there_are_four_forms_of_credentials() {
    let account = Account::demo();
    for (ask, agent) in [
        (me().password("admin@example.com", "demo-password"), 10001),
        (me().password("agent@example.com", "demo-password"), 10011),
        (me().token("admin@example.com", "demo-api-token"), 10001),
        (me().token("agent@example.com", "demo-api-token"), 10011),
        (me().bearer("demo-oauth-admin"), 10001),
        (me().bearer("demo-oauth-agent"), 10011),
        (query("access_token=demo-oauth-admin"), 10001),
        (
            query("include=channels&access_token=demo-oauth-agent"),
            10011,
        ),
    ] {
        assert_is(&account, &ask, agent);
        assert_eq!(account.send(&ask).hint(), "", "{ask:?}");
    }
}

/// Assumed: spellings in which clients differ: the scheme's case and spaces, base64 without
/// padding, the case of an e-mail address, a percent-encoded token.
#[test]
fn credentials_may_be_spelled_in_several_ways() {
    let account = Account::demo();
    // The base64 of agent@example.com:demo-password, which ends in one "=", and of
    // agent@example.com/token:….
    let (password, token) = (
        "YWdlbnRAZXhhbXBsZS5jb206ZGVtby1wYXNzd29yZA",
        "YWdlbnRAZXhhbXBsZS5jb20vdG9rZW46ZGVtby1hcGktdG9rZW4",
    );
    for ask in [
        authorization(format!("Basic {password}==")),
        authorization(format!("Basic {password}")),
        authorization(format!("Basic {token}=")),
        authorization(format!("Basic {token}")),
        authorization(format!("basic {password}==")),
        authorization(format!("BASIC {token}=")),
        authorization(format!("Basic   {password}==  ")),
        authorization("bearer demo-oauth-agent"),
        authorization("BEARER demo-oauth-agent"),
        authorization("Bearer  demo-oauth-agent "),
        me().password("Agent@Example.COM", "demo-password"),
        me().token("AGENT@example.com", "demo-api-token"),
        query("access_token=demo%2Doauth%2Dagent"),
        query("access%5Ftoken=demo-oauth-agent"),
        query("access_token=wrong&access_token=demo-oauth-agent"),
    ] {
        assert_is(&account, &ask, 10011);
    }
}

/// Assumed: a password may contain a colon. Only the first colon ends the name. Tokens may contain
/// any character.
#[test]
fn secrets_may_hold_any_sign() {
    let account = Account::seeded(
        "
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin, password: 'a:b/token:ü ' }
api_tokens: [{ token: 'x:y/token' }]
oauth_tokens: [{ token: 'p+q&r=s', user_id: 1 }]
agents: [{ id: 1, agent_status: { id: 2 } }]
",
    );
    for ask in [
        me().password("admin@example.com", "a:b/token:ü "),
        me().token("admin@example.com", "x:y/token"),
        me().bearer("p+q&r=s"),
        query("access_token=p%2Bq%26r%3Ds"),
    ] {
        assert_is(&account, &ask, 1);
    }
}

/// Observed: with an API token a caller can name any user of the account, and the call runs as that
/// user.
#[test]
fn with_an_api_token_a_call_runs_as_any_user() {
    let account = Account::demo();
    for (user, agent) in [
        ("admin", 10001),
        ("agent", 10011),
        ("bruno", 10012),
        ("chiara", 10013),
        ("dmitri", 10014),
        ("emma", 10015),
        ("farid", 10016),
        ("grace", 10017),
        ("hugo", 10018),
        ("ines", 10019),
        ("jonas", 1_900_012_345_678_901),
    ] {
        assert_is(
            &account,
            &me().token(&format!("{user}@example.com"), "demo-api-token"),
            agent,
        );
    }
    let owner = |path| account.send(&Ask::get(path).token("owner@example.com", "demo-api-token"));
    assert_eq!(
        (owner("").status.as_u16(), owner("/me").status.as_u16()),
        (200, 404),
        "an admin who is not an agent"
    );
    for user in ["light@example.com", "customer@example.com"] {
        assert_eq!(
            account.send(&me().token(user, "demo-api-token")).status,
            403,
            "{user} is known, and may nothing"
        );
    }
}

/// Documented and observed for the body of `invalid_token`, observed for its challenge and for the
/// other body, assumed for the other challenge: every failure of an OAuth token gets the first
/// kind, and every other failure the second. The hint says what would help, and contains no part of
/// the credential.
#[test]
fn wrong_credentials_are_refused_with_a_reason() {
    const SCHEMES: &str = "the scheme of `Authorization` is neither Basic nor Bearer";
    const BASIC: &str = "what follows `Basic` is not the base64 of `user:password`";
    const BEARER: &str = "`Bearer` is not followed by a token";
    const EMAIL: &str = "no user has this e-mail address";
    const SUFFIX: &str = "token login needs `/token` after the e-mail";
    const PASSWORD: &str = "the password is wrong";
    const API_TOKEN: &str = "the account has no such API token";
    const OAUTH_TOKEN: &str = "the account has no such OAuth token";
    const INTO_BASIC: &str = "this is an API token: it goes into Basic, as e-mail/token:api_token";
    const INTO_BEARER: &str =
        "this is an OAuth token: send it alone, as `Authorization: Bearer` and the token";
    let missing = "send `Authorization: Basic` with e-mail/token:api_token or e-mail:password, or `Bearer` with an OAuth token";
    let account = Account::demo();
    let password = |user: &str, text: &str| me().password(&format!("{user}@example.com"), text);
    let token = |user: &str, text: &str| me().token(&format!("{user}@example.com"), text);
    for (ask, hint) in [
        (me(), missing),
        (query("access_token="), missing),
        (query("access_token"), missing),
        (
            query("access_token=demo-oauth-admin&access_token="),
            missing,
        ),
        (query("ACCESS_TOKEN=demo-oauth-admin"), missing),
        (authorization(""), SCHEMES),
        (authorization("demo-oauth-admin"), SCHEMES),
        (
            authorization("Digest username=\"admin@example.com\""),
            SCHEMES,
        ),
        (authorization("Token demo-oauth-admin"), SCHEMES),
        (authorization("Bearer\tdemo-oauth-admin"), SCHEMES),
        (authorization(b"B\xe4sic demo-oauth-admin"), SCHEMES),
        (authorization("Basic"), BASIC),
        (authorization("Basic "), BASIC),
        (authorization("Basic !demo-password!"), BASIC),
        (
            authorization("Basic admin@example.com:demo-password"),
            BASIC,
        ),
        (authorization("Basic //79/Dr/"), BASIC),
        (me().basic("demo-api-token"), BASIC),
        (authorization("Bearer"), BEARER),
        (authorization("Bearer  "), BEARER),
        (password("nobody", "demo-password"), EMAIL),
        (token("nobody", "demo-api-token"), EMAIL),
        (me().basic(":demo-password"), EMAIL),
        (password("admin", "demo-api-token"), SUFFIX),
        (
            token("admin", "demo-password"),
            "this is the user's password; after e-mail/token comes an API token",
        ),
        (password("admin", "Demo-Password"), PASSWORD),
        (password("admin", "demo-password "), PASSWORD),
        (password("admin", ""), PASSWORD),
        (password("bruno", ""), PASSWORD),
        (password("bruno", "demo-password"), PASSWORD),
        (password("admin", "DEMO-OAUTH-ADMIN"), PASSWORD),
        (password("admin", "demo-oauth-admin"), INTO_BEARER),
        (password("nobody", "demo-oauth-admin"), INTO_BEARER),
        (token("admin", "DEMO-API-TOKEN"), API_TOKEN),
        (token("admin", ""), API_TOKEN),
        (token("admin", "demo-oauth-admin"), INTO_BEARER),
        (token("nobody", "demo-oauth-admin"), INTO_BEARER),
        (me().bearer("demo-api-token"), INTO_BASIC),
        (query("access_token=demo-api-token"), INTO_BASIC),
        (me().bearer("DEMO-OAUTH-ADMIN"), OAUTH_TOKEN),
        (me().bearer("demo-password"), OAUTH_TOKEN),
        (query("access_token=demo-oauth"), OAUTH_TOKEN),
    ] {
        let answer = account.send(&ask);
        assert_eq!(answer.status, 401, "{ask:?}");
        let is_oauth = [BEARER, INTO_BASIC, OAUTH_TOKEN].contains(&hint);
        let (body, challenge) = if is_oauth {
            invalid_token()
        } else {
            not_authenticated()
        };
        assert_eq!(answer.json(), body, "{ask:?}");
        assert_eq!(
            answer.header("www-authenticate"),
            Some(challenge),
            "{ask:?}"
        );
        assert_eq!(answer.hint(), hint, "{ask:?}");
        // The expected hints contain no credential, so this one does not either. Nor does any other
        // header.
        for (name, value) in &answer.headers {
            let value = value.to_str().expect("visible ASCII").to_lowercase();
            assert!(
                !value.contains("demo-") && !value.contains("@example"),
                "{name}: {value}"
            );
        }
    }
}

/// Assumed: only a 401 has the challenge.
#[test]
fn only_a_401_has_a_challenge() {
    let account = Account::demo();
    for ask in [
        Ask::get(""),
        Ask::get("").by_agent(),
        Ask::get("/nobody"),
        Ask::get("/no/such/route").anonymous(),
    ] {
        assert_eq!(
            account.send(&ask).header("www-authenticate"),
            None,
            "{ask:?}"
        );
    }
}

/// Assumed: a header decides, valid or not. The token in the query is for clients that send no
/// header.
#[test]
fn a_header_beats_the_token_in_the_query() {
    let account = Account::demo();
    assert_is(
        &account,
        &query("access_token=demo-oauth-admin").bearer("demo-oauth-agent"),
        10011,
    );
    assert_is(
        &account,
        &query("access_token=wrong").token("agent@example.com", "demo-api-token"),
        10011,
    );
    for value in ["Bearer wrong", "Basic nonsense", "Digest x", ""] {
        let ask = query("access_token=demo-oauth-admin").header("authorization", value);
        assert_eq!(account.send(&ask).status, 401, "{value}");
    }
}

/// Assumed: with the setting `auth: any`, every well-formed credential is accepted, as the seeded
/// user that it names.
#[test]
fn auth_any_accepts_every_credential_as_the_user_it_names() {
    let account = Account::demo_with(SettingsPatch::new().auth(AuthMode::Any));
    for (ask, agent) in [
        (me().password("agent@example.com", "wrong"), 10011),
        (me().password("bruno@example.com", ""), 10012),
        (me().token("BRUNO@example.com", "wrong"), 10012),
        (me().bearer("demo-oauth-agent"), 10011),
        (query("access_token=demo-oauth-agent"), 10011),
        (me().password("nobody@example.com", "wrong"), 10001),
        (me().token("nobody@example.com", ""), 10001),
        (me().basic(":"), 10001),
        (me().bearer("wrong"), 10001),
        (query("access_token=wrong"), 10001),
    ] {
        assert_is(&account, &ask, agent);
    }
    let list = |ask: Ask| account.send(&ask).status;
    assert_eq!(list(Ask::get("").bearer("wrong")), 200, "an admin");
    assert_eq!(
        list(Ask::get("").password("agent@example.com", "wrong")),
        403,
        "an agent"
    );
    assert_eq!(
        list(Ask::get("/me").password("light@example.com", "wrong")),
        403,
        "a light agent"
    );
    assert_eq!(
        list(Ask::put("/agent_statuses/agents/me").bearer("demo-oauth-read")),
        403,
        "scopes still count"
    );
    let malformed = [
        me(),
        query("access_token="),
        authorization("Digest x"),
        me().basic("no colon"),
        authorization("Bearer"),
    ];
    for ask in malformed {
        assert_eq!(account.send(&ask).status, 401, "{ask:?}");
    }
}

/// Assumed: with the setting `auth: any`, an account without users still has an admin, who is not
/// an agent.
#[test]
fn auth_any_has_an_admin_in_an_account_without_users() {
    let account =
        Account::seeded("settings: { auth: any }\nagents: [{ id: 5, agent_status: { id: 2 } }]");
    assert_eq!(account.json("")["data"][0]["attributes"]["agent_id"], 5);
    assert_eq!(account.get("/me").codes(), ["RecordNotFound"]);
    assert_eq!(account.send(&Ask::get("").anonymous()).status, 401);
}
