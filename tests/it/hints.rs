//! The header `X-Emulator-Hint`: what a developer needs to know beyond the answer. Zendesk has no
//! such header, so all of this is assumed. The rules are in `openapi/agent-availability.yaml`,
//! "Explanations".

mod hostile;
mod strict;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{SettingsPatch, Validation};

use crate::harness::{Account, Ask, P, operations};

const ASSUMED: &str = "the form of this error is assumed: Zendesk has not published it";

fn validation(validation: Validation) -> Account {
    Account::demo_with(SettingsPatch::new().validation(validation))
}

fn update(body: &Value) -> Ask {
    Ask::update().json(body)
}

/// Assumed: a request of which nothing was ignored or changed gets no hint.
#[test]
fn a_clean_request_has_no_hint() {
    for setting in [Validation::Strict, Validation::Warn, Validation::Off] {
        for operation in operations() {
            for end in ["", ".json", "/"] {
                let account = validation(setting);
                let ask = operation.ask_with_path(&account, |path| format!("{path}{end}"));
                assert_eq!(
                    account.send(&ask).header("x-emulator-hint"),
                    None,
                    "{}",
                    operation.id
                );
            }
        }
        let account = validation(setting);
        for ask in [
            Ask::get("?include=channels&page[size]=100&page[after]=&filter[group_id]=1,1"),
            Ask::get("?filter%5Bchannel_status%5D=messaging%3Aonline&select_channel=talk"),
            Ask::get("/10011?include=work_items").header("zendesk-api-version", "2023-02-01"),
            Ask::head("/me").header("accept", "image/png"),
            Ask::raw(
                Method::GET,
                &format!("{P}/me?access_token=demo-oauth-agent"),
            ),
            Ask::raw(Method::GET, "/_emulator/healthz?verbose=1"),
            Ask::put("/agent_statuses/agents/me").body("{\"id\":4}"),
        ] {
            let answer = account.send(&ask);
            assert_eq!(
                (answer.status.as_u16(), answer.header("x-emulator-hint")),
                (200, None),
                "{ask:?}"
            );
        }
    }
}

/// Assumed: every error is explained. If the contract has no evidence for the error's form, and
/// only then, the hint says so.
#[test]
fn every_error_is_explained() {
    for setting in [Validation::Strict, Validation::Warn, Validation::Off] {
        let account = validation(setting);
        for (status, ask, is_assumed) in [
            (400, Ask::get("").header("host", "no host"), true),
            (400, Ask::get("?page[size]=0"), true),
            (400, Ask::get("/nobody"), true),
            (400, Ask::update().body("{"), true),
            (401, Ask::get("").anonymous(), false),
            (403, Ask::get("").by_agent(), false),
            (
                403,
                update(&json!({ "id": 4 })).bearer("demo-oauth-read"),
                false,
            ),
            (404, Ask::get("/10002"), true),
            (404, Ask::head("/10002"), true),
            (404, Ask::raw(Method::GET, "/nothing"), false),
            (405, Ask::new(Method::DELETE, ""), true),
            (413, Ask::update().body(vec![b' '; 1024 * 1024 + 1]), true),
            (
                415,
                Ask::update().header("content-type", "text/plain"),
                true,
            ),
            (422, update(&json!({})), true),
        ] {
            let answer = account.send(&ask);
            assert_eq!(answer.status, status, "{ask:?}");
            assert!(!answer.hint().is_empty(), "{ask:?}");
            assert_eq!(
                answer.hint().ends_with(ASSUMED),
                is_assumed,
                "{ask:?}: {}",
                answer.hint()
            );
        }
    }
}

/// Assumed: a word instead of an agent's id is taken for a misspelt route.
#[test]
fn a_word_for_an_agent_id_may_be_a_route() {
    let account = Account::demo();
    let hint = |path: &str| account.get(path).hint().to_owned();
    let meant = "`agent_status` is not an agent id, did you mean `agent_statuses`?";
    assert_eq!(hint("/agent_status"), format!("{meant}; {ASSUMED}"));
    assert_eq!(hint("/nobody"), ASSUMED);
}

