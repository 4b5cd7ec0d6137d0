//! Every operation of the contract has a method, and the method calls it.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use zendesk_availability_emulator::client::{
    Account, AgentFilter, AgentPatch, ApiTokenPatch, ChannelChange, Client, ClientError,
    EventFilter, Expectation, FaultRule, GroupPatch, NewAccount, NewAgent, NewStatus, NewWorkItem,
    OauthTokenDocument, OauthTokenPatch, RequestFilter, SetClock, StatusPatch, TalkQueuePatch,
    UserPatch, WorkItemMove,
};
use zendesk_availability_emulator::config::SettingsPatch;
use zendesk_availability_emulator::world::ChannelName::{Messaging, Talk};
use zendesk_availability_emulator::world::{QueueStatistic, StatusReason, WorkItemReason};

use super::builder;
use super::recorder::Recorder;
use crate::harness::control_document;

type Call = fn(&Client, &Account) -> Result<(), ClientError>;

/// The call that a method makes, and the method. They run one after the other on one account. Some
/// methods are called in more than one way.
const CALLS: &[(&str, Call)] = &[
    ("list_accounts", |client, _| client.accounts().map(drop)),
    ("create_account delete_account", |client, _| {
        client.create_account(&NewAccount::new()).map(drop)
    }),
    ("show_account", |_, account| account.show().map(drop)),
    ("show_account", |_, account| account.settings().map(drop)),
    ("update_account", |_, account| {
        account.update_settings(&SettingsPatch::default()).map(drop)
    }),
    ("update_account", |_, account| {
        account.enable_omnichannel_routing().map(drop)
    }),
    ("reset_account", |_, account| account.reset().map(drop)),
    ("show_clock", |_, account| account.clock().map(drop)),
    ("set_clock", |_, account| {
        account.set_clock(SetClock::Frozen(None)).map(drop)
    }),
    ("advance_clock", |_, account| {
        account.advance(Duration::from_secs(1)).map(drop)
    }),
    ("list_requests", |_, account| {
        account.requests(&RequestFilter::any()).map(drop)
    }),
    ("clear_requests", |_, account| account.clear_requests()),
    ("verify_requests", |_, account| {
        account.check(&Expectation::any().exactly(0)).map(drop)
    }),
    ("verify_requests", |_, account| {
        account.verify(&Expectation::any().exactly(0));
        Ok(())
    }),
    ("show_report", |_, account| account.report().map(drop)),
    ("show_snapshot", |_, account| account.snapshot().map(drop)),
    ("show_snapshot replace_snapshot", |_, account| {
        account.replace_snapshot(&account.snapshot()?).map(drop)
    }),
    ("update_snapshot", |_, account| {
        account
            .update_snapshot(&json!({ "oauth_tokens": [] }))
            .map(drop)
    }),
    ("list_events", |_, account| {
        account.events(&EventFilter::any()).map(drop)
    }),
    ("list_events", |_, account| {
        account
            .wait_for_events(&EventFilter::any(), Duration::from_millis(1))
            .map(drop)
    }),
    ("create_agents", |_, account| {
        account.create_agent(&NewAgent::new(10_042)).map(drop)
    }),
    ("create_agents", |_, account| {
        account
            .create_agents(&[NewAgent::new(10_043), NewAgent::new(10_044)])
            .map(drop)
    }),
    ("list_agents", |_, account| {
        account.agents(&AgentFilter::any()).map(drop)
    }),
    ("count_agents", |_, account| {
        account.count_agents(&AgentFilter::any()).map(drop)
    }),
    ("list_groups", |_, account| account.groups().map(drop)),
    ("show_rate_limit", |_, account| {
        account.rate_limit().map(drop)
    }),
    ("show_account_rate_limit", |_, account| {
        account.account_rate_limit().map(drop)
    }),
    ("show_agent", |_, account| account.agent(10_011).map(drop)),
    ("replace_agent", |_, account| {
        account
            .replace_agent(&NewAgent::new(10_042).agent_status(3))
            .map(drop)
    }),
    ("update_agent", |_, account| {
        account
            .update_agent(
                10_042,
                &AgentPatch::new().agent_status(4, StatusReason::PublicApi),
            )
            .map(drop)
    }),
    ("delete_agent", |_, account| {
        account.delete_agent(10_042).map(drop)
    }),
    ("replace_channel", |_, account| {
        account
            .replace_channel(10_011, Talk, &ChannelChange::new())
            .map(drop)
    }),
    ("update_channel", |_, account| {
        account
            .update_channel(
                10_011,
                Messaging,
                &ChannelChange::new().max_capacity(Some(9)),
            )
            .map(drop)
    }),
    ("delete_channel", |_, account| {
        account.delete_channel(10_011, Talk).map(drop)
    }),
    ("create_work_item", |_, account| {
        account
            .create_work_item(10_011, Messaging, &NewWorkItem::new(901))
            .map(drop)
    }),
    ("update_work_item", |_, account| {
        account
            .update_work_item(10_011, Messaging, 901, WorkItemReason::Accepted)
            .map(drop)
    }),
    ("move_work_item", |_, account| {
        account
            .move_work_item(10_011, Messaging, 901, WorkItemMove::to_agent(10_012))
            .map(drop)
    }),
    ("delete_work_item", |_, account| {
        account.delete_work_item(10_012, Messaging, 901).map(drop)
    }),
    ("sign_in", |_, account| {
        account.sign_in(10_011, None).map(drop)
    }),
    ("idle", |_, account| account.idle(10_011, None).map(drop)),
    ("disconnect", |_, account| {
        account.disconnect(10_011).map(drop)
    }),
    ("reconnect", |_, account| {
        account.reconnect(10_011, None).map(drop)
    }),
    ("sign_out", |_, account| account.sign_out(10_011).map(drop)),
    ("create_agent_status", |_, account| {
        account
            .create_agent_status(&NewStatus::new("Training").id(200))
            .map(drop)
    }),
    ("list_agent_statuses", |_, account| {
        account.agent_statuses().map(drop)
    }),
    ("show_agent_status", |_, account| {
        account.agent_status(200).map(drop)
    }),
    ("replace_agent_status", |_, account| {
        account
            .replace_agent_status(200, &NewStatus::new("A walk"))
            .map(drop)
    }),
    ("update_agent_status", |_, account| {
        account
            .update_agent_status(200, &StatusPatch::new().description(Some("Outside")))
            .map(drop)
    }),
    ("delete_agent_status", |_, account| {
        account.delete_agent_status(200).map(drop)
    }),
    ("list_users", |_, account| account.users().map(drop)),
    ("show_group replace_group", |_, account| {
        account.replace_group(&account.group(42)?).map(drop)
    }),
    ("update_group", |_, account| {
        account
            .update_group(42, &GroupPatch::new().description(Some("Invoices")))
            .map(drop)
    }),
    ("show_talk_queue replace_talk_queue", |_, account| {
        account.replace_talk_queue(&account.talk_queue()?).map(drop)
    }),
    ("update_talk_queue", |_, account| {
        account
            .update_talk_queue(&TalkQueuePatch::new().statistic(QueueStatistic::CallsWaiting, 2))
            .map(drop)
    }),
    ("show_user", |_, account| account.user(10_011).map(drop)),
    ("show_user replace_user", |_, account| {
        account.replace_user(&account.user(10_012)?).map(drop)
    }),
    ("update_user", |_, account| {
        account
            .update_user(10_012, &UserPatch::new().name("Bruno"))
            .map(drop)
    }),
    ("delete_user", |_, account| {
        account.delete_user(10_012).map(drop)
    }),
    ("list_api_tokens", |_, account| {
        account.api_tokens().map(drop)
    }),
    ("show_api_token replace_api_token", |_, account| {
        account.replace_api_token(&account.api_token(1)?).map(drop)
    }),
    ("update_api_token", |_, account| {
        account
            .update_api_token(1, &ApiTokenPatch::new().description(None))
            .map(drop)
    }),
    ("delete_api_token", |_, account| {
        account.delete_api_token(1).map(drop)
    }),
    ("list_oauth_tokens", |_, account| {
        account.oauth_tokens().map(drop)
    }),
    ("list_oauth_tokens", |_, account| {
        account.live_oauth_tokens().map(drop)
    }),
    ("replace_oauth_token", |_, account| {
        account.replace_oauth_token(&oauth_token()).map(drop)
    }),
    ("show_oauth_token", |_, account| {
        account.oauth_token(2).map(drop)
    }),
    ("update_oauth_token", |_, account| {
        account
            .update_oauth_token(2, &OauthTokenPatch::new().scopes(["a"]))
            .map(drop)
    }),
    ("expire_oauth_token", |_, account| {
        account.expire_oauth_token(2).map(drop)
    }),
    ("delete_oauth_token", |_, account| {
        account.delete_oauth_token(2).map(drop)
    }),
    ("set_faults", |_, account| {
        account
            .set_faults(&[FaultRule::preset("truncated-json")])
            .map(drop)
    }),
    ("show_faults", |_, account| account.faults().map(drop)),
];

