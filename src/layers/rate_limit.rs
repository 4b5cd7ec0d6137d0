//! The rate limits: the account has a governor for the two availability APIs and one for the
//! Ticketing API. The one of the path counts each call to an operation, and refuses those beyond
//! its limit.

use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;

/// Counts a call, and refuses it if the window's calls are used up: 429.
pub(super) fn count(context: &RequestContext) -> Result<(), ApiError> {
    context.count_call()
}
