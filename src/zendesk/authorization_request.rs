//! The authorization request: what a client asks for at the authorization page, and the checks of
//! it.

use std::borrow::Cow;

use form_urlencoded::{Serializer, byte_serialize};
use percent_encoding::percent_decode;

use super::hint::quoted;
use super::oauth_scopes;
use super::request::query::Query;
use crate::world::{Directory, OauthClient, WriteError, differ_in_port_only};

const RESPONSE_TYPE: &str = "response_type";
const CLIENT_ID: &str = "client_id";
const REDIRECT_URI: &str = "redirect_uri";
const SCOPE: &str = "scope";
const STATE: &str = "state";
const CHALLENGE: &str = "code_challenge";
const METHOD: &str = "code_challenge_method";

/// The length of the base64url of a SHA-256 hash, without padding.
const CHALLENGE_LENGTH: usize = 43;

/// Why there is a page in place of a redirect.
#[derive(Debug)]
pub(super) enum Refusal {
    NoSuchClient,
    /// The hint says what is wrong.
    Invalid(Cow<'static, str>),
}

impl Refusal {
    pub(super) fn invalid(hint: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid(hint.into())
    }
}

/// Adding a code writes nothing that the world can refuse.
impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        Self::invalid(error.to_string())
    }
}

/// The parameters of a request.
#[derive(Debug, Default)]
pub(super) struct AuthorizationRequest {
    response_type: Option<String>,
    client_id: Option<String>,
    redirect_uri: Option<String>,
    scope: Option<String>,
    /// As the client sent it, byte by byte: it need not be UTF-8.
    state: Option<Vec<u8>>,
    challenge: Option<String>,
    method: Option<String>,
}

/// A request that can be answered with a redirect.
#[derive(Debug)]
pub(super) struct CheckedRequest<'a> {
    pub(super) client: &'a OauthClient,
    pub(super) redirect_uri: &'a str,
    /// Whether its port is not that of the registered one.
    pub(super) has_other_port: bool,
    pub(super) scopes: Vec<String>,
    pub(super) challenge: Option<&'a str>,
    state: Option<&'a [u8]>,
}

impl AuthorizationRequest {
    /// Reads the parameters. `form` is the text that the query was parsed from.
    pub(super) fn read(query: &mut Query, form: Option<&str>) -> Self {
        let mut read = |names| query.read_text(names);
        let state = read(&[STATE]);
        Self {
            response_type: read(&[RESPONSE_TYPE]),
            client_id: read(&[CLIENT_ID]),
            redirect_uri: read(&[REDIRECT_URI]),
            scope: read(&[SCOPE]),
            state: state.and_then(|_| last_value(form.unwrap_or_default(), STATE)),
            challenge: read(&[CHALLENGE]),
            method: read(&[METHOD]),
        }
    }

    /// The parameters, form-encoded.
    pub(super) fn form(&self) -> String {
        let texts = [
            (RESPONSE_TYPE, &self.response_type),
            (CLIENT_ID, &self.client_id),
            (REDIRECT_URI, &self.redirect_uri),
            (SCOPE, &self.scope),
            (CHALLENGE, &self.challenge),
            (METHOD, &self.method),
        ];
        let texts = texts.into_iter();
        let given = texts.filter_map(|(name, text)| Some((name, text.as_deref()?)));
        with_state(given, self.state.as_deref())
    }

