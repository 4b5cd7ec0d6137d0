//! Setting the unified status of one agent, or of the caller: `PUT
//! /api/v2/agent_availabilities/agent_statuses/agents/{agent_id}` and `/agents/me`. Bodies that
//! cannot be used are in `update_bodies.rs`.

use std::time::Duration;

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{AwayChannels, SettingsPatch};

use super::list::agents;
use crate::harness::{ADMIN, Account, Ask, elements};

/// An account whose clock has moved on since the start, to this time.
const NOW: &str = "2026-01-21T10:31:30.250000Z";

fn demo_later() -> Account {
    let account = Account::demo();
    account.advance(Duration::from_millis(90_250));
    account
}

fn set(account: &Account, agent: u64, status: u64) -> Value {
    let answer = account.update(agent, status);
    assert_eq!(answer.status, 200, "{agent} to {status}: {}", answer.text());
    answer.json()
}

/// Documented: the body `{"id": …}`, an answer that names the agent and its new status and nothing
/// else, and the `/me` form, which agents may call for themselves. Assumed: admins may as well.
#[test]
fn the_answer_has_the_new_status() {
    let account = Account::demo();
    let expected = |id: u64, status: Value| {
        json!({
            "data": {
                "type": "agent_availabilities",
                "id": format!("agent_availabilities|{id}"),
                "attributes": { "agent_id": id, "agent_status": status }
            }
        })
    };
    let in_a_meeting = json!({ "id": 123, "name": "In a meeting" });
    assert_eq!(set(&account, 10011, 123), expected(10011, in_a_meeting));
    let away = json!({ "id": 4, "name": "away" });
    let mine = Ask::put("/agent_statuses/agents/me").json(&json!({ "id": 4 }));
    assert_eq!(
        account.send(&mine.clone().by_agent()).json(),
        expected(10011, away.clone())
    );
    assert_eq!(account.send(&mine).json(), expected(10001, away));
    for agent in [10011, 10001] {
        let status = &account.json(&format!("/{agent}"))["data"]["attributes"]["agent_status"];
        assert_eq!(
            (&status["id"], &status["reason"]),
            (&json!(4), &json!("PUBLIC_API")),
            "{agent}"
        );
    }
}

/// Documented: the status with reason `PUBLIC_API`, each channel to the mapped status, `version`,
/// and the `updated_at` of what changed. Assumed: `version` rises by one with each event, here two.
#[test]
fn an_update_shows_in_the_agents_document() {
    let account = demo_later();
    let mut expected = account.json("/10011");
    set(&account, 10011, 4);
    expected["data"]["attributes"]["agent_status"] =
        json!({ "id": 4, "name": "away", "reason": "PUBLIC_API", "updated_at": NOW });
    expected["data"]["attributes"]["version"] = json!(238);
    // Support stays online, because an agent who is away still gets e-mails. So its time stays too.
    expected["included"][0]["attributes"]["status"] = json!("away");
    expected["included"][0]["attributes"]["updated_at"] = json!(NOW);
    assert_eq!(account.json("/10011"), expected);
    assert_eq!(
        agents(&account.json("?filter[agent_status_id]=4")),
        [10011, 10013, 10024, 10030]
    );
    assert_eq!(
        agents(&account.json("?filter[channel_status]=messaging:away")),
        [10011, 10013, 10016, 10024, 10026, 10030]
    );
}

/// Channels and their statuses after an update.
type Mapping = &'static [(&'static str, &'static str)];

