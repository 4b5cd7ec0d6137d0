//! Admission: whether a call may be made. In this order: the caller is known, the limit has room, and
//! role and scope allow it.

use super::{access, authentication, rate_limit};
use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;

/// Counts a call, and refuses it with a 401, 429 or 403 if it may not be made.
pub(crate) fn admit(context: &RequestContext) -> Result<(), ApiError> {
    authentication::authenticate(context)?;
    rate_limit::count(context)?;
    access::authorize(context)?;
    let _ = context.admitted.set(());
    Ok(())
}
