//! Authentication: an operation is for callers that are known.

use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;

/// Refuses a call without good credentials: 401. Control calls have a guard instead.
pub(crate) fn authenticate(context: &RequestContext) -> Result<(), ApiError> {
    match &context.operation {
        Some(_) => context.caller().map(drop),
        None => Ok(()),
    }
}
