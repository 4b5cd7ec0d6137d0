//! The request of `POST /oauth/tokens`: parameters in a JSON body, in a form or in the query, and the
//! client in them or in `Authorization`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::body;
use super::context::RequestContext;
use super::credentials::BASE64;
use crate::config::Validation;
use crate::incoming::is_of_type;
use crate::zendesk::hint::{ignored, nearest, unknown};
use crate::zendesk::oauth_error::OauthError;

/// The parameters that are read.
const PARAMETERS: [&str; 10] = [
    "grant_type",
    "client_id",
    "client_secret",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "expires_in",
    "refresh_token_expires_in",
];

/// The parameters of a request for a token.
#[derive(Debug)]
pub(crate) struct GrantRequest {
    parameters: BTreeMap<String, String>,
}

/// A client as it names itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ClientCredentials {
    pub(crate) identifier: String,
    pub(crate) secret: Option<String>,
}

impl GrantRequest {
    /// Reads the parameters. Those of the body come before those of the query.
    pub(crate) fn read(context: &RequestContext, body: &[u8]) -> Result<Self, OauthError> {
        let query = context.uri.query().unwrap_or_default();
        let mut parameters = form(query.as_bytes());
        let is_json = is_of_type(&context.headers, "application/json");
        let looks_like_json = body.trim_ascii_start().starts_with(b"{");
        let is_form = is_of_type(&context.headers, body::FORM);
        if looks_like_json && is_form {
            context
                .hints
                .add("the body looks like JSON, but its content type is that of a form");
        }
        if body.is_empty() {
            // Some clients send everything in the query, and yet the content type of JSON.
        } else if is_json || looks_like_json && !is_form {
            parameters.extend(json(context, body)?);
        } else {
            parameters.extend(form(body));
        }
        let request = Self { parameters };
        request.note_unread(context)?;
        Ok(request)
    }

    /// Documented: other parameters are ignored; a sample of Zendesk's sends one. They are refused
    /// if validation is strict.
    fn note_unread(&self, context: &RequestContext) -> Result<(), OauthError> {
        let names = self.parameters.keys().map(String::as_str);
        let unread: Vec<_> = names.filter(|name| !PARAMETERS.contains(name)).collect();
        if unread.is_empty() {
            return Ok(());
        }
        let pointers = unread.iter().map(|name| body::pointer(name).into());
        let _ = context.metadata.unread_fields.set(pointers.collect());
        for name in unread {
            let near = nearest(name, PARAMETERS);
            match context.settings().validation {
                Validation::Off => {}
                Validation::Warn => context.hints.add(ignored("parameter", name, near)),
                Validation::Strict => {
                    return Err(OauthError::InvalidRequest(unknown(name, near)));
                }
            }
        }
        Ok(())
    }

    /// A parameter. An empty one counts as missing.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.parameters.get(name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// A parameter that has to be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, OauthError> {
        let missing = || OauthError::InvalidRequest(format!("'{name}' required."));
        self.get(name).ok_or_else(missing)
    }

    /// The client, by its parameters or by Basic.
    pub(crate) fn client(&self, context: &RequestContext) -> Result<ClientCredentials, OauthError> {
        let Some((identifier, secret)) = basic(&context.headers) else {
            return Ok(ClientCredentials {
                identifier: self.required("client_id")?.to_owned(),
                secret: self.get("client_secret").map(str::to_owned),
            });
        };
        context.hints.add(
            "Zendesk documents `client_id` and `client_secret` as parameters only, not as Basic \
             credentials",
        );
        let named = self.get("client_id");
        if named.is_some_and(|named| named != identifier) {
            let description = "Multiple client credentials are provided.";
            return Err(OauthError::InvalidRequest(description.to_owned()));
        }
        let secret = Some(secret).filter(|secret| !secret.is_empty());
        Ok(ClientCredentials {
            identifier,
            secret: secret.or_else(|| self.get("client_secret").map(str::to_owned)),
        })
    }
}

/// The client in `Authorization: Basic`. Its two parts are encoded as in a form.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let rest = Some(rest.trim()).filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let decoded = String::from_utf8(BASE64.decode(rest).ok()?).ok()?;
    let (identifier, secret) = decoded.split_once(':')?;
    let part = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8().map(Cow::into_owned)
    };
    Some((part(identifier).ok()?, part(secret).ok()?))
}

fn form(bytes: &[u8]) -> BTreeMap<String, String> {
    let pairs = form_urlencoded::parse(bytes);
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn json(context: &RequestContext, body: &[u8]) -> Result<BTreeMap<String, String>, OauthError> {
    let value = serde_json::from_slice(body).map_err(|error| {
        OauthError::InvalidRequest(format!("The request body is not JSON: {error}."))
    })?;
    let Value::Object(members) = value else {
        let description = "The request body is not an object.";
        return Err(OauthError::InvalidRequest(description.to_owned()));
    };
    if members.get("scope").is_some_and(Value::is_array) {
        context.hints.add(
            "`scope` is a text with spaces between the scopes; as a list it gives access to nothing",
        );
    }
    let given = members.into_iter().filter(|(_, value)| !value.is_null());
    Ok(given.map(|(name, value)| (name, text(value))).collect())
}

/// A member as the parameter that Zendesk takes it for. Observed: a list becomes its text with
/// brackets, quotes and commas. As a scope it is split at its spaces, and every call with the token
/// gets a 403.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(Value::to_string).collect();
            format!("[{}]", elements.join(", "))
        }
        other => other.to_string(),
    }
}
