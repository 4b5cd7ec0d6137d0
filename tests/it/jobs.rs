//! Updates of many agents and their jobs: `PUT
//! /api/v2/agent_availabilities/agent_statuses/agents/update_many` and `GET
//! …/job_statuses/{job_id}`.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::world::{AgentId, StatusId};

use crate::harness::{Account, Answer, Ask, below, numbers};

fn update_many(account: &Account, ids: &str, status: u64) -> Answer {
    account.put(
        &format!("/agent_statuses/agents/update_many?ids={ids}"),
        &json!({ "id": status }),
    )
}

/// Queues a job and returns its id and its path below the prefix.
pub fn queue(account: &Account, ids: &str, status: u64) -> (String, String) {
    let answer = update_many(account, ids, status);
    assert_eq!(answer.status, 200, "{ids}: {}", answer.text());
    let job = answer.at("/job_status");
    (
        job["id"].as_str().expect("an id").to_owned(),
        below(&job["url"]),
    )
}

pub fn status_of(account: &Account, agent: u64) -> Value {
    account.attributes(agent)["agent_status"].clone()
}

/// Documented: the answer to the update is a job with an id of 26 characters (a ULID) and a URL.
/// Observed: wrapped in `job_status`, and queued. Clients follow the URL as given.
#[test]
fn an_update_of_many_answers_a_queued_job() {
    let account = Account::demo();
    let ask = Ask::put("/agent_statuses/agents/update_many?ids=10011,10012,10013")
        .json(&json!({ "id": 4 }))
        .header("host", "example.zendesk.com:8080");
    let answer = account.send(&ask);
    let id = answer
        .at("/job_status/id")
        .as_str()
        .expect("an id")
        .to_owned();
    let url = format!(
        "http://example.zendesk.com:8080/api/v2/agent_availabilities/agent_statuses/job_statuses/{id}"
    );
    assert_eq!(
        answer.json(),
        json!({
            "job_status": {
                "id": id,
                "url": url,
                "status": "queued",
                "progress": 0,
                "total": 3,
                "message": null
            }
        })
    );
    assert_eq!(id.len(), 26);
    assert!(
        id.bytes()
            .all(|byte| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&byte)),
        "{id}"
    );
    let followed =
        account.send(&Ask::raw(Method::GET, &url).token("admin@example.com", "demo-api-token"));
    assert_eq!(
        (followed.status.as_u16(), followed.at("/id")),
        (200, json!(id))
    );
    // ULIDs sort by time.
    account.advance(Duration::from_millis(1));
    assert!(queue(&account, "10011", 4).0 > id);
}

/// Assumed: the next read sees it completed. The results are in the order of the ids. Unknown
/// agents and agents outside the status's groups fail, and the others succeed. Documented: the flat
/// form, with results once completed.
#[test]
fn a_job_is_completed_by_the_next_read_with_a_result_for_each_agent() {
    let account = Account::demo();
    let untouched = [10012, 10019].map(|agent| account.json(&format!("/{agent}")));
    account.advance(Duration::from_millis(1500));
    let (id, path) = queue(&account, "10012,99999,10011,10019,10014", 124);
    let completed = json!({
        "id": id,
        "url": format!("http://localhost/api/v2/agent_availabilities/agent_statuses/job_statuses/{id}"),
        "status": "completed",
        "progress": 5,
        "total": 5,
        "message": "Completed at 2026-01-21T10:30:01Z",
        "results": [
            {
                "id": 10012,
                "success": false,
                "error": "RecordInvalid",
                "details": "Agent 10012 is in none of the groups of unified status 124."
            },
            { "id": 99999, "success": false, "error": "RecordNotFound", "details": "There is no agent 99999." },
            { "id": 10011, "success": true, "status": "Updated" },
            {
                "id": 10019,
                "success": false,
                "error": "RecordInvalid",
                "details": "Agent 10019 is in none of the groups of unified status 124."
            },
            { "id": 10014, "success": true, "status": "Updated" }
        ]
    });
    assert_eq!(account.json(&path), completed);
    assert_eq!(
        account.json(&path),
        completed,
        "reading again changes nothing"
    );
    let new = json!({
        "id": 124,
        "name": "Month-end closing",
        "reason": "PUBLIC_API",
        "updated_at": "2026-01-21T10:30:01.500000Z"
    });
    assert_eq!(
        [10011, 10014].map(|agent| status_of(&account, agent)),
        [new.clone(), new]
    );
    assert_eq!(
        [10012, 10019].map(|agent| account.json(&format!("/{agent}"))),
        untouched
    );
}

