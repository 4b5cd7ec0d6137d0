//! Authentication: an operation is for callers that are known.

use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;

/// Refuses a call without good credentials: 401.
pub(super) fn authenticate(context: &RequestContext) -> Result<(), ApiError> {
    context.caller().map(drop)
}
