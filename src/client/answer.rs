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
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
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
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// It has this body, as text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The call happens, and this JSON merge patch changes its answer.
    #[must_use]
    pub fn patch(mut self, patch: impl Into<Value>) -> Self {
        self.patch = Some(patch.into());
        self
    }

    /// It has the body of the request, with this JSON merge patch over it.
    #[must_use]
    pub fn echo(mut self, patch: impl Into<Value>) -> Self {
        self.echo = Some(patch.into());
        self
    }

    /// Calls that are refused otherwise get it too, such as those without credentials.
    #[must_use]
    pub fn unauthenticated(mut self) -> Self {
        self.authenticate = false;
        self
    }
}
