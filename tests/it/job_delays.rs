//! When jobs run, and how long they are kept. What they do is in `jobs.rs`.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::SettingsPatch;
use zendesk_availability_emulator::world::{AgentId, EventKind, StatusId, StatusReason};

use super::jobs::{queue, status_of};
use crate::harness::{Account, Ask, START};

/// An account whose jobs take this many seconds.
fn delayed(seconds: u64) -> Account {
    let job_delay = Some(Duration::from_secs(seconds));
    Account::demo_with(SettingsPatch::new().job_delay(job_delay))
}

/// Assumed: a job with a delay is queued, then working, then completed at the exact instant, which
/// is the agents' `updated_at` whenever it is read. That it is queued for half of the delay is a
/// choice of this project.
#[test]
fn a_delayed_job_is_done_at_its_instant() {
    let account = delayed(10);
    let before = account.state();
    let (id, path) = queue(&account, "10011,10012", 4);
    let instants = [
        (0, "queued"),
        (4_999_999, "queued"),
        (5_000_001, "working"),
        (9_999_999, "working"),
        (10_000_000, "completed"),
    ];
    let mut now = 0;
    for (micros, state) in instants {
        account.advance(Duration::from_micros(micros - now));
        now = micros;
        let job = account.json(&path);
        assert_eq!(job["status"], state, "after {micros} us");
        if state != "completed" {
            assert_eq!(
                (&job["id"], &job["progress"], &job["total"]),
                (&json!(id), &json!(0), &json!(2))
            );
            assert_eq!((&job["message"], job.get("results")), (&Value::Null, None));
            assert_eq!(
                account.state(),
                before,
                "nothing has happened after {micros} us"
            );
        }
    }
    let job = account.json(&path);
    assert_eq!(job["message"], "Completed at 2026-01-21T10:30:10Z");
    assert_eq!(
        status_of(&account, 10011)["updated_at"],
        "2026-01-21T10:30:10.000000Z"
    );
}

/// Assumed: a job runs at its time even if no call reads it meanwhile (see above).
#[test]
fn a_delayed_job_that_is_asked_about_late_was_done_in_time() {
    let account = delayed(10);
    let (_, path) = queue(&account, "10011", 4);
    account.advance(Duration::from_hours(1));
    assert_eq!(
        status_of(&account, 10011)["updated_at"],
        "2026-01-21T10:30:10.000000Z"
    );
    let agent = account.json("/10011");
    assert_eq!(
        agent["included"][0]["attributes"]["updated_at"],
        "2026-01-21T10:30:10.000000Z"
    );
    assert_eq!(
        account.json(&path)["message"],
        "Completed at 2026-01-21T10:30:10Z"
    );
    let times: Vec<_> = account
        .world()
        .events()
        .iter()
        .map(|event| event.time.to_string())
        .collect();
    assert_eq!(times, ["2026-01-21T10:30:10Z", "2026-01-21T10:30:10Z"]);
}

/// Assumed: jobs that are due have run for the Rust handle as well, not only for calls. Otherwise a
/// write through the handle could come before a job that was due earlier, and the log would go back
/// in time.
#[test]
fn the_handle_sees_what_fell_due() {
    let account = delayed(10);
    queue(&account, "10011", 4);
    account.advance(Duration::from_secs(11));
    let id = AgentId(10011);
    let status = account
        .world()
        .agent(id)
        .map(|agent| agent.status.status.id);
    assert_eq!(status, Some(StatusId(4)));
    let set = account.set_status(id, StatusId(2), StatusReason::AgentLogout);
    assert!(set.is_ok(), "{set:?}");
    assert_eq!(status_of(&account, 10011)["reason"], "AGENT_LOGOUT");
    let events = account.world().events();
    assert!(events.is_sorted_by_key(|event| event.time), "{events:?}");
}

