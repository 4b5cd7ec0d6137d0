//! The rate limit: counts the calls of whoever has been identified, refuses those over the limit, and says on every
//! answer how much is left.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::account::{Admission, RateReading};
use crate::zendesk::call::Identity;
use crate::zendesk::error::ApiError;
use crate::zendesk::exchange::Exchange;

const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const STANDARD_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const STANDARD_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const STANDARD_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Admits a call or refuses it.
pub(in crate::server) async fn rate_limit(request: Request, next: Next) -> Response {
    let exchange = request.extensions().get::<Arc<Exchange>>();
    let account = exchange.and_then(|exchange| Some((exchange.now, exchange.account.clone()?)));
    let Some((now, limiter)) = account.as_ref().and_then(|(now, account)| Some((*now, account.limiter()?))) else {
        return next.run(request).await;
    };
    let is_identified = request.extensions().get::<Identity>().is_some_and(Result::is_ok);
    let (reading, mut response) = if is_identified {
        match limiter.check(now) {
            Admission::Admitted(reading) => (reading, next.run(request).await),
            Admission::Refused(reading) => {
                (reading, ApiError::RateLimited { retry_after: reading.reset }.into_response())
            }
        }
    } else {
        (limiter.peek(now), next.run(request).await)
    };
    stamp(response.headers_mut(), reading);
    response
}

fn stamp(headers: &mut HeaderMap, reading: RateReading) {
    headers.insert(LIMIT, reading.limit.into());
    headers.insert(REMAINING, reading.remaining.into());
    headers.insert(STANDARD_LIMIT, reading.limit.into());
    headers.insert(STANDARD_REMAINING, reading.remaining.into());
    headers.insert(STANDARD_RESET, reading.reset.into());
}
