//! What the control API, seeds, snapshots and the Rust client set of Talk. Promises of this
//! project.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::client::{
    AgentPatch, NewAccount, NewAccountSeed, NewAgent, NewChannel, TalkChange, TalkDocument,
    TalkQueuePatch,
};
use zendesk_availability_emulator::world::{
    CallStatus, ChannelName, QueueStatistic, TalkStatistic, Via,
};

use super::{account, patch, shown, steer};
use crate::harness::{Account, Ask};

fn call(account: &Account, method: Method, path: &str, body: &Value) -> Vec<(String, String)> {
    account
        .send(&Ask::control(method, path).json(body))
        .problems()
}

/// A patch merges; a member that is null gets its default.
#[test]
fn a_patch_sets_what_it_gives() {
    let account = account();
    let talk = |document: &Value| document["talk"].clone();
    let numbers = json!({ "calls_missed": 3, "calls_denied": 1 });
    let set = json!({ "talk": { "via": "phone", "activity": numbers } });
    let first = patch(&account, 11, &set);
    assert_eq!(
        (talk(&first), &first["version"]),
        (set["talk"].clone(), &json!(2))
    );
    let change = json!({ "talk": { "activity": { "calls_denied": null, "away_time": 7 } } });
    let second = patch(&account, 11, &change);
    let numbers = json!({ "calls_missed": 3, "away_time": 7 });
    assert_eq!(
        talk(&second),
        json!({ "via": "phone", "activity": numbers })
    );
    let third = patch(&account, 11, &json!({ "talk": null }));
    assert_eq!((talk(&third), &third["version"]), (Value::Null, &json!(4)));
    let same = patch(&account, 11, &json!({ "talk": { "via": "client" } }));
    assert_eq!(same["version"], 4, "nothing has changed");
}

#[test]
fn wrong_members_are_named() {
    let account = account();
    let before = account.state();
    let wrong = json!({ "talk": { "via": "fax", "call_status": "busy", "activity": { "calls": 1, "away_time": -1 } } });
    let problems = call(&account, Method::PATCH, "/agents/11", &wrong);
    let places: Vec<_> = problems.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "talk.via",
            "talk.call_status",
            "talk.activity",
            "talk.activity.away_time"
        ]
    );
    let removed = json!({ "talk": { "vya": null, "activity": { "calls": null } } });
    let problems = call(&account, Method::PATCH, "/agents/11", &removed);
    let places: Vec<_> = problems.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["talk", "talk.activity"]);
    for method in [Method::PUT, Method::PATCH] {
        let problems = call(
            &account,
            method,
            "/talk_queue",
            &json!({ "calls": 1, "calls_waiting": "1" }),
        );
        assert_eq!(problems.len(), 2, "{problems:?}");
    }
    let removed = call(
        &account,
        Method::PATCH,
        "/talk_queue",
        &json!({ "calls": null }),
    );
    assert_eq!(removed.len(), 1, "{removed:?}");
    assert_eq!(account.state(), before);
}

#[test]
fn the_queue_is_replaced_and_changed() {
    let account = account();
    let queue = |waiting: u64, average: u64| {
        json!({
            "calls_waiting": waiting,
            "callbacks_waiting": 0,
            "embeddable_callbacks_waiting": 0,
            "average_wait_time": average,
            "longest_wait_time": 0,
        })
    };
    let at = "/talk_queue";
    let put = steer(&account, Method::PUT, at, &json!({ "calls_waiting": 2 }));
    assert_eq!(put, queue(2, 0));
    let patched = steer(
        &account,
        Method::PATCH,
        at,
        &json!({ "average_wait_time": 9 }),
    );
    assert_eq!(patched, queue(2, 9));
    let removed = steer(
        &account,
        Method::PATCH,
        at,
        &json!({ "calls_waiting": null }),
    );
    assert_eq!(removed, queue(0, 9));
    assert_eq!(steer(&account, Method::PUT, at, &json!({})), queue(0, 0));
    steer(&account, Method::PUT, at, &json!({ "calls_waiting": 5 }));
    steer(&account, Method::POST, "/reset", &json!({}));
    assert_eq!(steer(&account, Method::GET, at, &json!({})), queue(0, 0));
}

/// A snapshot has all of it, is a seed, and changes nothing when it is put back.
#[test]
fn a_snapshot_goes_round() {
    let account = account();
    let snapshot = || steer(&account, Method::GET, "/snapshot", &json!({}));
    assert_eq!(snapshot()["talk_queue"], Value::Null, "nothing was set");
    let activity = json!({ "online_time": 18_446_744_073_709_551_615_u64 });
    let ended = "2026-01-21T10:29:50.000001Z";
    let talk = json!({ "via": "phone", "call_ended_at": ended, "activity": activity });
    patch(&account, 11, &json!({ "talk": talk }));
    steer(
        &account,
        Method::PUT,
        "/talk_queue",
        &json!({ "calls_waiting": 4 }),
    );
    super::set(
        &account,
        &json!({ "talk_wrap_up": "20s", "talk_legacy": true }),
    );
    let (taken, before) = (snapshot(), shown(&account, 11));
    assert_eq!(before["call_status"], "wrap_up");
    assert_eq!(taken["agents"][0]["talk"], talk);
    assert_eq!(taken["talk_queue"], json!({ "calls_waiting": 4 }));
    steer(&account, Method::POST, "/reset", &json!({}));
    assert_ne!(shown(&account, 11), before);
    steer(&account, Method::PUT, "/snapshot", &taken);
    assert_eq!((snapshot(), shown(&account, 11)), (taken, before));
}

#[test]
fn the_rust_client_sets_it() {
    let emulator = Emulator::start();
    let new = NewAccount::new().seed(NewAccountSeed::Empty);
    let account = emulator.create_account(&new).expect("a free name");
    let mut talk = TalkDocument::default();
    talk.via = Via::Phone;
    talk.activity.insert(TalkStatistic::CallsAccepted, 2);
    let agent = NewAgent::new(5)
        .channel(ChannelName::Talk, NewChannel::new())
        .talk(talk.clone());
    let created = account.create_agent(&agent).expect("an agent");
    assert_eq!(created.talk, Some(talk.clone()));
    let again = account
        .replace_agent(&created.clone().into())
        .expect("the agent");
    assert_eq!(again, created);
    let change = TalkChange::new()
        .via(Via::Client)
        .call_status(Some(CallStatus::OnCall))
        .call_ended_at("2026-01-21T10:00:00Z".parse().expect("a time"))
        .statistic(TalkStatistic::CallsMissed, 1);
    let changed = account
        .update_agent(5, &AgentPatch::new().talk(change))
        .expect("the agent");
    talk.via = Via::Client;
    talk.call_status = Some(CallStatus::OnCall);
    talk.call_ended_at = Some("2026-01-21T10:00:00Z".parse().expect("a time"));
    talk.activity.insert(TalkStatistic::CallsMissed, 1);
    assert_eq!(changed.talk, Some(talk));
    let patch = TalkQueuePatch::new().statistic(QueueStatistic::CallbacksWaiting, 3);
    let queue = account.update_talk_queue(&patch).expect("the queue");
    assert_eq!(queue[&QueueStatistic::CallbacksWaiting], 3);
    assert_eq!(account.talk_queue().expect("the queue"), queue);
}
