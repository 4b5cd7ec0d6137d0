//! What an operation of Zendesk's API is, apart from what it does.

use axum::http::Method;

use crate::account::agent_in;
use crate::world::{AgentId, OauthToken, Role};
use crate::zendesk::PREFIX;

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
    pub(crate) fn scope(&self) -> &'static str {
        if self.method == Method::GET {
            OauthToken::READ
        } else {
            OauthToken::WRITE
        }
    }

    /// Whether this is the template of a path.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix(PREFIX) else {
            return false;
        };
        let fits = |(name, part): (&str, &str)| {
            if is_parameter(name) {
                !part.is_empty()
            } else {
                name == part
            }
        };
        self.parts().count() == path.split('/').count()
            && self.parts().zip(path.split('/')).all(fits)
    }

    /// The agent that a path of this template names.
    pub(crate) fn agent_in(&self, path: &str) -> Option<AgentId> {
        agent_in(self.path, path)
    }

    /// How many parts of the path can be anything.
    pub(crate) fn parameters(&self) -> usize {
        self.parts().filter(|name| is_parameter(name)).count()
    }

    fn parts(&self) -> std::str::Split<'static, char> {
        self.path.trim_end_matches('/').split('/')
    }
}

fn is_parameter(name: &str) -> bool {
    name.starts_with('{')
}
