//! The clock of an account.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::account::Account;
use super::error::ClientError;
use crate::config::durations::{self, format_offset};
use crate::wire::clock::ClockState;

/// How an account's clock is to go.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SetClock {
    /// As the machine's.
    Real,
    /// Not at all: it stands at this instant, or at the present one.
    Frozen(Option<Timestamp>),
    /// As the machine's and so much ahead of it, in whole milliseconds; behind it if this is
    /// negative.
    Offset(SignedDuration),
    /// So many times as fast as the machine's: 0.001 to 1,000,000.
    Scaled {
        /// How many times.
        factor: f64,
        /// The instant to begin at; the present one without it.
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

    /// Stops, moves or speeds up the account's clock. What fell due on the way has happened when
    /// this returns.
    pub fn set_clock(&self, clock: SetClock) -> Result<ClockState, ClientError> {
        self.put("/clock", &clock.document()?)
    }

    /// Lets time pass, however the clock goes, in whole milliseconds. What fell due has happened
    /// when this returns.
    pub fn advance(&self, by: Duration) -> Result<ClockState, ClientError> {
        self.post("/clock/advance", &json!({ "by": durations::text(by)? }))
    }
}
