//! How many jobs an account may have: `GET …/job_statuses/{job_id}`.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{ErrorsForm, SettingsPatch};

use super::jobs::{queue, status_of};
use crate::harness::{Account, Answer, Ask};

/// An account whose jobs take ten seconds, and the ids of thirty that are queued.
fn full(errors: ErrorsForm) -> (Account, Vec<String>) {
    let (errors, job_delay) = (Some(errors), Some(Duration::from_secs(10)));
    let account = Account::demo_with(SettingsPatch::new().errors(errors).job_delay(job_delay));
    let ids = (0..30).map(|_| queue(&account, "10011", 4).0).collect();
    (account, ids)
}

/// Requests one more job.
fn one_more(account: &Account) -> Answer {
    account.put(
        "/agent_statuses/agents/update_many?ids=10012",
        &json!({ "id": 5 }),
    )
}

fn control(account: &Account, method: Method, path: &str, body: &Value) {
    let ask = Ask::control(method, path).json(body);
    assert_eq!(account.send(&ask).status, 200, "{path}");
}

/// Documented for Zendesk's jobs in general: thirty may be queued or running, and the members of
/// the body. Assumed: that it applies here, the status, and that the body is the same in both forms
/// of errors.
#[test]
fn thirty_jobs_are_queued_or_running_at_most() {
    for errors in [ErrorsForm::JsonApi, ErrorsForm::Classic] {
        let (account, ids) = full(errors);
        let before = account.state();
        let refused = one_more(&account);
        assert_eq!(refused.status, 429);
        let body = json!({
            "error": "TooManyJobs",
            "description": "Too many jobs are currently queued or running. Try again later.",
            "current_job_ids": ids,
        });
        assert_eq!(refused.json(), body);
        assert_eq!(
            refused.header("content-type"),
            Some("application/json; charset=utf-8")
        );
        let hint = "30 jobs are queued or running, the most that an account may have; this is not the rate limit";
        assert_eq!(refused.hint(), hint);
        // In their second half the jobs are working, which counts too.
        account.advance(Duration::from_micros(9_999_999));
        assert_eq!(one_more(&account).json(), body);
        assert_eq!(account.state(), before, "a refused call changes nothing");
        account.advance(Duration::from_micros(1));
        let admitted = one_more(&account);
        assert_eq!(admitted.status, 200, "{}", admitted.text());
        account.advance(Duration::from_secs(10));
        assert_eq!(
            [10011, 10012].map(|agent| status_of(&account, agent)["id"].clone()),
            [4, 5]
        );
        assert_eq!(
            account.attributes(10012)["version"],
            88 + 2,
            "only the admitted call did something"
        );
    }
}

/// Assumed: it is not a rate limit. There is no `Retry-After`, and the rate headers are those of
/// any other answer.
#[test]
fn too_many_jobs_are_not_a_rate_limit() {
    let (account, _) = full(ErrorsForm::JsonApi);
    let refused = one_more(&account);
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (429, None)
    );
    for (name, value) in [
        ("x-rate-limit", "200"),
        ("x-rate-limit-remaining", "169"),
        ("ratelimit-limit", "200"),
        ("ratelimit-remaining", "169"),
        ("ratelimit-reset", "60"),
    ] {
        assert_eq!(refused.header(name), Some(value), "{name}");
    }
    assert_eq!(
        account.get("/10011").header("ratelimit-remaining"),
        Some("168")
    );
    let report = account.send(&Ask::control(Method::GET, "/report"));
    // The client signs in with an API token, and has not called too often.
    assert_eq!(report.at("/findings/0/rule"), "old_credentials");
    assert_eq!(report.at("/findings/1"), Value::Null);
}

/// Assumed: problems of the request are reported before jobs are counted.
#[test]
fn a_call_that_makes_no_job_is_refused_for_its_own_reason() {
    let (account, _) = full(ErrorsForm::JsonApi);
    let update = |query: &str, id: u64| {
        account.put(
            &format!("/agent_statuses/agents/update_many{query}"),
            &json!({ "id": id }),
        )
    };
    assert_eq!(update("", 4).status, 400);
    assert_eq!(update("?ids=10011", 999).status, 422);
    account
        .world()
        .set_omnichannel_routing(false, false, account.now());
    assert_eq!(update("?ids=10011", 4).status, 403);
}

/// Assumed: a job without a delay is finished when its answer is sent, so it never counts.
#[test]
fn jobs_without_a_delay_do_not_count() {
    let account = Account::demo();
    for _ in 0..50 {
        queue(&account, "10011", 4);
    }
    let (_, path) = queue(&account, "10012", 5);
    assert_eq!(account.json(&path)["status"], "completed");
}

/// Assumed: each account has its own jobs, and a reset forgets them. A snapshot that replaces the
/// account keeps them, and so does a clock that is set back. A clock that moves on finishes them.
#[test]
fn jobs_count_until_they_are_finished_or_forgotten() {
    let (account, _) = full(ErrorsForm::JsonApi);
    let snapshot = Ask::control(Method::GET, "/snapshot");
    let snapshot = account.send(&snapshot).json();
    control(&account, Method::PUT, "/snapshot", &snapshot);
    assert_eq!(one_more(&account).status, 429, "a snapshot leaves the jobs");
    control(
        &account,
        Method::PUT,
        "/clock",
        &json!({ "mode": "frozen", "at": "2026-01-21T09:00:00Z" }),
    );
    assert_eq!(one_more(&account).status, 429, "the clock went back");
    control(
        &account,
        Method::POST,
        "/clock/advance",
        &json!({ "by": "5410s" }),
    );
    assert_eq!(one_more(&account).status, 200, "all of them are finished");

    let (account, ids) = full(ErrorsForm::JsonApi);
    control(&account, Method::POST, "/reset", &json!({}));
    assert_eq!(one_more(&account).status, 200, "a reset forgets the jobs");
    assert_eq!(
        account
            .get(&format!("/agent_statuses/job_statuses/{}", ids[0]))
            .status,
        404
    );
}
