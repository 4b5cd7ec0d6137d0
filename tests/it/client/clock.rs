//! The clock of an account.

use std::time::Duration;

use zendesk_availability_emulator::client::{ClockMode, SetClock};
use zendesk_availability_emulator::config::SettingsPatch;
use zendesk_availability_emulator::jiff::SignedDuration;

use super::{account, in_both_ways};
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
