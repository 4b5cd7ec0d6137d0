//! What an operation of Zendesk's face is, apart from what it does.

use axum::http::Method;

use super::PREFIX;
use crate::world::{Role, Scope};

/// An operation. Its id is the name of its handler and its `operationId` in `openapi/`.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// Below [`super::PREFIX`].
    pub(crate) path: &'static str,
    pub(crate) access: Access,
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Admins.
    Admins,
    /// Admins and agents, each for itself: the `/me` forms.
    Agents,
}

impl Access {
    pub(crate) fn allows(self, role: Role) -> bool {
        match self {
            Self::Admins => role == Role::Admin,
            Self::Agents => matches!(role, Role::Admin | Role::Agent),
        }
    }
}

impl Operation {
    /// The path from its beginning.
    pub(crate) fn whole_path(&self) -> String {
        format!("{PREFIX}{}", self.path.trim_end_matches('/'))
    }

    /// The scope that an OAuth token needs.
    pub(crate) fn scope(&self) -> Scope {
        if self.method == Method::GET { Scope::Read } else { Scope::Write }
    }
}
