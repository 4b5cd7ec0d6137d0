//! The rate limit: counts the calls of whoever has been identified, refuses those over the limit, and says on every
//! answer how much is left.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::account::{Account, Admission, RateReading};
use crate::zendesk::PREFIX;
use crate::zendesk::call::Identity;
use crate::zendesk::error::ApiError;
use crate::zendesk::exchange::Exchange;

const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const STANDARD_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const STANDARD_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const STANDARD_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Admits a call of a route or refuses it. Who is not known is refused further in.
pub(in crate::server) async fn admit(request: Request, next: Next) -> Response {
    let Some((account, now)) = account_of(&request) else { return next.run(request).await };
    let Some(limiter) = account.limiter().filter(|_| is_identified(&request)) else { return next.run(request).await };
    let (reading, mut response) = match limiter.check(now) {
        Admission::Admitted(reading) => (reading, next.run(request).await),
        Admission::Refused(reading) => (reading, ApiError::RateLimited { retry_after: reading.reset }.into_response()),
    };
    response.extensions_mut().insert(reading);
    response
}

/// Says on every answer of these APIs how much is left. What never got to a route counts as well if it is known who
/// called, and is answered all the same.
pub(in crate::server) async fn stamp(request: Request, next: Next) -> Response {
    let is_ours =
        request.uri().path().strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let Some((account, now)) = account_of(&request).filter(|_| is_ours) else { return next.run(request).await };
    let Some(limiter) = account.limiter() else { return next.run(request).await };
    let is_identified = is_identified(&request);
    let mut response = next.run(request).await;
    let reading = response.extensions_mut().remove::<RateReading>().unwrap_or_else(|| {
        if !is_identified {
            return limiter.peek(now);
        }
        match limiter.check(now) {
            Admission::Admitted(reading) | Admission::Refused(reading) => reading,
        }
    });
    write(response.headers_mut(), reading);
    response
}

fn account_of(request: &Request) -> Option<(Arc<Account>, Timestamp)> {
    let exchange = request.extensions().get::<Arc<Exchange>>()?;
    Some((exchange.account.clone()?, exchange.now))
}

fn is_identified(request: &Request) -> bool {
    request.extensions().get::<Identity>().is_some_and(Result::is_ok)
}

fn write(headers: &mut HeaderMap, reading: RateReading) {
    headers.insert(LIMIT, reading.limit.into());
    headers.insert(REMAINING, reading.remaining.into());
    headers.insert(STANDARD_LIMIT, reading.limit.into());
    headers.insert(STANDARD_REMAINING, reading.remaining.into());
    headers.insert(STANDARD_RESET, reading.reset.into());
}
