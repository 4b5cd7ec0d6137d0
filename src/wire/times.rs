//! Times as documents spell them.

use jiff::Timestamp;
use serde::Serializer;

/// With microseconds, as Zendesk's API shows times.
pub(super) fn micros<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{time:.6}"))
}

/// The same for a time that may be missing.
#[expect(clippy::ref_option, reason = "serde passes a field like this")]
pub(super) fn optional_micros<S: Serializer>(
    time: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => micros(time, serializer),
        None => serializer.serialize_none(),
    }
}
