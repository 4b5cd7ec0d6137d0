//! The clock of an account.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::account::Account;
use super::error::ClientError;
use crate::config::durations::{self, format_offset};
use crate::wire::clock::ClockState;

/// How an account's clock should run.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SetClock {
    /// As the machine's.
    Real,
    /// Not at all: it stands at this instant, or at the present one.
    Frozen(Option<Timestamp>),
    /// As the machine's, ahead of it by this many whole milliseconds. Behind it if negative.
    Offset(SignedDuration),
    /// Faster or slower than the machine's.
    Scaled {
        /// How many times as fast as the machine's: 0.001 to 1,000,000.
        factor: f64,
        /// The instant to begin at. Default: the present one.
        at: Option<Timestamp>,
    },
}

impl SetClock {
    fn document(self) -> Result<Value, ClientError> {
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Ok(match self {
            Self::Real => json!({ "mode": "real" }),
            Self::Frozen(at) => json!({ "mode": "frozen", "at": text(at) }),
            Self::Offset(ahead) => {
                durations::text(ahead.unsigned_abs())?;
                json!({ "mode": "offset", "by": format_offset(ahead) })
            }
            Self::Scaled { factor, at } => {
                json!({ "mode": "scaled", "factor": factor, "at": text(at) })
            }
        })
    }
}

impl Account {
    /// The account's clock.
    pub fn clock(&self) -> Result<ClockState, ClientError> {
        self.get("/clock")
    }

    /// Stops, moves or speeds up the account's clock. When this returns, what fell due on the way
    /// has happened.
    pub fn set_clock(&self, clock: SetClock) -> Result<ClockState, ClientError> {
        self.put("/clock", &clock.document()?)
    }

    /// Lets this many whole milliseconds pass, however the clock runs. When this returns, what fell
    /// due has happened.
    pub fn advance(&self, by: Duration) -> Result<ClockState, ClientError> {
        self.post("/clock/advance", &json!({ "by": durations::text(by)? }))
    }
}
