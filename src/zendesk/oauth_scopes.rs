//! The scopes of OAuth tokens.

use super::hint::quoted;
use super::oauth_error::OauthError;
use super::request::context::RequestContext;
use crate::world::{OauthClient, OauthToken, each_once};

/// Resources with a scope to read and one to write.
const RESOURCES: [&str; 22] = [
    "tickets",
    "users",
    "organizations",
    "hc",
    "apps",
    "automations",
    "targets",
    "triggers",
    "macros",
    "requests",
    "satisfaction_ratings",
    "dynamic_content",
    "themes",
    "zis",
    "webhooks",
    "account_settings",
    "brands",
    "custom_objects",
    "deletion_schedules",
    "groups",
    "sla_policies",
    "ticket_attachments",
];

/// The other scopes.
const OTHERS: [&str; 10] = [
    "read",
    "write",
    "impersonate",
    "unrestricted",
    "ticket_views:read",
    "ticket_views:write",
    "auditlogs:read",
    "security:read",
    "any_channel:write",
    "web_widget:write",
];

/// The longest line of scopes, in bytes. All scopes of Zendesk together are shorter. Tokens keep
/// their scopes, so the memory of an account is bounded.
const LONGEST: usize = 4096;

/// The most scopes of a token. Zendesk has about 50.
const MOST: usize = 100;

/// Why scopes are refused that are over one of these limits.
pub(super) const TOO_MANY: &str = "the scopes are more than 100, or have more than 4096 bytes";

/// Whether these scopes, as a line with spaces between them, are [`TOO_MANY`].
pub(super) fn are_too_many(scopes: &[String]) -> bool {
    let bytes: usize = scopes.iter().map(|scope| scope.len() + 1).sum();
    scopes.len() > MOST || bytes > LONGEST + 1
}

/// The scopes of a line, in its order, each once. None if they are [`TOO_MANY`].
pub(super) fn split(line: &str) -> Option<Vec<String>> {
    if line.len() > LONGEST || line.split_ascii_whitespace().count() > MOST {
        return None;
    }
    let scopes = line.split_ascii_whitespace().map(str::to_owned);
    Some(each_once(scopes))
}

/// The scopes that a client gets if it asks for none: those that it is allowed, or else all.
pub(super) fn default_of(client: &OauthClient) -> Vec<String> {
    let all = || {
        [OauthToken::READ, OauthToken::WRITE]
            .map(str::to_owned)
            .into()
    };
    client.allowed_scopes.clone().unwrap_or_else(all)
}

/// The first of the scopes that is not allowed. Without a list, all are allowed.
pub(super) fn not_allowed<'a>(
    scopes: &'a [String],
    allowed: Option<&[String]>,
) -> Option<&'a String> {
    let allowed = allowed?;
    scopes.iter().find(|scope| !allowed.contains(scope))
}

/// Refuses scopes that the client is not allowed, or that were not granted before. Others are
/// granted, even if Zendesk does not know them: then every call with the token gets a 403.
pub(super) fn check(
    context: &RequestContext,
    scopes: &[String],
    granted: Option<&[String]>,
    client: &OauthClient,
) -> Result<(), OauthError> {
    if let Some(scope) = not_allowed(scopes, client.allowed_scopes.as_deref()) {
        let scope = quoted(scope);
        context
            .hints
            .add(format!("the client is not allowed the scope {scope}"));
        return Err(OauthError::InvalidScope);
    }
    if let Some(scope) = not_allowed(scopes, granted) {
        let scope = quoted(scope);
        context
            .hints
            .add(format!("the scope {scope} was not granted before"));
        return Err(OauthError::InvalidScope);
    }
    if let Some(scope) = scopes.iter().find(|scope| !is_known(scope)) {
        context.hints.add(format!(
            "Zendesk does not know the scope {}, so it gives access to nothing",
            quoted(scope)
        ));
    }
    Ok(())
}

/// Whether Zendesk has this scope.
fn is_known(scope: &str) -> bool {
    let of_resource = |(resource, access): (&str, &str)| {
        RESOURCES.contains(&resource) && matches!(access, "read" | "write")
    };
    OTHERS.contains(&scope) || scope.split_once(':').is_some_and(of_resource)
}
