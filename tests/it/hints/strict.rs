//! The setting `validation: strict`, which makes errors of what is otherwise ignored. Zendesk has
//! no such setting, so all of it is assumed.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::Validation;

use super::{update, validation};
use crate::harness::{Ask, P, elements, operations};

/// Each problem of a list: source and detail, in the order of the list.
fn problems(body: &Value) -> Vec<(Value, String)> {
    elements(&body["errors"])
        .iter()
        .map(|error| {
            (
                error["source"].clone(),
                error["detail"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect()
}

/// Assumed: a 400 lists all unknown parameters, each once and with the one that was probably meant.
#[test]
fn all_unknown_parameters_are_listed() {
    let account = validation(Validation::Strict);
    let query = "page[sise]=2&per_page=3&filter%5Bchannel_stauts%5D=x&filter[favourite]=red&per_page=4&sort";
    let answer = account.get(&format!("?{query}"));
    assert_eq!(answer.status, 400);
    assert!(
        answer.codes().iter().all(|code| code == "UnknownParameter"),
        "{}",
        answer.text()
    );
    let expected = [
        (
            "filter[channel_stauts]",
            ", did you mean `filter[channel_status]`?",
        ),
        ("filter[favourite]", "."),
        ("page[sise]", ", did you mean `page[size]`?"),
        ("per_page", "."),
        ("sort", "."),
    ];
    let expected = expected.map(|(name, meant)| {
        (
            json!({ "parameter": name }),
            format!("`{name}` is not known{meant}"),
        )
    });
    let mut problems = problems(&answer.json());
    problems.sort_by_key(|(source, _)| source.to_string());
    assert_eq!(problems, expected);
}

/// Assumed: every operation refuses the parameters that it does not read, and none of those that it
/// reads.
#[test]
fn every_operation_refuses_unknown_parameters_only() {
    for operation in operations() {
        let account = validation(Validation::Strict);
        let ask = operation.ask(&account);
        let with = |parameter: &str| {
            let mut ask = ask.clone();
            ask.target += if ask.target.contains('?') { "&" } else { "?" };
            ask.target += parameter;
            ask
        };
        let before = account.state();
        let refused = account.send(&with("x=1"));
        assert_eq!(
            refused.refusal(),
            "400 UnknownParameter",
            "{}",
            operation.id
        );
        assert_eq!(account.state(), before, "{}", operation.id);
        // Empty ones are known as well, and so is the token that authentication reads.
        for name in operation
            .query_parameters()
            .filter(|name| *name != "ids")
            .chain(["access_token"])
        {
            let answer = account.send(&with(&format!("{name}=")));
            assert_eq!(
                answer.status,
                200,
                "{} {name}: {}",
                operation.id,
                answer.text()
            );
        }
    }
    let ask = Ask::raw(
        Method::GET,
        &format!("{P}/me?access_token=demo-oauth-agent&include=channels"),
    );
    assert_eq!(validation(Validation::Strict).send(&ask).status, 200);
}

/// Assumed: a 422 lists all unknown fields, with JSON pointers to them.
#[test]
fn all_unknown_fields_are_listed() {
    let account = validation(Validation::Strict);
    let before = account.state();
    let answer = account.send(&update(
        &json!({ "reason": 1, "id": 4, "a/b": 2, "c~d": 3, "": 4, "ids": 5, "\u{e4}": 6 }),
    ));
    assert_eq!(answer.status, 422);
    assert!(
        answer.codes().iter().all(|code| code == "UnknownField"),
        "{}",
        answer.text()
    );
    let expected = [
        ("/reason", "reason", "."),
        ("/a~1b", "a/b", "."),
        ("/c~0d", "c~d", "."),
        ("/", "", "."),
        ("/ids", "ids", ", did you mean `id`?"),
        ("/\u{e4}", "\u{e4}", "."),
    ];
    let expected = expected.map(|(pointer, name, meant)| {
        (
            json!({ "pointer": pointer }),
            format!("`{name}` is not known{meant}"),
        )
    });
    assert_eq!(problems(&answer.json()), expected);
    for path in [
        "/agent_statuses/agents/me",
        "/agent_statuses/agents/update_many?ids=10011",
    ] {
        let answer = account.put(path, &json!({ "id": 4, "x": 1 }));
        assert_eq!(answer.refusal(), "422 UnknownField", "{path}");
    }
    assert_eq!(account.state(), before);
}

/// Assumed: strict validation refuses what is unknown. A known value that was clamped or skipped is
/// still named in a hint.
#[test]
fn what_is_known_is_still_hinted_at() {
    let account = validation(Validation::Strict);
    for (query, hint) in [
        ("page[size]=101", "page[size] was clamped to 100"),
        (
            "page[size]=1&page[size]=2",
            "`page[size]` is given more than once: the last counts",
        ),
    ] {
        let answer = account.get(&format!("?{query}"));
        assert_eq!(
            (answer.status.as_u16(), answer.hint()),
            (200, hint),
            "{query}"
        );
    }
}
