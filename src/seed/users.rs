//! The users of a seed, and the tokens that they sign in with.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use super::document::list;
use super::reader::{Node, Object, Unique};
use crate::world::{Directory, OauthToken, User, UserId};

pub(super) fn read_users(root: &Object<'_>, directory: &mut Directory) {
    let emails = RefCell::new(Unique::new("e-mail address"));
    let users = list(root, "users", |node, ids: &mut Unique<u64>| {
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
            emails.borrow_mut().check(email.to_lowercase(), node);
            Some(email)
        });
        let role = role.as_ref().and_then(|node| node.word("role"));
        let password = user.optional("password").and_then(|node| node.text().map(str::to_owned));
        Some(User { id: UserId(id?), name: name?.to_owned(), email: email?.to_owned(), role: role?, password })
    });
    for user in users {
        directory.insert_user(user);
    }
}

pub(super) fn read_tokens(root: &Object<'_>, directory: &mut Directory) {
    let mut tokens = Unique::new("token");
    if let Some(node) = root.optional("api_tokens") {
        let texts = node.list(|node| {
            let token = node.object(&["token", "description"])?;
            let description = token.optional("description").and_then(|node| node.text().map(str::to_owned));
            Some((read_token(&token.required("token")?, &mut tokens)?, description))
        });
        directory.api_tokens = texts.unwrap_or_default().into_iter().collect();
    }
    if let Some(node) = root.optional("oauth_tokens") {
        let read = node.list(|node| {
            let token = node.object(&["token", "user_id", "scopes", "expires_at"])?;
            let text = token.required("token").and_then(|node| read_token(&node, &mut tokens));
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
            Some((text?, OauthToken { user: user?, scopes, expires_at }))
        });
        directory.oauth_tokens = read.unwrap_or_default().into_iter().collect();
    }
}

fn read_token(node: &Node<'_>, tokens: &mut Unique<Redacted>) -> Option<String> {
    let text = node.text()?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        node.problem("expected visible ASCII without spaces");
        return None;
    }
    tokens.check(Redacted(text.to_owned()), node);
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
struct Redacted(String);

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}
