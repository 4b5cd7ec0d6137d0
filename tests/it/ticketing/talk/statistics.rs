//! Both statistics. Documented: their members and parameters. Assumed: what is present and what is
//! 0.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::below;
use super::super::{get, json};
use super::{account, patch, put, steer, switch_routing};
use crate::harness::{Account, numbers};

const ACTIVITY: &str = "/channels/voice/stats/agents_activity";
const QUEUE: &str = "/channels/voice/stats/current_queue_activity";

/// The ids of the agents on a page.
fn ids(page: &Value) -> Vec<u64> {
    numbers(&page["agents_activity"], "/agent_id")
}

#[test]
fn an_agents_activity_is_its_state_and_what_a_test_says() {
    let account = account();
    let activity = json!({ "calls_accepted": 12, "average_talk_time": 95 });
    let talk = json!({ "via": "phone", "call_status": "wrap_up", "activity": activity });
    patch(&account, 11, &json!({ "talk": talk }));
    let page = json(&account, ACTIVITY);
    let expected = json!({
        "agent_id": 11,
        "name": "Ada",
        "avatar_url": null,
        "agent_state": "online",
        "call_status": "wrap_up",
        "via": "phone",
        "forwarding_number": null,
        "available_time": 0,
        "away_time": 0,
        "online_time": 0,
        "transfers_only_time": 0,
        "calls_accepted": 12,
        "calls_denied": 0,
        "calls_missed": 0,
        "calls_put_on_hold": 0,
        "accepted_transfers": 0,
        "started_transfers": 0,
        "accepted_third_party_conferences": 0,
        "started_third_party_conferences": 0,
        "total_call_duration": 0,
        "total_talk_time": 0,
        "total_hold_time": 0,
        "total_wrap_up_time": 0,
        "average_talk_time": 95,
        "average_hold_time": 0,
        "average_wrap_up_time": 0,
    });
    assert_eq!(page["agents_activity"][0], expected);
    assert_eq!(page["agents_activity"][1]["name"], "Agent 12");
    let whole = json!([page["count"], page["next_page"], page["previous_page"]]);
    assert_eq!(
        (ids(&page), whole),
        (vec![11, 12, 13], json!([3, null, null]))
    );
}

#[test]
fn agents_are_chosen_by_group_and_by_id() {
    let account = account();
    for (query, expected) in [
        ("group_ids=1", &[11, 12][..]),
        ("group_ids=2", &[12]),
        ("group_ids=2,1,9", &[11, 12]),
        ("group_ids=9", &[]),
        ("agent_ids=13,11,14,99", &[11, 13]),
        ("agent_ids=99999999999999999999", &[]),
        ("agent_ids=13,12&group_ids=1", &[12]),
    ] {
        let page = json(&account, &format!("{ACTIVITY}.json?{query}"));
        assert_eq!(ids(&page), expected, "{query}");
        assert_eq!(page["count"], expected.len(), "{query}");
    }
    for name in ["group_ids", "agent_ids"] {
        let many = |count| vec!["11"; count].join(",");
        let all = get(&account, &format!("{ACTIVITY}?{name}={}", many(100)));
        assert_eq!(all.status, 200);
        let refused = get(&account, &format!("{ACTIVITY}?{name}={}", many(101)));
        let description = format!("Parameter {name} cannot specify more than 100 values");
        let body = json!({ "error": "TooManyValues", "description": description });
        assert_eq!((refused.status.as_u16(), refused.json()), (400, body));
        let wrong = get(&account, &format!("{ACTIVITY}?{name}=a"));
        let code = (wrong.status.as_u16(), wrong.at("/error"));
        assert_eq!(code, (400, json!("InvalidParameter")));
    }
}

#[test]
fn pages_are_by_offset() {
    let account = account();
    for size in 1..=4 {
        let (mut seen, mut pages) = (Vec::new(), 0);
        let mut next = Some(format!("{ACTIVITY}?per_page={size}&agent_ids=11,12,13"));
        while let Some(path) = next {
            let page = json(&account, &path);
            seen.extend(ids(&page));
            pages += 1;
            assert_eq!(page["count"], 3, "{path}");
            assert_eq!(page["previous_page"].is_null(), pages == 1, "{path}");
            next = page["next_page"]
                .is_string()
                .then(|| below(&page["next_page"]));
        }
        assert_eq!(seen, [11, 12, 13], "{size}");
    }
    let deep = get(&account, &format!("{ACTIVITY}?page=101"));
    assert_eq!(
        (deep.status.as_u16(), deep.at("/errors/0/code")),
        (400, json!("InvalidPaginationDepth"))
    );
    let cursor = get(&account, &format!("{ACTIVITY}?page[size]=1"));
    assert!(cursor.hint().contains("page[size]"), "{}", cursor.hint());
    assert_eq!(ids(&cursor.json()), [11, 12, 13]);
}

#[test]
fn the_queue_counts_who_is_online_and_says_what_a_test_says() {
    let account = account();
    let queue = |online: u64, waiting: u64, longest: u64| {
        json!({ "current_queue_activity": {
            "agents_online": online,
            "calls_waiting": waiting,
            "callbacks_waiting": 0,
            "embeddable_callbacks_waiting": 0,
            "average_wait_time": 0,
            "longest_wait_time": longest,
        } })
    };
    assert_eq!(json(&account, QUEUE), queue(1, 0, 0));
    let numbers = json!({ "calls_waiting": 2, "longest_wait_time": 35 });
    steer(&account, Method::PUT, "/talk_queue", &numbers);
    switch_routing(&account, false);
    assert_eq!(put(&account, &json!({ "agent_state": "away" })).status, 200);
    assert_eq!(json(&account, QUEUE), queue(0, 2, 35));
}

/// The demo's agents, counted over all pages and groups.
#[test]
fn the_demo_has_agents_that_take_calls() {
    let account = Account::demo();
    let all = ids(&json(&account, ACTIVITY));
    assert!(all.contains(&10015) && !all.contains(&10011), "{all:?}");
    let filter = "?filter[channel_status]=talk:online,talk:away,talk:transfers_only,talk:offline";
    let listed = crate::list::agents(&account.json(&format!("{filter}&page[size]=100")));
    assert_eq!(all, listed);
}