    /// Checks the request, apart from its scopes: whether its client may ask for a code.
    pub(super) fn check<'a>(
        &'a self,
        directory: &'a Directory,
    ) -> Result<CheckedRequest<'a>, Refusal> {
        let missing = |name| move || Refusal::invalid(format!("`{name}` is missing"));
        let client_id = self.client_id.as_deref().ok_or_else(missing(CLIENT_ID))?;
        let client = directory.oauth().client_by_identifier(client_id);
        let client = client.ok_or(Refusal::NoSuchClient)?;
        let redirect_uri = self.redirect_uri.as_deref();
        let redirect_uri = redirect_uri.ok_or_else(missing(REDIRECT_URI))?;
        let registered = &client.redirect_uris;
        let is_registered = registered.iter().any(|uri| uri == redirect_uri);
        if !is_registered
            && !registered
                .iter()
                .any(|uri| differ_in_port_only(uri, redirect_uri))
        {
            let hint = "this `redirect_uri` is not registered for the client, to the letter";
            return Err(Refusal::invalid(hint));
        }
        let response_type = self.response_type.as_deref();
        match response_type.ok_or_else(missing(RESPONSE_TYPE))? {
            "code" => {}
            "token" => {
                let hint =
                    "Zendesk ended the implicit grant on 2025-02-17; use `response_type=code`";
                return Err(Refusal::invalid(hint));
            }
            other => {
                let hint = format!("the `response_type` {} is not `code`", quoted(other));
                return Err(Refusal::invalid(hint));
            }
        }
        let scopes = oauth_scopes::split(self.scope.as_deref().unwrap_or_default());
        let scopes = scopes.ok_or_else(|| Refusal::invalid(oauth_scopes::TOO_MANY))?;
        Ok(CheckedRequest {
            client,
            redirect_uri,
            has_other_port: !is_registered,
            scopes: if scopes.is_empty() {
                oauth_scopes::default_of(client)
            } else {
                scopes
            },
            challenge: self.check_challenge(client)?,
            state: self.state.as_deref(),
        })
    }

    /// Checks the parameters of PKCE.
    fn check_challenge(&self, client: &OauthClient) -> Result<Option<&str>, Refusal> {
        let Some(challenge) = self.challenge.as_deref() else {
            return if client.is_public() {
                Err(Refusal::invalid(
                    "a public client needs PKCE: `code_challenge` and `code_challenge_method=S256`",
                ))
            } else if self.method.is_some() {
                Err(Refusal::invalid("`code_challenge` is missing"))
            } else {
                Ok(None)
            };
        };
        if self.method.as_deref() != Some("S256") {
            return Err(Refusal::invalid("`code_challenge_method` is not `S256`"));
        }
        let is_base64url = challenge
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if challenge.len() == CHALLENGE_LENGTH && is_base64url {
            Ok(Some(challenge))
        } else {
            Err(Refusal::invalid(
                "`code_challenge` is not the base64url of a SHA-256 hash, which has 43 characters without padding",
            ))
        }
    }
}

impl CheckedRequest<'_> {
    /// A scope that the client may not ask for.
    pub(super) fn refused_scope(&self) -> Option<&str> {
        let allowed = self.client.allowed_scopes.as_deref();
        oauth_scopes::not_allowed(&self.scopes, allowed).map(String::as_str)
    }

    /// The address of the client with these parameters and the state. It may have parameters of its
    /// own.
    pub(super) fn redirect(&self, parameters: &[(&str, &str)]) -> String {
        let uri = self.redirect_uri;
        let sign = match uri.find('?') {
            None => "?",
            Some(_) if uri.ends_with(['?', '&']) => "",
            Some(_) => "&",
        };
        let form = with_state(parameters.iter().copied(), self.state);
        format!("{uri}{sign}{form}")
    }
}

/// The parameters and the state, form-encoded.
fn with_state<'a>(
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
    state: Option<&[u8]>,
) -> String {
    let mut form = Serializer::new(String::new());
    let mut form = form.extend_pairs(parameters).finish();
    if let Some(state) = state {
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str("state=");
        form.extend(byte_serialize(state));
    }
    form
}

/// The last value of a parameter in a form, byte by byte.
fn last_value(form: &str, name: &str) -> Option<Vec<u8>> {
    let decoded = |text: &str| -> Vec<u8> {
        let spaced = text.replace('+', " ");
        percent_decode(spaced.as_bytes()).collect()
    };
    let pairs = form.rsplit('&');
    let mut pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let value = pairs.find(|(other, _)| decoded(other) == name.as_bytes());
    value.map(|(_, value)| decoded(value))
}
