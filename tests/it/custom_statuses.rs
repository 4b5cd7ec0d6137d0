//! Custom statuses that are created, edited and deleted by other means than Zendesk's API.

use serde_json::{Value, json};
use zendesk_availability_emulator::world::{AgentId, ChannelStatus, GroupId, StatusId, WriteError};

use crate::harness::Account;

fn lunch() -> Value {
    json!({ "name": "Lunch", "channels": { "messaging": "offline" } })
}

/// Documented: a custom status has a name, groups, channels and the time of its last change, and
/// agents can be put into it.
#[test]
fn a_new_status_is_listed_and_can_be_set() {
    let account = Account::demo();
    account
        .save_custom_status(200, &lunch())
        .expect("it is new");
    assert_eq!(
        account.json("/agent_statuses")["custom"][1],
        json!({
            "id": 200,
            "type": "agent_status",
            "updated_at": "2026-01-21T10:30:00Z",
            "attributes": { "name": "Lunch", "description": null, "group_ids": [], "channels": { "messaging": "offline" } }
        })
    );
    assert_eq!(account.update(10011, 200).status, 200);
    assert_eq!(account.attributes(10011)["agent_status"]["name"], "Lunch");
}

/// Documented: editing a status does not change the agents that are in it.
#[test]
fn editing_a_status_leaves_its_agents_as_they_are() {
    let account = Account::demo();
    let before = account.json("/10016");
    account
        .save_custom_status(123, &lunch())
        .expect("the name is free");
    assert_eq!(account.json("/10016"), before);
    assert_eq!(
        account.json("/agent_statuses")["custom"][0]["attributes"]["name"],
        "Lunch"
    );
    assert_eq!(account.update(10016, 123).status, 200);
    assert_eq!(account.attributes(10016)["agent_status"]["name"], "Lunch");
    assert_eq!(
        account.json("/10016")["included"][0]["attributes"]["status"],
        "offline"
    );
}

/// Documented: deleting a status sets its agents to offline, with that reason.
#[test]
fn deleting_a_status_makes_its_agents_offline() {
    let account = Account::demo();
    let others = account.json("/10011");
    account
        .world()
        .delete_custom_status(StatusId(123), account.now())
        .expect("it is there");
    assert_eq!(
        account.attributes(10016)["agent_status"],
        json!({ "id": 2, "name": "offline", "reason": "AGENT_STATUS_DELETED", "updated_at": "2026-01-21T10:30:00.000000Z" })
    );
    let statuses: Vec<_> = account
        .world()
        .agent(AgentId(10016))
        .expect("it stays")
        .channels
        .iter()
        .map(|c| c.status)
        .collect();
    assert_eq!(statuses, [ChannelStatus::Offline; 3]);
    assert_eq!(account.json("/10011"), others);
    assert_eq!(account.update(10011, 123).status, 422);
}

/// Documented: names are unique. Assumed: default statuses cannot be changed, and groups must
/// exist.
#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let account = Account::demo();
    let before = (account.state(), account.json("/agent_statuses"));
    let world = account.world();
    let refused = |id, body: &Value, expected: &str| {
        let refusal = account
            .save_custom_status(id, body)
            .expect_err("it cannot be");
        assert!(refusal.contains(expected), "{refusal}: {expected}");
    };
    let is_standard = WriteError::StandardStatus(StatusId(3)).to_string();
    refused(3, &lunch(), &is_standard);
    let of_default = "name online is that of a default status";
    refused(200, &json!({ "name": "online" }), of_default);
    let taken = WriteError::DuplicateStatusName("In a meeting".to_owned()).to_string();
    refused(200, &json!({ "name": "In a meeting" }), &taken);
    let no_group = WriteError::UnknownGroup(GroupId(7)).to_string();
    refused(
        200,
        &json!({ "name": "Lunch", "group_ids": [7] }),
        &no_group,
    );
    let delete = |id| {
        world
            .delete_custom_status(StatusId(id), account.now())
            .expect_err("it cannot be")
    };
    assert_eq!(delete(2), WriteError::StandardStatus(StatusId(2)));
    assert_eq!(delete(200), WriteError::UnknownStatus(StatusId(200)));
    assert_eq!((account.state(), account.json("/agent_statuses")), before);
}
