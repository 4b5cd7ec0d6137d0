//! A request and its answer, and what the journal shows of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use uuid::Uuid;

use super::{CallerThen, CredentialThen, GrantThen, Head, RefusalThen};
use crate::account::criteria::{MOST_OF_A_BODY, agent_in, body_value, header_text};
use crate::account::masking::{ACCESS_TOKEN, MASK, cut, is_secret, masked, masked_body};
use crate::account::{NamedText, RequestFacts};
use crate::clock::Stopwatch;
use crate::world::{AgentId, UserId};

/// A header that Zendesk's clients may send. The emulator does not read it.
pub(crate) const ON_BEHALF_OF: HeaderName = HeaderName::from_static("x-on-behalf-of");

/// A request and its answer.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// When it came, by the account's clock.
    pub(crate) time: Timestamp,
    /// The number of the newest request that had ended when this one came. The client cannot have
    /// known later answers when it sent this.
    pub(crate) began: u64,
    pub(crate) request_id: Uuid,
    /// The id of the operation; `None` if no route has the path.
    pub(crate) operation: Option<&'static str>,
    /// The path of the operation, with its parameters in braces.
    pub(crate) template: Option<&'static str>,
    pub(crate) method: Method,
    pub(crate) head: Head,
    /// Whether the body in the head is complete and as it came. If not, it is already masked: see
    /// [`kept_body`].
    pub(crate) is_body_complete: bool,
    /// The caller at that time.
    pub(crate) caller: Option<CallerThen>,
    pub(crate) credential: Option<CredentialThen>,
    pub(crate) status: u16,
    /// Whole seconds that a 429 or a 503 told the client to wait.
    pub(crate) retry_after: Option<u32>,
    pub(crate) hint: Option<HeaderValue>,
    /// The name of the rule that injected a fault or answered.
    pub(crate) fault: Option<Arc<str>>,
    /// Whether a fault delayed or damaged the answer, or kept it back, so that the client may not
    /// have read it.
    pub(crate) is_damaged: bool,
    /// What became of it, if it asked for a token.
    pub(crate) grant: Option<Arc<GrantThen>>,
    /// Real time.
    pub(crate) duration: Duration,
    /// Runs since it came.
    pub(crate) stopwatch: Option<Stopwatch>,
    /// How each parameter of the query was used. None if the query was not read.
    pub(crate) parameters: Option<Arc<[ParameterUsage]>>,
    /// Fields of the body that nothing read, as JSON pointers.
    pub(crate) unread_fields: Option<Arc<[Box<str>]>>,
    /// For a page of a list, whether there was more.
    pub(crate) has_more: Option<bool>,
    pub(crate) refusal: Option<RefusalThen>,
}

/// How a parameter was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterUsage {
    /// Nothing read it.
    Unread,
    /// It shaped the answer.
    Counted,
    /// It has no meaning here and is not a mistake.
    Tolerated,
    /// It was empty, or a later one of the same name counted, or it is a credential.
    Passed,
}

/// A parameter of the query, decoded.
#[derive(Clone, Debug)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: Cow<'a, str>,
    pub(crate) usage: ParameterUsage,
}

impl Entry {
    /// Whether the request with this number had ended when this one came. If so, the client could
    /// know its answer.
    pub(crate) fn came_after(&self, number: u64) -> bool {
        number <= self.began
    }

