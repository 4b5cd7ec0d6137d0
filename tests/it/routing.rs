//! Omnichannel routing on and off.

use std::time::Duration;

use serde_json::{Value, json};
use zendesk_availability_emulator::config::{Release, SettingsPatch};

use super::list::agents;
use crate::harness::{ADMIN, Account, Ask, elements};

/// What has happened to the switch before the request.
#[derive(Clone, Copy, Debug)]
enum Past {
    AlwaysOn,
    NeverOn,
    SwitchedOff,
    SwitchedOn,
    OnAndOffAgain,
}

/// The contract's table, for every history and both releases: whether routing is on, and whether
/// its data is shown.
const TABLE: &[(Past, Release, bool, bool)] = &[
    (Past::AlwaysOn, Release::Ga, true, true),
    (Past::AlwaysOn, Release::Eap, true, true),
    (Past::NeverOn, Release::Ga, false, false),
    (Past::NeverOn, Release::Eap, false, false),
    (Past::SwitchedOff, Release::Ga, false, false),
    (Past::SwitchedOff, Release::Eap, false, true),
    (Past::SwitchedOn, Release::Ga, true, true),
    (Past::SwitchedOn, Release::Eap, true, true),
    (Past::OnAndOffAgain, Release::Ga, false, false),
    (Past::OnAndOffAgain, Release::Eap, false, true),
];

fn account(past: Past, release: Release) -> Account {
    let (from_the_start, switches): (bool, &[bool]) = match past {
        Past::AlwaysOn => (true, &[]),
        Past::NeverOn => (false, &[]),
        Past::SwitchedOff => (true, &[false]),
        Past::SwitchedOn => (false, &[true]),
        Past::OnAndOffAgain => (false, &[true, false]),
    };
    let account = Account::small_team_with(
        SettingsPatch::new()
            .omnichannel_routing(from_the_start)
            .release(release),
    );
    for on in switches {
        account.advance(Duration::from_secs(1));
        assert!(
            account
                .world()
                .set_omnichannel_routing(*on, false, account.now()),
            "{past:?}"
        );
    }
    account
}

/// Removes the data of omnichannel routing from a document, and returns how often it occurred.
fn strip(value: &mut Value) -> [usize; 2] {
    match value {
        Value::Object(members) => {
            let taken = [
                members.remove("agent_status").is_some(),
                members.remove("max_capacity").is_some(),
            ];
            let below = members.values_mut().map(strip);
            below.fold(taken.map(usize::from), |a, b| [a[0] + b[0], a[1] + b[1]])
        }
        Value::Array(items) => items
            .iter_mut()
            .map(strip)
            .fold([0, 0], |a, b| [a[0] + b[0], a[1] + b[1]]),
        _ => [0, 0],
    }
}

/// Documented: `agent_status` and `max_capacity` are returned with routing on only. With the
/// early-access release they stay once it has been on. Channel status, work items, counts, groups,
/// skills and version are returned either way. The switch itself changes only what is visible
/// (assumed).
#[test]
fn what_belongs_to_routing_is_shown_as_the_table_says() {
    let paths = ["", "/10011", "/10019", "/me", "?select_channel=messaging"];
    let with_routing = Account::small_team();
    for (past, release, _, shown) in TABLE {
        let account = account(*past, *release);
        for path in paths {
            let (mut found, mut expected) = (account.json(path), with_routing.json(path));
            if *shown {
                assert_eq!(found, expected, "{past:?} {release} {path}");
            }
            let counts = strip(&mut found);
            let of_routing = strip(&mut expected);
            assert!(of_routing[0] > 0, "{path} would show it");
            assert_eq!(
                counts,
                if *shown { of_routing } else { [0, 0] },
                "{past:?} {release} {path}"
            );
            assert_eq!(
                found, expected,
                "{past:?} {release} {path}: everything else is there either way"
            );
        }
        let items = "/10011/channels/messaging/relationships/work_items";
        assert_eq!(
            account.json(items),
            with_routing.json(items),
            "{past:?} {release}"
        );
    }
}

