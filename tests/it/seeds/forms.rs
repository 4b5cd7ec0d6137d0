//! The text of a seed: JSON or YAML, one account either way.

use zendesk_availability_emulator::seed::{DEMO, Seed};

use super::{demo, lengthened, problems};
use crate::harness::Account;

/// Assumed: one schema, two notations.
#[test]
fn a_seed_in_json_and_in_yaml_is_the_same_account() {
    let (yaml, json) = (Seed::parse(DEMO), Seed::parse(&demo().to_string()));
    let (yaml, json) = (
        yaml.expect("the demo seed"),
        json.expect("the demo seed in JSON"),
    );
    assert_eq!(format!("{yaml:?}"), format!("{json:?}"));
    let (yaml, json) = (
        Account::with(|builder| builder.seed(yaml)),
        Account::with(|builder| builder.seed(json)),
    );
    assert_eq!(yaml.state(), json.state());
    for path in [
        "?page[size]=100",
        "/me",
        "/agent_statuses",
        "/10011/channels/messaging/relationships/work_items",
    ] {
        assert_eq!(yaml.json(path), json.json(path), "{path}");
    }
}

/// Assumed: a key that occurs twice is a mistake in both notations, because one of its values would
/// be lost.
#[test]
fn a_key_that_is_there_twice_is_refused() {
    for (document, expected) in [
        (
            r#"{"groups":[],"groups":[]}"#,
            r#"not JSON: the key "groups" is there twice at line 1 column 25"#,
        ),
        (
            r#"{"groups":[{"id":1,"id":1}]}"#,
            r#"not JSON: the key "id" is there twice at line 1 column 26"#,
        ),
        (
            r#"{"x":{"a":1,"\u0061":1}}"#,
            r#"not JSON: the key "a" is there twice at line 1 column 23"#,
        ),
        (
            "groups: []\ngroups: []\n",
            "not YAML: duplicate mapping key `groups` is not allowed here at line 2, column 1",
        ),
        (
            "groups:\n- id: 1\n  id: 2\n",
            "not YAML: duplicate mapping key `id` is not allowed here at line 3, column 3",
        ),
        (
            "x: { a: 1, \"a\": 1 }",
            "not YAML: duplicate mapping key `a` is not allowed here at line 1, column 12",
        ),
    ] {
        assert_eq!(problems(document), [expected], "{document}");
    }
}

