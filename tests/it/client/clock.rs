//! The clock of an account.

use std::time::Duration;

use zendesk_availability_emulator::client::{ClockMode, SetClock};
use zendesk_availability_emulator::config::SettingsPatch;
use zendesk_availability_emulator::jiff::SignedDuration;

use super::{account, in_both_ways, with_requests_in_both_ways};
use crate::harness::START;

#[test]
fn clocks_are_moved() {
    in_both_ways(|client| {
        let made = account(client, SettingsPatch::default());
        let start = START.parse().expect("a time");
        let clock = made.clock().expect("a clock");
        assert_eq!((clock.mode, clock.now), (ClockMode::Frozen, start));
        let later = made
            .advance(Duration::from_millis(90_500))
            .expect("a clock");
        assert_eq!(later.now, start + SignedDuration::from_millis(90_500));
        assert_eq!(
            made.set_clock(SetClock::Frozen(Some(start)))
                .expect("a clock")
                .now,
            start
        );
        assert_eq!(
            made.set_clock(SetClock::Frozen(None)).expect("a clock").now,
            start
        );
        assert_eq!(
            made.set_clock(SetClock::Real).expect("a clock").mode,
            ClockMode::Real
        );
        let behind = made
            .set_clock(SetClock::Offset(SignedDuration::from_hours(-1)))
            .expect("a clock");
        assert_eq!(behind.mode, ClockMode::Offset);
        let scaled = made
            .set_clock(SetClock::Scaled {
                factor: 2.5,
                at: Some(start),
            })
            .expect("a clock");
        assert_eq!((scaled.mode, scaled.factor), (ClockMode::Scaled, Some(2.5)));
        assert!(
            made.set_clock(SetClock::Scaled {
                factor: 0.0,
                at: None
            })
            .is_err()
        );
        assert_eq!(
            client
                .default_account()
                .clock()
                .expect("the default account's")
                .now,
            start,
            "only its own"
        );
    });
}

/// What is left of the rate limit, by the account's clock.
#[test]
fn the_rate_limit_is_shown() {
    with_requests_in_both_ways(|client, get| {
        let account = client.default_account();
        let before = account.rate_limit().expect("a limit");
        assert_eq!(
            (before.limit, before.remaining, before.reset_at),
            (Some(200), Some(200), None)
        );
        assert_eq!(get("/10011"), 200);
        let after = account.rate_limit().expect("a limit");
        assert_eq!((after.remaining, after.reset), (Some(199), Some(60)));
        let ends = account.clock().expect("a clock").now + Duration::from_mins(1);
        assert_eq!(after.reset_at, Some(ends));
        let groups = account.groups().expect("groups");
        assert_eq!((groups[1].id, groups[1].name.as_str()), (42, "Billing"));
    });
}
