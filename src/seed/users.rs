//! The users of a seed, and the tokens that they sign in with.

use std::sync::Arc;

use super::Known;
use super::document::{Part, Parts, each};
use super::reader::{Node, Object};
use super::unique::{Digest, Unique};
use crate::world::{OauthToken, User, UserId};

pub(super) fn read_users(root: &Object<'_>, parts: &mut dyn Parts) {
    let mut emails = Unique::new("e-mail address");
    each(root, "users", "id", |node, ids| {
        if let Some(user) = read_user(node, ids, &mut emails) {
            parts.take(Part::User(user));
        }
    });
}

fn read_user(node: &Node<'_>, ids: &mut Unique<u64>, emails: &mut Unique<Digest>) -> Option<User> {
    let user = node.object(&["id", "name", "email", "role", "password"])?;
    let required = ["id", "name", "email", "role"].map(|key| user.required(key));
    let [id, name, email, role] = &required;
    let id = id.as_ref().and_then(|node| node.number().inspect(|id| ids.check(*id, node)));
    let name = name.as_ref().and_then(Node::text);
    let email = email.as_ref().and_then(|node| {
        let email = node.text()?;
        // The colon ends the e-mail address in a Basic credential, and the slash begins `/token`.
        if !email.contains('@') || email.contains([':', '/']) {
            node.problem("expected an e-mail address");
            return None;
        }
        emails.check_text(&email.to_lowercase(), node);
        Some(email)
    });
    let role = role.as_ref().and_then(|node| node.word("role"));
    let password = user.optional("password").and_then(|node| node.text().map(Into::into));
    Some(User { id: UserId(id?), name: name?.into_owned(), email: email?.into_owned(), role: role?, password })
}

pub(super) fn read_tokens(root: &Object<'_>, parts: &mut dyn Parts) {
    let mut tokens = Unique::new("token");
    if let Some(node) = root.optional("api_tokens") {
        node.each(|node| {
            if let Some((token, description)) = read_api_token(node, &mut tokens) {
                parts.take(Part::ApiToken(token, description));
            }
        });
    }
    if let Some(node) = root.optional("oauth_tokens") {
        node.each(|node| {
            if let Some((text, token)) = read_oauth_token(node, &mut tokens, parts) {
                parts.take(Part::OauthToken(text, token));
            }
        });
    }
}

fn read_api_token(node: &Node<'_>, tokens: &mut Unique<Digest>) -> Option<(String, Option<String>)> {
    let token = node.object(&["token", "description"])?;
    let description = token.optional("description").and_then(|node| node.text().map(Into::into));
    Some((read_token(&token.required("token")?, tokens)?, description))
}

fn read_oauth_token(node: &Node<'_>, tokens: &mut Unique<Digest>, known: &dyn Known) -> Option<(String, OauthToken)> {
    let token = node.object(&["token", "user_id", "scopes", "expires_at"])?;
    let text = token.required("token").and_then(|node| read_token(&node, tokens));
    let user = token.required("user_id").and_then(|node| {
        let id = UserId(node.number()?);
        if known.role(id).is_none() {
            node.problem(format_args!("there is no user {}", id.0));
        }
        Some(id)
    });
    let scopes = token.optional("scopes").and_then(|node| node.long_list(|| read_scope));
    let scopes = scopes.unwrap_or_else(|| [OauthToken::READ, OauthToken::WRITE].map(str::to_owned).into());
    let scopes = Arc::new(scopes.into_iter().collect());
    let expires_at = token.optional("expires_at").and_then(|node| node.time());
    Some((text?, OauthToken { user: user?, scopes, expires_at }))
}

fn read_token(node: &Node<'_>, tokens: &mut Unique<Digest>) -> Option<String> {
    let text = node.text()?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        node.problem("expected visible ASCII without spaces");
        return None;
    }
    // Others may read the problem.
    tokens.check_as(Digest::of(&text), "(not shown)", node);
    Some(text.into_owned())
}

/// Any text is a scope. White space would part it from the next one where scopes stand in one line.
fn read_scope(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    if text.contains(char::is_whitespace) {
        node.problem("expected text without white space");
        return None;
    }
    Some(text.into_owned())
}
