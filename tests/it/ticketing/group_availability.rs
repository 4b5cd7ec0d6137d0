//! The availability of groups.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{ErrorsForm, Release, SettingsPatch};
use zendesk_availability_emulator::seed::Seed;

use super::{ask, get, json};
use crate::harness::{Account, Ask};

const SEED: &str = "
settings: { omnichannel_routing: true }
users:
  - { id: 1, name: Ada, email: ada@example.com, role: admin }
  - { id: 2, name: Ben, email: ben@example.com, role: agent }
oauth_tokens:
  - { token: demo-oauth-admin, user_id: 1 }
  - { token: demo-oauth-agent, user_id: 2 }
  - { token: write, user_id: 1, scopes: [write] }
  - { token: groups, user_id: 1, scopes: [\"groups:read\"] }
groups: [{ id: 1, name: A }, { id: 2, name: B }, { id: 3, name: Empty }]
agent_statuses: { custom: [{ id: 50, name: Lunch, channels: { talk: away } }] }
agents:
  - id: 1
    agent_status: { id: 3 }
    group_ids: [1, 2]
    channels:
      support: { max_capacity: 5, work_items: [{ id: 1 }, { id: 2 }] }
      talk: { status: away }
  - id: 2
    agent_status: { id: 50 }
    group_ids: [1]
    channels:
      support: { status: transfers_only, max_capacity: 1, work_items: [{ id: 1 }, { id: 2 }, { id: 3 }] }
      talk: { work_items: [{ id: 4 }] }
  - { id: 3, group_ids: [1] }
  - { id: 4, group_ids: [2], channels: { messaging: { max_capacity: 40 } } }
";

fn account() -> Account {
    Account::seeded(SEED)
}

fn path(group: u64) -> String {
    format!("/account_groups/availability/{group}")
}

/// Documented: the members at the top. Observed: those of a channel. Assumed: what is counted.
#[test]
fn the_agents_of_a_group_are_counted() {
    let account = account();
    let first = json(&account, &path(1));
    let expected = json!({
        "account_id": first["account_id"], "group_id": 1, "version": 0,
        "channel_group_statuses": {
            "support": {
                "state_counts": { "online": 1, "away": 0, "transfers_only": 1, "offline": 0 },
                "total_max_capacity": 6, "total_consumed_capacity": 5,
            },
            "talk": {
                "state_counts": { "online": 0, "away": 2, "transfers_only": 0, "offline": 0 },
                "total_max_capacity": 0, "total_consumed_capacity": 1,
            },
        },
        "unified_states": { "online": 1, "Lunch": 1, "offline": 1 },
    });
    assert_eq!(first, expected);
    let second = json(&account, &path(2));
    assert_eq!(
        second["channel_group_statuses"]["messaging"],
        json!({
            "state_counts": { "online": 0, "away": 0, "transfers_only": 0, "offline": 1 },
            "total_max_capacity": 40, "total_consumed_capacity": 0,
        })
    );
    let empty = json(&account, &path(3));
    assert_eq!(
        (&empty["channel_group_statuses"], &empty["unified_states"]),
        (&json!({}), &json!({}))
    );
}

/// Assumed: the version is the number of the account's last event, and grows with any agent's.
#[test]
fn the_version_is_that_of_the_account() {
    let account = account();
    let update = Ask::put("/agent_statuses/agents/4").bearer("demo-oauth-admin");
    let update = account.send(&update.json(&json!({ "id": 3 })));
    assert_eq!(update.status, 200);
    let last = account.world().events().last().map(|event| event.sequence);
    assert_eq!(last, Some(2));
    assert_eq!(json(&account, &path(1))["version"], 2);
    assert_eq!(
        json(&account, &path(2))["unified_states"],
        json!({ "online": 2 })
    );
}

/// Documented: unified states are there with routing on. Assumed: so is the maximum. With the
/// release `eap` both stay once routing has been on.
#[test]
fn routing_decides_what_is_shown() {
    for (release, stays) in [(Release::Ga, false), (Release::Eap, true)] {
        let seed = Seed::parse(SEED).expect("a seed");
        let settings = SettingsPatch::new().release(release);
        let account = Account::with(|builder| builder.seed(seed).settings(settings));
        let now = account.now();
        account.world().set_omnichannel_routing(false, false, now);
        let answer = json(&account, &path(1));
        let support = &answer["channel_group_statuses"]["support"];
        assert_eq!(answer.get("unified_states").is_some(), stays);
        assert_eq!(support.get("total_max_capacity").is_some(), stays);
        assert_eq!(support["total_consumed_capacity"], 5);
    }
}

/// Documented: for admins.
#[test]
fn only_admins_may_read_it() {
    let account = account();
    for (token, expected) in [("demo-oauth-agent", 403), ("write", 403), ("groups", 403)] {
        let answer = account.send(&ask(&path(1)).bearer(token));
        assert_eq!(answer.status, expected, "{token}");
    }
    assert_eq!(account.send(&ask(&path(1)).anonymous()).status, 401);
}

/// Assumed: an unknown group is not found, in the classic form.
#[test]
fn an_unknown_group_is_not_found() {
    let settings = SettingsPatch::new().errors(ErrorsForm::JsonApi);
    let account = Account::demo_with(settings);
    for unknown in ["999", "18446744073709551616"] {
        let answer = get(&account, &format!("/account_groups/availability/{unknown}"));
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (
                404,
                json!({ "error": "RecordNotFound", "description": "Not found" })
            )
        );
    }
    let answer = get(&account, "/account_groups/availability/all");
    assert_eq!(answer.refusal(), "400 Invalid attribute");
    assert_eq!(get(&account, "/account_groups").status, 404);
}

/// Assumed: it counts against the limit of the Ticketing API, and has the forms of any GET.
#[test]
fn it_is_a_call_like_others() {
    let account = account();
    let whole = get(&account, &path(1));
    assert_eq!(whole.header("x-rate-limit-remaining"), Some("699"));
    let mut head = ask(&path(1));
    head.method = Method::HEAD;
    let head = account.send(&head);
    assert_eq!(
        head.header("content-length"),
        whole.header("content-length")
    );
    assert_eq!(head.text(), "");
    let suffixed = json(&account, &format!("{}.json", path(1)));
    assert_eq!(suffixed, whole.json());
    let mut put = ask(&path(1));
    put.method = Method::PUT;
    assert_eq!(account.send(&put).status, 405);
}

/// Assumed: many agents are counted as few are, also if some or all of them have more work or more
/// free capacity than the index counts in sets.
#[test]
fn a_large_group_has_the_same_sums() {
    for every in [1, 10] {
        let agent = |id: u64| {
            let number = usize::try_from(id).expect("small");
            let (capacity, count) = if number.is_multiple_of(every) {
                (
                    [None, Some(3_u64), Some(100), Some(30)][number / every % 4],
                    [40_u64, 0][number / every / 4 % 2],
                )
            } else {
                (Some(5), 2)
            };
            let items: Vec<_> = (0..count).map(|id| json!({ "id": id })).collect();
            let support = json!({ "max_capacity": capacity, "work_items": items });
            let agent = json!({ "id": id, "group_ids": [1], "channels": { "support": support } });
            (capacity.unwrap_or(0), count, agent)
        };
        let agents: Vec<_> = (1..=1_600).map(agent).collect();
        let seed = json!({
            "settings": { "omnichannel_routing": true },
            "users": [{ "id": 1, "name": "Ada", "email": "ada@example.com", "role": "admin" }],
            "oauth_tokens": [{ "token": "demo-oauth-admin", "user_id": 1 }],
            "groups": [{ "id": 1, "name": "A" }],
            "agents": agents.iter().map(|it| it.2.clone()).collect::<Value>(),
        });
        let account = Account::seeded(&seed.to_string());
        let support = json(&account, &path(1))["channel_group_statuses"]["support"].take();
        let expected = json!({
            "state_counts": { "online": 0, "away": 0, "transfers_only": 0, "offline": 1_600 },
            "total_max_capacity": agents.iter().map(|it| it.0).sum::<u64>(),
            "total_consumed_capacity": agents.iter().map(|it| it.1).sum::<u64>(),
        });
        assert_eq!(support, expected, "{every}");
    }
}
