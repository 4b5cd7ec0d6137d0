//! Durations: a whole number of milliseconds arrives unchanged, and any other is refused before it
//! is sent.

use std::num::NonZeroU32;
use std::time::Duration;

use zendesk_availability_emulator::client::{
    ClientError, EventFilter, Fault, FaultRule, Latency, NewAccount, SetClock,
};
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::jiff::SignedDuration;

use super::{builder, in_both_ways};

/// Too short for the wire.
const FINE: Duration = Duration::from_micros(500);

#[test]
fn what_is_too_fine_is_not_sent() {
    let emulator = builder().build().expect("valid settings");
    let account = emulator.default_account();
    let before = account.clock().expect("a clock");
    let fault = |fault: Fault| account.set_faults(&[FaultRule::new(fault)]).map(drop);
    let limit = RateLimitPatch::new()
        .requests(NonZeroU32::new(1))
        .window(Duration::from_secs(1) + FINE);
    let windowed = SettingsPatch::new().rate_limit(limit);
    let delayed = SettingsPatch::new().job_delay(FINE);
    let log_normal = Latency::LogNormal {
        median: FINE,
        sigma: 1.0,
    };
    let refused = [
        account.advance(FINE).map(drop),
        account
            .advance(Duration::from_nanos(1_000_000_001))
            .map(drop),
        account
            .set_clock(SetClock::Offset(SignedDuration::from_micros(-1500)))
            .map(drop),
        account
            .set_faults(&[FaultRule::preset("truncated-json").lasting(FINE)])
            .map(drop),
        fault(Fault::new().latency(FINE)),
        fault(Fault::new().latency(Latency::Uniform(Duration::ZERO, FINE))),
        fault(Fault::new().latency(log_normal)),
        fault(Fault::new().slow_first_byte(FINE)),
        fault(Fault::new().dribble(1, FINE)),
        account.wait_for_events(&EventFilter::any(), FINE).map(drop),
        account.update_settings(&windowed).map(drop),
        account.update_settings(&delayed).map(drop),
        emulator
            .create_account(&NewAccount::new().settings(delayed.clone()))
            .map(drop),
    ];
    for (place, outcome) in refused.into_iter().enumerate() {
        assert!(
            matches!(outcome, Err(ClientError::Unsendable(_))),
            "{place}: {outcome:?}"
        );
    }
    let error = account.advance(FINE).expect_err("too fine");
    assert_eq!(
        error.to_string(),
        "it cannot be sent: 500µs is not a whole number of milliseconds"
    );
    assert_eq!(account.clock().expect("a clock"), before);
    assert_eq!(account.faults().expect("rules"), []);
}

#[test]
fn offsets_are_read_as_they_were_written() {
    in_both_ways(|client| {
        let account = client.default_account();
        for by in [
            SignedDuration::from_hours(-2),
            SignedDuration::from_millis(1500),
            SignedDuration::ZERO,
        ] {
            assert_eq!(
                account.set_clock(SetClock::Offset(by)).expect("a clock").by,
                Some(by)
            );
        }
        assert_eq!(account.set_clock(SetClock::Real).expect("a clock").by, None);
    });
}

/// A subdomain that is not valid names no account, and does not become a path to another call.
#[test]
fn an_invalid_subdomain_is_not_a_path() {
    in_both_ways(|client| {
        for odd in [
            "example/reset",
            "desk/reset",
            "..",
            "a b",
            "ü",
            "a?b",
            "a#b",
            "%",
        ] {
            assert!(client.account(odd).show().is_err(), "{odd}");
            let refused = client
                .account(odd)
                .delete()
                .expect_err("there is no such account");
            assert_eq!(super::refusal(&refused), (404, "AccountNotFound"), "{odd}");
        }
    });
}
