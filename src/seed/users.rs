//! Users and the tokens that they sign in with, in a seed and as control calls spell them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::agents::Identity;
use super::reader::{Node, Object, Unique};
use crate::world::{ApiToken, Directory, OauthToken, TokenId, User, UserId};

/// The members of a user's document.
pub(crate) const USER_KEYS: &[&str] = &["id", "name", "email", "role", "password"];
/// The members of an API token's document.
pub(crate) const API_TOKEN_KEYS: &[&str] = &["id", "token", "description"];
/// The members of an OAuth token's document.
pub(crate) const OAUTH_TOKEN_KEYS: &[&str] = &["id", "token", "user_id", "scopes", "expires_at"];

/// Reads the users of a seed.
pub(super) fn read_users(root: &Object<'_>, directory: &mut Directory) {
    let (mut ids, mut emails) = (Unique::new("id"), Unique::new("e-mail address"));
    let users = root
        .optional("users")
        .and_then(|node| node.list(|node| read_user(node, Identity::Unique(&mut ids), &mut emails)));
    for user in users.unwrap_or_default() {
        // One whose address is there twice has been noted as a problem.
        let _ = directory.save_user(user);
    }
}

/// Reads the tokens of a seed. Those without an id get the lowest ids that are free, in the order of the document.
pub(super) fn read_tokens(root: &Object<'_>, directory: &mut Directory) {
    let mut texts = unique_texts();
    if let Some(node) = root.optional("api_tokens") {
        let mut ids = Unique::new("id");
        let tokens = node.list(|node| read_api_token(node, Identity::UniqueIfAny(&mut ids), &mut texts));
        for (id, token) in with_ids(tokens.unwrap_or_default()) {
            // One that is there twice has been noted as a problem.
            let _ = directory.save_api_token(ApiToken { id, ..token });
        }
    }
    if let Some(node) = root.optional("oauth_tokens") {
        let mut ids = Unique::new("id");
        let tokens = node.list(|node| read_oauth_token(node, Identity::UniqueIfAny(&mut ids), &mut texts, directory));
        for (id, token) in with_ids(tokens.unwrap_or_default()) {
            let _ = directory.save_oauth_token(OauthToken { id, ..token });
        }
    }
}

/// Gives the lowest free ids to the tokens that have none.
fn with_ids<T>(tokens: Vec<(Option<TokenId>, T)>) -> impl Iterator<Item = (TokenId, T)> {
    let given: BTreeSet<_> = tokens.iter().filter_map(|(id, _)| *id).collect();
    let mut free = (1..).map(TokenId).filter(move |id| !given.contains(id));
    tokens.into_iter().filter_map(move |(id, token)| Some((id.or_else(|| free.next())?, token)))
}

/// The texts of the tokens of a document, each of which may be there once.
pub(crate) fn unique_texts() -> Unique<Redacted> {
    Unique::new("token")
}

/// Reads a user whose address is none of `emails`.
pub(crate) fn read_user(node: &Node<'_>, mut id: Identity<'_>, emails: &mut Unique<String>) -> Option<User> {
    let user = node.object(USER_KEYS)?;
    let id = id.read(&user);
    let required = ["name", "email", "role"].map(|key| user.required(key));
    let [name, email, role] = &required;
    let name = name.as_ref().and_then(Node::text);
    let email = email.as_ref().and_then(|node| {
        let email = node.text()?;
        // The colon ends the e-mail address in a Basic credential, and the slash begins `/token`.
        if !email.contains('@') || email.contains([':', '/']) {
            node.problem("expected an e-mail address");
            return None;
        }
        emails.check(email.to_lowercase(), node);
        Some(email)
    });
    let role = role.as_ref().and_then(|node| node.word("role"));
    let password = user.optional("password").and_then(|node| node.text().map(str::to_owned));
    Some(User { id: UserId(id?), name: name?.to_owned(), email: email?.to_owned(), role: role?, password })
}

/// Reads an API token whose text is none of `texts`, and its id if there is one.
pub(crate) fn read_api_token(
    node: &Node<'_>,
    mut id: Identity<'_>,
    texts: &mut Unique<Redacted>,
) -> Option<(Option<TokenId>, ApiToken)> {
    let token = node.object(API_TOKEN_KEYS)?;
    let id = id.read(&token).map(TokenId);
    let description = token.optional("description").and_then(|node| node.text().map(str::to_owned));
    let text = read_text(&token.required("token")?, texts)?;
    Some((id, ApiToken { id: id.unwrap_or_default(), token: text, description }))
}

/// Reads an OAuth token of a user of this directory, whose text is none of `texts`, and its id if there is one.
pub(crate) fn read_oauth_token(
    node: &Node<'_>,
    mut id: Identity<'_>,
    texts: &mut Unique<Redacted>,
    directory: &Directory,
) -> Option<(Option<TokenId>, OauthToken)> {
    let token = node.object(OAUTH_TOKEN_KEYS)?;
    let id = id.read(&token).map(TokenId);
    let text = token.required("token").and_then(|node| read_text(&node, texts));
    let user = token.required("user_id").and_then(|node| {
        let id = UserId(node.number()?);
        if directory.user(id).is_none() {
            node.problem(format_args!("there is no user {}", id.0));
        }
        Some(id)
    });
    let scopes = token.optional("scopes").and_then(|node| node.list(read_scope));
    let scopes = scopes.unwrap_or_else(|| [OauthToken::READ, OauthToken::WRITE].map(str::to_owned).into());
    let scopes = Arc::new(scopes.into_iter().collect());
    let expires_at = token.optional("expires_at").and_then(|node| node.time());
    Some((id, OauthToken { id: id.unwrap_or_default(), token: text?, user: user?, scopes, expires_at }))
}

fn read_text(node: &Node<'_>, texts: &mut Unique<Redacted>) -> Option<String> {
    let text = node.text()?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        node.problem("expected visible ASCII without spaces");
        return None;
    }
    texts.check(Redacted(text.to_owned()), node);
    Some(text.to_owned())
}

/// Any text is a scope. White space would part it from the next one where scopes stand in one line.
fn read_scope(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    if text.contains(char::is_whitespace) {
        node.problem("expected text without white space");
        return None;
    }
    Some(text.to_owned())
}

/// A token in a message that others may read.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Redacted(String);

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}
