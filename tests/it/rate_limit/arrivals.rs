//! Random arrivals, compared with a very simple model.

use proptest::prelude::*;

use super::{limit, ms, reading, retry_after};
use crate::harness::{Account, Ask};

/// The limit as the contract words it, in milliseconds.
struct Model {
    limit: u64,
    window: u64,
    /// When the newest window opened, and how many calls it has admitted.
    newest: Option<(u64, u64)>,
}

impl Model {
    fn open(&self, now: u64) -> Option<(u64, u64)> {
        self.newest.filter(|(opened, _)| now < opened + self.window)
    }

    /// The status of the answer, and the values of its headers.
    fn call(&mut self, now: u64, is_known: bool) -> (u16, [u64; 3]) {
        let status = match (is_known, self.open(now)) {
            (false, _) => 401,
            (true, Some((_, admitted))) if admitted == self.limit => 429,
            (true, open) => {
                let (opened, admitted) = open.unwrap_or((now, 0));
                self.newest = Some((opened, admitted + 1));
                200
            }
        };
        let (opened, admitted) = self.open(now).unwrap_or((now, 0));
        (
            status,
            [
                self.limit,
                self.limit - admitted,
                (opened + self.window - now).div_ceil(1000),
            ],
        )
    }
}

/// The caller, and whether the account knows it.
fn callers() -> [(Ask, bool); 5] {
    [
        (Ask::head("/me"), true),
        (Ask::head("/me").by_agent(), true),
        (Ask::head("/10011").bearer("demo-oauth-read"), true),
        (Ask::head("/me").anonymous(), false),
        (Ask::head("/me").bearer("wrong"), false),
    ]
}

fn gap() -> impl Strategy<Value = u64> {
    // Mistakes are most likely at the ends of seconds and windows.
    prop_oneof![0..4_u64, 0..1500_u64, 996..1004_u64, 0..6000_u64]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Assumed: for any arrivals, each window admits exactly the limit, the headers show what is
    /// left of it, and Retry-After names the end of the window.
    #[test]
    fn any_arrivals_are_counted_as_the_contract_says(
        requests in 1..6_u32,
        window in prop_oneof![1000..5000_u64, (1..6_u64).prop_map(|seconds| seconds * 1000)],
        arrivals in prop::collection::vec((gap(), 0..5_usize), 1..60),
    ) {
        let account = Account::demo_with(limit(requests, ms(window)));
        let callers = callers();
        let mut model = Model { limit: requests.into(), window, newest: None };
        let mut now = 0;
        for (gap, caller) in arrivals {
            account.advance(ms(gap));
            now += gap;
            let (ask, is_known) = &callers[caller];
            let answer = account.send(ask);
            let (status, expected) = model.call(now, *is_known);
            prop_assert_eq!(answer.status.as_u16(), status, "at {} ms", now);
            prop_assert_eq!(reading(&answer), expected, "at {} ms", now);
            if status == 429 {
                prop_assert_eq!(retry_after(&answer), expected[2], "at {} ms", now);
            } else {
                prop_assert!(!answer.headers.contains_key("retry-after"), "at {} ms", now);
            }
        }
    }
}
