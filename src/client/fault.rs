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
    pub fn status(self, status: u16) -> Self {
        Self {
            status: Some(status),
            ..self
        }
    }

    /// This many seconds in `Retry-After`, with 429 and 503.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// The error has this body.
    #[must_use]
    pub fn body(self, body: FaultBody) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    /// The answer begins after this time. A [`Duration`] is a latency that is always the same.
    #[must_use]
    pub fn latency(self, latency: impl Into<Latency>) -> Self {
        Self {
            latency: Some(latency.into()),
            ..self
        }
    }

    /// The body begins this long after the head.
    #[must_use]
    pub fn slow_first_byte(self, after: Duration) -> Self {
        Self {
            slow_first_byte: Some(after),
            ..self
        }
    }

    /// The body comes in pieces of this many bytes, each this long after the last one.
    #[must_use]
    pub fn dribble(self, bytes: u32, every: Duration) -> Self {
        Self {
            dribble: Some(Dribble { bytes, every }),
            ..self
        }
    }

    /// The connection ends after this many bytes of the body.
    #[must_use]
    pub fn truncate(self, bytes: u32) -> Self {
        Self {
            truncate: Some(bytes),
            ..self
        }
    }

    /// The body has the right length and is not JSON.
    #[must_use]
    pub fn break_json(self) -> Self {
        Self {
            break_json: true,
            ..self
        }
    }

    /// The call happens, and its answer is a 200 without a body.
    #[must_use]
    pub fn empty(self) -> Self {
        Self {
            empty: true,
            ..self
        }
    }

    /// The connection is reset.
    #[must_use]
    pub fn reset(self, reset: Reset) -> Self {
        Self {
            reset: Some(reset),
            ..self
        }
    }

    /// The request is read and never answered. After 10 minutes the connection ends.
    #[must_use]
    pub fn silence(self) -> Self {
        Self {
            silence: true,
            ..self
        }
    }
}

impl From<Duration> for Latency {
    fn from(latency: Duration) -> Self {
        Self::Fixed(latency)
    }
}
