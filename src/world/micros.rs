//! Times of agents, channels and work items, as precise as Zendesk shows them.

use jiff::Timestamp;

/// Whole microseconds since 1970-01-01T00:00:00Z. Nanoseconds are cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Micros(pub(crate) i64);

impl From<Timestamp> for Micros {
    fn from(time: Timestamp) -> Self {
        Self(time.as_second() * 1_000_000 + i64::from(time.subsec_nanosecond().div_euclid(1000)))
    }
}

impl From<Micros> for Timestamp {
    fn from(Micros(micros): Micros) -> Self {
        // jiff's `from_microsecond` refuses the last second of its range.
        let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap_or_default();
        // In range, because it came from a timestamp.
        Self::new(micros.div_euclid(1_000_000), nanos).unwrap_or_default()
    }
}