/// The effect of each status on channels. Documented: online, offline and `transfers_only` for all
/// alike, away as in the help centre, and a custom status by its own mapping.
const MAPPING: &[(u64, &str, Mapping)] = &[
    (
        2,
        "offline",
        &[
            ("chat", "offline"),
            ("messaging", "offline"),
            ("support", "offline"),
            ("talk", "offline"),
        ],
    ),
    (
        3,
        "online",
        &[
            ("chat", "online"),
            ("messaging", "online"),
            ("support", "online"),
            ("talk", "online"),
        ],
    ),
    (
        4,
        "away",
        &[
            ("chat", "away"),
            ("messaging", "away"),
            ("support", "online"),
            ("talk", "away"),
        ],
    ),
    (
        5,
        "transfers_only",
        &[
            ("chat", "transfers_only"),
            ("messaging", "transfers_only"),
            ("support", "transfers_only"),
            ("talk", "transfers_only"),
        ],
    ),
    // Without chat, which keeps its status (assumed).
    (
        123,
        "In a meeting",
        &[
            ("messaging", "away"),
            ("support", "online"),
            ("talk", "away"),
        ],
    ),
    (
        124,
        "Month-end closing",
        &[
            ("chat", "offline"),
            ("messaging", "offline"),
            ("support", "online"),
            ("talk", "offline"),
        ],
    ),
];

/// Documented: the effects of every status on every agent, and who may take a status that belongs
/// to groups. Assumed: channels whose status stays neither change nor count in `version`. An agent
/// that may not take the status is a 422 and stays as it was.
#[test]
fn every_status_has_its_effect_on_every_agent() {
    for agent in agents(&Account::demo().json("?page[size]=100")) {
        for (id, name, mapping) in MAPPING {
            let account = demo_later();
            let path = format!("/{agent}");
            let mut expected = account.json(&path);
            let attributes = &expected["data"]["attributes"];
            if *id == 124
                && !attributes["group_ids"]
                    .as_array()
                    .is_some_and(|groups| groups.contains(&json!(42)))
            {
                let before = account.state();
                let refused = account.update(agent, *id);
                assert_eq!(refused.status, 422, "{agent} to {name}");
                assert_eq!(account.state(), before, "{agent} to {name}");
                continue;
            }
            set(&account, agent, *id);
            let mut version = attributes["version"].as_u64().expect("a number") + 1;
            for channel in expected["included"].as_array_mut().expect("a list") {
                let of = &mut channel["attributes"];
                let mapped = mapping
                    .iter()
                    .find(|(name, _)| of["name"] == *name)
                    .map(|(_, status)| json!(status));
                if let Some(status) = mapped.filter(|status| of["status"] != *status) {
                    of["status"] = status;
                    of["updated_at"] = json!(NOW);
                    version += 1;
                }
            }
            let attributes = &mut expected["data"]["attributes"];
            attributes["version"] = json!(version);
            attributes["agent_status"] =
                json!({ "id": id, "name": name, "reason": "PUBLIC_API", "updated_at": NOW });
            assert_eq!(account.json(&path), expected, "{agent} to {name}");
        }
    }
}

/// Assumed: setting the status that an agent already has is a write like any other. It sets reason,
/// `updated_at` and `version`. Channels whose status stays do not change.
#[test]
fn the_same_status_again_is_a_write() {
    let account = demo_later();
    let mut expected = account.json("/10011");
    for version in [237, 238, 239] {
        account.advance(Duration::from_secs(1));
        set(&account, 10011, 3);
        let seconds = version - 236 + 30;
        expected["data"]["attributes"]["agent_status"] = json!({
            "id": 3,
            "name": "online",
            "reason": "PUBLIC_API",
            "updated_at": format!("2026-01-21T10:31:{seconds}.250000Z")
        });
        expected["data"]["attributes"]["version"] = json!(version);
        assert_eq!(account.json("/10011"), expected);
    }
}

