//! The headers of every answer: when it was given and to which request, what is left of the rate
//! limit, and the hints.

use axum::body::Bytes;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use jiff::Timestamp;
use parking_lot::Mutex;
use uuid::Uuid;

use crate::account::RateReading;
use crate::zendesk::request::context::RequestContext;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ZENDESK_REQUEST_ID: HeaderName = HeaderName::from_static("x-zendesk-request-id");
const API_VERSION: HeaderName = HeaderName::from_static("x-zendesk-api-version");
const HINT: HeaderName = HeaderName::from_static("x-emulator-hint");
const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const STANDARD_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const STANDARD_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const STANDARD_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

const VERSION: HeaderValue = HeaderValue::from_static("v2");
/// As many headers as nearly every answer has.
const USUAL: usize = 14;

/// Writes the headers. It keeps the `Date` of the present second.
#[derive(Debug, Default)]
pub(crate) struct ResponseHeaders {
    date: DateHeader,
}

impl ResponseHeaders {
    pub(crate) fn write(&self, context: &RequestContext, mut response: Response) -> Response {
        let headers = response.headers_mut();
        // The handler's come last, but for those that say what the body is.
        let mut own = std::mem::replace(headers, HeaderMap::with_capacity(USUAL));
        let body = [CONTENT_TYPE, CONTENT_LENGTH].map(|name| (own.remove(&name), name));
        headers.extend(
            body.into_iter()
                .filter_map(|(value, name)| Some((name, value?))),
        );
        headers.insert(DATE, self.date.of(context.now));
        let mut id = Uuid::encode_buffer();
        let id = visible(context.request_id.hyphenated().encode_lower(&mut id));
        headers.insert(REQUEST_ID, id.clone());
        headers.insert(ZENDESK_REQUEST_ID, id);
        if !context.is_control() {
            headers.insert(API_VERSION, VERSION);
        }
        if let Some(reading) = context.rate() {
            write_rate(headers, reading);
        }
        headers.extend(own);
        headers.extend(context.hints.header().map(|hint| (HINT, hint)));
        response
    }
}

fn write_rate(headers: &mut HeaderMap, reading: RateReading) {
    let RateReading {
        limit,
        remaining,
        reset,
    } = reading;
    headers.insert(LIMIT, limit.into());
    headers.insert(REMAINING, remaining.into());
    headers.insert(STANDARD_LIMIT, limit.into());
    headers.insert(STANDARD_REMAINING, remaining.into());
    headers.insert(STANDARD_RESET, reset.into());
}

fn visible(text: &str) -> HeaderValue {
    let text = Bytes::copy_from_slice(text.as_bytes());
    HeaderValue::from_maybe_shared(text).unwrap_or(HeaderValue::from_static(""))
}

/// The `Date` of a second, kept for the other answers of that second.
#[derive(Debug, Default)]
struct DateHeader(Mutex<Option<(i64, HeaderValue)>>);

impl DateHeader {
    fn of(&self, now: Timestamp) -> HeaderValue {
        let second = now.as_second();
        let mut kept = self.0.lock();
        if let Some((_, date)) = kept.as_ref().filter(|(kept, _)| *kept == second) {
            return date.clone();
        }
        let date = visible(&now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        *kept = Some((second, date.clone()));
        date
    }
}
