//! The bodies of writes to OAuth tokens and clients: `{"token": {…}}` and `{"client": {…}}`.

use serde_json::{Map, Value};

use super::body::{note_unread, unread_members};
use super::context::RequestContext;
use crate::config::Validation;
use crate::world::{ClientId, ClientKind, each_once, is_redirect_uri};
use crate::zendesk::error::{ApiError, InvalidField, Reason};
use crate::zendesk::hint::quoted;

/// The longest text, in characters.
const LONGEST_TEXT: usize = 2_000;
/// The most redirect URIs of a client, and the most scopes of a token.
const MOST_TEXTS: usize = 100;

const OF_TOKEN: &[&str] = &["client_id", "scopes"];
const OF_CLIENT: &[&str] = &[
    "name",
    "identifier",
    "kind",
    "redirect_uri",
    "company",
    "description",
    "logo_url",
];
/// Members of answers that clients may send back. They have no effect.
const READ_ONLY: &[&str] = &[
    "id",
    "url",
    "secret",
    "user_id",
    "global",
    "created_at",
    "updated_at",
];

/// The OAuth token that a call creates.
#[derive(Clone, Debug)]
pub(crate) struct NewToken {
    pub(crate) client: ClientId,
    pub(crate) scopes: Option<Vec<String>>,
}

/// The members of an OAuth client that a call gives.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientChanges {
    pub(crate) name: Option<String>,
    pub(crate) identifier: Option<String>,
    pub(crate) kind: Option<ClientKind>,
    pub(crate) redirect_uris: Option<Vec<String>>,
    /// These three are removed by an empty text.
    pub(crate) company: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) logo_url: Option<String>,
}

/// Reads a new token.
pub(crate) fn new_token(context: &RequestContext, value: &Value) -> Result<NewToken, ApiError> {
    let mut reader = Reader::new(context, value, "token", OF_TOKEN, &[])?;
    let client = reader.required("client_id", |id| id.as_u64().map(ClientId));
    let scopes = reader.given("scopes", |scopes| {
        let is_scope = |scope: &str| !scope.is_empty() && !scope.contains(char::is_whitespace);
        texts(scopes).filter(|scopes| scopes.iter().all(|scope| is_scope(scope)))
    });
    let scopes = scopes.map(each_once).filter(|scopes| !scopes.is_empty());
    let client = reader.finish(client)?;
    Ok(NewToken { client, scopes })
}

/// Reads a new client, which needs a name and an identifier.
pub(crate) fn new_client(
    context: &RequestContext,
    value: &Value,
) -> Result<ClientChanges, ApiError> {
    client(context, value, true)
}

/// Reads what an update changes of a client.
pub(crate) fn client_changes(
    context: &RequestContext,
    value: &Value,
) -> Result<ClientChanges, ApiError> {
    client(context, value, false)
}

fn client(
    context: &RequestContext,
    value: &Value,
    is_new: bool,
) -> Result<ClientChanges, ApiError> {
    let mut reader = Reader::new(context, value, "client", OF_CLIENT, READ_ONLY)?;
    let mut name_of = |name| {
        if is_new || reader.members.contains_key(name) {
            reader.required(name, text)
        } else {
            None
        }
    };
    let (name, identifier) = (name_of("name"), name_of("identifier"));
    let changes = ClientChanges {
        name,
        identifier,
        kind: reader.given("kind", |kind| ClientKind::parse(kind.as_str()?)),
        redirect_uris: reader.redirect_uris(),
        company: reader.optional_text("company"),
        description: reader.optional_text("description"),
        logo_url: reader.optional_text("logo_url"),
    };
    reader.finish(Some(changes))
}

/// Reads the members of a record.
struct Reader<'a> {
    members: &'a Map<String, Value>,
    invalid: Vec<InvalidField>,
}

impl<'a> Reader<'a> {
    /// Finds the record in the body, by its name. `read` are its members, and `ignored` those that
    /// clients send back without effect.
    fn new(
        context: &RequestContext,
        body: &'a Value,
        record: &'static str,
        read: &[&'static str],
        ignored: &[&'static str],
    ) -> Result<Self, ApiError> {
        let value = body.get(record).unwrap_or(&Value::Null);
        let known: Vec<_> = read.iter().chain(ignored).copied().collect();
        let mut unread = unread_members(body, "", &[record]);
        unread.extend(unread_members(value, &format!("/{record}"), &known));
        let mut problems = Vec::new();
        note_unread(context, &unread, &mut problems);
        if !problems.is_empty() {
            return Err(ApiError::Problems(problems));
        }
        let members = value.as_object();
        let members = members.ok_or_else(|| InvalidField::new(record, Reason::Blank))?;
        if context.settings().validation != Validation::Off {
            for name in ignored.iter().filter(|name| members.contains_key(**name)) {
                let hint = format!("{} cannot be set, so it was ignored", quoted(name));
                context.hints.add(hint);
            }
        }
        Ok(Self {
            members,
            invalid: Vec::new(),
        })
    }

    /// Reads a member, unless it is null.
    fn given<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.members.get(name).filter(|value| !value.is_null())?;
        let read = read(value);
        if read.is_none() {
            self.invalid.push(InvalidField::new(name, Reason::Invalid));
        }
        read
    }

    /// Reads a member that has to be there and must not be an empty text.
    fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let is_blank = match self.members.get(name) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(_) => false,
        };
        if is_blank {
            self.invalid.push(InvalidField::new(name, Reason::Blank));
            return None;
        }
        self.given(name, read)
    }

    /// Reads a text that null removes.
    fn optional_text(&mut self, name: &'static str) -> Option<String> {
        match self.members.get(name)? {
            Value::Null => Some(String::new()),
            _ => self.given(name, text),
        }
    }

    /// Reads one redirect URI, or several. Null removes all.
    fn redirect_uris(&mut self) -> Option<Vec<String>> {
        if self.members.get("redirect_uri").is_some_and(Value::is_null) {
            return Some(Vec::new());
        }
        self.given("redirect_uri", |value| {
            let uris = match value {
                Value::String(_) => text(value).map(|uri| vec![uri]),
                _ => texts(value),
            };
            uris.filter(|uris| uris.iter().all(|uri| is_redirect_uri(uri)))
        })
    }

    fn finish<T>(self, read: Option<T>) -> Result<T, ApiError> {
        read.filter(|_| self.invalid.is_empty())
            .ok_or(ApiError::InvalidRecord(self.invalid))
    }
}

fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    (text.chars().count() <= LONGEST_TEXT).then(|| text.to_owned())
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let texts = value.as_array()?;
    let texts = texts.iter().map(text);
    texts
        .collect::<Option<Vec<_>>>()
        .filter(|texts| texts.len() <= MOST_TEXTS)
}