/// Assumed: a value that was clamped, ignored or skipped is named. A setting switches hints off.
#[test]
fn what_was_ignored_or_changed_is_said() {
    let repeated = |name| format!("`{name}` is given more than once: the last counts");
    for (query, hint) in [
        ("page[size]=101", "page[size] was clamped to 100".to_owned()),
        (
            "per_page=2",
            "ignored the unknown parameter `per_page`".to_owned(),
        ),
        (
            "sort=name&sort=id",
            "ignored the unknown parameter `sort`".to_owned(),
        ),
        ("=1", "ignored the unknown parameter ``".to_owned()),
        (
            "b=1&a",
            "ignored the unknown parameter `a`; ignored the unknown parameter `b`".to_owned(),
        ),
        (
            "filter[agent_id]=10011&filter[agent_id]=10012",
            repeated("filter[agent_id]"),
        ),
        (
            "filter[agent_id]=10011&filter[agent_id]=",
            repeated("filter[agent_id]"),
        ),
        (
            "select_channel=talk&filter[select_channel]=chat",
            "`select_channel` and `filter[select_channel]` are one parameter: the last counts"
                .to_owned(),
        ),
        (
            "page[size]=3&page%5Bsize%5D=200",
            format!("{}; page[size] was clamped to 100", repeated("page[size]")),
        ),
    ] {
        assert_eq!(
            validation(Validation::Warn)
                .get(&format!("?{query}"))
                .hint(),
            hint,
            "{query}"
        );
    }
    for query in [
        "page[size]=101",
        "per_page=2",
        "filter[agent_id]=10011&filter[agent_id]=10012",
        "access_tokn=x",
    ] {
        let answer = validation(Validation::Off).get(&format!("?{query}"));
        assert_eq!(
            (answer.status.as_u16(), answer.header("x-emulator-hint")),
            (200, None),
            "{query}"
        );
    }
    let ids = Ask::put("/agent_statuses/agents/update_many?ids=10011,10012,10011")
        .json(&json!({ "id": 4 }));
    assert_eq!(
        Account::demo().send(&ids).hint(),
        "an agent that `ids` names more than once is updated once"
    );
}

/// Assumed: a value that another spelling of its parameter overrides counts as skipped too.
#[test]
fn a_value_under_another_spelling_is_not_passed_over_in_silence() {
    let account = Account::demo();
    for query in [
        "filter[agent_id]=10011&filter[agent_ids]=10012",
        "filter[agent_ids]=10011&filter[agent_id]=10012",
        "select_channel=talk&filter[select_channel]=chat",
    ] {
        assert!(
            account
                .get(&format!("?{query}"))
                .hint()
                .contains("the last counts"),
            "{query}"
        );
    }
}

/// Assumed: for a mistyped parameter the hint names the nearest one that the operation reads, if
/// one is near.
#[test]
fn the_parameter_that_was_probably_meant_is_named() {
    let account = Account::demo();
    let items = "/10011/channels/messaging/relationships/work_items";
    for (path, given, meant) in [
        ("", "filter[channel_stauts]", Some("filter[channel_status]")),
        ("", "filter%5Bchannel%5D", Some("filter[channel_status]")),
        ("", "filters[group_id]", Some("filter[group_id]")),
        // The documented name, even if another one is as near.
        ("", "filter[skills_ids]", Some("filter[skill]")),
        ("", "filter[agent_ids][]", Some("filter[agent_id]")),
        // Lists as other frameworks write them, and names without their brackets.
        ("", "filter[group_id][]", Some("filter[group_id]")),
        ("", "filter[group_id][0]", Some("filter[group_id]")),
        ("", "group_id", Some("filter[group_id]")),
        ("", "skill", Some("filter[skill]")),
        // Brackets alone do not make filters similar.
        ("", "filter[foo]", None),
        ("", "filter[]", None),
        ("", "][", None),
        (
            "",
            "filter[remaining_capacty]",
            Some("filter[remaining_capacity]"),
        ),
        ("", "select_chanel", Some("select_channel")),
        ("", "page[limit]", Some("page[size]")),
        ("", "page[sise]", Some("page[size]")),
        ("", "page_size", Some("page[size]")),
        ("", "include[]", Some("include")),
        ("", "q", None),
        (items, "page[befor]", Some("page[before]")),
        (items, "filter[agent_id]", None),
        ("/agent_statuses", "pageafter", Some("page[after]")),
    ] {
        let answer = account.get(&format!("{path}?{given}=1"));
        let given = given.replace("%5B", "[").replace("%5D", "]");
        let meant = meant.map_or_else(String::new, |meant| format!(", did you mean `{meant}`?"));
        assert_eq!(
            answer.hint(),
            format!("ignored the unknown parameter `{given}`{meant}"),
            "{path}"
        );
    }
    let ids = Ask::put("/agent_statuses/agents/update_many?id=10011").json(&json!({ "id": 4 }));
    assert_eq!(account.send(&ids).status, 400);
    assert!(
        account
            .send(&ids)
            .hint()
            .contains("`id`, did you mean `ids`?"),
        "{}",
        account.send(&ids).hint()
    );
}

