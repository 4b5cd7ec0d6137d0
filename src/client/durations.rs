//! Durations in documents: whole milliseconds, as text.

use std::time::Duration;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::{format_duration, parse_duration};

/// A duration that would arrive as another one.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no whole number of milliseconds")]
pub(super) struct TooFine(Duration);

/// A duration as documents spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text(pub(super) Duration);

/// The spelling of a duration. Nothing is rounded: a test that says 500 µs must not get nothing for
/// it.
pub(super) fn text(duration: Duration) -> Result<String, TooFine> {
    if duration.subsec_nanos().is_multiple_of(1_000_000) {
        Ok(format_duration(duration))
    } else {
        Err(TooFine(duration))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(self.0).map_err(S::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_duration(&text)
            .map(Self)
            .ok_or_else(|| D::Error::custom(format_args!("{text:?} is no duration")))
    }
}

/// One that is there, for `#[serde(with = "durations")]`.
pub(super) fn serialize<S: Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Text(*duration).serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Duration, D::Error> {
    Text::deserialize(deserializer).map(|text| text.0)
}

/// One that may be missing, for `#[serde(with = "durations::option")]`.
pub(super) mod option {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer, Text};

    #[expect(clippy::ref_option, reason = "this is how serde calls it")]
    pub(in super::super) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.map(Text).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<Text>::deserialize(deserializer)?.map(|text| text.0))
    }
}
