//! Times as the wire has them. Each resource has a precision of its own, and trailing zeros stay.

use std::fmt;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Serialize, Serializer};

/// UTC with microseconds, as in availabilities: `2022-06-21T10:23:25.583732Z`.
pub(super) struct Micros(pub(super) Timestamp);

/// UTC in whole seconds, as in custom statuses: `2021-07-21T17:32:28Z`.
pub(super) struct Seconds(pub(super) Timestamp);

impl Serialize for Micros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Printed(self.0, 6))
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Printed(self.0, 0))
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printed(self.0, 0).fmt(f)
    }
}

struct Printed(Timestamp, u8);

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printer = DateTimePrinter::new().precision(Some(self.1));
        printer.print_timestamp(&self.0, jiff::fmt::StdFmtWrite(f)).map_err(|_| fmt::Error)
    }
}