/// Assumed: for an unknown path the hint names the nearest one.
#[test]
fn the_route_that_was_probably_meant_is_named() {
    let account = Account::demo();
    let statuses = "/api/v2/agent_availabilities/agent_statuses";
    let items =
        "/api/v2/agent_availabilities/{agent_id}/channels/{channel}/relationships/work_items";
    for (path, meant) in [
        (
            "/api/v2/agent_availability",
            Some("/api/v2/agent_availabilities"),
        ),
        (
            "/api/v2/agent_availabilty/10011.json",
            Some("/api/v2/agent_availabilities/{agent_id}"),
        ),
        (
            "/api/v1/agent_availabilities/10011",
            Some("/api/v2/agent_availabilities/{agent_id}"),
        ),
        (
            "/agent_availabilities/me",
            Some("/api/v2/agent_availabilities/me"),
        ),
        (
            "/api/v2/agent_availabilities/10011/channels/messaging/relationship/work_items",
            Some(items),
        ),
        (
            "/api/v2/agent_availabilities/10011/channels/talk/relationships/workitems",
            Some(items),
        ),
        (
            "/api/v2/agent_availabilities/agent_statuses/agent/10011",
            Some(&*format!("{statuses}/agents/{{agent_id}}")),
        ),
        (
            "/api/v2/agent_availabilities/agent_statuses/agents/10011/me",
            None,
        ),
        (
            "/api/v2/agent_availabilities/agent_statuses/agent/update_many",
            Some(&*format!("{statuses}/agents/update_many")),
        ),
        ("/nothing/of/the/kind", None),
        ("//", None),
    ] {
        let answer = account.send(&Ask::raw(Method::GET, path));
        let hint = answer.hint();
        let Some(meant) = meant else {
            assert!(
                hint.starts_with("nothing is at `") && !hint.contains(ASSUMED),
                "{path}: {hint}"
            );
            continue;
        };
        assert!(hint.starts_with("nothing is at `/"), "{path}: {hint}");
        assert!(
            hint.ends_with(&format!(", did you mean `{meant}`?")),
            "{path}: {hint}"
        );
    }
}

/// Assumed: the hint names a field of the body that is not read, and names `id` if that was
/// probably meant.
#[test]
fn fields_that_nothing_reads_are_named() {
    for (body, hint) in [
        (
            json!({ "id": 4, "reason": "LUNCH" }),
            "ignored the unknown field `reason`",
        ),
        (
            json!({ "ids": 3, "id": 4 }),
            "ignored the unknown field `ids`, did you mean `id`?",
        ),
        (
            json!({ "id": 4, "b": 1, "a": { "id": 1 } }),
            "ignored the unknown field `b`; ignored the unknown field `a`",
        ),
        (json!({ "id": 4, "": null }), "ignored the unknown field ``"),
    ] {
        let answer = validation(Validation::Warn).send(&update(&body));
        assert_eq!(
            (answer.status.as_u16(), answer.hint()),
            (200, hint),
            "{body}"
        );
        assert_eq!(
            validation(Validation::Off)
                .send(&update(&body))
                .header("x-emulator-hint"),
            None,
            "{body}"
        );
    }
    let missing = Account::demo().send(&update(&json!({ "idd": 4 })));
    assert_eq!(
        missing.hint(),
        format!("ignored the unknown field `idd`, did you mean `id`?; {ASSUMED}")
    );
}

/// Assumed: the hint of a refused request also says what was ignored, beside the reason for the
/// refusal.
#[test]
fn a_refused_request_is_told_what_was_ignored() {
    let account = Account::demo();
    for (ask, start) in [
        (
            Ask::get("?page[size]=0&per_page=2"),
            "ignored the unknown parameter `per_page`; ",
        ),
        (
            Ask::get("/10002?sort=1"),
            "ignored the unknown parameter `sort`; ",
        ),
        (
            Ask::put("/agent_statuses/agents/10002?sort=1").json(&json!({ "id": 4, "x": 1 })),
            "ignored the unknown parameter `sort`; ignored the unknown field `x`; ",
        ),
    ] {
        assert_eq!(
            account.send(&ask).hint(),
            format!("{start}{ASSUMED}"),
            "{ask:?}"
        );
    }
}
