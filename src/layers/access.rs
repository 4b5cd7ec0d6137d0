//! Role and scope: whether the caller may call the operation. A path that only a rule answers is for
//! every role.

use crate::zendesk::error::ApiError;
use crate::zendesk::request::context::RequestContext;
use crate::zendesk::request::credentials::Caller;
use crate::zendesk::request::operation::{Operation, scope_of};

/// Refuses a caller whose role, or whose OAuth token's scopes, do not allow the operation: 403.
pub(crate) fn authorize(context: &RequestContext, caller: &Caller) -> Result<(), ApiError> {
    let operation = context.operation.as_deref();
    match operation {
        Some(operation) if !operation.access.allows(caller.role) => {
            context.metadata.set_wrong_role();
            return Err(ApiError::WrongRole(operation.access));
        }
        // Without such a rule, the call has been answered with 404 or 405.
        None if !context.is_answered_by_rule() => return Err(ApiError::Internal),
        _ => {}
    }
    let scope = scope_of(&context.method);
    match &caller.scopes {
        Some(scopes) if !has(scopes, scope) => {
            let other = operation.and_then(Operation::resource_scope);
            if other.is_some_and(|other| has(scopes, other)) {
                Ok(())
            } else {
                Err(ApiError::MissingScope { scope, or: other })
            }
        }
        _ => Ok(()),
    }
}

fn has(scopes: &[String], scope: &str) -> bool {
    scopes.iter().any(|own| own == scope)
}
