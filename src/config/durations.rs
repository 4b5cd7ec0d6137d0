//! Durations as text: a whole number and a unit. A crate for durations would read many more
//! spellings, also of fractions, which the contract and the schema of seeds do not have.

use std::time::Duration;

use jiff::SignedDuration;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Reads a duration: a whole number and a unit, `ms`, `s`, `m` or `h`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = |per: u64| number.checked_mul(per).map(Duration::from_secs);
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(3600),
        _ => None,
    }
}

/// Writes a duration as [`parse_duration`] reads it: in seconds, or in milliseconds where they are
/// not whole.
pub(crate) fn format_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis.is_multiple_of(1000) {
        format!("{}s", millis / 1000)
    } else {
        format!("{millis}ms")
    }
}

/// A duration that is finer than documents can say.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a whole number of milliseconds")]
pub(crate) struct TooFine(Duration);

/// A duration as documents spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) Duration);

/// The spelling of a duration. Nothing is rounded, so that a test that says 500 µs does not get 0.
pub(crate) fn text(duration: Duration) -> Result<String, TooFine> {
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
            .ok_or_else(|| D::Error::custom(format_args!("{text:?} is not a duration")))
    }
}

/// For `#[serde(with = "durations")]`.
pub(crate) fn serialize<S: Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Text(*duration).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Duration, D::Error> {
    Text::deserialize(deserializer).map(|text| text.0)
}

/// For `#[serde(with = "durations::option")]`.
pub(crate) mod option {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer, Text};

    #[expect(clippy::ref_option, reason = "this is how serde calls it")]
    pub(crate) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.map(Text).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<Text>::deserialize(deserializer)?.map(|text| text.0))
    }
}

/// For `#[serde(with = "durations::cut_option")]`. Cuts off what is finer than a millisecond, where
/// [`option`] refuses it.
pub(crate) mod cut_option {
    pub(crate) use super::option::deserialize;
    use super::{Duration, Serialize, Serializer, format_duration};

    #[expect(clippy::ref_option, reason = "this is how serde calls it")]
    pub(crate) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.map(format_duration).serialize(serializer)
    }
}

/// Reads a duration with or without a minus.
pub(crate) fn parse_offset(text: &str) -> Option<SignedDuration> {
    let (text, is_negative) = text
        .strip_prefix('-')
        .map_or((text, false), |text| (text, true));
    let length = SignedDuration::try_from(parse_duration(text)?).ok()?;
    Some(if is_negative { -length } else { length })
}

/// Writes a duration as [`parse_offset`] reads it.
pub(crate) fn format_offset(offset: SignedDuration) -> String {
    let sign = if offset.is_negative() { "-" } else { "" };
    format!("{sign}{}", format_duration(offset.unsigned_abs()))
}

/// For `#[serde(with = "durations::offset")]`.
pub(crate) mod offset {
    use serde::de::Error;

    use super::{
        Deserialize, Deserializer, Serialize, Serializer, SignedDuration, format_offset,
        parse_offset,
    };

    #[expect(clippy::ref_option, reason = "this is how serde calls it")]
    pub(crate) fn serialize<S: Serializer>(
        offset: &Option<SignedDuration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        offset.map(format_offset).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SignedDuration>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let offset = parse_offset(&text);
        let not_one = || D::Error::custom(format_args!("{text:?} is not an offset"));
        offset.map(Some).ok_or_else(not_one)
    }
}
