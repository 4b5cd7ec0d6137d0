//! Events, to look at and to wait for.

use std::time::Duration;

use zendesk_availability_emulator::client::{EventFilter, EventType, NewWorkItem};
use zendesk_availability_emulator::world::ChannelName::Messaging;

use super::{in_both_ways, refusal};
use crate::harness::START;

#[test]
fn an_event_says_to_whom_and_what() {
    in_both_ways(|client| {
        let account = client.default_account();
        let none = account.events(&EventFilter::any()).expect("events");
        assert_eq!(
            (none.events.len(), none.first, none.last, none.dropped),
            (0, None, 0, 0)
        );
        let agent = account
            .create_work_item(10_011, Messaging, &NewWorkItem::new(901))
            .expect("an agent");
        account
            .enable_omnichannel_routing()
            .expect("it is on already");
        let events = account.events(&EventFilter::any()).expect("events");
        assert_eq!((events.first, events.last, events.dropped), (Some(1), 1, 0));
        let event = &events.events[0];
        assert_eq!((event.sequence, event.kind), (1, EventType::WorkItemAdded));
        assert_eq!(
            (event.account_id, event.time),
            (
                account.show().expect("an account").account_id,
                START.parse().expect("a time")
            )
        );
        assert_eq!(
            (event.id.len(), event.subject.as_str()),
            (26, "zen:agent:10011")
        );
        assert_eq!(event.zendesk_event_version, "2022-11-06");
        assert_eq!(
            (event.detail.account_id, event.detail.agent_id),
            (event.account_id, Some(10_011))
        );
        assert_eq!(event.detail.version, Some(agent.version));
        assert_eq!(event.event["work_item_id"], "901");
    });
}

/// An event of the account belongs to no agent, and its id is a number and not text.
#[test]
fn an_event_may_be_of_the_account() {
    in_both_ways(|client| {
        let account = client.default_account();
        let off =
            zendesk_availability_emulator::config::SettingsPatch::new().omnichannel_routing(false);
        account.update_settings(&off).expect("settings");
        let events = account.events(&EventFilter::any()).expect("events").events;
        let event = events.last().expect("an event");
        assert_eq!(event.kind, EventType::OmnichannelRoutingFeatureChanged);
        assert_eq!(
            (
                event.detail.account_id,
                event.detail.agent_id,
                event.detail.version
            ),
            (event.account_id, None, None)
        );
    });
}

#[test]
fn only_the_events_that_were_asked_for_come() {
    in_both_ways(|client| {
        let account = client.default_account();
        account.sign_out(10_011).expect("an agent");
        account.sign_out(10_012).expect("an agent");
        account.delete_channel(10_012, Messaging).expect("an agent");
        let numbers = |filter: &EventFilter| {
            let events = account.events(filter).expect("events").events;
            events
                .into_iter()
                .map(|event| event.sequence)
                .collect::<Vec<_>>()
        };
        let all = numbers(&EventFilter::any());
        assert_eq!(numbers(&EventFilter::any().limit(2)), all[..2]);
        assert_eq!(numbers(&EventFilter::any().after(2)), all[2..]);
        let signed_out = EventFilter::any().of(EventType::UnifiedStateChanged);
        assert_eq!(numbers(&signed_out).len(), 2);
        let both = signed_out.clone().of(EventType::ChannelDeleted);
        assert_eq!(numbers(&both).len(), 3);
        assert_eq!(numbers(&both.agent(10_012)).len(), 2);
        assert_eq!(numbers(&signed_out.agent(10_011)).len(), 1);
    });
}

/// It returns as soon as there is an event, long before the time is over.
#[test]
fn an_event_is_waited_for() {
    in_both_ways(|client| {
        let account = client.default_account();
        let filter = EventFilter::any().of(EventType::UnifiedStateChanged);
        let nothing = account
            .wait_for_events(&filter, Duration::from_millis(1))
            .expect("events");
        assert_eq!(nothing.events, []);
        let events = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                account
                    .wait_for_events(&filter, Duration::from_mins(1))
                    .expect("events")
            });
            account.sign_out(10_011).expect("an agent");
            waiting.join().expect("it waits")
        });
        assert_eq!(events.events.len(), 1);
        let refused = account
            .wait_for_events(&filter, Duration::from_secs(61))
            .expect_err("it is too long");
        assert_eq!(refusal(&refused), (422, "InvalidRequest"));
    });
}

/// Events say what made the call that made them.
#[test]
fn events_have_the_source_of_their_call() {
    in_both_ways(|client| {
        let account = client.default_account();
        account.sign_out(10_011).expect("an agent");
        let named = account.with_source("nightly/42");
        named.sign_in(10_011, None).expect("an agent");
        let events = account.events(&EventFilter::any()).expect("events").events;
        let sources: std::collections::BTreeSet<_> =
            events.iter().map(|event| event.source.as_deref()).collect();
        assert_eq!(
            sources.into_iter().collect::<Vec<_>>(),
            [None, Some("nightly/42")]
        );
        let refused = account.with_source("two words").show();
        assert_eq!(
            refusal(&refused.expect_err("a space")),
            (422, "InvalidRequest")
        );
        assert!(account.with_source("two\nlines").show().is_err());
    });
}
