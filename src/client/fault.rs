//! What becomes of a request that is hit.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::durations;

/// What becomes of a request that is hit. The parts can be combined where that makes sense; what
/// makes none is refused when the rule is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Fault {
    /// An error of this status, 400 to 599, takes the place of the call.
    pub status: Option<u16>,
    /// Whole seconds in `Retry-After`, with 429 and 503.
    pub retry_after: Option<u32>,
    /// The body of the error; [`FaultBody::Vendor`] unless it says otherwise.
    pub body: Option<FaultBody>,
    /// How long it takes before the answer begins.
    pub latency: Option<Latency>,
    /// How long it takes from the head of the answer to the first byte of its body.
    #[serde(with = "durations::option")]
    pub slow_first_byte: Option<Duration>,
    /// The body comes in pieces.
    pub dribble: Option<Dribble>,
    /// The connection ends after so many bytes of the body.
    pub truncate: Option<u32>,
    /// The body is as long as it should be, and no JSON.
    pub break_json: bool,
    /// The call happens, and its answer is a 200 without a body.
    pub empty: bool,
    /// The connection is reset.
    pub reset: Option<Reset>,
    /// The request is read and never answered. After 10 minutes the connection ends.
    pub silence: bool,
}

/// The body of an error that takes the place of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultBody {
    /// Zendesk's own for that status.
    Vendor,
    /// JSON with `error` and `description`.
    Json,
    /// A line of text.
    Text,
    /// The page of a proxy.
    Html,
    /// None.
    Empty,
}

/// How long it takes before an answer begins: ten minutes at most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "LatencyDocument", into = "LatencyDocument")]
#[non_exhaustive]
pub enum Latency {
    /// Always the same.
    Fixed(Duration),
    /// Anything between the two, the shorter one first.
    Uniform(Duration, Duration),
    /// Log-normal.
    LogNormal {
        /// Half of the answers take longer.
        median: Duration,
        /// The standard deviation of the logarithm, 0 to 10.
        sigma: f64,
    },
}

/// A body that comes in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Dribble {
    /// The bytes of a piece.
    pub bytes: u32,
    /// The time from one piece to the next.
    #[serde(with = "durations")]
    pub every: Duration,
}

/// When a connection is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reset {
    /// When the request has been read, in the place of the call.
    Before,
    /// After half of the body.
    MidBody,
}

impl Fault {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An error of this status, 400 to 599, takes the place of the call.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self {
            status: Some(status),
            ..self
        }
    }

    /// So many seconds are in `Retry-After`, with 429 and 503.
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

    /// The answer begins after so long. A [`Duration`] is a latency that is always the same.
    #[must_use]
    pub fn latency(self, latency: impl Into<Latency>) -> Self {
        Self {
            latency: Some(latency.into()),
            ..self
        }
    }

    /// The body begins so long after the head.
    #[must_use]
    pub fn slow_first_byte(self, after: Duration) -> Self {
        Self {
            slow_first_byte: Some(after),
            ..self
        }
    }

    /// The body comes in pieces of so many bytes, each so long after the one before.
    #[must_use]
    pub fn dribble(self, bytes: u32, every: Duration) -> Self {
        Self {
            dribble: Some(Dribble { bytes, every }),
            ..self
        }
    }

    /// The connection ends after so many bytes of the body.
    #[must_use]
    pub fn truncate(self, bytes: u32) -> Self {
        Self {
            truncate: Some(bytes),
            ..self
        }
    }

    /// The body is as long as it should be, and no JSON.
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

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum LatencyDocument {
    Fixed(durations::Text),
    Uniform { uniform: [durations::Text; 2] },
    LogNormal { log_normal: LogNormal },
}

#[derive(Serialize, Deserialize)]
struct LogNormal {
    median: durations::Text,
    sigma: f64,
}

impl From<Latency> for LatencyDocument {
    fn from(latency: Latency) -> Self {
        match latency {
            Latency::Fixed(latency) => Self::Fixed(durations::Text(latency)),
            Latency::Uniform(least, most) => Self::Uniform {
                uniform: [least, most].map(durations::Text),
            },
            Latency::LogNormal { median, sigma } => Self::LogNormal {
                log_normal: LogNormal {
                    median: durations::Text(median),
                    sigma,
                },
            },
        }
    }
}

impl From<LatencyDocument> for Latency {
    fn from(document: LatencyDocument) -> Self {
        match document {
            LatencyDocument::Fixed(latency) => Self::Fixed(latency.0),
            LatencyDocument::Uniform {
                uniform: [least, most],
            } => Self::Uniform(least.0, most.0),
            LatencyDocument::LogNormal {
                log_normal: LogNormal { median, sigma },
            } => Self::LogNormal {
                median: median.0,
                sigma,
            },
        }
    }
}
