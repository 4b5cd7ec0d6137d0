//! The clock of an account.

use std::time::Duration;

use axum::http::Method;
use jiff::{SignedDuration, Timestamp};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::account::Account;
use super::error::ClientError;
use crate::config::durations;
use crate::config::parse_duration;

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

/// How an account's clock goes, and what it says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ClockState {
    /// How it goes.
    pub mode: ClockMode,
    /// The account's present instant.
    pub now: Timestamp,
    /// How far ahead of the machine's it is, where that is set; behind it if this is negative.
    #[serde(default, deserialize_with = "offset")]
    pub by: Option<SignedDuration>,
    /// How many times as fast as the machine's it goes, where that is set.
    pub factor: Option<f64>,
}

/// The ways in which a clock goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockMode {
    /// As the machine's.
    Real,
    /// Not at all.
    Frozen,
    /// As the machine's, at a distance.
    Offset,
    /// Faster or slower than the machine's.
    Scaled,
}

impl SetClock {
    fn document(self) -> Result<Value, ClientError> {
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Ok(match self {
            Self::Real => json!({ "mode": "real" }),
            Self::Frozen(at) => json!({ "mode": "frozen", "at": text(at) }),
            Self::Offset(ahead) => {
                let sign = if ahead.is_negative() { "-" } else { "" };
                json!({ "mode": "offset", "by": format!("{sign}{}", durations::text(ahead.unsigned_abs())?) })
            }
            Self::Scaled { factor, at } => {
                json!({ "mode": "scaled", "factor": factor, "at": text(at) })
            }
        })
    }
}

fn offset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SignedDuration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (is_behind, length) = text
        .strip_prefix('-')
        .map_or((false, &*text), |length| (true, length));
    let length = parse_duration(length).and_then(|length| SignedDuration::try_from(length).ok());
    let length = length.ok_or_else(|| D::Error::custom(format_args!("{text:?} is no offset")))?;
    Ok(Some(if is_behind { -length } else { length }))
}

impl Account {
    /// The account's clock.
    pub fn clock(&self) -> Result<ClockState, ClientError> {
        self.get("/clock")
    }

    /// Stops, moves or speeds up the account's clock. What fell due on the way has happened when
    /// this returns.
    pub fn set_clock(&self, clock: SetClock) -> Result<ClockState, ClientError> {
        self.put_to(Method::PUT, "/clock", &clock.document()?)
    }

    /// Lets time pass, however the clock goes, in whole milliseconds. What fell due has happened
    /// when this returns.
    pub fn advance(&self, by: Duration) -> Result<ClockState, ClientError> {
        self.put_to(
            Method::POST,
            "/clock/advance",
            &json!({ "by": durations::text(by)? }),
        )
    }
}
