//! What the head of every answer says: when and in reply to what it was given, and how many calls are left.

use axum::http::header::DATE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use parking_lot::Mutex;

use crate::zendesk::exchange::Exchange;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ZENDESK_REQUEST_ID: HeaderName = HeaderName::from_static("x-zendesk-request-id");
const API_VERSION: HeaderName = HeaderName::from_static("x-zendesk-api-version");
const HINT: HeaderName = HeaderName::from_static("x-emulator-hint");
const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const STANDARD_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const STANDARD_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const STANDARD_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Writes them.
pub(super) fn write(headers: &mut HeaderMap, exchange: &Exchange, hint: Option<HeaderValue>, date: &DateHeader) {
    if let Some(reading) = exchange.rate() {
        let [limit, remaining] = [reading.limit, reading.remaining].map(HeaderValue::from);
        headers.insert(LIMIT, limit.clone());
        headers.insert(REMAINING, remaining.clone());
        headers.insert(STANDARD_LIMIT, limit);
        headers.insert(STANDARD_REMAINING, remaining);
        headers.insert(STANDARD_RESET, reading.reset.into());
    }
    if exchange.is_zendesks() {
        headers.insert(API_VERSION, HeaderValue::from_static("v2"));
    }
    headers.extend(hint.map(|hint| (HINT, hint)));
    headers.extend(date.of(exchange.now).map(|date| (DATE, date)));
    let mut id = uuid::Uuid::encode_buffer();
    if let Ok(id) = HeaderValue::from_str(exchange.request_id.hyphenated().encode_lower(&mut id)) {
        headers.insert(REQUEST_ID, id.clone());
        headers.insert(ZENDESK_REQUEST_ID, id);
    }
}

/// The `Date` of a second, kept for the other answers of that second.
#[derive(Debug, Default)]
pub(super) struct DateHeader(Mutex<Option<(i64, HeaderValue)>>);

impl DateHeader {
    fn of(&self, now: Timestamp) -> Option<HeaderValue> {
        let second = now.as_second();
        let mut kept = self.0.lock();
        if let Some((_, date)) = kept.as_ref().filter(|(kept, _)| *kept == second) {
            return Some(date.clone());
        }
        let date = HeaderValue::from_str(&now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()?;
        *kept = Some((second, date.clone()));
        Some(date)
    }
}
