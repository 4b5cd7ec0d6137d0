//! The clock of an account.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::times;
use crate::config::durations;

/// How an account's clock runs, and what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClockState {
    /// How it runs.
    pub mode: ClockMode,
    /// The account's present instant.
    #[serde(serialize_with = "times::micros")]
    pub now: Timestamp,
    /// How far it is ahead of the machine's clock, if the mode is `offset`; negative if it is
    /// behind.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "durations::offset"
    )]
    pub by: Option<SignedDuration>,
    /// How many times as fast as the machine's it runs, if the mode is `scaled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
}

/// The ways in which a clock can run, each as a word. [`clock::ClockMode`](crate::clock::ClockMode)
/// also has the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockMode {
    /// As the machine's.
    Real,
    /// Not at all.
    Frozen,
    /// As the machine's, ahead of it or behind it.
    Offset,
    /// Faster or slower than the machine's.
    Scaled,
}
