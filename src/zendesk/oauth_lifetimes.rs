//! The lifetimes of the tokens that `POST /oauth/tokens` issues.

use std::time::Duration;

use super::oauth_error::OauthError;
use super::request::context::RequestContext;
use super::request::query::is_number;
use crate::config::{ExpiresIn, Validation};
use crate::world::{OauthClient, RefreshToken};

/// The range of `expires_in`, in seconds.
const EXPIRES_IN: [u64; 2] = [300, 172_800];
/// The range of `refresh_token_expires_in`, in seconds.
const REFRESH_TOKEN_EXPIRES_IN: [u64; 2] = [604_800, 7_776_000];

/// The lifetimes that a client asks for, as it sends them.
#[derive(Debug)]
pub(super) struct Lifetimes {
    /// `expires_in`.
    pub(super) access_as_given: Option<String>,
    /// `refresh_token_expires_in`.
    pub(super) refresh_as_given: Option<String>,
}

impl Lifetimes {
    /// How long an access token lives. None if it never expires.
    pub(super) fn access(
        &self,
        context: &RequestContext,
        client: &OauthClient,
    ) -> Result<Option<Duration>, OauthError> {
        let default = client.default_lifetime();
        let Some(given) = &self.access_as_given else {
            return Ok(default);
        };
        if context.settings().oauth.expires_in == ExpiresIn::Ignore {
            context
                .hints
                .add("`expires_in` is ignored, as the setting `oauth.expires_in` says");
            return Ok(default);
        }
        let asked = lifetime(context, "expires_in", given, EXPIRES_IN)?;
        Ok(asked.or(default))
    }

    /// How long a refresh token lives.
    pub(super) fn refresh(&self, context: &RequestContext) -> Result<Duration, OauthError> {
        let Some(given) = &self.refresh_as_given else {
            return Ok(RefreshToken::LIFETIME);
        };
        let name = "refresh_token_expires_in";
        let asked = lifetime(context, name, given, REFRESH_TOKEN_EXPIRES_IN)?;
        Ok(asked.unwrap_or(RefreshToken::LIFETIME))
    }
}

/// A lifetime in its range. One that is out of it is moved to the nearest end, with a hint, or
/// refused if validation is strict. None if it is not a number.
fn lifetime(
    context: &RequestContext,
    name: &str,
    given: &str,
    [least, most]: [u64; 2],
) -> Result<Option<Duration>, OauthError> {
    let seconds = whole_number(given);
    let in_range = seconds.map(|seconds| seconds.clamp(least, most));
    if seconds.is_none() || seconds != in_range {
        let problem = format!("`{name}` is a number of seconds from {least} to {most}");
        match context.settings().validation {
            Validation::Strict => return Err(OauthError::InvalidRequest(format!("{problem}."))),
            Validation::Warn => context.hints.add(match in_range {
                Some(in_range) => format!("{problem}; taken as {in_range}"),
                None => format!("{problem}; ignored"),
            }),
            Validation::Off => {}
        }
    }
    Ok(in_range.map(Duration::from_secs))
}

/// A whole number. One that is below zero counts as zero, and one that is too large as the largest:
/// both are out of every range.
fn whole_number(text: &str) -> Option<u64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    is_number(digits).then(|| match digits.parse() {
        _ if is_negative => 0,
        Ok(number) => number,
        Err(_) => u64::MAX,
    })
}
