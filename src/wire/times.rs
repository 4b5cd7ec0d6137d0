//! Times as documents spell them.

use jiff::Timestamp;
use serde::Serializer;

/// With microseconds, as Zendesk's API shows times.
pub(super) fn micros<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{time:.6}"))
}