fn oauth_token() -> OauthTokenDocument {
    OauthTokenDocument::new(2, "two", 10_001, ["read"])
}

#[test]
fn every_operation_has_a_method_that_calls_it() {
    let emulator = builder().start().expect("a port");
    let recorder = Recorder::before(&emulator);
    let client = recorder.connect();
    assert_eq!(
        recorder.operations(),
        ["list_accounts"],
        "it looks for the default account"
    );
    let mut called = BTreeSet::new();
    for (expected, call) in CALLS {
        call(&client, client.default_account())
            .unwrap_or_else(|error| panic!("{expected}: {error}"));
        let operations = recorder.operations();
        assert_eq!(operations.join(" "), *expected);
        called.extend(operations);
    }
    assert_eq!(called, operations());
}

/// All operations but those that serve the contract itself, and the stream for viewers: the client
/// waits for events.
fn operations() -> BTreeSet<String> {
    let paths = control_document()["paths"]
        .as_object()
        .expect("paths")
        .values();
    let operations = paths.flat_map(|item| item.as_object().expect("operations").values());
    let operations = operations.filter(|operation| operation["tags"][0] != "contract");
    let operations: BTreeSet<_> = operations
        .filter_map(|operation| operation["operationId"].as_str())
        .filter(|name| *name != "stream_account")
        .map(str::to_owned)
        .collect();
    assert!(operations.len() > 30, "{operations:?}");
    operations
}