/// Assumed: for any text, the answer is one line that says what is wrong with it.
#[test]
fn a_text_that_is_not_a_document_is_refused_in_one_line() {
    for (document, expected) in [
        ("", "the document is empty"),
        (" \n\t\n", "the document is empty"),
        ("# nothing\n", "expected an object, found nothing"),
        ("null", "expected an object, found nothing"),
        ("[]", "expected an object, found a list"),
        ("seed", "expected an object, found \"seed\""),
        (
            "{",
            "not JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            "{\"groups\":[]} x",
            "not JSON: trailing characters at line 1 column 15",
        ),
        (
            "{'groups':[]}",
            "not JSON: key must be a string at line 1 column 2",
        ),
        (
            "{\"groups\":[{\"id\":1e400,\"name\":\"A\"}]}",
            "not JSON: number out of range at line 1 column 22",
        ),
        (
            "{}\n---\n{}",
            "not JSON: trailing characters at line 2 column 1",
        ),
        (
            "groups:\n\t- x",
            "not YAML: tabs disallowed within this context (block indentation) at line 2, column 2",
        ),
        (
            "groups: [\n",
            "not YAML: unclosed bracket '[' at line 1, column 9",
        ),
        (
            "groups: &a [*a]",
            "not YAML: Recursive reference not allowed here at line 1, column 13",
        ),
        (
            "groups: *a",
            "not YAML: reference to unknown value at line 1, column 9",
        ),
        (
            "? [a]\n: b",
            "not YAML: expected string scalar at line 1, column 3",
        ),
        (
            "groups: [{ id: .nan, name: A }]",
            "not YAML: value `.nan` is not a finite number at line 1, column 16",
        ),
        (
            "a: 1\n---\nb: 1\n",
            "not YAML: only single YAML document expected but multiple found at line 3, column 1",
        ),
    ] {
        assert_eq!(problems(document), [expected], "{document:?}");
    }
}

/// Assumed: deep nesting does not crash the emulator.
#[test]
fn a_deep_document_is_refused() {
    for deep in [
        format!("{{\"groups\":{}", "[".repeat(100_000)),
        format!("groups: {}", "[".repeat(100_000)),
        "- ".repeat(100_000),
        (0..2_000).fold(String::new(), |text, depth| {
            format!("{text}{}a:\n", " ".repeat(depth))
        }),
        // Each element has twice the size of the one before it.
        (1..40).fold("- &a0 [x]\n".to_owned(), |text, it| {
            format!("{text}- &a{it} [*a{0}, *a{0}]\n", it - 1)
        }),
    ] {
        let found = problems(&deep);
        assert!(
            found.len() == 1 && found[0].starts_with("not "),
            "{}… {found:?}",
            &deep[..40]
        );
    }
}

/// Assumed: many agents may be created from one template.
#[test]
fn an_anchor_can_be_used_any_number_of_times() {
    let agents = (2..1_000).map(|id| format!("  - {{ id: {id}, channels: *channels }}\n"));
    let first =
        "agents:\n  - { id: 1, channels: &channels { talk: { max_capacity: 3 }, support: {} } }\n";
    assert_eq!(
        problems(&(first.to_owned() + &agents.collect::<String>())),
        Vec::<String>::new()
    );
}

/// Assumed: an optional key with null counts as absent, so that `channels:` with nothing after it
/// is not a mistake.
#[test]
fn null_is_as_good_as_absent() {
    let nulls = "
settings: { omnichannel_routing: null, release: null, rate_limit: null, account_rate_limit: null, auth: null, validation: null, errors: null,
  skills: null, statuses_shape: null, away_channels: null, rate_limit_body: null, page_size_default: null,
  work_items_per_page: null, job_delay: null, oauth: { created_status: null, expires_in: null, expires_in_answer: null,
  token_format: null, consent: null }, api_tokens: null }
groups:
skills:
users: [{ id: 1, name: A, email: a@b, role: admin, password: null }]
api_tokens: [{ token: t, description: null, active: null, created_at: null, activated_at: null, last_used_at: null }]
oauth_clients: [{ id: 1, identifier: c, secret: s, user_id: 1, name: null, kind: null, redirect_uri: null, allowed_scopes: null,
  company: null, description: null, logo_url: null, global: null, created_at: null, updated_at: null }]
oauth_tokens: [{ token: o, user_id: 1, scopes: null, client_id: null, created_at: null, expires_at: null, expires_in: null,
  refresh_token: null, refresh_token_expires_at: null, refresh_token_expires_in: null, used_at: null }]
agent_statuses:
  default: [{ id: 4, name: away, description: null }]
  custom: [{ id: 9, name: A, description: null, group_ids: null, channels: null, updated_at: null }]
agents:
  - { id: 1, version: null, agent_status: null, group_ids: null, skill_ids: null, channels: null }
  - { id: 2, agent_status: { id: 3, reason: null, updated_at: null }, channels: { talk: { status: null,
      max_capacity: null, updated_at: null, work_items: null } } }
  - { id: 3, channels: { talk: { work_items: [{ id: 1, added_at: null, reason: null }] } } }
";
    let absent = "
users: [{ id: 1, name: A, email: a@b, role: admin }]
api_tokens: [{ token: t }]
oauth_clients: [{ id: 1, identifier: c, secret: s, user_id: 1 }]
oauth_tokens: [{ token: o, user_id: 1 }]
agent_statuses: { default: [{ id: 4, name: away }], custom: [{ id: 9, name: A }] }
agents:
  - { id: 1 }
  - { id: 2, agent_status: { id: 3 }, channels: { talk: {} } }
  - { id: 3, channels: { talk: { work_items: [{ id: 1 }] } } }
";
    assert_eq!(problems(nulls), Vec::<String>::new());
    let (nulls, absent) = (
        Seed::parse(nulls).expect("a seed"),
        Seed::parse(absent).expect("a seed"),
    );
    assert_eq!(format!("{nulls:?}"), format!("{absent:?}"));
    // Only for the rate limit null is a value: no limit. So it is for settings that name a user or
    // an end: none.
    let unlimited = Seed::parse("settings: { rate_limit: { requests: null } }").expect("a seed");
    assert_eq!(unlimited.settings().rate_limit.requests, Some(None));
    let none = "settings: { oauth: { consent_user: null }, api_tokens: { inactivity_days: null, end_at: null } }";
    let none = Seed::parse(none).expect("a seed").settings().clone();
    assert_eq!(
        (none.oauth.consent_user, none.api_tokens.inactivity_days),
        (Some(None), Some(None))
    );
    assert_eq!(none.api_tokens.end_at, Some(None));
}

/// Assumed: words are text in YAML. `validation: off` is a setting and `name: No` a name, and
/// neither is a boolean.
#[test]
fn words_are_text_in_yaml() {
    let seed = Seed::parse(
        "settings: { validation: off }\ngroups: [{ id: 1, name: No }, { id: 2, name: on }]",
    );
    let seed = seed.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(format!("{:?}", seed.settings().validation), "Some(Off)");
    let found = problems("settings: { omnichannel_routing: off }");
    assert_eq!(
        found,
        ["settings.omnichannel_routing: expected true or false, found \"off\""]
    );
}

/// Assumed: a seed may be as large as the 10,000 agents of the page walks. Here it has as many
/// nulls, which are read fastest and refused as agents rather than for their number.
#[test]
fn a_large_seed_is_read() {
    const NODES: usize = 251_000;
    let found = problems(&format!("agents:\n{}", "-\n".repeat(NODES)));
    assert_eq!(found.len(), 101, "{:?}", found[0]);
    assert_eq!(found[99], "agents[99]: expected an object, found nothing");
    assert_eq!(found[100], "and 250900 more problems, 251000 in all");
}

/// By design: a long document, and a long list in it, is read twice, with the same result.
#[test]
fn a_long_seed_is_the_same_account() {
    let (short, long) = (Seed::parse(DEMO), Seed::parse(&lengthened(demo())));
    let (short, long) = (
        short.expect("the demo seed"),
        long.expect("the demo seed at length"),
    );
    assert_eq!(format!("{short:?}"), format!("{long:?}"));
}

/// Assumed: values that take far more memory than their text are limited.
#[test]
fn yaml_has_its_limits() {
    let keys = |count: usize| {
        (0..count)
            .map(|key| format!("k{key}: 1"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    for (document, expected) in [
        (keys(1001), "a mapping has more than 1000 keys"),
        (
            format!("settings: {}", "x".repeat((1 << 20) + 1)),
            "a text is longer than 1048576 bytes",
        ),
    ] {
        let found = problems(&document);
        assert!(
            found[0].starts_with(&format!("not YAML: {expected}")) && found.len() == 1,
            "{found:?}"
        );
    }
    assert_eq!(
        problems(&keys(1000)).last().map(String::as_str),
        Some("and 900 more problems, 1000 in all")
    );
    let text = problems(&format!("settings: {}", "x".repeat(1 << 20)));
    assert!(
        text[0].starts_with("settings: expected an object, found \"xxx") && text[0].len() < 200,
        "{text:?}"
    );
}
