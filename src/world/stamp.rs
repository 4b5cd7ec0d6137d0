//! When a write happens, and who asked for it.

use std::sync::Arc;

use jiff::Timestamp;

/// The time of a write, and the source that its caller named. All events of the write have both.
///
/// A write takes a time alone, too: most callers name no source, and a write without one allocates
/// nothing for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When the write happens.
    pub time: Timestamp,
    /// What the caller calls itself, if it does.
    pub source: Option<Arc<str>>,
}

impl From<Timestamp> for Stamp {
    fn from(time: Timestamp) -> Self {
        Self { time, source: None }
    }
}
