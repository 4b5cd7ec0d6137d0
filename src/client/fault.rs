//! Building what happens to a request that is hit.

use std::time::Duration;

use crate::wire::faults::{Dribble, Fault, FaultBody, Latency, Reset};

impl Fault {
    /// A fault without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// An error of this status, 400 to 599, replaces the call.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// This many seconds in `Retry-After`, with 429 and 503.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The error has this body.
    #[must_use]
    pub fn body(mut self, body: FaultBody) -> Self {
        self.body = Some(body);
        self
    }

    /// The answer begins after this time. A [`Duration`] is a latency that is always the same.
    #[must_use]
    pub fn latency(mut self, latency: impl Into<Latency>) -> Self {
        self.latency = Some(latency.into());
        self
    }

    /// The body begins this long after the head.
    #[must_use]
    pub fn slow_first_byte(mut self, after: Duration) -> Self {
        self.slow_first_byte = Some(after);
        self
    }

    /// The body comes in pieces of this many bytes, each this long after the last one.
    #[must_use]
    pub fn dribble(mut self, bytes: u32, every: Duration) -> Self {
        self.dribble = Some(Dribble { bytes, every });
        self
    }

    /// The connection ends after this many bytes of the body.
    #[must_use]
    pub fn truncate(mut self, bytes: u32) -> Self {
        self.truncate = Some(bytes);
        self
    }

    /// The body has the right length and is not JSON.
    #[must_use]
    pub fn break_json(mut self) -> Self {
        self.break_json = true;
        self
    }

    /// The call happens, and its answer is a 200 without a body.
    #[must_use]
    pub fn empty(mut self) -> Self {
        self.empty = true;
        self
    }

    /// The connection is reset.
    #[must_use]
    pub fn reset(mut self, reset: Reset) -> Self {
        self.reset = Some(reset);
        self
    }

    /// The request is read and never answered. After 10 minutes the connection ends.
    #[must_use]
    pub fn silence(mut self) -> Self {
        self.silence = true;
        self
    }
}

impl From<Duration> for Latency {
    fn from(latency: Duration) -> Self {
        Self::Fixed(latency)
    }
}
