//! Role and scope: whether the caller may call the operation.

use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;

/// Refuses a caller whose role, or whose OAuth token's scopes, do not allow the operation: 403.
pub(crate) fn authorize(context: &RequestContext) -> Result<(), ApiError> {
    // Calls without an operation have been answered with 404 or 405.
    let operation = context.operation.as_ref().ok_or(ApiError::Internal)?;
    let caller = context.caller()?;
    if !operation.access.allows(caller.role) {
        context.metadata.set_wrong_role();
        return Err(ApiError::WrongRole(operation.access));
    }
    let scope = operation.scope();
    match &caller.scopes {
        Some(scopes) if !scopes.contains(scope) => {
            let other = operation.resource_scope();
            if other.is_some_and(|other| scopes.contains(other)) {
                Ok(())
            } else {
                Err(ApiError::MissingScope(scope))
            }
        }
        _ => Ok(()),
    }
}
