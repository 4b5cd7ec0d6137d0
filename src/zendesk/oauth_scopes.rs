//! The scopes of OAuth tokens.

use super::oauth_error::OauthError;
use super::request::context::RequestContext;
use crate::world::{OauthClient, OauthToken};

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

/// Why a line is refused that is longer than that.
pub(super) const TOO_LONG: &str = "`scope` has more than 4096 bytes";

/// The scopes of a line, in its order, each once. None if the line is too long.
pub(super) fn split(line: &str) -> Option<Vec<String>> {
    if line.len() > LONGEST {
        return None;
    }
    let mut scopes: Vec<String> = Vec::new();
    for scope in line.split_whitespace() {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Some(scopes)
}

/// The scopes of a client that does not ask for any: those that it is allowed, or else all.
pub(super) fn default_of(client: &OauthClient) -> Vec<String> {
    let all = || {
        [OauthToken::READ, OauthToken::WRITE]
            .map(str::to_owned)
            .into()
    };
    client.allowed_scopes.clone().unwrap_or_else(all)
}

/// Refuses scopes that the client is not allowed, or that are not among `most`. Others are granted,
/// also if Zendesk does not know them: then every call with the token gets a 403.
pub(super) fn check(
    context: &RequestContext,
    scopes: &[String],
    most: Option<&[String]>,
    client: &OauthClient,
) -> Result<(), OauthError> {
    let refused = |allowed: Option<&[String]>| {
        let allowed = allowed?;
        scopes.iter().find(|scope| !allowed.contains(scope))
    };
    if refused(client.allowed_scopes.as_deref()).is_some() {
        context
            .hints
            .add("a scope is not among those that the client is allowed");
        return Err(OauthError::InvalidScope);
    }
    if refused(most).is_some() {
        context
            .hints
            .add("a scope is not among those that were granted before");
        return Err(OauthError::InvalidScope);
    }
    if !scopes.iter().all(|scope| is_known(scope)) {
        context
            .hints
            .add("Zendesk does not know one of these scopes, so it gives access to nothing");
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
