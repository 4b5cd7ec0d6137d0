//! The problems of a seed and their places: all at once, one per line.

use serde_json::Value;

use super::{lengthened, problems};

const SETTINGS: &str = "omnichannel_routing, release, rate_limit, account_rate_limit, auth, validation, errors, skills, statuses_shape, \
                        away_channels, rate_limit_body, page_size_default, work_items_per_page, talk_legacy, talk_wrap_up, \
                        job_delay, oauth, api_tokens";
const OAUTH_TOKEN: &str = "id, token, user_id, client_id, scopes, created_at, expires_at, expires_in, refresh_token, \
                           refresh_token_expires_at, refresh_token_expires_in, used_at";
const CLIENT: &str = "id, identifier, name, kind, secret, redirect_uri, allowed_scopes, company, description, logo_url, global, \
                      user_id, created_at, updated_at";
const REASONS: &str = "UNKNOWN_ADD, ASSIGNED, OFFERED, ACCEPTED, MANUAL_ASSIGNED, REOPENED, ASSIGNED_TRANSFER, \
                       CHANNEL_CHANGE, OFFER_MISSED, OFFER_OBSOLETED";
const STATISTICS: &str = "available_time, away_time, online_time, transfers_only_time, calls_accepted, calls_denied, calls_missed, \
                          calls_put_on_hold, accepted_transfers, started_transfers, accepted_third_party_conferences, \
                          started_third_party_conferences, total_call_duration, total_talk_time, total_hold_time, \
                          total_wrap_up_time, average_talk_time, average_hold_time, average_wrap_up_time";
const ID: &str = "a whole number from 0 to 18446744073709551615";
const TIME: &str = "a time such as 2026-01-21T10:23:25.583732Z, from 1970 to 9999-12-30T22:00:00Z";
pub(super) const DURATION: &str =
    "expected a duration such as 60s: a whole number and one of ms, s, m, h";
const WINDOW: &str = "a rate limit's window lasts at least 1s, and requests times window at most 2,305,843,009 seconds";
const ORDER: &str = "came before the item above it: work items are listed oldest first, then by id";

/// Compares all problems of a document, in any order.
pub(super) fn check(document: &str, expected: &str) {
    let expected = expected
        .replace("{ID}", ID)
        .replace("{TIME}", TIME)
        .replace("{DURATION}", DURATION)
        .replace("{WINDOW}", WINDOW)
        .replace("{ORDER}", ORDER)
        .replace("{REASONS}", REASONS)
        .replace("{SETTINGS}", SETTINGS)
        .replace("{STATISTICS}", STATISTICS)
        .replace("{OAUTH_TOKEN}", OAUTH_TOKEN)
        .replace("{CLIENT}", CLIENT);
    let mut expected: Vec<_> = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let found = problems(document);
    // By design: a long document is checked before anything is built from it, with the same result.
    if let Ok(document @ Value::Object(_)) = serde_saphyr::from_str::<Value>(document) {
        assert_eq!(problems(&lengthened(&document)), found, "{document}");
    }
    let mut found: Vec<_> = found.iter().map(String::as_str).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected, "{document}");
}

/// Assumed: promises of this project, word for word.
#[test]
fn a_problem_is_named_by_its_path() {
    let document = "
agents:
  - { id: 1 }
  - { id: 2 }
  - { id: 3 }
  - id: 4
    channels: { messaging: { work_items: [{ id: 1, reason: FOO }] } }
";
    let line = r#"agents[3].channels.messaging.work_items[0].reason: unknown reason "FOO", expected one of {REASONS}"#;
    check(document, line);
    let json = r#"{"agents":[{"id":1},{"id":2},{"id":3},
        {"id":4,"channels":{"messaging":{"work_items":[{"id":1,"reason":"FOO"}]}}}]}"#;
    check(json, line);
}

/// By design: all that is wrong with a rate limit is named, as with the rest of a seed.
#[test]
fn a_rate_limit_has_all_its_problems_named() {
    for limit in ["rate_limit", "account_rate_limit"] {
        check(
            &format!("settings: {{ {limit}: {{ window: 1ms, remaining: 5000 }} }}"),
            &format!(
                "
settings.{limit}: a rate limit's window lasts at least 1s, and requests times window at most 2,305,843,009 seconds
settings.{limit}: the calls left of a rate limit are at most its requests, and are not given without a limit
"
            ),
        );
    }
}

