//! The clock of an account: stopped, moved and sped up, so that no test has to wait.

use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use jiff::{SignedDuration, Timestamp};

use super::account_path::AccountPath;
use super::error::ControlError;
use super::{blocking, body};
use crate::clock::{Clock, ClockMode};
use crate::config::durations::parse_offset;
use crate::document::json::RawJson;
use crate::document::reader::Node;
use crate::wire::clock::{self as wire, ClockState};

/// How many times as fast as the machine's clock a clock can run.
const FACTORS: std::ops::RangeInclusive<f64> = 0.001..=1_000_000.0;

/// A change of a clock.
enum ClockChange {
    Mode(ClockMode),
    Frozen(Option<Timestamp>),
    Scaled(f64, Option<Timestamp>),
    Advance(Duration),
}

impl ClockChange {
    fn apply_to(self, clock: &Clock) {
        match self {
            Self::Mode(mode) => clock.set(mode),
            Self::Frozen(at) => clock.set(ClockMode::Frozen(at.unwrap_or_else(|| clock.now()))),
            Self::Scaled(factor, from) => clock.scale(factor, from.unwrap_or_else(|| clock.now())),
            Self::Advance(by) => {
                clock.advance(by);
            }
        }
    }
}

/// `GET /_emulator/accounts/{subdomain}/clock`
pub(crate) async fn show_clock(path: AccountPath) -> Json<ClockState> {
    document(&path.account.clock)
}

/// `PUT /_emulator/accounts/{subdomain}/clock`
pub(crate) async fn set_clock(
    path: AccountPath,
    request: Request,
) -> Result<Json<ClockState>, ControlError> {
    move_clock(path, request, read_change).await
}

/// `POST /_emulator/accounts/{subdomain}/clock/advance`
pub(crate) async fn advance_clock(
    path: AccountPath,
    request: Request,
) -> Result<Json<ClockState>, ControlError> {
    let read = |node: &Node<'_>| {
        node.object(&["by"])?
            .required("by")?
            .duration()
            .map(ClockChange::Advance)
    };
    move_clock(path, request, read).await
}

async fn move_clock(
    mut path: AccountPath,
    request: Request,
    read: fn(&Node<'_>) -> Option<ClockChange>,
) -> Result<Json<ClockState>, ControlError> {
    let bytes = body::receive(request, &[body::JSON], body::MAX_BYTES).await?;
    path.find_again()?;
    let takes_long = blocking::is_long_text(bytes.len());
    let read = move || body::read(&body::parse_if_any(bytes, body::parse)?, read);
    let change = blocking::run(takes_long, read).await?;
    path.account
        .move_clock(|clock| change.apply_to(clock))
        .await;
    Ok(document(&path.account.clock))
}

fn read_change(node: &Node<'_>) -> Option<ClockChange> {
    let mode = node.value().get("mode").and_then(RawJson::text);
    let mode = mode.as_deref();
    let keys: &[&str] = match mode {
        Some("real") => &["mode"],
        Some("frozen") => &["mode", "at"],
        Some("offset") => &["mode", "by"],
        Some("scaled") => &["mode", "factor", "at"],
        _ => &["mode", "at", "by", "factor"],
    };
    let given = node.object(keys)?;
    let at = given.optional("at").and_then(|node| node.time());
    match mode {
        Some("real") => Some(ClockChange::Mode(ClockMode::Real)),
        Some("frozen") => Some(ClockChange::Frozen(at)),
        Some("offset") => given
            .required("by")
            .and_then(|by| Some(ClockChange::Mode(ClockMode::Offset(read_offset(&by)?)))),
        Some("scaled") => {
            let factor = given.required("factor").and_then(|node| {
                let factor = node
                    .value()
                    .float()
                    .filter(|factor| FACTORS.contains(factor));
                if factor.is_none() {
                    node.problem("expected a number from 0.001 to 1000000");
                }
                factor
            });
            Some(ClockChange::Scaled(factor?, at))
        }
        _ => {
            let mode = given.required("mode")?;
            mode.problem("expected one of real, frozen, offset, scaled");
            None
        }
    }
}

/// A duration with or without a minus.
fn read_offset(node: &Node<'_>) -> Option<SignedDuration> {
    let text = node.text()?;
    let offset = parse_offset(&text);
    if offset.is_none() {
        node.problem(
            "expected a duration such as 90s or -90s: a whole number and one of ms, s, m, h",
        );
    }
    offset
}

fn document(clock: &Clock) -> Json<ClockState> {
    let (mode, by, factor) = match clock.mode() {
        ClockMode::Real => (wire::ClockMode::Real, None, None),
        ClockMode::Frozen(_) => (wire::ClockMode::Frozen, None, None),
        ClockMode::Offset(ahead) => (wire::ClockMode::Offset, Some(ahead), None),
        ClockMode::Scaled { factor, .. } => (wire::ClockMode::Scaled, None, Some(factor)),
    };
    let now = clock.now();
    Json(ClockState {
        mode,
        now,
        by,
        factor,
    })
}
