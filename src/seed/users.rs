//! Users and API tokens, in a seed and as control calls spell them.

use super::agents::Identity;
use super::root::{Part, PartConsumer, each, take};
use crate::document::reader::{Node, Object};
use crate::document::unique::{Digest, Unique};
use crate::world::{ApiToken, LastUse, TokenId, User, UserId};

/// The members of a user's document.
pub(crate) const USER_KEYS: &[&str] = &[
    "id",
    "name",
    "email",
    "role",
    "password",
    "external_id",
    "phone",
    "active",
    "suspended",
    "tags",
];
/// The members of an API token's document.
pub(crate) const API_TOKEN_KEYS: &[&str] = &[
    "id",
    "token",
    "description",
    "active",
    "created_at",
    "activated_at",
    "last_used_at",
];

/// Reads the users of a seed.
pub(super) fn read_users(root: &Object<'_>, parts: &mut dyn PartConsumer) {
    let mut emails = unique_emails();
    each(root, "users", "id", |node, ids| {
        let user = read_user(node, Identity::Unique(ids), &mut emails);
        take(parts, user.map(Part::User));
    });
}

/// Reads the API tokens of a seed. Their texts must not be among `texts`.
pub(super) fn read_api_tokens(
    root: &Object<'_>,
    texts: &mut Unique<Digest>,
    parts: &mut dyn PartConsumer,
) {
    each(root, "api_tokens", "id", |node, ids| {
        let token = read_api_token(node, Identity::UniqueIfAny(ids), texts);
        take(parts, token.map(|(id, token)| Part::ApiToken(id, token)));
    });
}

/// The e-mail addresses of a document's users, which have to differ.
pub(crate) fn unique_emails() -> Unique<Digest> {
    Unique::new("e-mail address")
}

/// The texts of a document's tokens, which have to differ.
pub(crate) fn unique_texts() -> Unique<Digest> {
    Unique::new("token")
}

/// Reads a user. The address must not be one of `emails`.
pub(crate) fn read_user(
    node: &Node<'_>,
    mut id: Identity<'_>,
    emails: &mut Unique<Digest>,
) -> Option<User> {
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
        emails.check_text(&email.to_lowercase(), node);
        Some(email)
    });
    let role = role.as_ref().and_then(|node| node.word("role"));
    let text = |key| user.read(key, Node::string);
    let yes_or_no = |key| user.read(key, Node::boolean);
    let tags = user.read("tags", |node| {
        node.long_list(|| |node: &Node<'_>| node.string())
    });
    let (password, external_id, phone) = (text("password"), text("external_id"), text("phone"));
    let (active, suspended) = (yes_or_no("active"), yes_or_no("suspended"));
    let user = User::new(UserId(id?), name?, email?, role?);
    Some(User {
        password,
        external_id,
        phone,
        active: active.unwrap_or(true),
        suspended: suspended.unwrap_or_default(),
        tags: tags.unwrap_or_default(),
        ..user
    })
}

/// Reads an API token, and its id if there is one. The text must not be one of `texts`.
pub(crate) fn read_api_token(
    node: &Node<'_>,
    mut id: Identity<'_>,
    texts: &mut Unique<Digest>,
) -> Option<(Option<TokenId>, ApiToken)> {
    let token = node.object(API_TOKEN_KEYS)?;
    let id = id.read(&token).map(TokenId);
    let description = token.read("description", Node::string);
    let active = token.read("active", Node::boolean);
    let time = |key| token.read(key, Node::time);
    let (created_at, activated_at) = (time("created_at"), time("activated_at"));
    let last_used_at = time("last_used_at");
    let text = read_token_text(&token.required("token")?, texts)?;
    Some((
        id,
        ApiToken {
            id: id.unwrap_or_default(),
            token: text,
            description,
            active: active.unwrap_or(true),
            created_at,
            activated_at,
            last_use: LastUse::at(last_used_at),
        },
    ))
}

pub(super) fn read_token_text(node: &Node<'_>, texts: &mut Unique<Digest>) -> Option<String> {
    let text = node.text()?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        node.problem("expected visible ASCII without spaces");
        return None;
    }
    // The problem may be shown to others.
    texts.check_as(Digest::of(&text), "(not shown)", node);
    Some(text.into_owned())
}