/// Assumed: an unknown key is a mistake, in every place.
#[test]
fn unknown_keys_are_refused_everywhere() {
    check(
        "
x: 1
settings: { x: 1, rate_limit: { x: 1 }, oauth: { x: 1 }, api_tokens: { x: 1 } }
groups: [{ id: 1, name: A, x: 1 }]
skills: [{ id: a, name: A, x: 1 }]
capacity_rules: [{ id: abcdefghijklmnopqrstuvwxyz, name: A, default: true, capacities: { x: 1, email: 1, messaging: 1, voice: 1 }, x: 1 }]
users: [{ id: 1, name: A, email: a@b, role: admin, x: 1 }]
api_tokens: [{ token: t, x: 1 }]
oauth_clients: [{ id: 1, identifier: c, kind: public, user_id: 1, x: 1 }]
oauth_tokens: [{ token: o, user_id: 1, x: 1 }]
agent_statuses:
  x: 1
  default: [{ id: 2, name: offline, x: 1 }]
  custom: [{ id: 9, name: A, x: 1, channels: { x: online } }]
agents:
  - id: 1
    x: 1
    agent_status: { id: 2, x: 1 }
    channels: { x: {}, talk: { x: 1, work_items: [{ id: 1, x: 1 }] } }
    talk: { x: 1, activity: { x: 1 } }
talk_queue: { x: 1 }
",
        r#"
unknown key "x", expected one of settings, groups, skills, capacity_rules, users, api_tokens, oauth_clients, oauth_tokens, agent_statuses, agents, talk_queue
settings: unknown key "x", expected one of {SETTINGS}
settings.rate_limit: unknown key "x", expected one of requests, window, remaining
settings.oauth: unknown key "x", expected one of created_status, expires_in, expires_in_answer, token_format, consent, consent_user
settings.api_tokens: unknown key "x", expected one of inactivity_days, end_at
groups[0]: unknown key "x", expected one of id, name, description, is_public
skills[0]: unknown key "x", expected one of id, name
capacity_rules[0]: unknown key "x", expected one of id, name, description, default, capacities, agent_ids, created_at, last_updated_at
capacity_rules[0].capacities: unknown key "x", expected one of email, messaging, voice
users[0]: unknown key "x", expected one of id, name, email, role, password, external_id, phone, active, suspended, tags
api_tokens[0]: unknown key "x", expected one of id, token, description, active, created_at, activated_at, last_used_at
oauth_clients[0]: unknown key "x", expected one of {CLIENT}
oauth_tokens[0]: unknown key "x", expected one of {OAUTH_TOKEN}
agent_statuses: unknown key "x", expected one of default, custom
agent_statuses.default[0]: unknown key "x", expected one of id, name, description
agent_statuses.custom[0]: unknown key "x", expected one of id, name, description, group_ids, channels, updated_at
agent_statuses.custom[0].channels: unknown channel "x", expected one of chat, messaging, support, talk
agents[0]: unknown key "x", expected one of id, version, agent_status, group_ids, skill_ids, channels, talk
agents[0].agent_status: unknown key "x", expected one of id, reason, updated_at
agents[0].channels: unknown channel "x", expected one of chat, messaging, support, talk
agents[0].channels.talk: unknown key "x", expected one of status, max_capacity, updated_at, work_items
agents[0].channels.talk.work_items[0]: unknown key "x", expected one of id, added_at, reason
agents[0].talk: unknown key "x", expected one of via, call_status, call_ended_at, activity
agents[0].talk.activity: unknown statistic "x", expected one of {STATISTICS}
talk_queue: unknown statistic "x", expected one of calls_waiting, callbacks_waiting, embeddable_callbacks_waiting, average_wait_time, longest_wait_time
"#,
    );
}

