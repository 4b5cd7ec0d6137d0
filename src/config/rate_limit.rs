//! Rate limits, and how they are spelled.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::{InvalidSettings, durations, parse_duration};
use crate::setters::with_setters;

with_setters! {
    /// A change of a rate limit.
    #[derive(Copy, Serialize, Deserialize)]
    #[serde(default)]
    pub struct RateLimitPatch {
        /// Calls in a window; `Some(None)` switches the limit off.
        #[serde(
            skip_serializing_if = "Option::is_none",
            deserialize_with = "read_given"
        )]
        pub requests: Option<Option<NonZeroU32>>,
        /// The length of a window.
        #[serde(with = "durations::cut_option")]
        pub window: Option<Duration>,
        /// How many calls are left in the open window, or else in the next one. If this is not given, a
        /// new limit begins with all of them.
        pub remaining: Option<u32>,
    }
}

/// Reads a member that is there: `null` has a meaning too.
pub(super) fn read_given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl RateLimitPatch {
    /// Switches the limit off.
    pub fn off() -> Self {
        Self::new().requests(Some(None))
    }

    /// Reads a limit as the command line, seeds and the control API spell it: `off`, a number of
    /// requests such as `200`, or a number and a window such as `300/10s`. The default window is
    /// that of [`RateLimit::default`].
    pub fn parse(text: &str) -> Option<Self> {
        if text == "off" {
            return Some(Self {
                requests: Some(None),
                ..Self::default()
            });
        }
        let (requests, window) = match text.split_once('/') {
            Some((requests, window)) => (requests, parse_duration(window)?),
            None => (text, RateLimit::default().window),
        };
        // Rust also reads a sign.
        let requests = Some(requests)
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?
            .parse()
            .ok()?;
        Some(Self {
            requests: Some(Some(requests)),
            window: Some(window),
            remaining: None,
        })
    }

    /// The patch that sets this limit, and how many calls are left of it.
    pub(super) fn of(limit: Option<RateLimit>, remaining: Option<u32>) -> Self {
        Self {
            requests: Some(limit.map(RateLimit::requests)),
            window: Some(limit.unwrap_or_default().window()),
            remaining,
        }
    }

    /// The limit after the change, and how many calls are left of it, if not all.
    pub(crate) fn applied_to(
        self,
        current: Option<RateLimit>,
        left: Option<u32>,
    ) -> Result<(Option<RateLimit>, Option<u32>), InvalidSettings> {
        let limit = self.limit_after(current)?;
        let most = limit.map_or(0, |limit| limit.requests().get());
        let is_too_many = |remaining| remaining > most || limit.is_none();
        if self.remaining.is_some_and(is_too_many) {
            return Err(InvalidSettings::Remaining);
        }
        let kept = left.filter(|_| limit == current);
        Ok((limit, self.remaining.or(kept)))
    }

    fn limit_after(self, current: Option<RateLimit>) -> Result<Option<RateLimit>, InvalidSettings> {
        if self
            .window
            .is_some_and(|window| window < RateLimit::SHORTEST)
        {
            // A window that is too short is an error even while the limit is off.
            return Err(InvalidSettings::RateLimit);
        }
        let requests = self.requests.unwrap_or(current.map(|limit| limit.requests));
        let window = self.window.unwrap_or(current.unwrap_or_default().window);
        requests
            .map(|requests| RateLimit::new(requests, window))
            .transpose()
    }
}

/// A number of calls in a window of fixed length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: NonZeroU32,
    window: Duration,
}

impl RateLimit {
    /// governor multiplies two windows by the limit, in nanoseconds, and does not check for
    /// overflow.
    const MAX_NANOS: u128 = 1 << 62;
    const SHORTEST: Duration = Duration::from_secs(1);

    /// A limit of `requests` in every `window`.
    ///
    /// # Errors
    ///
    /// [`InvalidSettings::RateLimit`] when the two together are too large to count exactly, or the
    /// window is under a second.
    pub fn new(requests: NonZeroU32, window: Duration) -> Result<Self, InvalidSettings> {
        let nanos = u128::from(requests.get()) * 2 * window.as_nanos();
        if nanos > Self::MAX_NANOS || window < Self::SHORTEST {
            return Err(InvalidSettings::RateLimit);
        }
        Ok(Self { requests, window })
    }

    /// The limit of the Ticketing API: 700 in 60 s.
    pub(super) fn account_default() -> Self {
        const REQUESTS: NonZeroU32 = NonZeroU32::new(700).expect("not zero");
        Self {
            requests: REQUESTS,
            ..Self::default()
        }
    }

    /// How many calls a window admits.
    pub fn requests(self) -> NonZeroU32 {
        self.requests
    }

    /// How long a window lasts.
    pub fn window(self) -> Duration {
        self.window
    }
}

impl Default for RateLimit {
    fn default() -> Self {
        const REQUESTS: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
        Self {
            requests: REQUESTS,
            window: Duration::from_mins(1),
        }
    }
}
