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
    fn from(Micros(micros): Micros) -> Self {
        // Not from microseconds, of which jiff takes none of the last second that there is.
        let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap_or_default();
        // It came from a timestamp, so it is one.
        Self::new(micros.div_euclid(1_000_000), nanos).unwrap_or_default()
    }
}
