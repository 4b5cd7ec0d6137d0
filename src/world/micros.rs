//! Times of agents, channels and work items, as precise as Zendesk shows them.

use jiff::Timestamp;

/// Whole microseconds since 1970 began, in UTC. What is finer is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Micros(pub(crate) i64);

impl From<Timestamp> for Micros {
    fn from(time: Timestamp) -> Self {
        Self(time.as_second() * 1_000_000 + i64::from(time.subsec_nanosecond().div_euclid(1000)))
    }
}

impl From<Micros> for Timestamp {
    fn from(micros: Micros) -> Self {
        // It came from a timestamp, so it is one.
        Self::from_microsecond(micros.0).unwrap_or_default()
    }
}
