//! The header in which a control call says what makes it, such as a page or a test. The events that
//! the call makes have it too.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName};

use super::error::ControlError;
use super::refusal;

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-emulator-source");
/// As refusals spell it.
const NAME: &str = "X-Emulator-Source";
/// The most characters of it.
const LONGEST: usize = 64;

/// What makes a call, among the extensions of its request.
#[derive(Clone, Debug)]
pub(super) struct Source(pub(super) Arc<str>);

/// Reads the header, if it is there.
pub(super) fn read(headers: &HeaderMap) -> Result<Option<Source>, ControlError> {
    let mut values = headers.get_all(HEADER).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(refusal::at(
            NAME,
            &format_args!("\"{NAME}\" is there twice"),
        ));
    }
    let text = value
        .to_str()
        .ok()
        .filter(|text| (1..=LONGEST).contains(&text.len()))
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()));
    let text = text.ok_or_else(|| {
        refusal::at(
            NAME,
            &format_args!("expected 1 to {LONGEST} visible ASCII characters"),
        )
    })?;
    Ok(Some(Source(text.into())))
}