    /// The path as the router saw it.
    pub(crate) fn path(&self) -> Cow<'_, str> {
        masked(self.target().0)
    }

    /// The path, decoded, with the caller's id in place of `me`, as links have it.
    pub(crate) fn resource(&self) -> String {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let path = self.path();
        let (Some(template), Some(agent)) = (self.template, self.agent()) else {
            return decoded(&path);
        };
        let mut names = template.split('/');
        let parts = path.split('/').map(|part| match names.next() {
            Some("me" | "{agent_id}") => agent.to_string(),
            _ => decoded(part),
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn target(&self) -> (&str, &str) {
        let target = self.head.target();
        target.split_once('?').unwrap_or((target, ""))
    }

    /// The parameters in the order in which they came. If the query was not read, the last of each
    /// name counts.
    pub(crate) fn parameters(&self) -> Vec<Parameter<'_>> {
        let pairs: Vec<_> = form_urlencoded::parse(self.target().1.as_bytes()).collect();
        // A query can have tens of thousands of them.
        let last: BTreeMap<_, _> = pairs
            .iter()
            .enumerate()
            .map(|(place, (name, _))| (name.clone(), place))
            .collect();
        let usage = |place: usize, name: &str, value: &str| match &self.parameters {
            Some(parameters) => parameters
                .get(place)
                .copied()
                .unwrap_or(ParameterUsage::Passed),
            None if value.is_empty() || name == ACCESS_TOKEN => ParameterUsage::Passed,
            None if last.get(name) != Some(&place) => ParameterUsage::Passed,
            None => ParameterUsage::Counted,
        };
        let parameters = pairs.into_iter().enumerate().map(|(place, (name, value))| {
            let usage = usage(place, &name, &value);
            Parameter { name, value, usage }
        });
        parameters.collect()
    }

    /// The query as it was understood. A token in it is shown by its name only.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        let understood = |parameter: &Parameter<'_>| {
            let is_token = parameter.name == ACCESS_TOKEN && !parameter.value.is_empty();
            is_token
                || matches!(
                    parameter.usage,
                    ParameterUsage::Counted | ParameterUsage::Tolerated
                )
        };
        let shown = self.parameters().into_iter().filter(understood);
        let shown_name = |name: &str| {
            if name == ACCESS_TOKEN {
                name.to_owned()
            } else {
                masked(name).into_owned()
            }
        };
        shown
            .map(|Parameter { name, value, .. }| (shown_name(&name), masked_value(&name, &value)))
            .collect()
    }

    /// The parts of the query, the body and the headers that nothing read.
    pub(crate) fn unread(&self) -> Vec<String> {
        let (mut unread, mut seen) = (Vec::new(), BTreeSet::new());
        for parameter in self
            .parameters()
            .into_iter()
            .filter(|parameter| parameter.usage == ParameterUsage::Unread)
        {
            let name = masked(&parameter.name).into_owned();
            if seen.insert(name.clone()) {
                unread.push(name);
            }
        }
        unread.extend(
            self.unread_fields()
                .iter()
                .map(|field| format!("body: {}", masked(field))),
        );
        let is_on_behalf = self.header(&ON_BEHALF_OF).is_some();
        unread.extend(is_on_behalf.then(|| "header: X-On-Behalf-Of".to_owned()));
        unread
    }

    fn unread_fields(&self) -> &[Box<str>] {
        self.unread_fields.as_deref().unwrap_or_default()
    }

    /// The headers, those of one name together. Their order is not defined.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let mut headers: Vec<(&str, Vec<&[u8]>)> = Vec::new();
        for (name, value) in self.head.headers() {
            match headers.iter_mut().find(|(other, _)| *other == name) {
                Some((_, values)) => values.push(value),
                None => headers.push((name, vec![value])),
            }
        }
        let shown = headers.into_iter().filter_map(|(name, values)| {
            let value = masked_value(name, &header_text(values)?);
            Some((masked(name).into_owned(), value))
        });
        shown.collect()
    }

    /// The part of the body that the journal keeps, if it keeps any.
    pub(crate) fn body(&self) -> Option<Cow<'_, str>> {
        let body = self.head.body();
        if body.is_empty() {
            return None;
        }
        if !self.is_body_complete {
            return Some(String::from_utf8_lossy(body));
        }
        Some(Cow::Owned(self.masked_body()))
    }

    /// What the body says, if it is complete and JSON or a form.
    pub(crate) fn body_value(&self) -> Option<Value> {
        if !self.is_body_complete || body_value(self.head.body()).is_none() {
            return None;
        }
        body_value(self.masked_body().as_bytes())
    }

    fn masked_body(&self) -> String {
        masked_body(self.head.body(), self.header(&CONTENT_TYPE), usize::MAX)
    }

    /// The `User-Agent`.
    pub(crate) fn user_agent(&self) -> Option<&[u8]> {
        self.header(&USER_AGENT)
    }

    /// The first value of a header, as it came.
    fn header(&self, name: &HeaderName) -> Option<&[u8]> {
        let mut headers = self.head.headers();
        let (_, value) = headers.find(|(other, _)| *other == name.as_str())?;
        Some(value)
    }

    /// The e-mail address of the caller at that time.
    pub(crate) fn email(&self) -> Option<&str> {
        self.head.email()
    }

    /// The hint of the answer. Secrets that it quotes were masked.
    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_ref().and_then(|hint| hint.to_str().ok())
    }

    /// The user who called.
    pub(crate) fn user(&self) -> Option<UserId> {
        self.caller.and_then(|caller| caller.user)
    }

    /// The agent that the request is about: the one in the path, or the caller where the path says
    /// `me`.
    pub(crate) fn agent(&self) -> Option<AgentId> {
        let (template, path) = (self.template?, self.target().0);
        if template.split('/').any(|part| part == "me") {
            return self.user().map(UserId::as_agent);
        }
        agent_in(template, path)
    }

    /// How much memory it takes.
    pub(super) fn size(&self) -> usize {
        let Self {
            head,
            hint,
            fault,
            parameters,
            grant,
            ..
        } = self;
        let fields: usize = self
            .unread_fields()
            .iter()
            .map(|field| size_of_val(field) + field.len())
            .sum();
        let parameters = parameters.as_ref().map_or(0, |parameters| parameters.len());
        let texts = hint.as_ref().map_or(0, HeaderValue::len)
            + fault.as_ref().map_or(0, |fault| fault.len());
        let grant = grant.as_ref().map_or(0, |grant| size_of_val(&**grant));
        size_of::<Self>() + head.size() + parameters + fields + texts + grant
    }
}

