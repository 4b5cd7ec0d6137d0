//! What the head of every answer says: when and in reply to what it was given, and how many calls are left.

use axum::body::Bytes;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE};
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

/// What an answer has, in this order. All have the first ones, those of Zendesk's face the next, and those that belong
/// to a limit the last.
const NAMES: [HeaderName; LIMITED] = [
    CONTENT_TYPE,
    CONTENT_LENGTH,
    DATE,
    REQUEST_ID,
    ZENDESK_REQUEST_ID,
    API_VERSION,
    LIMIT,
    REMAINING,
    STANDARD_LIMIT,
    STANDARD_REMAINING,
    STANDARD_RESET,
];
const ALL: usize = 5;
const ZENDESKS: usize = 6;
const LIMITED: usize = 11;

const NOTHING: HeaderValue = HeaderValue::from_static("");
const VERSION: HeaderValue = HeaderValue::from_static("v2");

/// Writes heads. It has one of each kind without its values to make others from: to find the place of each name in a map
/// anew takes longer than everything else that there is to do here.
#[derive(Debug)]
pub(super) struct Heads {
    empty: [HeaderMap; 3],
    date: DateHeader,
}

impl Default for Heads {
    fn default() -> Self {
        let empty = |names: usize| NAMES.into_iter().take(names).map(|name| (name, NOTHING)).collect();
        Self { empty: [ALL, ZENDESKS, LIMITED].map(empty), date: DateHeader::default() }
    }
}

impl Heads {
    /// Ends the exchange by writing the head of its answer.
    pub(super) fn write(&self, headers: &mut HeaderMap, exchange: &Exchange, hint: Option<HeaderValue>) {
        let reading = exchange.rate();
        let mut id = Uuid::encode_buffer();
        let id = &*exchange.request_id.hyphenated().encode_lower(&mut id);
        let [empty, unlimited, limited] = &self.empty;
        let (empty, [limit, remaining, reset, id]) = match reading {
            Some(RateReading { limit, remaining, reset }) => {
                let [mut a, mut b, mut c] = [itoa::Buffer::new(); 3];
                (limited, values([a.format(limit), b.format(remaining), c.format(reset), id]))
            }
            None => (if exchange.is_zendesks() { unlimited } else { empty }, values(["", "", "", id])),
        };
        let mut own = std::mem::replace(headers, empty.clone());
        let [kind, length] = [own.remove(CONTENT_TYPE), own.remove(CONTENT_LENGTH)];
        let missing = [(CONTENT_TYPE, kind.is_none()), (CONTENT_LENGTH, length.is_none())];
        // A map keeps the order in which its names came.
        let mut places = headers.values_mut();
        let mut put = |value| {
            if let Some(place) = places.next() {
                *place = value;
            }
        };
        put(kind.unwrap_or(NOTHING));
        put(length.unwrap_or(NOTHING));
        put(self.date.of(exchange.now));
        put(id.clone());
        put(id);
        put(VERSION);
        put(limit.clone());
        put(remaining.clone());
        put(limit);
        put(remaining);
        put(reset);
        for (name, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
            headers.remove(name);
        }
        headers.extend(own);
        headers.extend(hint.map(|hint| (HINT, hint)));
    }
}

/// Visible ASCII as header values, which share one piece of memory.
fn values<const N: usize>(texts: [&str; N]) -> [HeaderValue; N] {
    let mut shared = Bytes::from(texts.concat());
    texts.map(|text| {
        let value = HeaderValue::from_maybe_shared(shared.split_to(text.len()));
        value.unwrap_or(NOTHING)
    })
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
        let text = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let [date] = values([&text]);
        *kept = Some((second, date.clone()));
        date
    }
}