/// Documented: status updates are refused while routing is off. Assumed: with a 403, for both
/// releases, before the agent or the status is looked up.
#[test]
fn updates_are_refused_while_routing_is_off() {
    for (past, release, on, _) in TABLE {
        let account = account(*past, *release);
        let before = account.state();
        let updates = [
            Ask::update().json(&json!({ "id": 4 })),
            Ask::put("/agent_statuses/agents/me").json(&json!({ "id": 4 })),
            Ask::put("/agent_statuses/agents/me")
                .json(&json!({ "id": 4 }))
                .by_agent(),
            Ask::put("/agent_statuses/agents/update_many?ids=10011").json(&json!({ "id": 4 })),
            Ask::put("/agent_statuses/agents/99999").json(&json!({ "id": 4 })),
            Ask::update().json(&json!({ "id": 999 })),
        ];
        for (index, ask) in updates.into_iter().enumerate() {
            let answer = account.send(&ask);
            if *on {
                let expected = [200, 200, 200, 200, 404, 422][index];
                assert_eq!(answer.status, expected, "{past:?} {release} {}", ask.target);
                continue;
            }
            assert_eq!(answer.status, 403, "{past:?} {release} {}", ask.target);
            let error = json!({
                "status": "403",
                "code": "OmnichannelRoutingDisabled",
                "title": "Omnichannel routing is off",
                "detail": "Unified statuses can only be set while omnichannel routing is on."
            });
            assert_eq!(
                answer.json(),
                json!({ "errors": [error] }),
                "{past:?} {release} {}",
                ask.target
            );
        }
        assert_eq!(account.state() == before, !on, "{past:?} {release}");
    }
}

/// Assumed: filters that need omnichannel data are a 400 while it is not visible, at the parameter
/// as it was spelt. The other filters work as usual.
#[test]
fn filters_need_what_is_shown() {
    let needing = [
        (
            "filter[agent_status_id]=3",
            vec![10001, 10011, 10012, 10018],
        ),
        ("filter[agent_status_ids]=123,124", vec![10016, 10017]),
        (
            "filter[agent_status_name]=%22In%20a%20meeting%22",
            vec![10016],
        ),
        ("filter[remaining_capacity]=support:7", vec![10001]),
        (
            "filter[remaining_capacity]=support:7&filter[agent_status_id]=3",
            vec![10001],
        ),
    ];
    let others = [
        ("filter[channel_status]=talk:away", vec![10013, 10016]),
        ("filter[agent_id]=10011", vec![10011]),
        ("filter[group_id]=42", vec![10011, 10014, 10015, 10017]),
        (
            "filter[skill]=5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27",
            vec![10014, 10015, 10017],
        ),
        (
            "filter[work_items_count]=messaging:3&filter[group_id]=42",
            vec![10014, 10015, 10017],
        ),
        ("select_channel=chat&filter[agent_id]=10018", vec![10018]),
        // Empty filters count as absent.
        (
            "filter[agent_status_id]=&filter[remaining_capacity]&filter[agent_status_name]&filter[agent_id]=10011",
            vec![10011],
        ),
    ];
    for (past, release, _, shown) in TABLE {
        let account = account(*past, *release);
        for (query, expected) in &others {
            assert_eq!(
                &agents(&account.json(&format!("?{query}"))),
                expected,
                "{past:?} {release} {query}"
            );
        }
        for (query, expected) in &needing {
            let answer = account.get(&format!("?{query}"));
            if *shown {
                assert_eq!(
                    &agents(&answer.json()),
                    expected,
                    "{past:?} {release} {query}"
                );
                continue;
            }
            assert_eq!(answer.status, 400, "{past:?} {release} {query}");
            let body = answer.json();
            let mut found: Vec<_> = elements(&body["errors"])
                .iter()
                .map(|error| (&error["code"], &error["source"]["parameter"]))
                .collect();
            let code = json!("InvalidParameter");
            let given = query.split('&').map(|pair| json!(pair.split('=').next()));
            let given: Vec<_> = given.collect();
            let mut expected: Vec<_> = given.iter().map(|parameter| (&code, parameter)).collect();
            found.sort_by_key(|(_, parameter)| parameter.to_string());
            expected.sort_by_key(|(_, parameter)| parameter.to_string());
            assert_eq!(found, expected, "{past:?} {release} {query}");
        }
    }
}