/// Assumed: for a value of the wrong type the problem says what it is instead, in every place and
/// beside any other problem.
#[test]
fn wrong_types_are_refused_everywhere() {
    check(
        "
settings: { omnichannel_routing: 1, release: 1, rate_limit: [], page_size_default: [], job_delay: 5, oauth: jwt, api_tokens: [] }
groups: { id: 1 }
skills: [a, { id: 1, name: 2 }]
users: [{ id: a, name: 1, email: 1, role: 1, password: 1 }]
api_tokens: [{ token: 1, description: 1, active: sure, last_used_at: 1 }]
oauth_clients: [{ id: c, identifier: 1, kind: 1, secret: 1, redirect_uri: a, allowed_scopes: read, user_id: a, global: 1, created_at: 1 }]
oauth_tokens:
  - { token: 1, user_id: a, scopes: read, client_id: c, refresh_token: 1, refresh_token_expires_in: 60, expires_in: 60, used_at: 1 }
  - { token: true, user_id: 1.5, scopes: [1] }
agent_statuses:
  default: [{ id: 1.5, name: 1, description: 1 }]
  custom:
    - { id: -1, name: 1, description: 1, group_ids: 1, channels: [], updated_at: 1 }
    - { id: 9, name: A, channels: { talk: 1 } }
agents:
  - id: -1
    version: a
    agent_status: online
    group_ids: [a, null]
    skill_ids: [1]
    channels: { talk: online, support: null, chat: { status: 1, max_capacity: -1, updated_at: 1, work_items: {} } }
  - { id: 1, channels: [], agent_status: { id: a, reason: 1, updated_at: true } }
",
        r#"
settings.omnichannel_routing: expected true or false, found 1
settings.release: expected one of ga, eap, found 1
settings.rate_limit: expected an object, found a list
settings.page_size_default: expected a whole number from 1 to 100, found a list
settings.job_delay: expected text, found 5
settings.oauth: expected an object, found "jwt"
settings.api_tokens: expected an object, found a list
groups: expected a list, found an object
skills[0]: expected an object, found "a"
skills[1].id: expected text, found 1
skills[1].name: expected text, found 2
users[0].id: expected {ID}, found "a"
users[0].name: expected text, found 1
users[0].email: expected text, found 1
users[0].role: expected one of admin, agent, light_agent, end_user, found 1
users[0].password: expected text, found 1
api_tokens[0].description: expected text, found 1
api_tokens[0].token: expected text, found 1
api_tokens[0].active: expected true or false, found "sure"
api_tokens[0].last_used_at: expected {TIME}, found 1
oauth_clients[0].id: expected {ID}, found "c"
oauth_clients[0].identifier: expected text, found 1
oauth_clients[0].kind: expected one of confidential, public, unknown, found 1
oauth_clients[0].secret: expected text, found 1
oauth_clients[0].redirect_uri: expected a list, found "a"
oauth_clients[0].allowed_scopes: expected a list, found "read"
oauth_clients[0].user_id: expected {ID}, found "a"
oauth_clients[0].global: expected true or false, found 1
oauth_clients[0].created_at: expected {TIME}, found 1
oauth_tokens[0].client_id: expected {ID}, found "c"
oauth_tokens[0].refresh_token: expected text, found 1
oauth_tokens[0].refresh_token_expires_in: expected text, found 60
oauth_tokens[0].expires_in: expected text, found 60
oauth_tokens[0].used_at: expected {TIME}, found 1
oauth_tokens[0].token: expected text, found 1
oauth_tokens[0].user_id: expected {ID}, found "a"
oauth_tokens[0].scopes: expected a list, found "read"
oauth_tokens[1].token: expected text, found true
oauth_tokens[1].user_id: expected {ID}, found 1.5
oauth_tokens[1].scopes[0]: expected text, found 1
agent_statuses.default[0].id: expected {ID}, found 1.5
agent_statuses.default[0].name: expected one of online, away, transfers_only, offline, found 1
agent_statuses.default[0].description: expected text, found 1
agent_statuses.custom[0].id: expected {ID}, found -1
agent_statuses.custom[0].name: expected text, found 1
agent_statuses.custom[0].description: expected text, found 1
agent_statuses.custom[0].group_ids: expected a list, found 1
agent_statuses.custom[0].channels: expected an object, found a list
agent_statuses.custom[0].updated_at: expected {TIME}, found 1
agent_statuses.custom[1].channels.talk: expected one of online, away, transfers_only, offline, found 1
agents[0].id: expected {ID}, found -1
agents[0].version: expected a whole number from 1 to 18446744073709551615, found "a"
agents[0].agent_status: expected an object, found "online"
agents[0].group_ids[0]: expected {ID}, found "a"
agents[0].group_ids[1]: expected {ID}, found nothing
agents[0].skill_ids[0]: expected text, found 1
agents[0].channels.talk: expected an object, found "online"
agents[0].channels.support: expected an object, found nothing
agents[0].channels.chat.status: expected one of online, away, transfers_only, offline, found 1
agents[0].channels.chat.max_capacity: expected a whole number from 0 to 4294967295, found -1
agents[0].channels.chat.updated_at: expected {TIME}, found 1
agents[0].channels.chat.work_items: expected a list, found an object
agents[1].channels: expected an object, found a list
agents[1].agent_status.id: expected {ID}, found "a"
agents[1].agent_status.reason: expected one of UNKNOWN, AGENT_STATUS_SWITCHER, AGENT_LOGOUT, AGENT_STATUS_DELETED, AGENT_DISCONNECTED, AGENT_IDLE_TIMEOUT, SWITCHER_AUTO_RECONNECT, OMNICHANNEL_ROUTING_ENABLED, PUBLIC_API, INTERNAL_TEST, EXPLORE_TAKE_AN_ACTION, WFM_STATUS_UPDATE, MONITORING_ASSISTANT_UPDATE, found 1
agents[1].agent_status.updated_at: expected {TIME}, found true
"#,
    );
}

