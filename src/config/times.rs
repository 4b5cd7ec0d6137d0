//! Times, as documents and the command line spell them.

use jiff::Timestamp;

/// Reads a time of RFC 3339, from 1970 on.
#[doc(hidden)]
pub fn parse_time(text: &str) -> Option<Timestamp> {
    let time = Some(text).filter(|text| is_rfc_3339(text))?;
    let time = time.parse::<Timestamp>().ok();
    time.filter(|time| *time >= Timestamp::UNIX_EPOCH)
}

/// Whether it is RFC 3339: jiff reads more of ISO 8601 than the schema allows. Also the written
/// year has to be 1970 or later.
fn is_rfc_3339(text: &str) -> bool {
    let digits_alike = |c: char| {
        if c.is_ascii_digit() {
            '0'
        } else {
            c.to_ascii_uppercase()
        }
    };
    let shape: String = text.chars().map(digits_alike).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else {
        return false;
    };
    let offset = rest
        .strip_prefix(".0")
        .map_or(rest, |fraction| fraction.trim_start_matches('0'));
    let hours_exist = || {
        text.get(text.len() - "00:00".len()..)
            .is_some_and(|hours| hours < "24")
    };
    text >= "1970" && (offset == "Z" || (matches!(offset, "+00:00" | "-00:00") && hours_exist()))
}
