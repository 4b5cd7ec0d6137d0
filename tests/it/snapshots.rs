//! Answers byte for byte, as they were when the program first agreed with the contract. A change to
//! how answers are built must not change them. `INSTA_UPDATE=always cargo test --test it snapshots`
//! writes the files again.

use std::fmt::Write;
use std::time::Duration;

use axum::http::Method;
use serde_json::json;
use zendesk_availability_emulator::config::{
    ErrorsForm, RateLimitPatch, Release, SettingsPatch, SkillsForm, StatusesShape, Validation,
};

use crate::harness::{Account, Ask, P};

/// The requests to each kind of account, in this order.
fn asks() -> Vec<Ask> {
    let gets = [
        "/10011",
        "/10011?include=channels",
        "/1900012345678901",
        "/me",
        "",
        "?page[size]=4",
        "?page[size]=4&page[after]=10013",
        "?page[size]=2&page[before]=10014",
        "?page[before]=18446744073709551615",
        "?page[size]=1&page[after]=99999999999999999",
        "?filter[channel_status]=messaging:online,talk:away",
        "?filter[agent_status_id]=3&select_channel=support",
        "?filter[group_id]=42&filter[skill]=5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27",
        "?filter[remaining_capacity]=messaging:2&page[size]=3",
        "?filter[agent_ids]=10012,10011,7",
        "?filter[agent_status_name]=%22online%22&filter[work_items_count]=messaging:4&page[size]=1",
        "?filter[group_id]=999",
        "?unknown=1&page[size]=0&page[after]=x",
        "/10011/channels/messaging/relationships/work_items",
        "/10011/channels/messaging/relationships/work_items?page[size]=2&page[after]=202",
        "/me/channels/support/relationships/work_items",
        "/10011/channels/fax/relationships/work_items",
        "/agent_statuses",
        "/agent_statuses?page[size]=2",
        "/agent_statuses/me",
        "/12",
        "/abc",
        "/agent_statuses/nothing/here",
    ];
    let agent = [
        "/me",
        "/me/channels/messaging/relationships/work_items",
        "/agent_statuses/me",
        "/10011",
    ];
    let many = "/agent_statuses/agents/update_many?ids=10011,10014,5";
    let mut asks: Vec<_> = gets.into_iter().map(Ask::get).collect();
    asks.extend(agent.into_iter().map(|path| Ask::get(path).by_agent()));
    asks.extend([
        Ask::head("/10011"),
        Ask::get("/10011").header("accept", "application/vnd.api+json"),
        Ask::get("/10011.json").header("host", "zendesk.test:8080"),
        Ask::get("/10011").anonymous(),
        Ask::get("/10011").basic("nobody@example.com:secret"),
        Ask::get("/10011").header("host", "not a host"),
        Ask::new(Method::DELETE, "/10011"),
        Ask::update().json(&json!({ "id": 4 })),
        Ask::put("/agent_statuses/agents/10012").json(&json!({ "id": 124, "name": "x" })),
        Ask::update().body("{"),
        Ask::put("/agent_statuses/agents/me")
            .json(&json!({ "id": 5 }))
            .by_agent(),
        Ask::put(many).json(&json!({ "id": 3 })),
        Ask::get("/10011"),
        Ask::get("?page[size]=3"),
        Ask::raw(Method::GET, "/_emulator/healthz"),
        Ask::raw(Method::GET, "/_emulator/nothing"),
        Ask::raw(
            Method::GET,
            &format!("{P}/10011?access_token=demo-oauth-read"),
        ),
    ]);
    asks
}

fn accounts() -> Vec<(&'static str, Account)> {
    let other = SettingsPatch::new()
        .skills(SkillsForm::Ids)
        .errors(ErrorsForm::Classic)
        .statuses_shape(StatusesShape::Flat)
        .validation(Validation::Strict)
        .work_items_per_page(1)
        .page_size_default(3)
        .rate_limit(RateLimitPatch::off());
    let off = SettingsPatch::new()
        .omnichannel_routing(false)
        .release(Release::Eap)
        .skills(SkillsForm::Omit)
        .work_items_per_page(0);
    let hostile = r#"
groups: [{ id: 7, name: Seven }]
skills: [{ id: "a\"b\\c\u0001\n\u00e9\u2028", name: Odd }]
agent_statuses: { custom: [{ id: 9, name: "\"quoted\" \\ \t\u001f\u007f \u00fc \u732b", channels: { chat: online } }] }
agents:
  - id: 18446744073709551615
    version: 18446744073709551614
    agent_status: { id: 9, updated_at: 1970-01-01T00:00:00.0000009Z }
    skill_ids: ["a\"b\\c\u0001\n\u00e9\u2028"]
    group_ids: []
    channels:
      chat: { max_capacity: 4294967295, updated_at: 1999-12-31T23:59:59.9999999Z }
      talk:
        updated_at: 2000-02-29T00:00:00.000001Z
        work_items:
          - { id: 0, added_at: 1970-01-03T04:05:06.07Z }
          - { id: 18446744073709551615, added_at: 9999-12-30T21:59:59.999999Z }
  - { id: 0, group_ids: [7], channels: { support: { max_capacity: 0 } } }
"#;
    vec![
        ("demo", Account::demo()),
        ("other_forms", Account::demo_with(other)),
        ("routing_never_on", Account::demo_with(off)),
        (
            "hostile_names_and_numbers",
            Account::seeded(&format!("{}{hostile}", crate::harness::ADMIN)),
        ),
    ]
}

/// What the account answers, with its status and headers.
fn answers(account: &Account) -> String {
    let mut answers = String::new();
    for ask in asks() {
        account.advance(Duration::from_micros(123_457));
        let answer = account.send(&ask);
        writeln!(answers, "{} {}\n{}", ask.method, ask.target, answer.status)
            .expect("a string takes everything");
        // The order of headers does not matter.
        let mut headers: Vec<_> = answer.headers.iter().collect();
        headers.sort_by_key(|(name, _)| name.as_str());
        for (name, value) in headers {
            writeln!(answers, "{name}: {}", value.to_str().expect("text"))
                .expect("a string takes everything");
        }
        writeln!(answers, "\n{}\n", answer.text()).expect("a string takes everything");
    }
    answers
}

/// Assumed: an answer is the same for every way in which the program builds it. Other tests check
/// that it is correct.
#[test]
fn answers_are_byte_for_byte_what_they_were() {
    let mut settings = insta::Settings::new();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, account) in accounts() {
            insta::assert_snapshot!(name, answers(&account));
        }
    });
}
