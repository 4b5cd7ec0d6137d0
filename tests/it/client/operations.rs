//! Every operation of the contract has a method, and the method calls it.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use zendesk_availability_emulator::client::{
    AgentFilter, AgentPatch, ApiTokenPatch, ChannelChange, Client, ClientError, EventFilter,
    Expectation, FaultRule, NewAccount, NewAgent, NewStatus, NewWorkItem, OauthTokenDocument,
    OauthTokenPatch, RequestFilter, SetClock, StatusPatch, UserPatch, WorkItemMove,
};
use zendesk_availability_emulator::config::SettingsPatch;
use zendesk_availability_emulator::world::ChannelName::{Messaging, Talk};
use zendesk_availability_emulator::world::{StatusReason, WorkItemReason};

use super::builder;
use super::recorder::Recorder;
use crate::harness::control_document;

type Call = fn(&Client) -> Result<(), ClientError>;

/// What a method calls, and the method, on one account after the other. Some are called in more
/// than one way.
const CALLS: &[(&str, Call)] = &[
    ("list_accounts", |client| client.accounts().map(drop)),
    ("create_account delete_account", |client| {
        client.create_account(&NewAccount::default()).map(drop)
    }),
    ("show_account", |client| client.show().map(drop)),
    ("show_account", |client| client.settings().map(drop)),
    ("update_account", |client| {
        client.update_settings(&SettingsPatch::default()).map(drop)
    }),
    ("update_account", |client| {
        client.enable_omnichannel_routing().map(drop)
    }),
    ("reset_account", |client| client.reset().map(drop)),
    ("show_clock", |client| client.clock().map(drop)),
    ("set_clock", |client| {
        client.set_clock(SetClock::Frozen(None)).map(drop)
    }),
    ("advance_clock", |client| {
        client.advance(Duration::from_secs(1)).map(drop)
    }),
    ("list_requests", |client| {
        client.requests(&RequestFilter::any()).map(drop)
    }),
    ("clear_requests", |client| client.clear_requests()),
    ("verify_requests", |client| {
        client.check(&Expectation::any().exactly(0)).map(drop)
    }),
    ("verify_requests", |client| {
        client.verify(&Expectation::any().exactly(0));
        Ok(())
    }),
    ("show_report", |client| client.report().map(drop)),
    ("show_snapshot", |client| client.snapshot().map(drop)),
    ("show_snapshot replace_snapshot", |client| {
        client.replace_snapshot(&client.snapshot()?).map(drop)
    }),
    ("update_snapshot", |client| {
        client
            .update_snapshot(&json!({ "oauth_tokens": [] }))
            .map(drop)
    }),
    ("list_events", |client| {
        client.events(&EventFilter::any()).map(drop)
    }),
    ("list_events", |client| {
        client
            .wait_for_events(&EventFilter::any(), Duration::from_millis(1))
            .map(drop)
    }),
    ("create_agents", |client| {
        client.create_agent(&NewAgent::new(10_042)).map(drop)
    }),
    ("create_agents", |client| {
        client
            .create_agents(&[NewAgent::new(10_043), NewAgent::new(10_044)])
            .map(drop)
    }),
    ("list_agents", |client| {
        client.agents(&AgentFilter::any()).map(drop)
    }),
    ("show_agent", |client| client.agent(10_011).map(drop)),
    ("replace_agent", |client| {
        client
            .replace_agent(&NewAgent::new(10_042).agent_status(3))
            .map(drop)
    }),
    ("update_agent", |client| {
        client
            .update_agent(
                10_042,
                &AgentPatch::new().agent_status(4, StatusReason::PublicApi),
            )
            .map(drop)
    }),
    ("delete_agent", |client| {
        client.delete_agent(10_042).map(drop)
    }),
    ("replace_channel", |client| {
        client
            .replace_channel(10_011, Talk, &ChannelChange::new())
            .map(drop)
    }),
    ("update_channel", |client| {
        client
            .update_channel(
                10_011,
                Messaging,
                &ChannelChange::new().max_capacity(Some(9)),
            )
            .map(drop)
    }),
    ("delete_channel", |client| {
        client.delete_channel(10_011, Talk).map(drop)
    }),
    ("create_work_item", |client| {
        client
            .create_work_item(10_011, Messaging, &NewWorkItem::new(901))
            .map(drop)
    }),
    ("update_work_item", |client| {
        client
            .update_work_item(10_011, Messaging, 901, WorkItemReason::Accepted)
            .map(drop)
    }),
    ("move_work_item", |client| {
        client
            .move_work_item(10_011, Messaging, 901, WorkItemMove::to_agent(10_012))
            .map(drop)
    }),
    ("delete_work_item", |client| {
        client.delete_work_item(10_012, Messaging, 901).map(drop)
    }),
    ("sign_in", |client| client.sign_in(10_011, None).map(drop)),
    ("idle", |client| client.idle(10_011, None).map(drop)),
    ("disconnect", |client| client.disconnect(10_011).map(drop)),
    ("reconnect", |client| {
        client.reconnect(10_011, None).map(drop)
    }),
    ("sign_out", |client| client.sign_out(10_011).map(drop)),
    ("create_agent_status", |client| {
        client
            .create_agent_status(&NewStatus::new("Training").id(200))
            .map(drop)
    }),
    ("show_snapshot", |client| client.agent_statuses().map(drop)),
    ("show_agent_status", |client| {
        client.agent_status(200).map(drop)
    }),
    ("replace_agent_status", |client| {
        client
            .replace_agent_status(200, &NewStatus::new("A walk"))
            .map(drop)
    }),
    ("update_agent_status", |client| {
        client
            .update_agent_status(200, &StatusPatch::new().description(Some("Outside")))
            .map(drop)
    }),
    ("delete_agent_status", |client| {
        client.delete_agent_status(200).map(drop)
    }),
    ("list_users", |client| client.users().map(drop)),
    ("show_user", |client| client.user(10_011).map(drop)),
    ("show_user replace_user", |client| {
        client.replace_user(&client.user(10_012)?).map(drop)
    }),
    ("update_user", |client| {
        client
            .update_user(10_012, &UserPatch::new().name("Bruno"))
            .map(drop)
    }),
    ("delete_user", |client| client.delete_user(10_012).map(drop)),
    ("list_api_tokens", |client| client.api_tokens().map(drop)),
    ("show_api_token replace_api_token", |client| {
        client.replace_api_token(&client.api_token(1)?).map(drop)
    }),
    ("update_api_token", |client| {
        client
            .update_api_token(1, &ApiTokenPatch::new().description(None))
            .map(drop)
    }),
    ("delete_api_token", |client| {
        client.delete_api_token(1).map(drop)
    }),
    ("list_oauth_tokens", |client| {
        client.oauth_tokens().map(drop)
    }),
    ("replace_oauth_token", |client| {
        client.replace_oauth_token(&oauth_token()).map(drop)
    }),
    ("show_oauth_token", |client| client.oauth_token(2).map(drop)),
    ("update_oauth_token", |client| {
        client
            .update_oauth_token(2, &OauthTokenPatch::new().scopes(["a"]))
            .map(drop)
    }),
    ("delete_oauth_token", |client| {
        client.delete_oauth_token(2).map(drop)
    }),
    ("set_faults", |client| {
        client
            .set_faults(&[FaultRule::preset("truncated-json")])
            .map(drop)
    }),
    ("show_faults", |client| client.faults().map(drop)),
];

fn oauth_token() -> OauthTokenDocument {
    let scopes = vec!["read".to_owned()];
    OauthTokenDocument {
        id: 2,
        token: "two".to_owned(),
        user_id: 10_001,
        scopes,
        expires_at: None,
    }
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
        call(&client).unwrap_or_else(|error| panic!("{expected}: {error}"));
        let operations = recorder.operations();
        assert_eq!(operations.join(" "), *expected);
        called.extend(operations);
    }
    assert_eq!(called, operations());
}

/// All but those that serve the contract itself.
fn operations() -> BTreeSet<String> {
    let paths = control_document()["paths"]
        .as_object()
        .expect("paths")
        .values();
    let operations = paths.flat_map(|item| item.as_object().expect("operations").values());
    let operations = operations.filter(|operation| operation["tags"][0] != "contract");
    let operations: BTreeSet<_> = operations
        .filter_map(|operation| operation["operationId"].as_str())
        .map(str::to_owned)
        .collect();
    assert!(operations.len() > 30, "{operations:?}");
    operations
}