/// Assumed: an identifier names only one thing. Tokens are not shown, because others may read the
/// message.
#[test]
fn what_has_to_be_unique_is() {
    check(
        "
groups: [{ id: 1, name: A }, { id: 1, name: B }]
skills: [{ id: a, name: A }, { id: a, name: B }]
users:
  - { id: 1, name: A, email: a@b, role: admin }
  - { id: 1, name: B, email: A@B, role: agent }
api_tokens: [{ token: secret }, { token: secret }]
oauth_clients: [{ id: 1, identifier: c, kind: public, user_id: 1 }, { id: 1, identifier: c, kind: public, user_id: 1 }]
oauth_tokens: [{ token: secret, user_id: 1 }, { token: b, user_id: 1, refresh_token: b }, { token: c, user_id: 1, refresh_token: secret }]
agent_statuses:
  default: [{ id: 7, name: online }, { id: 7, name: away }, { id: 8, name: offline }, { id: 10, name: offline }]
  custom: [{ id: 9, name: A }, { id: 9, name: A }]
agents:
  - { id: 1, group_ids: [1, 1], skill_ids: [a, a] }
  - { id: 1, channels: { talk: { work_items: [{ id: 1 }, { id: 1 }] }, chat: { work_items: [{ id: 1 }] } } }
",
        "
groups[1].id: id 1 is there twice
skills[1].id: id a is there twice
users[1].id: id 1 is there twice
users[1].email: e-mail address a@b is there twice
api_tokens[1].token: token (not shown) is there twice
oauth_clients[1].id: id 1 is there twice
oauth_clients[1].identifier: identifier c is there twice
oauth_tokens[0].token: token (not shown) is there twice
oauth_tokens[1].refresh_token: token (not shown) is there twice
oauth_tokens[2].refresh_token: token (not shown) is there twice
agent_statuses.default[1].id: id 7 is there twice
agent_statuses.default[3].name: name offline is there twice
agent_statuses: a default status has the id of another one that is not listed and keeps its id
agent_statuses.custom[1].id: id 9 is there twice
agent_statuses.custom[1].name: name A is there twice
agents[0].group_ids[1]: group 1 is there twice
agents[0].skill_ids[1]: skill a is there twice
agents[1].id: agent 1 is there twice
agents[1].channels.talk.work_items[1].id: work item 1 is there twice
",
    );
    // A default status that is not listed keeps its id, and all four keep their names.
    check(
        "agent_statuses: { default: [{ id: 3, name: away }] }",
        "agent_statuses: a default status has the id of another one that is not listed and keeps its id",
    );
    check(
        "agent_statuses: { custom: [{ id: 4, name: A }, { id: 9, name: away }] }",
        "
agent_statuses.custom[0].id: id 4 is that of the default status away
agent_statuses.custom[1].name: name away is that of a default status
",
    );
    check(
        "agent_statuses: { default: [{ id: 7, name: away }], custom: [{ id: 4, name: A }] }",
        "",
    );
}

/// Assumed: everything that is referred to by id must exist.
#[test]
fn references_lead_somewhere() {
    check(
        "
oauth_clients: [{ id: 1, identifier: c, kind: public, user_id: 1 }]
oauth_tokens: [{ token: o, user_id: 1, client_id: 2 }]
agent_statuses: { custom: [{ id: 9, name: A, group_ids: [1] }] }
agents: [{ id: 1, agent_status: { id: 99 }, group_ids: [1], skill_ids: [a] }]
",
        "
oauth_clients[0].user_id: there is no user 1
oauth_tokens[0].user_id: there is no user 1
oauth_tokens[0].client_id: there is no OAuth client 2
agent_statuses.custom[0].group_ids[0]: there is no group 1
agents[0].group_ids[0]: there is no group 1
agents[0].skill_ids[0]: there is no skill a
agents[0].agent_status.id: there is no unified status 99
",
    );
    // For every order in the document, and for statuses in both lists.
    check(
        "
agents: [{ id: 1, agent_status: { id: 9 }, group_ids: [1], skill_ids: [a] }, { id: 2, agent_status: { id: 5 } }]
agent_statuses: { custom: [{ group_ids: [1], id: 9, name: A }] }
oauth_tokens: [{ client_id: 2, user_id: 1, token: o }]
oauth_clients: [{ user_id: 1, kind: public, identifier: c, id: 2 }]
users: [{ id: 1, name: A, email: a@b, role: agent }]
skills: [{ id: a, name: A }]
groups: [{ id: 1, name: A }]
",
        "",
    );
}

