//! One agent: `GET /api/v2/agent_availabilities/{agent_id}`.

use serde_json::{Value, json};

use crate::harness::{Account, Ask, elements};

/// Documented: the example of the API reference, complete, with both channels and every listed work
/// item. The links use the request's host (assumed for `Host`).
#[test]
fn an_agent_is_shown_with_its_channels_and_first_work_items() {
    let answer = Account::demo().send(&Ask::get("/10011").header("host", "example.zendesk.com"));
    let messaging = "agent_availabilities|10011|channels|messaging";
    let support = "agent_availabilities|10011|channels|support";
    let item = |channel: &str, id: u64, added_at: &str, reason: &str| {
        let id = format!("{channel}|work_items|{id}");
        json!({ "type": "work_items", "id": id, "attributes": { "added_at": added_at, "reason": reason } })
    };
    let expected = json!({
        "data": {
            "type": "agent_availabilities",
            "id": "agent_availabilities|10011",
            "attributes": {
                "agent_id": 10011,
                "agent_status": {
                    "id": 3,
                    "name": "online",
                    "reason": "AGENT_STATUS_SWITCHER",
                    "updated_at": "2026-01-21T10:23:25.583732Z"
                },
                "group_ids": [1, 42],
                "skills": [{ "id": "1ae11c11-9993-49f8-9850-c2dc096badd1" }],
                "version": 236
            },
            "links": { "self": "http://example.zendesk.com/api/v2/agent_availabilities/10011" },
            "relationships": {
                "channels": { "data": [{ "type": "channels", "id": messaging }, { "type": "channels", "id": support }] }
            }
        },
        "included": [
            {
                "type": "channels",
                "id": messaging,
                "attributes": {
                    "name": "messaging",
                    "status": "online",
                    "max_capacity": 5,
                    "updated_at": "2026-01-21T10:22:31.383563Z",
                    "work_item_count": 5
                },
                "relationships": {
                    "work_items": {
                        "data": [
                            { "type": "work_items", "id": format!("{messaging}|work_items|201") },
                            { "type": "work_items", "id": format!("{messaging}|work_items|202") },
                            { "type": "work_items", "id": format!("{messaging}|work_items|203") }
                        ],
                        "links": {
                            "next": "http://example.zendesk.com/api/v2/agent_availabilities/10011/channels/messaging/\
                                     relationships/work_items?page%5Bafter%5D=203"
                        },
                        "meta": { "has_more": true }
                    }
                }
            },
            {
                "type": "channels",
                "id": support,
                "attributes": {
                    "name": "support",
                    "status": "online",
                    "max_capacity": 8,
                    "updated_at": "2026-01-21T10:22:31.383563Z",
                    "work_item_count": 2
                },
                "relationships": {
                    "work_items": {
                        "data": [
                            { "type": "work_items", "id": format!("{support}|work_items|301") },
                            { "type": "work_items", "id": format!("{support}|work_items|302") }
                        ],
                        "links": { "next": null },
                        "meta": { "has_more": false }
                    }
                }
            },
            item(messaging, 201, "2026-01-21T10:20:44.798006Z", "ASSIGNED"),
            item(messaging, 202, "2026-01-21T10:20:58.214771Z", "ACCEPTED"),
            item(messaging, 203, "2026-01-21T10:21:07.640118Z", "ASSIGNED_TRANSFER"),
            item(support, 301, "2026-01-21T09:01:12.330871Z", "MANUAL_ASSIGNED"),
            item(support, 302, "2026-01-21T09:47:51.095527Z", "CHANNEL_CHANGE"),
        ]
    });
    assert_eq!(answer.json(), expected);
}