/// Documented in three places, differently: away keeps support online, or makes all channels away
/// (both the help centre), or makes all offline (the reference). So it is a setting, and the answer
/// has no hint about it (assumed).
#[test]
fn away_does_to_channels_what_is_set() {
    let cases = [
        (
            AwayChannels::EmailOnly,
            json!({ "messaging": "away", "support": "online", "talk": "away", "chat": "away" }),
        ),
        (
            AwayChannels::AllAway,
            json!({ "messaging": "away", "support": "away", "talk": "away", "chat": "away" }),
        ),
        (
            AwayChannels::AllOffline,
            json!({ "messaging": "offline", "support": "offline", "talk": "offline", "chat": "offline" }),
        ),
    ];
    for (away_channels, expected) in cases {
        let account = Account::with(|builder| {
            let seed = format!(
                "{ADMIN}
settings: {{ away_channels: {away_channels} }}
agents:
  - {{ id: 7, agent_status: {{ id: 3 }}, channels: {{ support: {{}}, chat: {{}}, talk: {{}}, messaging: {{}} }} }}
"
            );
            builder.seed(zendesk_availability_emulator::seed::Seed::parse(&seed).expect("a seed"))
        });
        assert_eq!(
            channels(&account.json("/7")),
            json!({
                "messaging": "online", "support": "online", "talk": "online", "chat": "online"
            })
        );
        let answer = account.update(7, 4);
        assert_eq!(
            (answer.status.as_u16(), answer.hint()),
            (200, ""),
            "{away_channels}"
        );
        assert_eq!(channels(&account.json("/7")), expected, "{away_channels}");
        // The other statuses have the same effect either way.
        set(&account, 7, 5);
        assert!(
            account
                .json("/7")
                .to_string()
                .contains(r#""name":"support","status":"transfers_only""#)
        );
    }
    // The builder has the same setting.
    let settings = SettingsPatch::new().away_channels(AwayChannels::AllOffline);
    let account = Account::demo_with(settings);
    set(&account, 10011, 4);
    assert_eq!(
        channels(&account.json("/10011")),
        json!({ "messaging": "offline", "support": "offline" })
    );
}

/// The status of each channel.
fn channels(agent: &Value) -> Value {
    let of_channels = elements(&agent["included"])
        .iter()
        .filter(|item| item["type"] == "channels")
        .map(|item| &item["attributes"]);
    of_channels
        .map(|channel| {
            (
                channel["name"].as_str().expect("a name"),
                channel["status"].clone(),
            )
        })
        .collect()
}

/// The answer to a status that the agent cannot have.
fn invalid_id(detail: &str) -> Value {
    json!({ "errors": [{
        "status": "422",
        "code": "RecordInvalid",
        "title": "Record invalid",
        "detail": detail,
        "source": { "pointer": "/id" },
    }] })
}

/// Documented: a status with groups is for their agents. Assumed: for others it is a 422 at `/id`.
/// An agent whose groups are unknown is in none.
#[test]
fn a_status_that_belongs_to_groups_is_refused_to_others() {
    let account = Account::demo();
    let before = account.state();
    let body = json!({ "id": 124 });
    let cases = [
        (10012, Ask::put("/agent_statuses/agents/10012").json(&body)),
        (10019, Ask::put("/agent_statuses/agents/10019").json(&body)),
        (10001, Ask::put("/agent_statuses/agents/me").json(&body)),
        (
            10012,
            Ask::put("/agent_statuses/agents/me")
                .json(&body)
                .token("bruno@example.com", "demo-api-token"),
        ),
    ];
    for (agent, ask) in cases {
        let answer = account.send(&ask);
        assert_eq!(answer.status, 422, "{agent}");
        let detail = format!("Agent {agent} is in none of the groups of unified status 124.");
        assert_eq!(answer.json(), invalid_id(&detail));
    }
    assert_eq!(account.state(), before);
    // The agent's groups count, and not the caller's.
    assert_eq!(
        account
            .send(&Ask::put("/agent_statuses/agents/me").json(&body).by_agent())
            .status,
        200
    );
    set(&account, 10014, 124);
}

/// Assumed: an unknown status is a 422 at `/id`, and an agent that does not exist is a 404. The
/// agent is looked up first.
#[test]
fn what_does_not_exist_is_refused() {
    let account = Account::demo();
    let before = account.state();
    for status in [0, 1, 6, 125, u64::MAX] {
        let answer = account.update(10011, status);
        assert_eq!(answer.status, 422, "{status}");
        let detail = format!("There is no unified status {status}.");
        assert_eq!(answer.json(), invalid_id(&detail));
    }
    for status in [4, 124, 999] {
        let answer = account.update(99999, status);
        assert_eq!(answer.refusal(), "404 RecordNotFound", "{status}");
    }
    assert_eq!(account.state(), before);
}
