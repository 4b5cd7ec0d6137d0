//! The control API from Rust. All of it is the emulator's own, so every line is assumed.
//!
//! What the calls do is tested where they are made over HTTP. Here it is that a method makes the call that it is named
//! after, in process and over HTTP alike, and reads the whole answer.

use std::time::Duration;

use serde_json::json;
use zendesk_availability_emulator::client::{
    Client, ClientError, ClockMode, NewAccount, NewAccountSeed, SetClock, TemporaryAccount,
};
use zendesk_availability_emulator::clock::Clock;
use zendesk_availability_emulator::config::{Release, SettingsPatch, Validation};
use zendesk_availability_emulator::jiff::SignedDuration;
use zendesk_availability_emulator::{Builder, Emulator};

use crate::harness::START;

fn builder() -> Builder {
    Emulator::builder().clock(Clock::frozen(START.parse().expect("a time")))
}

/// The same in process and over HTTP.
fn in_both_ways(check: impl Fn(&Client)) {
    check(&builder().build().expect("valid settings"));
    let emulator = builder().subdomain("desk").start().expect("a port");
    check(&Emulator::connect(&emulator.url(), None).expect("it runs"));
}

fn account(client: &Client, settings: SettingsPatch) -> TemporaryAccount {
    client.create_account(&NewAccount { settings, ..NewAccount::default() }).expect("a free name")
}

fn refusal(refused: &ClientError) -> (u16, &str) {
    let refusal = refused.refusal().unwrap_or_else(|| panic!("no refusal: {refused}"));
    (refusal.status, &refusal.error)
}

#[test]
fn accounts_are_made_listed_and_thrown_away() {
    in_both_ways(|client| {
        let before = client.accounts().expect("accounts");
        assert_eq!(
            before.iter().map(|it| (it.subdomain.as_str(), it.default)).collect::<Vec<_>>(),
            [(client.subdomain(), true)]
        );
        let settings =
            SettingsPatch { release: Some(Release::Eap), page_size_default: Some(7), ..SettingsPatch::default() };
        let made = account(client, settings);
        assert_eq!(made.subdomain(), "t1");
        assert_eq!(made.credentials().expect("an admin").api_token, "demo-api-token");
        assert!(made.url().ends_with("/_account/t1"), "{}", made.url());
        let shown = made.show().expect("an account");
        assert_eq!((shown.settings.release, shown.settings.page_size_default), (Release::Eap, 7));
        assert_eq!(client.accounts().expect("accounts"), [before[0].clone(), shown]);
        drop(made);
        assert_eq!(client.accounts().expect("accounts"), before);
        assert_eq!(refusal(&client.account("t1").show().expect_err("it is gone")), (404, "AccountNotFound"));
    });
}

#[test]
fn settings_are_changed_and_reset() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let before = made.settings().expect("settings");
        let patch = SettingsPatch {
            omnichannel_routing: Some(false),
            validation: Some(Validation::Strict),
            job_delay: Some(Duration::from_millis(1500)),
            ..SettingsPatch::default()
        };
        let after = made.update_settings(&patch).expect("valid settings");
        assert_eq!((after.omnichannel_routing, after.validation), (false, Validation::Strict));
        assert_eq!(after.job_delay, Duration::from_millis(1500));
        assert_eq!(made.settings().expect("settings"), after);
        assert!(made.enable_omnichannel_routing().expect("it is off").omnichannel_routing);
        assert_eq!(made.reset().expect("an account").settings, before);
    });
}

#[test]
fn clocks_are_moved() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let start = START.parse().expect("a time");
        let clock = made.clock().expect("a clock");
        assert_eq!((clock.mode, clock.now), (ClockMode::Frozen, start));
        let later = made.advance(Duration::from_millis(90_500)).expect("a clock");
        assert_eq!(later.now, start + SignedDuration::from_millis(90_500));
        assert_eq!(made.set_clock(SetClock::Frozen(Some(start))).expect("a clock").now, start);
        assert_eq!(made.set_clock(SetClock::Frozen(None)).expect("a clock").now, start);
        assert_eq!(made.set_clock(SetClock::Real).expect("a clock").mode, ClockMode::Real);
        let behind = made.set_clock(SetClock::Offset(SignedDuration::from_hours(-1))).expect("a clock");
        assert_eq!(behind.mode, ClockMode::Offset);
        let scaled = made.set_clock(SetClock::Scaled { factor: 2.5, at: Some(start) }).expect("a clock");
        assert_eq!((scaled.mode, scaled.factor), (ClockMode::Scaled, Some(2.5)));
        assert!(made.set_clock(SetClock::Scaled { factor: 0.0, at: None }).is_err());
        assert_eq!(client.clock().expect("the default account's").now, start, "only its own");
    });
}

/// What is refused says everything that is wrong, and where.
#[test]
fn a_refusal_is_read_whole() {
    in_both_ways(|client| {
        let seed = NewAccountSeed::Document(json!({ "agents": [{ "id": -1 }], "groups": 3 }));
        let new = NewAccount { subdomain: Some("UPPER".to_owned()), seed, ..NewAccount::default() };
        let refused = client.create_account(&new).expect_err("nothing of it is right");
        assert_eq!(refusal(&refused), (422, "InvalidRequest"));
        let problems = &refused.refusal().expect("a refusal").problems;
        let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["subdomain", "seed.groups", "seed.agents[0].id"]);
        assert!(refused.to_string().contains("seed.groups: expected a list"), "{refused}");
        assert_eq!(refusal(&client.delete().expect_err("the default account stays")), (409, "Conflict"));
    });
}

/// A method blocks, and a runtime that is there already does not mind.
#[test]
fn async_tests_may_call_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        in_both_ways(|client| assert_eq!(account(client, SettingsPatch::default()).subdomain(), "t1"));
    });
}

#[test]
fn a_token_is_shown_where_one_is_asked_for() {
    let emulator = builder().control_token("s3cret").start().expect("a port");
    // Whoever holds the emulator need not show it.
    assert!(emulator.accounts().is_ok());
    let connect = |token| Emulator::connect(&emulator.url(), token).map(|client| client.subdomain().to_owned());
    assert_eq!(connect(Some("s3cret")).expect("the token is right"), "example");
    for wrong in [None, Some("s3cre")] {
        assert_eq!(refusal(&connect(wrong).expect_err("the token is wrong")), (401, "Unauthorized"));
    }
    assert!(matches!(connect(Some("ü\n")), Err(ClientError::Token)));
}

#[test]
fn an_address_has_to_be_one() {
    for bad in ["", "127.0.0.1:8080", "https://localhost", "http://localhost/path", "http://localhost?a=b", "ftp://x"] {
        assert!(matches!(Emulator::connect(bad, None), Err(ClientError::Address(it)) if it == bad), "{bad}");
    }
    let gone = builder().start().expect("a port").url();
    assert!(matches!(Emulator::connect(&gone, None), Err(ClientError::Unreachable(_))));
}