/// Documented: with the early-access release the data stays as it was, including what was set
/// through the API.
#[test]
fn the_data_of_early_access_is_what_it_was_when_routing_went_off() {
    for (release, shown) in [(Release::Ga, false), (Release::Eap, true)] {
        let account = account(Past::AlwaysOn, release);
        assert_eq!(account.update(10011, 123).status, 200);
        let on = account.json("/10011");
        account.advance(Duration::from_secs(5));
        assert!(
            account
                .world()
                .set_omnichannel_routing(false, true, account.now())
        );
        let off = account.json("/10011");
        assert_eq!(off == on, shown, "{release}");
        // Switched on again without the option: everything is as it was.
        assert!(
            account
                .world()
                .set_omnichannel_routing(true, false, account.now())
        );
        assert_eq!(account.json("/10011"), on, "{release}");
    }
}

/// Documented: switching routing on sets every agent to offline with reason
/// `OMNICHANNEL_ROUTING_ENABLED`. The emulator does so on request. Assumed: `version` counts these
/// events, and custom or restricted statuses are not an exception.
#[test]
fn switching_on_makes_every_agent_offline_when_asked_to() {
    let account = account(Past::SwitchedOff, Release::Ga);
    account.advance(Duration::from_micros(1));
    let now = "2026-01-21T10:30:01.000001Z";
    assert!(
        account
            .world()
            .set_omnichannel_routing(true, true, account.now())
    );
    let mut expected = Account::small_team().json("?page[size]=100");
    let mut changed = std::collections::BTreeMap::new();
    for channel in expected["included"].as_array_mut().expect("a list") {
        let id = channel["id"].as_str().unwrap_or_default().to_owned();
        let of = &mut channel["attributes"];
        if of.get("status").is_some_and(|status| status != "offline") {
            of["status"] = json!("offline");
            of["updated_at"] = json!(now);
            *changed
                .entry(id.split("|channels").next().unwrap_or_default().to_owned())
                .or_insert(0) += 1;
        }
    }
    for agent in expected["data"].as_array_mut().expect("a list") {
        let channels = agent["id"]
            .as_str()
            .and_then(|id| changed.get(id))
            .copied()
            .unwrap_or(0);
        let attributes = &mut agent["attributes"];
        attributes["version"] =
            json!(attributes["version"].as_u64().unwrap_or_default() + 1 + channels);
        let reason = "OMNICHANNEL_ROUTING_ENABLED";
        attributes["agent_status"] =
            json!({ "id": 2, "name": "offline", "reason": reason, "updated_at": now });
    }
    assert_eq!(account.json("?page[size]=100"), expected);
}

/// Assumed: switching to the present state does nothing, and switching off leaves the agents as
/// they are.
#[test]
fn only_switching_on_makes_agents_offline() {
    let account = account(Past::AlwaysOn, Release::Eap);
    let before = account.state();
    assert!(
        !account
            .world()
            .set_omnichannel_routing(true, true, account.now())
    );
    assert_eq!(account.state(), before);
    let agents = account.json("");
    assert!(
        account
            .world()
            .set_omnichannel_routing(false, true, account.now())
    );
    assert_eq!(account.json(""), agents);
    let before = account.state();
    assert!(
        !account
            .world()
            .set_omnichannel_routing(false, true, account.now())
    );
    assert_eq!(account.state(), before);
}

/// Documented: ids of the standard statuses differ between accounts, so the account's own offline
/// status is set.
#[test]
fn offline_is_the_status_that_the_seed_calls_so() {
    let account = Account::seeded(&format!(
        "{ADMIN}
settings: {{ omnichannel_routing: false }}
agent_statuses: {{ default: [{{ id: 2, name: online }}, {{ id: 3, name: offline }}] }}
agents: [{{ id: 7, agent_status: {{ id: 2 }}, channels: {{ talk: {{}} }} }}]
"
    ));
    assert!(
        account
            .world()
            .set_omnichannel_routing(true, true, account.now())
    );
    let agent = account.json("/7");
    let status = &agent["data"]["attributes"]["agent_status"];
    assert_eq!(
        (&status["id"], &status["name"]),
        (&json!(3), &json!("offline"))
    );
    assert_eq!(agent["included"][0]["attributes"]["status"], "offline");
    assert_eq!(agent["data"]["attributes"]["version"], 3);
}
