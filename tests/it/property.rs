//! How properties are tested: how many cases each module makes, and that every run makes the same
//! ones.

use std::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Requests of each property in `hostile`.
pub const REQUESTS: u32 = 300;
/// Documents of each property in `seeds`.
pub const SEEDS: u32 = 150;
/// Sequences of operations in `model`.
pub const HISTORIES: u32 = 60;
/// The most operations in one of them.
pub const HISTORY_LENGTH: usize = 60;
/// Worlds of hundreds or thousands of agents in `filter_model`.
pub const WORLDS: u32 = 12;
/// The most that happens in one of them.
pub const WORLD_LENGTH: usize = 200;
/// Accounts of each property in `writer`.
pub const DOCUMENTS: u32 = 60;
/// Histories in `fresh`.
pub const FRESH: u32 = 12;
/// The most changes in one of them.
pub const FRESH_LENGTH: usize = 60;
/// Histories in `steering`.
pub const STEERINGS: u32 = 40;
/// The most steps in one of them.
pub const STEERING_LENGTH: usize = 40;

/// Runs a test, which fails by panicking, on so many values. `PROPTEST_CASES` makes another number
/// of them than proptest's own 256 in proportion, `PROPTEST_RNG_SEED` makes others.
pub fn check<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    // Enough to be readable; a failure should not take minutes.
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

/// Percent-encodes everything, so that any bytes make a query or a path.
pub fn encoded(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("%{byte:02X}"))
}
