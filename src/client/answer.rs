//! Building what requests get in place of Zendesk's answer.

use serde_json::Value;

use crate::wire::faults::Answer;

impl Answer {
    /// An answer without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// It has this status, 200 to 599.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self {
            status: Some(status),
            ..self
        }
    }

    /// It has this header, in place of the one that it has otherwise.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// It does not have this header.
    #[must_use]
    pub fn without_header(mut self, name: impl Into<String>) -> Self {
        self.without_headers.push(name.into());
        self
    }

    /// It has this body, as JSON.
    #[must_use]
    pub fn body(self, body: impl Into<Value>) -> Self {
        Self {
            body: Some(body.into()),
            ..self
        }
    }

    /// It has this body, as text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..self
        }
    }

    /// The call happens, and this JSON merge patch changes its answer.
    #[must_use]
    pub fn patch(self, patch: impl Into<Value>) -> Self {
        Self {
            patch: Some(patch.into()),
            ..self
        }
    }

    /// It has the body of the request, with this JSON merge patch over it.
    #[must_use]
    pub fn echo(self, patch: impl Into<Value>) -> Self {
        Self {
            echo: Some(patch.into()),
            ..self
        }
    }

    /// Calls get it that are otherwise refused, such as those without credentials.
    #[must_use]
    pub fn unauthenticated(self) -> Self {
        Self {
            authenticate: false,
            ..self
        }
    }
}