/// Assumed: jobs run in the order in which they are due. Those of one instant run in the order of
/// their requests. Writes in between stay in between.
#[test]
fn delayed_jobs_are_done_in_order() {
    let account = delayed(10);
    let (_, first) = queue(&account, "10011", 4);
    let (_, second) = queue(&account, "10011", 5);
    account.advance(Duration::from_secs(2));
    let (_, third) = queue(&account, "10011", 123);
    account.advance(Duration::from_secs(9));
    // Eleven seconds have passed: the first two jobs have run, and this write comes after them.
    assert_eq!(account.update(10011, 2).status, 200);
    assert_eq!(
        status_of(&account, 10011)["updated_at"],
        "2026-01-21T10:30:11.000000Z"
    );
    account.advance(Duration::from_mins(1));
    assert_eq!(status_of(&account, 10011)["name"], "In a meeting");
    for path in [first, second, third] {
        assert_eq!(
            account.json(&path)["results"],
            json!([{ "id": 10011, "success": true, "status": "Updated" }])
        );
    }
    let unified = account
        .world()
        .events()
        .into_iter()
        .filter_map(|event| match &event.kind {
            EventKind::UnifiedStateChanged { new, .. } => Some((new.id.0, event.time.to_string())),
            _ => None,
        });
    let expected = [
        (4, "10:30:10Z"),
        (5, "10:30:10Z"),
        (2, "10:30:11Z"),
        (123, "10:30:12Z"),
    ];
    assert_eq!(
        unified.collect::<Vec<_>>(),
        expected.map(|(id, time)| (id, format!("2026-01-21T{time}")))
    );
}

/// Assumed: a job that is requested later and due sooner runs first, however late the next read is.
#[test]
fn a_job_that_falls_due_sooner_is_done_first() {
    let account = delayed(10);
    queue(&account, "10011", 4);
    let sooner =
        Ask::control(Method::PATCH, "").json(&json!({ "settings": { "job_delay": "1s" } }));
    assert_eq!(account.send(&sooner).status, 200);
    queue(&account, "10011", 5);
    account.advance(Duration::from_mins(1));
    let last = json!({ "id": 4, "name": "away", "reason": "PUBLIC_API", "updated_at": "2026-01-21T10:30:10.000000Z" });
    assert_eq!(status_of(&account, 10011), last);
    let events = account.world().events();
    assert!(events.is_sorted_by_key(|event| event.time), "{events:?}");
}

/// Assumed: if a job is due while routing is off, its agents fail in its results.
#[test]
fn a_job_that_falls_due_while_routing_is_off_fails() {
    let account = delayed(10);
    let (_, path) = queue(&account, "10011,99999", 4);
    assert!(
        account
            .world()
            .set_omnichannel_routing(false, false, account.now())
    );
    let before = account.state();
    account.advance(Duration::from_secs(10));
    let failed = |id: u64| {
        let details = "Unified statuses can only be set while omnichannel routing is on.";
        json!({ "id": id, "success": false, "error": "OmnichannelRoutingDisabled", "details": details })
    };
    assert_eq!(
        account.json(&path)["results"],
        json!([failed(10011), failed(99999)])
    );
    assert_eq!(account.state(), before);
}

/// Documented: job statuses are kept for one day. A job that takes longer than a day can still be
/// read when it is completed (assumed): otherwise its result could never be read.
#[test]
fn a_job_is_kept_for_one_day() {
    let day = Duration::from_hours(24);
    let account = Account::demo();
    let (_, path) = queue(&account, "10011", 4);
    let instant = Duration::from_micros(1);
    account.advance(day.saturating_sub(instant));
    assert_eq!(
        account.json(&path)["message"],
        format!("Completed at {START}")
    );
    account.advance(instant);
    let gone = account.get(&path);
    assert_eq!(gone.refusal(), "404 RecordNotFound");
    // Its effects stay.
    assert_eq!(status_of(&account, 10011)["id"], 4);

    let slow = delayed(30 * 3600);
    let (_, path) = queue(&slow, "10011", 4);
    slow.advance(day);
    assert_eq!(slow.json(&path)["status"], "working");
    slow.advance(Duration::from_hours(6));
    assert_eq!(slow.json(&path)["status"], "completed");
}
