//! The unified statuses: `GET /api/v2/agent_availabilities/agent_statuses` and `/me`.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{AwayChannels, Release, SettingsPatch, StatusesShape};

use crate::harness::{ADMIN, Account, Ask, elements};

/// The names on a page: default statuses, then custom ones.
pub fn names(page: &Value) -> [Vec<String>; 2] {
    let read = |member: &str, flat: &str| {
        let list = page[member]
            .as_array()
            .or_else(|| page[flat].as_array())
            .unwrap_or_else(|| panic!("{page}"));
        let name = |status: &Value| {
            status["attributes"]["name"]
                .as_str()
                .or(status["name"].as_str())
                .map(str::to_owned)
        };
        list.iter().filter_map(name).collect()
    };
    [
        read("default", "default_statuses"),
        read("custom", "custom_statuses"),
    ]
}

/// Documented: the whole body, with the standard statuses of ids 2 to 5 and their descriptions, and
/// custom ones with `updated_at` in whole seconds beside `attributes`. There is no `data`.
#[test]
fn the_statuses_are_listed() {
    let page = Account::demo().json("/agent_statuses");
    let standard = |id: u64, name: &str, description: &str| json!({ "id": id, "type": "agent_status", "attributes": { "name": name, "description": description } });
    let expected = json!({
        "default": [
            standard(4, "away", "Can only receive email tickets"),
            standard(2, "offline", "Can't receive work"),
            standard(3, "online", "Can receive work"),
            standard(5, "transfers_only", "Can only receive work from other agents")
        ],
        "custom": [
            {
                "id": 123,
                "type": "agent_status",
                "updated_at": "2021-07-21T17:32:28Z",
                "attributes": {
                    "name": "In a meeting",
                    "description": "Temporarily unavailable but accepting emails",
                    "group_ids": [],
                    "channels": { "messaging": "away", "support": "online", "talk": "away" }
                }
            },
            {
                "id": 124,
                "type": "agent_status",
                "updated_at": "2024-03-01T08:00:00Z",
                "attributes": {
                    "name": "Month-end closing",
                    "description": "Only refunds, by e-mail",
                    "group_ids": [42],
                    "channels": { "chat": "offline", "messaging": "offline", "support": "online", "talk": "offline" }
                }
            }
        ],
        "links": { "prev": null, "next": null },
        "meta": {
            "has_more": false,
            // The ids of the first and the last custom status on the page, as text (assumed).
            "after_cursor": "124",
            "before_cursor": "123"
        }
    });
    assert_eq!(page, expected);
    let members: Vec<_> = page.as_object().expect("an object").keys().collect();
    assert_eq!(
        members,
        ["default", "custom", "links", "meta"],
        "no `data` key"
    );
}

/// Observed in one client: `default_statuses` and `custom_statuses` with flat items, as a setting.
#[test]
fn the_flat_shape_has_no_nesting() {
    let settings = SettingsPatch::new().statuses_shape(StatusesShape::Flat);
    let account = Account::demo_with(settings);
    let page = account.json("/agent_statuses");
    let members: Vec<_> = page.as_object().expect("an object").keys().collect();
    assert_eq!(
        members,
        ["default_statuses", "custom_statuses", "links", "meta"]
    );
    assert_eq!(
        page["default_statuses"],
        json!([
            { "id": 4, "name": "away", "description": "Can only receive email tickets" },
            { "id": 2, "name": "offline", "description": "Can't receive work" },
            { "id": 3, "name": "online", "description": "Can receive work" },
            { "id": 5, "name": "transfers_only", "description": "Can only receive work from other agents" }
        ])
    );
    assert_eq!(
        page["custom_statuses"],
        json!([
            {
                "id": 123,
                "name": "In a meeting",
                "description": "Temporarily unavailable but accepting emails",
                "group_ids": [],
                "channels": { "messaging": "away", "support": "online", "talk": "away" },
                "updated_at": "2021-07-21T17:32:28Z"
            },
            {
                "id": 124,
                "name": "Month-end closing",
                "description": "Only refunds, by e-mail",
                "group_ids": [42],
                "channels": { "chat": "offline", "messaging": "offline", "support": "online", "talk": "offline" },
                "updated_at": "2024-03-01T08:00:00Z"
            }
        ])
    );
    assert_eq!(
        names(
            &account
                .send(&Ask::get("/agent_statuses/me").by_agent())
                .json()
        ),
        names(&page)
    );
}

