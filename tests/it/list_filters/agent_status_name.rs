//! `filter[agent_status_name]`, whose names are in quotes.

use serde_json::json;

use super::check;
use crate::harness::Account;

/// Documented: names in double quotes, a backslash before a quote or a backslash of the name, and
/// commas inside the quotes. Assumed: names are compared exactly, with the names that the agents
/// show.
#[test]
fn agent_status_name_is_a_list_in_quotes() {
    const SEED: &str = r#"
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
api_tokens: [{ token: demo-api-token }]
agent_statuses:
  custom:
    - { id: 50, name: 'In a meeting' }
    - { id: 51, name: 'Lunch, then "siesta"' }
    - { id: 52, name: 'back\slash' }
    - { id: 53, name: ' padded ' }
    - { id: 54, name: 'Café 🦀' }
agents:
  - { id: 10, agent_status: { id: 3 } }
  - { id: 20, agent_status: { id: 50 } }
  - { id: 30, agent_status: { id: 51 } }
  - { id: 40, agent_status: { id: 52 } }
  - { id: 50, agent_status: { id: 53 } }
  - { id: 60, agent_status: { id: 54 } }
"#;
    let account = Account::seeded(SEED);
    let cases: &[(&str, &[u64])] = &[
        (r#""online","In a meeting""#, &[10, 20]),
        (r#" "online" , "In a meeting" "#, &[10, 20]),
        (r#",,"online",,"online","#, &[10]),
        (r#""Online""#, &[]),
        (r#""In a meeting ""#, &[]),
        (r#""In a""#, &[]),
        (r#""""#, &[]),
        (r#"" padded ""#, &[50]),
        (r#""padded""#, &[]),
        (r#""Lunch, then \"siesta\"""#, &[30]),
        (r#""Lunch","then""#, &[]),
        (r#""back\\slash""#, &[40]),
        (r#""Café 🦀","away""#, &[60]),
        (",", &[10, 20, 30, 40, 50, 60]),
    ];
    for (value, expected) in cases {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        check(
            &account,
            &format!("?filter[agent_status_name]={encoded}"),
            expected,
        );
    }
    // The documented example, with the quotes and the space percent-encoded.
    check(
        &account,
        "?filter[agent_status_name]=%22online%22,%22In%20a%20meeting%22",
        &[10, 20],
    );
}

/// Documented: editing a status does not change the agents in it. Assumed: so they are found by the
/// name that they show, until their status is set again.
#[test]
fn an_agent_is_found_by_the_name_that_it_shows() {
    let account = Account::small_team();
    let rename = |id: u64, name: &str| {
        account
            .save_custom_status(id, &json!({ "name": name }))
            .expect("its name is its own");
    };
    let named = |name: &str, expected: &[u64]| {
        let name: String =
            form_urlencoded::byte_serialize(format!("\"{name}\"").as_bytes()).collect();
        check(
            &account,
            &format!("?filter[agent_status_name]={name}"),
            expected,
        );
        for agent in expected {
            let shown = account.attributes(*agent)["agent_status"]["name"].to_string();
            assert_eq!(shown, name.replace("%22", "\"").replace('+', " "));
        }
    };
    rename(123, "At lunch");
    named("In a meeting", &[10016]);
    named("At lunch", &[]);
    account.update(10011, 123);
    named("In a meeting", &[10016]);
    named("At lunch", &[10011]);
    check(&account, "?filter[agent_status_id]=123", &[10011, 10016]);
    // Another status gets the name that one agent still shows for the first.
    rename(500, "In a meeting");
    account.update(10012, 500);
    named("In a meeting", &[10012, 10016]);
    account.update(10016, 123);
    named("In a meeting", &[10012]);
    named("At lunch", &[10011, 10016]);
}

/// Assumed: a name without quotes, or with wrong quotes, is a 400 that shows the right form.
#[test]
fn names_without_quotes_are_refused_with_the_right_form() {
    let account = Account::demo();
    for value in [
        "online",
        "In a meeting",
        "'online'",
        r#""online",away"#,
        r#"away,"online""#,
        r#""online""away""#,
        r#""online" away"#,
        r#""online"#,
        r#"""#,
        r#""""""#,
        r#""a\b""#,
        r#""a\"#,
        r#""a\""#,
    ] {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let answer = account.get(&format!("?filter[agent_status_name]={encoded}"));
        assert_eq!(
            answer.refusal(),
            "400 InvalidParameter",
            "{value}: {}",
            answer.text()
        );
        assert_eq!(
            answer.at("/errors/0/source"),
            json!({ "parameter": "filter[agent_status_name]" }),
            "{value}"
        );
        let detail = answer.at("/errors/0/detail");
        let shows = r#"expected names in double quotes with commas between them, such as "online","In a meeting"."#;
        assert!(
            detail
                .as_str()
                .is_some_and(|detail| detail.ends_with(shows)),
            "{value}: {detail}"
        );
    }
}
