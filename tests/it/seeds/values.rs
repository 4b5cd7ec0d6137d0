//! Invalid values in a seed: numbers, words, durations and times.

use super::messages::{DURATION, check};
use super::problems;

/// Assumed: invalid numbers, words, texts, times and durations.
#[test]
fn values_out_of_range_are_refused() {
    check(
        "
settings: { page_size_default: 0, work_items_per_page: 101, rate_limit: { requests: 0 }, auth: lax }
agents: [{ id: 1, version: 0, channels: { talk: { max_capacity: 4294967296 } } }, { id: 18446744073709551615 }]
",
        r#"
settings.rate_limit.requests: expected a whole number from 1 to 4294967295, found 0
settings.page_size_default: expected a whole number from 1 to 100, found 0
settings.work_items_per_page: expected a whole number from 0 to 100, found 101
settings.auth: unknown auth "lax", expected one of strict, any
agents[0].version: expected a whole number from 1 to 18446744073709551615, found 0
agents[0].channels.talk.max_capacity: expected a whole number from 0 to 4294967295, found 4294967296
"#,
    );
    check(
        r#"
users:
  - { id: 1, name: "", email: a, role: boss, password: "" }
  - { id: 2, name: B, email: "a:b@c", role: admin }
  - { id: 3, name: C, email: a/token@c, role: admin }
api_tokens: [{ token: a b }, { token: ä }, { token: "" }]
"#,
        r#"
users[0].name: expected text, found ""
users[0].email: expected an e-mail address
users[0].role: unknown role "boss", expected one of admin, agent, light_agent, end_user
users[0].password: expected text, found ""
users[1].email: expected an e-mail address
users[2].email: expected an e-mail address
api_tokens[0].token: expected visible ASCII without spaces
api_tokens[1].token: expected visible ASCII without spaces
api_tokens[2].token: expected text, found ""
"#,
    );
    check(
        r#"
settings: { oauth: { created_status: 204, expires_in: never, consent: ask }, api_tokens: { inactivity_days: 0, end_at: soon } }
users: [{ id: 1, name: A, email: a@b, role: admin }]
oauth_clients:
  - { id: 1, identifier: c, kind: secret, user_id: 1, secret: s, redirect_uri: ["http://a.example/", "https://a/#b"], allowed_scopes: [read write] }
oauth_tokens:
  - { token: a, user_id: 1, expires_in: 1d, refresh_token: a b }
  - { token: b, user_id: 1, expires_in: 1h, expires_at: 2030-01-01T00:00:00Z, refresh_token_expires_in: 1h }
  - { token: c, user_id: 1, refresh_token_expires_at: 2030-01-01T00:00:00Z }
"#,
        r#"
settings.oauth.created_status: expected a whole number from 200 to 201, found 204
settings.oauth.expires_in: unknown expires_in "never", expected one of honour, ignore
settings.oauth.consent: unknown consent "ask", expected one of page, allow, deny
settings.api_tokens.inactivity_days: expected a whole number from 1 to 3650, found 0
settings.api_tokens.end_at: expected {TIME}, found "soon"
oauth_clients[0].kind: unknown kind "secret", expected one of confidential, public, unknown
oauth_clients[0].redirect_uri[0]: expected an https address, or an http address of localhost or 127.0.0.1
oauth_clients[0].redirect_uri[1]: expected an https address, or an http address of localhost or 127.0.0.1
oauth_clients[0].allowed_scopes[0]: expected text without white space
oauth_tokens[0].expires_in: {DURATION}
oauth_tokens[0].refresh_token: expected visible ASCII without spaces
oauth_tokens[1].expires_in: the time of the end is given too; give one of the two
oauth_tokens[1].refresh_token_expires_in: there is no "refresh_token" that could expire
oauth_tokens[2].refresh_token_expires_at: there is no "refresh_token" that could expire
"#,
    );
    let long = "x".repeat(200);
    check(
        &format!("settings: {{ auth: {long} }}"),
        &format!(
            "settings.auth: unknown auth \"{}…\", expected one of strict, any",
            "x".repeat(60)
        ),
    );
}

