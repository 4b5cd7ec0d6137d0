//! How flags spell their values.

use std::time::Duration;

use zendesk_availability_emulator::config::{
    InvalidSettings, PublicUrl, RateLimitPatch, Settings, SettingsPatch, host_name,
    is_header_timeout, is_host, is_subdomain, parse_duration, parse_size, parse_time,
};
use zendesk_availability_emulator::jiff::Timestamp;

/// Parses a word of a closed set.
pub(super) fn word<T: Clone + Send + Sync + 'static>(
    parse: fn(&str) -> Option<T>,
    names: &'static [&'static str],
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| parse(text).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

pub(super) fn on_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected on or off".to_owned()),
    }
}

pub(super) fn number<const MIN: usize, const MAX: usize, T: TryFrom<usize>>(
    text: &str,
) -> Result<T, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (MIN..=MAX).contains(number));
    let number = number.and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| format!("expected a number from {MIN} to {MAX}"))
}

/// A value, or `off`.
#[derive(Clone, Copy, Debug)]
pub(super) enum OrOff<T> {
    Off,
    Given(T),
}

impl<T> From<OrOff<T>> for Option<T> {
    fn from(value: OrOff<T>) -> Self {
        match value {
            OrOff::Off => None,
            OrOff::Given(value) => Some(value),
        }
    }
}

/// Parses `off`, or what `parse` does.
pub(super) fn or_off<T: Clone + Send + Sync + 'static>(
    parse: fn(&str) -> Result<T, String>,
) -> impl Fn(&str) -> Result<OrOff<T>, String> + Clone + Send + Sync + 'static {
    move |text| {
        if text == "off" {
            Ok(OrOff::Off)
        } else {
            let value = parse(text).map_err(|expected| format!("{expected}, or off"))?;
            Ok(OrOff::Given(value))
        }
    }
}

/// A status that a new OAuth token can have.
pub(super) fn created_status(text: &str) -> Result<u16, String> {
    let status = number::<200, 201, u16>(text);
    status.map_err(|_| "expected 200 or 201".to_owned())
}

pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    parse_time(text).ok_or_else(|| "expected a time, such as 2027-04-30T00:00:00Z".to_owned())
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text)
        .ok_or_else(|| "expected a whole number and one of ms, s, m, h, such as 5s".to_owned())
}

pub(super) fn life(text: &str) -> Result<Duration, String> {
    let life = duration(text)?;
    if life < Duration::from_secs(1) {
        Err("expected at least 1s".to_owned())
    } else {
        Ok(life)
    }
}

pub(super) fn header_timeout(text: &str) -> Result<Duration, String> {
    let timeout = duration(text)?;
    if is_header_timeout(timeout) {
        Ok(timeout)
    } else {
        Err(InvalidSettings::HeaderTimeout.to_string())
    }
}

pub(super) fn size(text: &str) -> Result<usize, String> {
    parse_size(text)
        .ok_or_else(|| "expected a number of bytes, such as 65536, 64KiB, 64MiB or 1GiB".to_owned())
}

pub(super) fn rate_limit(text: &str) -> Result<RateLimitPatch, String> {
    let rate_limit = RateLimitPatch::parse(text)
        .ok_or("expected a number of requests, such as 200 or 300/60s, or off")?;
    SettingsPatch::new()
        .rate_limit(rate_limit)
        .apply_to(&mut Settings::default())
        .map_err(|error| error.to_string())?;
    Ok(rate_limit)
}

pub(super) fn public_url(text: &str) -> Result<PublicUrl, String> {
    PublicUrl::parse(text).map_err(|error| error.to_string())
}

/// A subdomain is the first label of a host name.
pub(super) fn subdomain(text: &str) -> Result<String, String> {
    if is_subdomain(text) {
        Ok(text.to_owned())
    } else {
        Err(InvalidSettings::Subdomain.to_string())
    }
}

/// A value for a header.
pub(super) fn token(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(text.to_owned())
    } else {
        Err("expected visible ASCII without spaces".to_owned())
    }
}

pub(super) fn host(text: &str) -> Result<String, String> {
    let name = host_name(text);
    let fits = is_host(text) && text.strip_suffix('.').unwrap_or(text) == name;
    if fits {
        Ok(name.to_ascii_lowercase())
    } else {
        Err("expected a host without a port".to_owned())
    }
}

/// A level, or `target=level` with commas between them. The filter itself takes any other word for
/// a target and logs all of it.
pub(super) fn log_filter(text: &str) -> Result<tracing_subscriber::filter::Targets, String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let level = |part: &str| {
        part.rsplit_once('=')
            .map_or(part, |(_, level)| level)
            .to_owned()
    };
    let is_filter = text
        .split(',')
        .all(|part| levels.contains(&level(part).as_str()));
    let filter = text.parse().ok().filter(|_| is_filter);
    filter.ok_or_else(|| format!("expected one of {}", levels.join(", ")))
}