/// Attributes of agents of the demo, and their channels as name, status, capacity (null if there is
/// none), time and count.
const KINDS: &str = r#"[
    [
        {
            "agent_id": 10012,
            "agent_status": { "id": 3, "name": "online", "reason": "PUBLIC_API", "updated_at": "2026-01-21T09:30:00.500000Z" },
            "group_ids": [1],
            "skills": [],
            "version": 88
        },
        [["messaging", "online", 2, "2026-01-21T09:30:00.500000Z", 4]]
    ],
    [
        {
            "agent_id": 10013,
            "agent_status": { "id": 4, "name": "away", "reason": "AGENT_IDLE_TIMEOUT", "updated_at": "2026-01-21T10:15:00.750000Z" },
            "group_ids": [1],
            "version": 41
        },
        [
            ["messaging", "away", 5, "2026-01-21T10:15:00.750000Z", 0],
            ["support", "online", 6, "2026-01-21T10:15:00.750000Z", 0],
            ["talk", "away", null, "2026-01-21T10:15:00.750000Z", 0]
        ]
    ],
    [
        {
            "agent_id": 10014,
            "agent_status": { "id": 2, "name": "offline", "reason": "AGENT_LOGOUT", "updated_at": "2026-01-20T17:02:11.004512Z" },
            "group_ids": [42],
            "skills": [{ "id": "5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27" }],
            "version": 310
        },
        [
            ["messaging", "offline", 5, "2026-01-20T17:02:11.004512Z", 0],
            ["talk", "offline", null, "2026-01-20T17:02:11.004512Z", 0]
        ]
    ],
    [
        {
            "agent_id": 10015,
            "agent_status": { "id": 5, "name": "transfers_only", "reason": "WFM_STATUS_UPDATE", "updated_at": "2026-01-21T10:00:00.000000Z" },
            "group_ids": [1, 42],
            "skills": [{ "id": "1ae11c11-9993-49f8-9850-c2dc096badd1" }, { "id": "5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27" }],
            "version": 57
        },
        [
            ["messaging", "transfers_only", 4, "2026-01-21T10:00:00.000000Z", 0],
            ["talk", "transfers_only", null, "2026-01-21T10:00:00.000000Z", 1]
        ]
    ],
    [
        {
            "agent_id": 10016,
            "agent_status": { "id": 123, "name": "In a meeting", "reason": "AGENT_STATUS_SWITCHER", "updated_at": "2026-01-21T10:05:42.312900Z" },
            "group_ids": [1],
            "skills": [{ "id": "1ae11c11-9993-49f8-9850-c2dc096badd1" }],
            "version": 73
        },
        [
            ["messaging", "away", 5, "2026-01-21T10:05:42.312900Z", 0],
            ["support", "online", 5, "2026-01-21T10:05:42.312900Z", 0],
            ["talk", "away", null, "2026-01-21T10:05:42.312900Z", 0]
        ]
    ],
    [
        {
            "agent_id": 10017,
            "agent_status": { "id": 124, "name": "Month-end closing", "reason": "AGENT_STATUS_SWITCHER", "updated_at": "2026-01-21T07:59:30.000777Z" },
            "group_ids": [42],
            "skills": [{ "id": "5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27" }],
            "version": 19
        },
        [
            ["messaging", "offline", 5, "2026-01-21T07:59:30.000777Z", 0],
            ["support", "online", 5, "2026-01-21T07:59:30.000777Z", 1]
        ]
    ],
    [
        {
            "agent_id": 10018,
            "agent_status": { "id": 3, "name": "online", "reason": "SWITCHER_AUTO_RECONNECT", "updated_at": "2026-01-21T09:44:17.281003Z" },
            "group_ids": [1],
            "version": 102
        },
        [["chat", "online", 3, "2026-01-21T09:44:17.281003Z", 2]]
    ],
    [
        {
            "agent_id": 10019,
            "agent_status": { "id": 2, "name": "offline", "reason": "UNKNOWN", "updated_at": "2026-01-05T09:00:00.000000Z" },
            "version": 1
        },
        []
    ],
    [
        {
            "agent_id": 1900012345678901,
            "agent_status": { "id": 2, "name": "offline", "reason": "AGENT_DISCONNECTED", "updated_at": "2026-01-21T10:19:59.999999Z" },
            "skills": [],
            "version": 4096
        },
        [
            ["messaging", "offline", 5, "2026-01-21T10:19:59.999999Z", 0],
            ["support", "offline", 5, "2026-01-21T10:19:59.999999Z", 1]
        ]
    ]
]"#;

/// Documented: the name of a status is one of four or a custom one verbatim, a channel may lack
/// `max_capacity`, groups and skills are present if known, the count may exceed the capacity.
/// Observed: `chat`, and ids of 14 digits and more. Assumed: no channels are an empty list.
#[test]
fn every_kind_of_agent_is_shown_as_it_is() {
    let account = Account::demo();
    let cases: Vec<(Value, Value)> = serde_json::from_str(KINDS).expect("JSON");
    for (attributes, channels) in cases {
        let id = &attributes["agent_id"];
        let agent = account.json(&format!("/{id}"));
        assert_eq!(agent["data"]["attributes"], attributes, "agent {id}");
        assert_eq!(channels_of(&agent), channels, "the channels of agent {id}");
        assert_eq!(agent["data"]["id"], format!("agent_availabilities|{id}"));
        let linked = elements(&agent["data"]["relationships"]["channels"]["data"]);
        assert_eq!(
            linked.len(),
            elements(&channels).len(),
            "the links of agent {id}"
        );
    }
}

/// The channels of an agent's document, each as name, status, capacity, time and count.
fn channels_of(agent: &Value) -> Value {
    let included = elements(&agent["included"]);
    let channels = included
        .iter()
        .filter(|item| item["type"] == "channels")
        .map(|item| {
            let of = &item["attributes"];
            json!([
                of["name"],
                of["status"],
                of["max_capacity"],
                of["updated_at"],
                of["work_item_count"]
            ])
        });
    channels.collect()
}
