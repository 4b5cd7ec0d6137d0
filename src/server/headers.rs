//! What the head of every answer says: when and in reply to what it was given, and how many calls are left.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::header::DATE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use parking_lot::Mutex;
use uuid::Uuid;

use crate::account::RateReading;
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

/// Ends the exchange by writing them.
pub(super) fn write(headers: &mut HeaderMap, exchange: Arc<Exchange>, hint: Option<HeaderValue>, date: &DateHeader) {
    let (now, is_zendesks, reading) = (exchange.now, exchange.is_zendesks(), exchange.rate());
    let mut id = Uuid::encode_buffer();
    let id = &*exchange.request_id.hyphenated().encode_lower(&mut id);
    // The request's map is used again, for it has room already. Its handler is gone, so nobody else has the exchange.
    let mut all = Arc::into_inner(exchange).map(|exchange| exchange.headers).unwrap_or_default();
    all.clear();
    all.extend(std::mem::take(headers));
    if is_zendesks {
        all.insert(API_VERSION, HeaderValue::from_static("v2"));
    }
    all.extend(hint.map(|hint| (HINT, hint)));
    all.extend(date.of(now).map(|date| (DATE, date)));
    let [limit, remaining, reset, id] = match reading {
        Some(RateReading { limit, remaining, reset }) => {
            let [mut a, mut b, mut c] = [itoa::Buffer::new(); 3];
            values([a.format(limit), b.format(remaining), c.format(reset), id])
        }
        None => values(["", "", "", id]),
    };
    if reading.is_some() {
        all.insert(LIMIT, limit.clone());
        all.insert(REMAINING, remaining.clone());
        all.insert(STANDARD_LIMIT, limit);
        all.insert(STANDARD_REMAINING, remaining);
        all.insert(STANDARD_RESET, reset);
    }
    all.insert(REQUEST_ID, id.clone());
    all.insert(ZENDESK_REQUEST_ID, id);
    *headers = all;
}

/// Visible ASCII as header values, which share one piece of memory.
fn values<const N: usize>(texts: [&str; N]) -> [HeaderValue; N] {
    let mut shared = Bytes::from(texts.concat());
    texts.map(|text| {
        let value = HeaderValue::from_maybe_shared(shared.split_to(text.len()));
        value.unwrap_or_else(|_| HeaderValue::from_static(""))
    })
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
