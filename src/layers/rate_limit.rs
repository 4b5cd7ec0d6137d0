//! The rate limit: the account's governor counts each call to an operation, and refuses those
//! beyond the limit.

use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;

/// Counts a call, and refuses it if the window's calls are used up: 429.
pub(crate) fn count(context: &RequestContext) -> Result<(), ApiError> {
    context.count_call()
}