/// Documented: light agents cannot have a unified status. Assumed: end users cannot either, and an
/// agent need not be a user.
#[test]
fn light_agents_and_end_users_are_not_agents() {
    check(
        "
users:
  - { id: 1, name: A, email: a@b, role: light_agent }
  - { id: 2, name: B, email: b@b, role: end_user }
  - { id: 3, name: C, email: c@b, role: agent }
  - { id: 4, name: D, email: d@b, role: admin }
agents: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }]
",
        "
agents[0].id: user 1 has the role light_agent, which has no availability
agents[1].id: user 2 has the role end_user, which has no availability
",
    );
}

/// Assumed: a key without a default is required, and null counts as absent.
#[test]
fn what_is_missing_is_named() {
    let expected = r#"
groups[0]: "id" is missing
groups[0]: "name" is missing
skills[0]: "id" is missing
skills[0]: "name" is missing
users[0]: "id" is missing
users[0]: "name" is missing
users[0]: "email" is missing
users[0]: "role" is missing
api_tokens[0]: "token" is missing
oauth_clients[0]: "id" is missing
oauth_clients[0]: "identifier" is missing
oauth_clients[0]: "user_id" is missing
oauth_clients[0]: a confidential client has a "secret"
oauth_tokens[0]: "token" is missing
oauth_tokens[0]: "user_id" is missing
agent_statuses.default[0]: "id" is missing
agent_statuses.default[0]: "name" is missing
agent_statuses.custom[0]: "id" is missing
agent_statuses.custom[0]: "name" is missing
agents[0]: "id" is missing
agents[0].agent_status: "id" is missing
agents[0].channels.talk.work_items[0]: "id" is missing
"#;
    check(
        "
groups: [{}]
skills: [{}]
users: [{}]
api_tokens: [{}]
oauth_clients: [{}]
oauth_tokens: [{}]
agent_statuses: { default: [{}], custom: [{}] }
agents: [{ agent_status: {}, channels: { talk: { work_items: [{}] } } }]
",
        expected,
    );
    check(
        "
groups: [{ id: null, name: null }]
skills: [{ id: null, name: null }]
users: [{ id: null, name: null, email: null, role: null }]
api_tokens: [{ token: null }]
oauth_clients: [{ id: null, identifier: null, user_id: null }]
oauth_tokens: [{ token: null, user_id: null }]
agent_statuses: { default: [{ id: null, name: null }], custom: [{ id: null, name: null }] }
agents: [{ id: null, agent_status: { id: null }, channels: { talk: { work_items: [{ id: null }] } } }]
",
        expected,
    );
}

/// Assumed: one rule is the default, an agent is in one rule, and an id has 26 letters and digits.
#[test]
fn capacity_rules_are_checked_together() {
    let capacities = "capacities: { email: 1, messaging: 1, voice: 1 }";
    check(
        &format!(
            "
capacity_rules:
  - {{ id: abcdefghijklmnopqrstuvwxy1, name: A, {capacities}, agent_ids: [1, 2, 1] }}
  - {{ id: abcdefghijklmnopqrstuvwxy1, name: B, {capacities}, agent_ids: [2] }}
  - {{ id: short, name: C, {capacities} }}
"
        ),
        "
capacity_rules[0].agent_ids[2]: agent 1 is there twice
capacity_rules[1].id: id abcdefghijklmnopqrstuvwxy1 is there twice
capacity_rules[1].agent_ids[0]: agent 2 is there twice
capacity_rules[2].id: expected 26 letters and digits, as a ULID has
capacity_rules: expected one rule with `default: true`, not 0
",
    );
    check(
        &format!(
            "
capacity_rules:
  - {{ id: abcdefghijklmnopqrstuvwxy1, name: A, default: true, {capacities}, agent_ids: [1] }}
  - {{ id: abcdefghijklmnopqrstuvwxy2, name: B, default: true, {capacities} }}
"
        ),
        "
capacity_rules[0].agent_ids: the default rule has the agents that no other rule names
capacity_rules: expected one rule with `default: true`, not 2
",
    );
}