/// As the journal shows it.
impl RequestFacts for Entry {
    fn operation(&self) -> Option<&'static str> {
        self.operation
    }

    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> Cow<'_, str> {
        self.path()
    }

    fn status(&self) -> Option<u16> {
        Some(self.status)
    }

    fn agent(&self) -> Option<AgentId> {
        self.agent()
    }

    fn user(&self) -> Option<UserId> {
        self.user()
    }

    fn email(&self) -> Option<&str> {
        self.email()
    }

    fn query(&self) -> Vec<(String, String)> {
        self.query()
    }

    fn headers(&self, _: &[NamedText]) -> Vec<(String, String)> {
        self.headers()
    }
}

/// What an entry keeps of a body, and whether that is all of it. Secrets are masked before the body
/// is cut, since afterwards their end cannot be found.
pub(crate) fn kept_body<'a>(
    body: &'a [u8],
    is_complete: bool,
    headers: &HeaderMap,
) -> (Cow<'a, [u8]>, bool) {
    if body.is_empty() || is_complete && body.len() <= MOST_OF_A_BODY {
        return (Cow::Borrowed(body), is_complete);
    }
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let masked = masked_body(body, content_type, MOST_OF_A_BODY);
    (
        Cow::Owned(cut(&masked, MOST_OF_A_BODY).as_bytes().to_vec()),
        false,
    )
}

/// The value of a parameter or of a header.
fn masked_value(name: &str, value: &str) -> String {
    if is_secret(name) {
        MASK.to_owned()
    } else {
        masked(value).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    /// Assumed: names and values of headers can be any bytes, and all of them are kept apart.
    #[test]
    fn headers_come_back_as_they_were() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("a", &b"1: 2"[..]),
            ("b", b""),
            ("a", b"\xff\t;"),
            ("c", b":"),
        ] {
            headers.append(
                name,
                HeaderValue::from_bytes(value).unwrap_or_else(|_| HeaderValue::from_static("")),
            );
        }
        let head = Head::copy(Head::default(), "/?a:b", Some("e@f"), &headers, b"g:h\n");
        let entry = Entry {
            head,
            is_body_complete: true,
            ..Entry::default()
        };
        let mut shown = entry.headers();
        // Their order is not defined.
        shown.sort_unstable();
        let shown: Vec<_> = shown
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(shown, [("a", "1: 2, \u{fffd}\t;"), ("b", ""), ("c", ":")]);
        assert_eq!(
            (&*entry.path(), entry.email(), entry.body().as_deref()),
            ("/", Some("e@f"), Some("g:h\n"))
        );
    }
}
