//! The form and the headers of every answer. Errors are written out, JSON:API's media type is for
//! clients that accept nothing else, and hints get their header. Then come the headers that all answers
//! have: the length, the time, the request's id and what is left of the rate limit. Answers to HEAD
//! lose their bodies here.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, DATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::Response;
use jiff::Timestamp;
use parking_lot::Mutex;
use uuid::Uuid;

use crate::account::RateReading;
use crate::zendesk::error;
use crate::zendesk::hint::HINT;
use crate::zendesk::request::context::RequestContext;
use crate::zendesk::response::JSON;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ZENDESK_REQUEST_ID: HeaderName = HeaderName::from_static("x-zendesk-request-id");
const API_VERSION: HeaderName = HeaderName::from_static("x-zendesk-api-version");
const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const STANDARD_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const STANDARD_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const STANDARD_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// The headers, in the order of their values. All answers have the first five, those of Zendesk's
/// API one more, and those that belong to a rate limit all.
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

/// What a template holds in place of the values: a letter for each.
const PLACEHOLDERS: &str = "abcdefghijk";

const NOTHING: HeaderValue = HeaderValue::from_static("");
const VERSION: HeaderValue = HeaderValue::from_static("v2");
const JSON_API: HeaderValue = HeaderValue::from_static("application/vnd.api+json");

/// Writes an error as the account wants it, and the hints into their header.
pub(crate) fn write_error_and_hints(context: &RequestContext, response: Response) -> Response {
    let mut response = error::write_out(
        response,
        || context.errors_form(),
        context.settings(),
        &context.hints,
    );
    let hint = context.hints.header().map(|hint| (HINT, hint));
    response.headers_mut().extend(hint);
    response
}

/// Writes the headers. It keeps a map of each kind to make others from: a copy of one, with its
/// values filled in, takes 5 % of the instructions of a call that shows an agent less than inserting
/// eleven headers (counted with callgrind). A placeholder says which value belongs there,
/// because a map promises no order of its names.
#[derive(Debug)]
pub(crate) struct ResponseHeaders {
    templates: [HeaderMap; 3],
    date: DateHeader,
}

impl Default for ResponseHeaders {
    fn default() -> Self {
        let letters = (0..).map(|place| HeaderValue::from_static(&PLACEHOLDERS[place..=place]));
        let named: Vec<_> = NAMES.into_iter().zip(letters).collect();
        let template = |names: usize| named.iter().take(names).cloned().collect();
        Self {
            templates: [ALL, ZENDESKS, LIMITED].map(template),
            date: DateHeader::default(),
        }
    }
}

impl ResponseHeaders {
    /// Writes the headers that every answer has, and those that belong to Zendesk's API and to its
    /// limit.
    pub(crate) fn write(&self, context: &RequestContext, mut response: Response) -> Response {
        // The length is that of the answer to a GET, also where HEAD takes the body away.
        let size = response.body().size_hint().exact();
        if context.method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        let headers = response.headers_mut();
        let reading = context.rate();
        let mut id = Uuid::encode_buffer();
        let id = &*context.request_id.hyphenated().encode_lower(&mut id);
        let [plain, unlimited, limited] = &self.templates;
        let [mut a, mut b, mut c, mut d] = [itoa::Buffer::new(); 4];
        let length = size.map_or("", |size| a.format(size));
        let (template, [limit, remaining, reset, length, id]) = match reading {
            Some(RateReading {
                limit,
                remaining,
                reset,
            }) => {
                let reading = [b.format(limit), c.format(remaining), d.format(reset)];
                let [limit, remaining, reset] = reading;
                (limited, values([limit, remaining, reset, length, id]))
            }
            None => (
                if context.is_control() {
                    plain
                } else {
                    unlimited
                },
                values(["", "", "", length, id]),
            ),
        };
        let mut own = std::mem::replace(headers, template.clone());
        let [kind, given] = [own.remove(CONTENT_TYPE), own.remove(CONTENT_LENGTH)];
        let kind = content_type(context, kind, size != Some(0));
        let missing = [
            (CONTENT_TYPE, kind.is_none()),
            (CONTENT_LENGTH, given.is_none() && size.is_none()),
        ];
        let [kind, length] = [kind.unwrap_or(NOTHING), given.unwrap_or(length)];
        let date = self.date.of(context.now);
        let (also_limit, also_remaining) = (limit.clone(), remaining.clone());
        let values = [
            kind,
            length,
            date,
            id.clone(),
            id,
            VERSION,
            limit,
            remaining,
            also_limit,
            also_remaining,
            reset,
        ];
        fill(headers, values);
        for (name, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
            headers.remove(name);
        }
        // To extend by nothing takes 1.1 % of the instructions of a call that shows an agent.
        if !own.is_empty() {
            headers.extend(own);
        }
        response
    }
}

/// The content type of an answer: JSON, unless its handler gave another or it has no body.
fn content_type(
    context: &RequestContext,
    given: Option<HeaderValue>,
    has_body: bool,
) -> Option<HeaderValue> {
    let is_json = given.as_ref().map_or(has_body, |given| given == JSON);
    if !is_json {
        return given;
    }
    let is_json_api = !context.is_control() && accepts_json_api_only(&context.headers);
    Some(if is_json_api { JSON_API } else { JSON })
}

fn accepts_json_api_only(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.next().is_some_and(|value| value == JSON_API) && accepted.next().is_none()
}

/// Puts the values where their placeholders are.
fn fill(template: &mut HeaderMap, mut values: [HeaderValue; LIMITED]) {
    for place in template.values_mut() {
        if let [letter] = place.as_bytes()
            && let Some(value) = values.get_mut(usize::from(letter.wrapping_sub(b'a')))
        {
            // Moved and not cloned: the first clone of a value allocates.
            *place = std::mem::replace(value, NOTHING);
        }
    }
}

/// Visible ASCII as header values, which share one allocation.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: `HeaderMap` promises no order of its names, so each value finds its name in any.
    #[test]
    fn a_value_gets_to_its_name_in_whatever_order_a_map_has_them() {
        let texts = [
            "type", "10", "date", "id", "id", "v2", "200", "7", "200", "7", "60",
        ];
        for (template, names) in ResponseHeaders::default()
            .templates
            .iter()
            .zip([ALL, ZENDESKS, LIMITED])
        {
            let values = texts.map(HeaderValue::from_static);
            let expected: HeaderMap = NAMES.into_iter().zip(values.clone()).take(names).collect();
            let forwards: Vec<_> = template
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            for start in 0..names {
                let (mut forwards, mut backwards) = (forwards.clone(), forwards.clone());
                forwards.rotate_left(start);
                backwards.rotate_left(start);
                backwards.reverse();
                for order in [forwards, backwards] {
                    let mut headers: HeaderMap = order.into_iter().collect();
                    fill(&mut headers, values.clone());
                    assert_eq!(headers, expected);
                }
            }
        }
    }
}