/// Assumed: with omnichannel routing off, the lists answer the same.
#[test]
fn the_lists_are_the_same_with_routing_off() {
    let on = Account::demo();
    for release in [Release::Ga, Release::Eap] {
        let off = Account::demo_with(
            SettingsPatch::new()
                .omnichannel_routing(false)
                .release(release),
        );
        for path in ["/agent_statuses", "/agent_statuses/me"] {
            assert_eq!(off.json(path), on.json(path), "{release:?} {path}");
        }
    }
}

/// Documented: some examples have other ids for the standard statuses, so the seed may set them. A
/// standard status that the seed leaves out keeps its documented id and description. Custom
/// statuses may lack a description, which is then null (assumed).
#[test]
fn standard_ids_and_descriptions_come_from_the_seed() {
    let account = Account::seeded(&format!(
        "{ADMIN}
agent_statuses:
  default: [{{ id: 1, name: online }}, {{ id: 18446744073709551615, name: away, description: Gone }}]
  custom: [{{ id: 4, name: Lunch }}]
agents: [{{ id: 7, channels: {{ talk: {{}} }} }}]
"
    ));
    let page = account.json("/agent_statuses");
    let shown = |status: &Value| {
        json!([
            status["id"],
            status["attributes"]["name"],
            status["attributes"]["description"]
        ])
    };
    let default: Vec<_> = elements(&page["default"]).iter().map(shown).collect();
    assert_eq!(
        json!(default),
        json!([
            [u64::MAX, "away", "Gone"],
            [2, "offline", "Can't receive work"],
            [1, "online", "Can receive work"],
            [
                5,
                "transfers_only",
                "Can only receive work from other agents"
            ]
        ])
    );
    let custom = json!({ "name": "Lunch", "description": null, "group_ids": [], "channels": {} });
    assert_eq!(page["custom"][0]["attributes"], custom);
    assert_eq!(
        page["custom"][0]["updated_at"], "2026-01-21T10:30:00Z",
        "without a time, that of the start"
    );
    // An update takes the ids of the seed.
    let set = |id: u64| account.update(7, id).at("/data/attributes/agent_status");
    assert_eq!(set(1), json!({ "id": 1, "name": "online" }));
    assert_eq!(set(u64::MAX), json!({ "id": u64::MAX, "name": "away" }));
    assert_eq!(set(4), json!({ "id": 4, "name": "Lunch" }));
}

/// Assumed: the mapping of a custom status is shown as the seed has it. `away_channels` changes
/// nothing in it.
#[test]
fn away_channels_leaves_the_lists_alone() {
    for away in [AwayChannels::AllAway, AwayChannels::AllOffline] {
        let settings = SettingsPatch::new().away_channels(away);
        assert_eq!(
            Account::demo_with(settings).json("/agent_statuses"),
            Account::demo().json("/agent_statuses")
        );
    }
}

/// Documented: no public endpoint creates, edits or deletes a status. So the list answers only GET
/// and HEAD, and a single status has no path (the errors are assumed).
#[test]
fn statuses_cannot_be_changed_through_the_api() {
    let account = Account::demo();
    let before = account.json("/agent_statuses");
    let body = json!({ "name": "Lunch", "id": 123 });
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let list = account.send(&Ask::new(method.clone(), "/agent_statuses").json(&body));
        assert_eq!(list.refusal(), "405 MethodNotAllowed", "{method}");
        let one = account.send(&Ask::new(method.clone(), "/agent_statuses/123").json(&body));
        assert_eq!(one.refusal(), "404 InvalidEndpoint", "{method}");
    }
    assert_eq!(account.json("/agent_statuses"), before);
}
