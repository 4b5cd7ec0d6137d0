//! What a rule answers in place of Zendesk's API, or how it changes what that answers.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::json;

use crate::document::json::Document;
use crate::document::merge::{merge, overlay};
use crate::document::syntax::parse_json;

/// The answer of a rule.
#[derive(Clone, Debug)]
pub(crate) struct RuleAnswer {
    /// Whether a call is refused as without the rule if its caller, the limit, a role or a scope
    /// does not allow it.
    pub(crate) authenticate: bool,
    /// 200 to 599. Without it, 200 or that of the answer that is changed.
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderChanges,
    pub(crate) content: AnswerContent,
}

/// The body of the answer of a rule, and whether the call happens.
#[derive(Clone, Debug)]
pub(crate) enum AnswerContent {
    /// No body, in place of the call.
    Empty,
    /// This body, in place of the call.
    Json(Document<'static>),
    /// This body, in place of the call.
    Text(String),
    /// The body of the request with this patch over it, in place of the call.
    Echo(Document<'static>),
    /// The ticket of the request with an id, in place of the call.
    Ticket,
    /// The answer of the call, with this patch over its body.
    Patch(Document<'static>),
    /// The answer of the call. A page by cursor says that it comes after itself.
    StuckCursor,
    /// The answer of the call. A page by cursor says that there is more, and not where.
    MissingCursor,
}

/// The headers that a rule decides.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeaderChanges {
    pub(crate) set: Vec<(HeaderName, HeaderValue)>,
    pub(crate) without: Vec<HeaderName>,
}

impl Default for RuleAnswer {
    fn default() -> Self {
        Self {
            authenticate: true,
            status: None,
            headers: HeaderChanges::default(),
            content: AnswerContent::Empty,
        }
    }
}

impl AnswerContent {
    /// Whether the call happens.
    pub(crate) fn needs_the_call(&self) -> bool {
        matches!(
            self,
            Self::Patch(_) | Self::StuckCursor | Self::MissingCursor
        )
    }

    /// How many bytes of text it holds.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Json(json) | Self::Echo(json) | Self::Patch(json) => json.text().len(),
            Self::Text(text) => text.len(),
            Self::Empty | Self::Ticket | Self::StuckCursor | Self::MissingCursor => 0,
        }
    }

    /// The status of an answer in place of a call, unless the rule has one.
    pub(crate) fn usual_status(&self, method: &str) -> StatusCode {
        match self {
            Self::Ticket if method == "POST" => StatusCode::CREATED,
            _ => StatusCode::OK,
        }
    }

    /// What is laid over the body of a request if that makes the body of the answer. A ticket that is
    /// created has the number of the hit as its id, so that no two have the same.
    pub(crate) fn echo_patch(
        &self,
        method: &str,
        path: &str,
        hit: u64,
    ) -> Option<Cow<'_, Document<'static>>> {
        match self {
            Self::Echo(changes) => Some(Cow::Borrowed(changes)),
            Self::Ticket => {
                let id = ticket_in(method, path).flatten().unwrap_or(hit);
                Some(Cow::Owned(Document::of(&json!({ "ticket": { "id": id } }))))
            }
            _ => None,
        }
    }
}

impl HeaderChanges {
    /// A header that is left out and set is set.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        for name in &self.without {
            headers.remove(name);
        }
        for (name, value) in &self.set {
            headers.insert(name, value.clone());
        }
    }
}

/// Lays a merge patch over a JSON object. None if the text is not a JSON object.
pub(crate) fn patched(text: &str, patch: &Document<'_>) -> Option<String> {
    let target = parse_json(text)
        .ok()
        .filter(|json| json.value().is_object())?;
    Some(merge(target.value(), patch.value()).into_text())
}

/// Changes a page by cursor. None if the text is not one.
pub(crate) fn page_with(text: &str, changes: &impl Serialize) -> Option<String> {
    let page = parse_json(text).ok()?;
    page.value().get("meta")?.get("has_more")?;
    Some(overlay(page.value(), Document::of(changes).value()).into_text())
}

/// The id of the ticket that a request updates. None if it creates one.
type TicketId = Option<u64>;

/// The ticket that a request creates or updates. None if it is another request.
pub(super) fn ticket_in(method: &str, path: &str) -> Option<TicketId> {
    let rest = path.strip_prefix("/api/v2/tickets")?;
    match (method, rest) {
        ("POST", "") => Some(None),
        ("PUT", rest) => {
            let id = rest.strip_prefix('/')?;
            let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
            id.parse().ok().filter(|_| is_number).map(Some)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documented: the paths of the Tickets API. Assumed: only tickets one by one are here.
    #[test]
    fn tickets_are_created_and_updated_one_by_one() {
        for (method, path, ticket) in [
            ("POST", "/api/v2/tickets", Some(None)),
            ("PUT", "/api/v2/tickets/35436", Some(Some(35_436))),
            ("PUT", "/api/v2/tickets", None),
            ("PUT", "/api/v2/tickets/", None),
            ("PUT", "/api/v2/tickets/+1", None),
            ("PUT", "/api/v2/tickets/update_many", None),
            ("PUT", "/api/v2/tickets/1/tags", None),
            ("PUT", "/api/v2/tickets/18446744073709551616", None),
            ("POST", "/api/v2/tickets/1", None),
            ("POST", "/api/v2/ticketsandmore", None),
            ("GET", "/api/v2/tickets", None),
            ("GET", "/api/v2/tickets/1", None),
        ] {
            assert_eq!(ticket_in(method, path), ticket, "{method} {path}");
        }
    }
}
