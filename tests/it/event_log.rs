//! The log of an account's events. Which write makes which event is in `events.rs`.

use std::time::Duration;

use zendesk_availability_emulator::world::{
    AgentId, ChannelName, ChannelStatus, EventKind, StatusId, StatusReason, Subject,
};

use super::events::{AGNES, events, snapshot};
use crate::harness::Account;

/// Documented: the effects of a status update. Assumed: its events, each with its own version, at
/// the time of the request.
#[test]
fn an_update_through_the_api_leaves_the_same_events() {
    let account = Account::demo();
    account.advance(Duration::from_secs(7));
    assert_eq!(account.update(10011, 4).status, 200);
    assert_eq!(account.update(10011, 999).status, 422);
    account.get("/10011");
    assert_eq!(
        events(&account),
        [
            (
                Some((10011, 237)),
                EventKind::UnifiedStateChanged {
                    previous: snapshot(3, "online", StatusReason::AgentStatusSwitcher),
                    new: snapshot(4, "away", StatusReason::PublicApi)
                }
            ),
            (
                Some((10011, 238)),
                EventKind::StateChanged {
                    channel: ChannelName::Messaging,
                    previous: ChannelStatus::Online,
                    new: ChannelStatus::Away
                }
            ),
        ]
    );
    assert!(
        account
            .world()
            .events()
            .iter()
            .all(|event| event.time == account.now())
    );
}

/// Assumed: the log keeps the newest 10,000 events, and their numbers show how many it has dropped.
#[test]
fn the_log_drops_the_oldest() {
    let account = Account::demo();
    for round in 0..10_050_u64 {
        let status = if round % 2 == 0 {
            ChannelStatus::Away
        } else {
            ChannelStatus::Online
        };
        let changed = account.set_channel_status(AGNES, ChannelName::Support, status);
        assert_eq!(changed.map(|agent| agent.version), Ok(237 + round));
        if round == 9_999 {
            assert_eq!(account.world().events().len(), 10_000);
            assert_eq!(
                account.world().events().first().map(|event| event.sequence),
                Some(1)
            );
        }
    }
    let events = account.world().events();
    let sequences: Vec<_> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (51..=10_050).collect::<Vec<_>>());
    assert_eq!(
        events.first().map(|event| event.subject),
        Some(Subject::Agent {
            id: AGNES,
            version: 236 + 51
        })
    );
}

/// Assumed: writes happen one at a time and are whole, with any number of writers: numbers without
/// gaps, the events of one write together, every agent's versions in order.
#[test]
fn writes_from_many_threads_leave_one_order() {
    let account = Account::demo();
    let (world, now) = (&account.world(), account.now());
    let ids = [10001, 10011, 10012, 10013];
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for round in 0..100_u64 {
                    let agent = AgentId(ids[(thread + usize::from(round % 2 == 0)) % 4]);
                    let status = StatusId(2 + round % 4);
                    let set = world.set_status(agent, status, StatusReason::PublicApi, now);
                    assert!(set.is_ok(), "{set:?}");
                }
            });
        }
    });
    let events = world.events();
    assert!(
        events
            .iter()
            .map(|event| event.sequence)
            .eq(1..=events.len() as u64),
        "no gaps"
    );
    for (id, first) in ids.into_iter().zip([12, 236, 88, 41]) {
        let versions = events.iter().filter_map(|event| match event.subject {
            Subject::Agent {
                id: AgentId(other),
                version,
            } if other == id => Some(version),
            _ => None,
        });
        let versions: Vec<_> = versions.collect();
        assert!(
            versions
                .iter()
                .copied()
                .eq((first + 1..).take(versions.len())),
            "{id}: {versions:?}"
        );
        assert_eq!(
            world.agent(AgentId(id)).map(|agent| agent.version),
            versions.last().copied(),
            "{id}"
        );
    }
    // The events of channels come directly after the unified status that caused them.
    let mut cause = None;
    for event in &events {
        let Subject::Agent { id, .. } = event.subject else {
            panic!("{event:?}")
        };
        match event.kind {
            EventKind::UnifiedStateChanged { .. } => cause = Some(id),
            _ => assert_eq!(cause, Some(id), "{event:?}"),
        }
    }
}
