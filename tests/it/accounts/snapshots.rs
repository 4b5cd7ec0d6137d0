//! A whole account as one document. Zendesk has no such document, so every test is assumed.

use axum::http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};
use zendesk_availability_emulator::seed::{DEMO, Seed};
use zendesk_availability_emulator::world::{AgentId, ChannelName, GroupId, StatusId, StatusReason};

use super::{control, create, get_in, patch};
use crate::harness::{Account, Ask, elements};
use crate::property::check;

const HISTORIES: u32 = 40;

pub(super) fn snapshot(server: &Account, subdomain: &str) -> Value {
    let answer = server.send(&control(Method::GET, &format!("/{subdomain}/snapshot")));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

pub(super) fn put(server: &Account, subdomain: &str, seed: &Value) -> crate::harness::Answer {
    server.send(&control(Method::PUT, &format!("/{subdomain}/snapshot")).json(seed))
}

/// What every document must hold: it is a seed, putting it back changes nothing, and an account
/// created from it is the same.
fn check_round_trip(server: &Account) {
    let document = snapshot(server, "example");
    let before = server.state();
    Seed::parse(&document.to_string()).unwrap_or_else(|error| panic!("{error}\n{document}"));
    let again = put(server, "example", &document);
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(again.json(), document);
    assert_eq!(server.state(), before);
    server.send(&control(Method::DELETE, "/copy"));
    let copy = create(server, &json!({ "subdomain": "copy", "seed": document }));
    assert_eq!(copy.status, 201, "{}", copy.text());
    assert_eq!(snapshot(server, "copy"), document);
}

/// The document of the demo is the demo seed, with everything filled in that the seed leaves out.
#[test]
fn the_demo_is_its_document() {
    let server = Account::demo();
    let document = snapshot(&server, "example");
    let keys: Vec<_> = document
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    // Spelled here too, so that a misspelt key is seen.
    let expected = [
        "settings",
        "groups",
        "skills",
        "capacity_rules",
        "users",
        "api_tokens",
        "oauth_clients",
        "oauth_tokens",
        "agent_statuses",
        "agents",
    ];
    assert_eq!(keys, expected);
    let demo: Value = serde_saphyr::from_str(DEMO).expect("YAML");
    let sorted = |list: &Value, key: &str| {
        let mut list = elements(list).to_vec();
        list.sort_by_key(|item| (item[key].as_u64(), item[key].to_string()));
        Value::from(list)
    };
    for (list, key) in [
        ("groups", "id"),
        ("skills", "id"),
        ("users", "id"),
        ("api_tokens", "token"),
    ] {
        let mut expected = sorted(&demo[list], key);
        if list == "api_tokens" {
            expected[0]["active"] = json!(true);
            expected[0]["created_at"] = json!("2026-01-21T10:30:00Z");
        }
        assert_eq!(document[list], expected, "{list}");
    }
    assert_eq!(
        document["agent_statuses"]["custom"],
        demo["agent_statuses"]["custom"]
    );
    assert_eq!(
        document["agent_statuses"]["default"],
        demo["agent_statuses"]["default"]
    );
    assert_eq!(
        document["settings"]["rate_limit"],
        json!({ "requests": 200, "window": "60s", "remaining": 200 })
    );
    let agnes = elements(&document["agents"])
        .iter()
        .find(|agent| agent["id"] == 10011);
    assert_eq!(
        agnes.expect("an agent")["channels"]["messaging"]["work_items"][0],
        json!({ "id": 201, "added_at": "2026-01-21T10:20:44.798006Z", "reason": "ASSIGNED" })
    );
    check_round_trip(&server);
}

#[test]
fn generated_agents_are_in_the_document() {
    let server = Account::with(|builder| builder.agents(300));
    assert_eq!(elements(&snapshot(&server, "example")["agents"]).len(), 327);
    check_round_trip(&server);
    let bare = Account::with(|builder| builder.seed(Seed::empty()));
    assert_eq!(snapshot(&bare, "example")["agents"], json!([]));
    check_round_trip(&bare);
}

/// Settings have their present values, and so has the number of calls that are left.
#[test]
fn settings_are_as_they_are_now() {
    let server = Account::demo();
    let changes = json!({ "omnichannel_routing": false, "away_channels": "all_offline", "job_delay": "5s", "rate_limit": { "requests": 9 } });
    patch(&server, "example", &json!({ "settings": changes }));
    server.get("/10011");
    let settings = snapshot(&server, "example")["settings"].clone();
    for (key, value) in changes
        .as_object()
        .expect("settings")
        .iter()
        .filter(|(key, _)| *key != "rate_limit")
    {
        assert_eq!(settings[key], *value, "{key}");
    }
    assert_eq!(
        settings["rate_limit"],
        json!({ "requests": 9, "window": "60s", "remaining": 8 })
    );
    check_round_trip(&server);
    assert_eq!(
        get_in(&server, "copy", "/10011").header("x-rate-limit-remaining"),
        Some("7")
    );
    assert_eq!(
        server.get("/10011").header("x-rate-limit-remaining"),
        Some("7"),
        "the window went on"
    );
    patch(
        &server,
        "example",
        &json!({ "settings": { "rate_limit": { "requests": null } } }),
    );
    let limit = snapshot(&server, "example")["settings"]["rate_limit"].clone();
    assert_eq!(
        limit,
        json!({ "requests": null, "window": "60s", "remaining": null })
    );
    check_round_trip(&server);
}

/// An agent keeps its status as it was before the status was edited, also after the snapshot is put
/// back.
#[test]
fn agents_in_an_edited_status_stay_as_they_are() {
    let server = Account::demo();
    server.update(10011, 123);
    server
        .save_custom_status(123, &json!({ "name": "Training" }))
        .expect("it is there");
    check_round_trip(&server);
    assert_eq!(
        server.attributes(10011)["agent_status"]["name"],
        "In a meeting"
    );
    // If the document has another status under that id, its agents are in that one.
    let mut document = snapshot(&server, "example");
    document["agent_statuses"]["custom"][0]["name"] = json!("Lunch");
    assert_eq!(put(&server, "example", &document).status, 200);
    assert_eq!(server.attributes(10011)["agent_status"]["name"], "Lunch");
}

/// A change to an account.
#[derive(Clone, Debug)]
enum Step {
    Status(u64, u64),
    Channel(u64, ChannelName, Option<u32>),
    Groups(u64, Vec<u64>),
    Edit(u64, String),
    Delete(u64),
    Remove(u64),
    Settings(Value),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let agent = || proptest::sample::select(vec![10001, 10011, 10012, 10013, 10014, 1_000_000_001]);
    let status = || proptest::sample::select(vec![2, 3, 4, 5, 123, 124, 200]);
    let settings = vec![
        json!({ "omnichannel_routing": false }),
        json!({ "omnichannel_routing": true, "release": "eap" }),
        json!({ "away_channels": "all_offline" }),
        json!({ "away_channels": "all_away" }),
        json!({ "rate_limit": { "requests": 7, "remaining": 3 } }),
        json!({ "rate_limit": { "requests": null } }),
        json!({ "skills": "ids", "errors": "classic", "job_delay": "1500ms" }),
    ];
    let step = prop_oneof![
        (agent(), status()).prop_map(|(agent, status)| Step::Status(agent, status)),
        (
            agent(),
            proptest::sample::select(ChannelName::ALL),
            any::<Option<u32>>()
        )
            .prop_map(|(agent, name, capacity)| Step::Channel(agent, name, capacity)),
        (agent(), proptest::sample::subsequence(vec![1, 42], 0..=2))
            .prop_map(|(agent, ids)| Step::Groups(agent, ids)),
        (status(), "[a-z]{1,3}|Lunch").prop_map(|(status, name)| Step::Edit(status, name)),
        status().prop_map(Step::Delete),
        agent().prop_map(Step::Remove),
        proptest::sample::select(settings).prop_map(Step::Settings),
    ];
    proptest::collection::vec(step, 0..20)
}

/// The document has everything that has happened to the account.
#[test]
fn a_document_says_everything() {
    check(HISTORIES, &steps(), |steps| {
        let server = Account::with(|builder| builder.agents(1));
        for step in steps {
            let (world, now) = (server.world(), server.now());
            // A change that the world refuses has not happened.
            match step {
                Step::Status(agent, status) => {
                    _ = world.set_status(
                        AgentId(agent),
                        StatusId(status),
                        StatusReason::PublicApi,
                        now,
                    );
                }
                Step::Channel(agent, name, capacity) => {
                    _ = server.put_channel(AgentId(agent), name, capacity);
                }
                Step::Groups(agent, ids) => {
                    let groups: Vec<_> = ids.into_iter().map(GroupId).collect();
                    _ = server.set_groups(AgentId(agent), &groups);
                }
                Step::Edit(id, name) => {
                    let custom = json!({ "name": name, "group_ids": [1] });
                    _ = server.save_custom_status(id, &custom);
                }
                Step::Delete(status) => _ = world.delete_custom_status(StatusId(status), now),
                Step::Remove(agent) => _ = world.remove_agent(AgentId(agent)),
                Step::Settings(settings) => {
                    _ = patch(&server, "example", &json!({ "settings": settings }));
                }
            }
        }
        check_round_trip(&server);
    });
}

#[test]
fn only_whole_seeds_are_read() {
    let server = Account::demo();
    let (before, document) = (server.state(), snapshot(&server, "example"));
    for method in [Method::PUT, Method::PATCH] {
        let ask = |body: &[u8]| {
            control(method.clone(), "/example/snapshot")
                .header("content-type", "application/json")
                .body(body)
        };
        for (ask, status) in [
            (ask(b""), 400),
            (ask(b"{"), 400),
            (ask(b"{}").without("content-type"), 415),
            (
                ask(b"{}").header("content-type", "application/merge-patch+json"),
                415,
            ),
            (ask(b"[]"), 422),
            (ask(b"null"), 422),
            (
                ask(b"{}").header("content-length", (256 * 1024 * 1024 + 1).to_string()),
                413,
            ),
        ] {
            let refused = server.send(&ask);
            assert_eq!(refused.status, status, "{ask:?}: {}", refused.text());
        }
        let body = json!({ "agents": [{ "id": 1, "agent_status": { "id": 99 } }, { "id": -1 }], "more": 1 });
        let refused = server.send(&control(method.clone(), "/example/snapshot").json(&body));
        assert_eq!(
            refused.places(),
            ["", "agents[0].agent_status.id", "agents[1].id"]
        );
        assert_eq!(
            server
                .send(&control(method, "/nobody/snapshot").json(&json!({})))
                .status,
            404
        );
    }
    assert_eq!(
        (server.state(), snapshot(&server, "example")),
        (before, document)
    );
    // More than a control call usually takes.
    let spaces = vec![b' '; 17 << 20];
    let large = [
        &*spaces,
        snapshot(&server, "example").to_string().as_bytes(),
    ]
    .concat();
    let ask = Ask::control(Method::PUT, "/snapshot").header("content-type", "application/json");
    assert_eq!(server.send(&ask.body(large)).status, 200);
}
