//! The forms of an agent's attributes, for all values.

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{SettingsPatch, SkillsForm};

use crate::harness::{ADMIN, Account};

/// Documented: times in availabilities are UTC with microseconds. Trailing zeros stay, as in the
/// examples. Anything finer than a microsecond is cut off (assumed).
#[test]
fn all_times_have_six_digits() {
    let cases = [
        ("2026-01-21T10:00:00Z", "2026-01-21T10:00:00.000000Z"),
        ("2026-01-21T10:00:00.5Z", "2026-01-21T10:00:00.500000Z"),
        ("2026-01-21T10:00:00.120Z", "2026-01-21T10:00:00.120000Z"),
        ("2026-01-21T10:00:00.000001Z", "2026-01-21T10:00:00.000001Z"),
        (
            "2026-01-21T10:00:00.123456789Z",
            "2026-01-21T10:00:00.123456Z",
        ),
        (
            "2026-01-21T10:00:00.999999999Z",
            "2026-01-21T10:00:00.999999Z",
        ),
        (
            "2026-01-21T12:30:00.25+02:30",
            "2026-01-21T10:00:00.250000Z",
        ),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
        ("9999-12-30T21:59:59.999999Z", "9999-12-30T21:59:59.999999Z"),
    ];
    for (given, shown) in cases {
        let agent = Account::seeded(&format!(
            r#"{ADMIN}
agents:
  - id: 7
    agent_status: {{ id: 3, updated_at: "{given}" }}
    channels: {{ talk: {{ updated_at: "{given}", work_items: [{{ id: 1, added_at: "{given}" }}] }} }}
"#
        ))
        .json("/7");
        assert_eq!(
            agent["data"]["attributes"]["agent_status"]["updated_at"], shown,
            "{given}"
        );
        assert_eq!(
            agent["included"][0]["attributes"]["updated_at"], shown,
            "{given}"
        );
        assert_eq!(
            agent["included"][1]["attributes"]["added_at"], shown,
            "{given}"
        );
    }
}

/// Documented: the reasons of a status, and that a custom name is shown verbatim. Observed: an
/// agent's id is any unsigned integer of 64 bits.
#[test]
fn reasons_and_custom_names_are_shown_verbatim() {
    let reasons = "UNKNOWN AGENT_STATUS_SWITCHER AGENT_LOGOUT AGENT_STATUS_DELETED AGENT_DISCONNECTED \
                   AGENT_IDLE_TIMEOUT SWITCHER_AUTO_RECONNECT OMNICHANNEL_ROUTING_ENABLED PUBLIC_API INTERNAL_TEST \
                   EXPLORE_TAKE_AN_ACTION WFM_STATUS_UPDATE MONITORING_ASSISTANT_UPDATE";
    let name = "  Déjeuner \"☕\" <b>&\u{1f980} ";
    for reason in reasons.split_whitespace() {
        let account = Account::seeded(&format!(
            "{ADMIN}
agent_statuses: {{ custom: [{{ id: 18446744073709551614, name: {} }}] }}
agents: [{{ id: 18446744073709551615, agent_status: {{ id: 18446744073709551614, reason: {reason} }} }}]
",
            Value::from(name)
        ));
        let attributes = account.json("/18446744073709551615")["data"]["attributes"].clone();
        assert_eq!(attributes["agent_id"], u64::MAX);
        let status = &attributes["agent_status"];
        assert_eq!(
            (&status["id"], &status["name"]),
            (&json!(u64::MAX - 1), &json!(name))
        );
        assert_eq!(status["reason"], reason);
    }
}

/// Documented: skills are objects with an id, returned if known. Assumed: the setting `skills`,
/// since clients disagree.
#[test]
fn skills_have_the_form_that_is_set() {
    let [french, refunds] = [
        "1ae11c11-9993-49f8-9850-c2dc096badd1",
        "5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27",
    ];
    let cases = [
        (
            SkillsForm::Objects,
            json!([{ "id": french }, { "id": refunds }]),
            json!([]),
        ),
        (SkillsForm::Ids, json!([french, refunds]), json!([])),
        (SkillsForm::Omit, Value::Null, Value::Null),
    ];
    for (form, of_10015, of_10012) in cases {
        let account = Account::demo_with(SettingsPatch::new().skills(form));
        let attributes = |path: &str| account.json(path)["data"]["attributes"].clone();
        let skills = |path: &str| attributes(path).get("skills").cloned().unwrap_or_default();
        assert_eq!(skills("/10015"), of_10015, "{form:?}");
        assert_eq!(
            skills("/10012"),
            of_10012,
            "{form:?}: an agent that is known to have none"
        );
        assert!(
            attributes("/10013").get("skills").is_none(),
            "{form:?}: an agent whose skills are not known"
        );
        assert_eq!(
            attributes("/10015").get("skills").is_none(),
            form == SkillsForm::Omit,
            "{form:?}"
        );
    }
}
