//! The configuration of property tests: how many cases each module runs. Every run has the same
//! cases.

use std::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Requests of each property in `hostile`.
pub const REQUESTS: u32 = 300;
/// Documents of each property in `seeds`.
pub const SEEDS: u32 = 150;
/// Sequences of operations in `model`.
pub const HISTORIES: u32 = 60;
/// The largest number of operations in one of them.
pub const HISTORY_LENGTH: usize = 60;
/// Worlds of hundreds or thousands of agents in `filter_model`.
pub const WORLDS: u32 = 12;
/// The largest number of steps in one of them.
pub const WORLD_LENGTH: usize = 200;
/// Accounts of each property in `writer`.
pub const DOCUMENTS: u32 = 60;
/// Histories in `fresh`.
pub const FRESH: u32 = 12;
/// The largest number of changes in one of them.
pub const FRESH_LENGTH: usize = 60;
/// Histories in `steering`.
pub const STEERINGS: u32 = 40;
/// The largest number of steps in one of them.
pub const STEERING_LENGTH: usize = 40;
/// Rules in `answers`.
pub const ANSWERS: u32 = 200;
/// Histories in `ticketing::talk`.
pub const TALKS: u32 = 40;
/// The largest number of steps in one of them.
pub const TALK_LENGTH: usize = 40;
/// Histories in `oauth`.
pub const GRANTS: u32 = 40;
/// The largest number of steps in one of them.
pub const GRANT_LENGTH: usize = 40;

/// Runs a test, which fails by panicking, on this number of values. `PROPTEST_CASES` scales the
/// number, relative to proptest's default of 256. `PROPTEST_RNG_SEED` selects other values.
pub fn check<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    // Enough for a readable case. A failure should not take minutes.
    config.max_shrink_iters = 1_000;
    config.max_shrink_time = 10_000;
    config.cases = u32::try_from(u64::from(cases) * u64::from(config.cases) / 256)
        .unwrap_or(u32::MAX)
        .max(1);
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(20_260_121);
    }
    let outcome = TestRunner::new(config).run(strategy, |value| {
        test(value);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Percent-encodes everything, so that any bytes can be part of a query or a path.
pub fn encoded(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("%{byte:02X}"))
}