/// Assumed: the next read, of the job or of an agent, sees the job completed.
#[test]
fn the_next_read_of_an_agent_sees_the_job_done() {
    let account = Account::demo();
    let world = account.world();
    let (_, path) = queue(&account, "10011,10013", 5);
    // The same for the next read through a handle that existed before.
    assert_eq!(
        world
            .agent(AgentId(10011))
            .map(|agent| agent.status.status.id),
        Some(StatusId(5))
    );
    assert_eq!(
        [10011, 10013].map(|agent| status_of(&account, agent)["id"].clone()),
        [json!(5), json!(5)]
    );
    // One unified event, and one for each of two channels.
    assert_eq!(account.attributes(10011)["version"], 236 + 3);
    assert_eq!(account.json(&path)["status"], "completed");
    assert_eq!(account.attributes(10011)["version"], 236 + 3, "done once");
}

/// Assumed: duplicates count once, at their first place.
#[test]
fn an_agent_that_is_named_twice_is_updated_once() {
    let account = Account::demo();
    let (_, path) = queue(&account, "10012,10011,10012,%2010011,010012,", 3);
    let job = account.json(&path);
    assert_eq!(numbers(&job["results"], "/id"), [10012, 10011]);
    assert_eq!((&job["total"], &job["progress"]), (&json!(2), &json!(2)));
    assert_eq!(
        [10011, 10012].map(|agent| account.attributes(agent)["version"].clone()),
        [237, 89]
    );
}

/// Assumed: more than 100 ids, an id that is not a number, or no ids at all are a 400 at `ids`, and
/// no agent is updated.
#[test]
fn ids_that_cannot_be_are_refused() {
    let account = Account::demo();
    let before = account.state();
    let list = |from: u64, to: u64| {
        (from..=to)
            .map(|id| id.to_string())
            .collect::<Vec<_>>()
            .join(",")
    };
    let hundred_and_one = list(9911, 10011);
    let cases = [
        "",
        "?ids=",
        "?ids",
        "?ids=,,",
        "?id=10011",
        "?ids=abc",
        "?ids=10011,abc",
        "?ids=10011;10012",
        "?ids=10011%0010012",
        "?ids=10011,-1",
        "?ids=10011,%2B10012",
        "?ids=10011,1.5",
        "?ids=10011,1e4",
        "?ids=10011,18446744073709551616",
        "?ids=%FF",
        "?ids[]=10011",
        &format!("?ids={hundred_and_one}"),
        &format!("?ids={hundred_and_one},x"),
    ];
    for query in cases {
        let answer = account.put(
            &format!("/agent_statuses/agents/update_many{query}"),
            &json!({ "id": 4 }),
        );
        assert_eq!(
            answer.refusal(),
            "400 InvalidParameter",
            "{query}: {}",
            answer.text()
        );
        assert_eq!(
            answer.at("/errors/0/source"),
            json!({ "parameter": "ids" }),
            "{query}"
        );
    }
    assert_eq!(account.state(), before);
    // Exactly a hundred are accepted, and duplicates do not count.
    for ids in [
        list(9912, 10011),
        format!("{},10011,9912", list(9912, 10011)),
    ] {
        let (_, path) = queue(&account, &ids, 4);
        let job = account.json(&path);
        assert_eq!(
            (&job["total"], job["results"].as_array().map(Vec::len)),
            (&json!(100), Some(100))
        );
    }
}

/// Assumed: an unknown status is a 422 at once, before there is a job. Routing off is a 403,
/// whatever else is wrong.
#[test]
fn a_job_that_could_do_nothing_is_refused_at_once() {
    let account = Account::demo();
    let before = account.state();
    let answer = update_many(&account, "10011,99999", 999);
    assert_eq!(answer.status, 422);
    let error = json!({
        "status": "422",
        "code": "RecordInvalid",
        "title": "Record invalid",
        "detail": "There is no unified status 999.",
        "source": { "pointer": "/id" }
    });
    assert_eq!(answer.json(), json!({ "errors": [error] }));
    assert_eq!(account.state(), before);

    assert!(
        account
            .world()
            .set_omnichannel_routing(false, false, account.now())
    );
    let before = account.state();
    for status in [4, 999] {
        let answer = update_many(&account, "10011,99999", status);
        assert_eq!(answer.refusal(), "403 OmnichannelRoutingDisabled");
    }
    assert_eq!(account.state(), before);
}

/// Assumed: an unknown job is a 404, for any text as its id.
#[test]
fn an_unknown_job_is_not_found() {
    let account = Account::demo();
    queue(&account, "10011", 4);
    let unknown = [
        "01KFGZ6T9QW3V8X2M5N7P4R1C0",
        "1",
        "abc",
        "%00",
        "%FF",
        "a%2Fb",
        "%20",
        "me",
        &"0".repeat(5000),
    ];
    for id in unknown {
        let answer = account.get(&format!("/agent_statuses/job_statuses/{id}"));
        assert_eq!(answer.refusal(), "404 RecordNotFound", "{id}");
    }
}
