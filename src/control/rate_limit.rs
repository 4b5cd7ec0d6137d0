//! What is left of an account's rate limit, without counting a call.

use axum::Json;

use super::account_path::AccountPath;
use crate::wire::rate_limit::RateLimitDocument;

/// `GET /_emulator/accounts/{subdomain}/rate_limit`
pub(crate) async fn show_rate_limit(path: AccountPath) -> Json<RateLimitDocument> {
    let now = path.run_due().await.time;
    let rules = path.account.rules();
    let Some((reading, ends)) = rules.limiter().map(|limiter| limiter.state(now)) else {
        return Json(RateLimitDocument::default());
    };
    Json(RateLimitDocument {
        limit: Some(reading.limit),
        remaining: Some(reading.remaining),
        reset: Some(reading.reset),
        reset_at: ends,
    })
}
