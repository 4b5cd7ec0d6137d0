//! The operations of Zendesk's API: id, method, path and access of each.

use std::sync::Arc;

use axum::http::{HeaderValue, Method};

use crate::account::agent_in;
use crate::world::{AgentId, OauthToken, Role};

/// An operation. Its id is the name of its handler and the `operationId` in `openapi/`.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The whole path, with its parameters in braces.
    pub(crate) path: &'static str,
    pub(crate) access: Access,
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Admins.
    Admins,
    /// Admins and agents: the `/me` forms.
    Agents,
    /// Admins, agents and light agents.
    Staff,
    /// All users.
    Users,
    /// All callers: no credentials are asked for, and the limit does not count the call.
    Anyone,
}

/// The scope that an OAuth token needs for a call by this method.
pub(crate) fn scope_of(method: &Method) -> &'static str {
    if matches!(*method, Method::GET | Method::HEAD) {
        OauthToken::READ
    } else {
        OauthToken::WRITE
    }
}

impl Access {
    pub(crate) fn allows(self, role: Role) -> bool {
        match self {
            Self::Admins => role == Role::Admin,
            Self::Agents => matches!(role, Role::Admin | Role::Agent),
            Self::Staff => role != Role::EndUser,
            Self::Users | Self::Anyone => true,
        }
    }
}

impl Operation {
    /// Another scope that is enough to read, for the paths that have one.
    pub(crate) fn resource_scope(&self) -> Option<&'static str> {
        let resource = self.path.strip_prefix("/api/v2/")?.split('/').next()?;
        match resource {
            // Clients are another resource.
            "users" if self.path.contains("/oauth/") => None,
            "users" => Some("users:read"),
            "groups" | "group_memberships" => Some("groups:read"),
            _ => None,
        }
    }

    /// The agent that the path names, if the operation has one in its path.
    pub(crate) fn agent_in(&self, path: &str) -> Option<AgentId> {
        agent_in(self.path, path)
    }
}

/// All operations, by path and method.
#[derive(Debug, Default)]
pub(crate) struct OperationTable(Vec<Arc<Operation>>);

impl OperationTable {
    pub(crate) fn add(&mut self, operation: Operation) {
        self.0.push(Arc::new(operation));
    }

    /// The operations in the order of the route table.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.0.iter().map(|operation| &**operation)
    }

    /// The operation of a route. A HEAD is a GET whose answer has no body.
    pub(crate) fn find(&self, path: &str, method: &Method) -> Option<&Arc<Operation>> {
        let method = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let is_asked =
            |operation: &&Arc<Operation>| operation.path == path && operation.method == *method;
        self.0.iter().find(is_asked)
    }

    /// The methods of a route, for the `Allow` header. None if there is no such route.
    pub(crate) fn allowed(&self, path: &str) -> Option<HeaderValue> {
        let at_path = self.iter().filter(|operation| operation.path == path);
        let methods = at_path.map(|operation| match operation.method {
            Method::GET => "GET,HEAD",
            ref other => other.as_str(),
        });
        let methods = methods.collect::<Vec<_>>().join(",");
        HeaderValue::from_str(&methods)
            .ok()
            .filter(|methods| !methods.is_empty())
    }
}
