//! What is left of an account's rate limits, without counting a call.

use axum::Json;
use jiff::Timestamp;

use super::account_path::AccountPath;
use crate::account::Limiter;
use crate::wire::rate_limit::RateLimitDocument;

/// `GET /_emulator/accounts/{subdomain}/rate_limit`
pub(crate) async fn show_rate_limit(path: AccountPath) -> Json<RateLimitDocument> {
    let now = path.run_due().await.time;
    Json(document(path.account.effective_settings().limiter(), now))
}

/// `GET /_emulator/accounts/{subdomain}/account_rate_limit`
pub(crate) async fn show_account_rate_limit(path: AccountPath) -> Json<RateLimitDocument> {
    let now = path.run_due().await.time;
    Json(document(
        path.account.effective_settings().ticketing_limiter(),
        now,
    ))
}

fn document(limiter: Option<&Limiter>, now: Timestamp) -> RateLimitDocument {
    let Some((reading, ends)) = limiter.map(|limiter| limiter.state(now)) else {
        return RateLimitDocument::default();
    };
    RateLimitDocument {
        limit: Some(reading.limit),
        remaining: Some(reading.remaining),
        reset: Some(reading.reset),
        reset_at: ends,
    }
}
