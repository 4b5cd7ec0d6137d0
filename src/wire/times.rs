//! Times of a fixed precision, for `#[serde(serialize_with = "…")]`.

use jiff::Timestamp;
use serde::Serializer;

/// In microseconds, as Zendesk's API shows times.
pub(super) fn micros<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{time:.6}"))
}