/// Assumed: a duration is a whole number and a unit. A rate limit must not overflow its window.
#[test]
fn invalid_durations_are_refused() {
    for bad in [
        "\"60\"",
        "60",
        "1d",
        "1.5s",
        "-1s",
        "s",
        "1 s",
        "1S",
        "\"\"",
        "99999999999999999999s",
        "9999999999999999h",
    ] {
        let (document, found) = (
            format!("settings: {{ job_delay: {bad} }}"),
            problems(&format!("settings: {{ job_delay: {bad} }}")),
        );
        let expected = match bad {
            "60" => "settings.job_delay: expected text, found 60".to_owned(),
            "\"\"" => "settings.job_delay: expected text, found \"\"".to_owned(),
            _ => format!("settings.job_delay: {DURATION}"),
        };
        assert_eq!(found, [expected], "{document}");
    }
    for bad in [
        "window: 999ms",
        "window: 0s",
        "requests: 4294967295, window: 1h",
        "requests: null, window: 500ms",
    ] {
        check(
            &format!("settings: {{ rate_limit: {{ {bad} }} }}"),
            "settings.rate_limit: {WINDOW}",
        );
    }
    for good in [
        "window: 1s",
        "window: 1000ms",
        "window: 90m",
        "requests: null",
        "requests: null, window: 5m",
    ] {
        check(&format!("settings: {{ rate_limit: {{ {good} }} }}"), "");
    }
}

/// Assumed: times are RFC 3339, from 1970 on.
#[test]
fn invalid_times_are_refused() {
    for bad in [
        "2026-01-21",
        "2026-01-21 10:00:00Z",
        "2026-01-21T10:00Z",
        "2026-01-21T10:00:00",
        "2026-01-21T10:00:00+02",
        "2026-01-21T10:00:00+0200",
        "2026-01-21T10:00:00+25:00",
        "2026-01-21T10:00:00+02:00:01",
        "2026-01-21T10:00:00+02:00[Europe/Berlin]",
        "2026-01-21T10:00:00,5Z",
        "2026-01-21T10:00:00.Z",
        "2026-01-21T10:00:00.1234567891Z",
        "2026-02-30T10:00:00Z",
        "2026-01-21T24:00:00Z",
        "20260121T100000Z",
        "+002026-01-21T10:00:00Z",
        "1969-12-31T23:59:59Z",
        "1969-12-31T23:30:00-02:00",
        "1970-01-01T00:30:00+02:00",
        "9999-12-31T23:59:59-12:00",
        "yesterday",
    ] {
        check(
            &format!("agents: [{{ id: 1, agent_status: {{ id: 3, updated_at: \"{bad}\" }} }}]"),
            &format!("agents[0].agent_status.updated_at: expected {{TIME}}, found \"{bad}\""),
        );
    }
    for good in [
        "1970-01-01T00:00:00Z",
        "2026-01-21T10:00:00+02:00",
        "2026-01-21t10:00:00z",
        "2026-01-21T10:00:00.5-00:00",
        "2026-01-21T10:00:00.123456789Z",
        "2024-02-29T23:59:60Z",
    ] {
        check(
            &format!("agents: [{{ id: 1, agent_status: {{ id: 3, updated_at: \"{good}\" }} }}]"),
            "",
        );
    }
}

/// Documented for the order, oldest first. Assumed: a seed that lists items in another order has a
/// mistake in a time.
#[test]
fn work_items_are_listed_oldest_first() {
    let items = "{ id: 2, added_at: 2026-01-01T00:00:01Z }, { id: 1, added_at: 2026-01-01T00:00:00Z }, \
                 { id: 4, added_at: 2026-01-01T00:00:00Z }, { id: 3, added_at: 2026-01-01T00:00:00Z }";
    check(
        &format!("agents: [{{ id: 1, channels: {{ talk: {{ work_items: [{items}] }} }} }}]"),
        "
agents[0].channels.talk.work_items[1].added_at: {ORDER}
agents[0].channels.talk.work_items[3].added_at: {ORDER}
",
    );
}
