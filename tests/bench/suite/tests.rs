//! The tests of the suite. Each has its own account, and would fail if the calls, the clock, the
//! faults or the agents of another reached it.

use std::time::Duration;

use serde_json::json;
use zendesk_availability_emulator::client::{
    Client, EventFilter, EventType, Expectation, FaultRule, NewAccount, NewWorkItem, RequestFilter,
    SetClock, TemporaryAccount, WorkItemMove,
};
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::world::{ChannelName, WorkItemReason};

use crate::http::{Answer, call};

/// An agent of the demo, with five conversations.
const AGENT: u64 = 10_011;

/// The kinds of tests. Each runs with many numbers, which change it a little.
const KINDS: &[fn(&TemporaryAccount, u64)] = &[
    the_limit_is_waited_for,
    a_fault_is_survived,
    a_status_is_set,
    conversations_come_and_go,
    time_passes,
];

/// Runs one test.
pub(crate) fn run(client: &Client, number: usize) {
    let limit = RateLimitPatch::new().requests(
        u32::try_from(number % 7 + 3)
            .ok()
            .and_then(std::num::NonZeroU32::new),
    );
    let settings = SettingsPatch::new().rate_limit(limit);
    let account = client
        .create_account(&NewAccount::new().settings(settings))
        .expect("a free name");
    let start: Timestamp = "2026-01-21T10:30:00Z".parse().expect("a time");
    account
        .set_clock(SetClock::Frozen(Some(start)))
        .expect("a clock");
    KINDS[number % KINDS.len()](&account, number as u64);
}

fn get(account: &TemporaryAccount, path: &str) -> Answer {
    call(account.url(), "GET", path, "").expect("an answer")
}

fn set_status(account: &TemporaryAccount, status: u64) -> Answer {
    let path = format!("/agent_statuses/agents/{AGENT}");
    call(
        account.url(),
        "PUT",
        &path,
        &json!({ "id": status }).to_string(),
    )
    .expect("an answer")
}

/// Every call of the window is admitted, the next one has to wait exactly as long as it should, and
/// the journal has all of them.
fn the_limit_is_waited_for(account: &TemporaryAccount, number: u64) {
    let limit = number % 7 + 3;
    for left in (0..limit).rev() {
        assert_eq!(
            get(account, "/me").header("x-rate-limit-remaining"),
            Some(left.to_string().as_str())
        );
    }
    let refused = get(account, "/me");
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (429, Some("60"))
    );
    account.advance(Duration::from_mins(1)).expect("a clock");
    assert_eq!(get(account, "/me").status, 200);
    account.verify(
        &Expectation::operation("show_my_agent_availability")
            .status(200)
            .exactly(limit + 1),
    );
    account.verify(&Expectation::any().status(429).exactly(1));
}

/// The first calls meet a fault, and the next call does not.
fn a_fault_is_survived(account: &TemporaryAccount, number: u64) {
    let preset = [
        "unavailable-retry-after",
        "reset-mid-body",
        "truncated-json",
    ][(number % 3) as usize];
    account
        .set_faults(&[FaultRule::preset(preset).agent(AGENT).first(2)])
        .expect("a rule");
    let path = format!("/{AGENT}");
    let calls =
        [1, 2, 3].map(|_| call(account.url(), "GET", &path, "").map(|answer| answer.status));
    let hurt = if preset == "unavailable-retry-after" {
        Some(503)
    } else {
        None
    };
    assert_eq!(calls, [hurt, hurt, Some(200)], "{preset}");
    assert_eq!(account.faults().expect("faults")[0].hits, 2);
    let faults = account
        .requests(&RequestFilter::any())
        .expect("a journal")
        .requests
        .into_iter()
        .map(|entry| entry.fault);
    assert_eq!(
        faults.collect::<Vec<_>>(),
        [Some(preset.to_owned()), Some(preset.to_owned()), None]
    );
}

/// The agent is in the status that was set, and each change was an event.
fn a_status_is_set(account: &TemporaryAccount, number: u64) {
    let before = account.agent(AGENT).expect("an agent");
    let status = [2, 4, 5, 123][(number % 4) as usize];
    assert_eq!(
        set_status(account, status).at("/data/attributes/agent_status/id"),
        status
    );
    let after = account.agent(AGENT).expect("an agent");
    assert_eq!(after.agent_status.id, status);
    let filter = EventFilter::any().agent(AGENT);
    let events = account
        .wait_for_events(&filter, Duration::from_secs(30))
        .expect("events")
        .events;
    assert_eq!(events[0].kind, EventType::UnifiedStateChanged);
    assert_eq!(after.version, before.version + events.len() as u64);
    account.sign_out(AGENT).expect("an agent");
    assert_eq!(
        get(account, &format!("/{AGENT}")).at("/data/attributes/agent_status/reason"),
        "AGENT_LOGOUT"
    );
}

/// The agent has what it is given, and no longer has what is moved away.
fn conversations_come_and_go(account: &TemporaryAccount, number: u64) {
    let id = 1_000 + number;
    let item = NewWorkItem::new(id).reason(WorkItemReason::Offered);
    let given = account
        .create_work_item(AGENT, ChannelName::Messaging, &item)
        .expect("an agent");
    assert_eq!(given.channels[&ChannelName::Messaging].work_items.len(), 6);
    let listed = get(
        account,
        &format!("/{AGENT}/channels/messaging/relationships/work_items"),
    );
    let shown = format!("agent_availabilities|{AGENT}|channels|messaging|work_items|{id}");
    assert_eq!(listed.at("/data/5/id"), shown);
    let moved = account.move_work_item(
        AGENT,
        ChannelName::Messaging,
        id,
        WorkItemMove::to_agent(10_012),
    );
    let moved = moved.expect("two agents");
    assert_eq!(
        moved.from.channels[&ChannelName::Messaging]
            .work_items
            .len(),
        5
    );
    assert_eq!(
        moved.to.channels[&ChannelName::Messaging]
            .work_items
            .last()
            .expect("an item")
            .id,
        id
    );
}

/// The clock belongs to this account alone.
fn time_passes(account: &TemporaryAccount, number: u64) {
    account
        .advance(Duration::from_secs(number))
        .expect("a clock");
    assert_eq!(set_status(account, 4).status, 200);
    let since = get(account, &format!("/{AGENT}")).at("/data/attributes/agent_status/updated_at");
    let expected = format!(
        "2026-01-21T10:{:02}:{:02}.000000Z",
        30 + number / 60,
        number % 60
    );
    assert_eq!(since, expected);
    account.reset().expect("an account");
    assert_eq!(
        account
            .requests(&RequestFilter::any())
            .expect("a journal")
            .requests,
        []
    );
    assert_ne!(
        get(account, &format!("/{AGENT}")).at("/data/attributes/agent_status/id"),
        4
    );
}
