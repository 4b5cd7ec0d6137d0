//! Who can sign in to an account, and with what.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::wire::account::{Login, Logins};
use crate::world::{Directory, OauthToken, Role, User};

impl Logins {
    pub(crate) fn of(directory: &Directory, is_agent: impl Fn(&User) -> bool) -> Self {
        let login =
            |role| user_to_be(directory, role, &is_agent).map(|user| Login::of(directory, user));
        Self {
            admin: login(Role::Admin),
            agent: login(Role::Agent),
        }
    }
}

impl Login {
    fn of(directory: &Directory, user: &User) -> Self {
        let User {
            id,
            email,
            password,
            ..
        } = user;
        let api_token = api_token(directory).map(str::to_owned);
        let is_theirs = |token: &&OauthToken| token.user == *id && is_enough(token);
        let oauth_token = directory.oauth().tokens().filter(is_theirs);
        let oauth_token = oauth_token.map(|token| &*token.token).min();
        let oauth_token = oauth_token.map(str::to_owned);
        let basic = |text: String| format!("Basic {}", STANDARD.encode(text));
        let by_api_token = api_token
            .as_ref()
            .map(|token| basic(format!("{email}/token:{token}")));
        let by_oauth_token = || oauth_token.as_ref().map(|token| format!("Bearer {token}"));
        let by_password = || {
            password
                .as_ref()
                .map(|password| basic(format!("{email}:{password}")))
        };
        let authorization = by_api_token.or_else(by_oauth_token).or_else(by_password);
        let (email, password) = (email.clone(), password.clone());
        Self {
            user_id: id.0,
            email,
            password,
            api_token,
            oauth_token,
            authorization,
        }
    }
}

/// The user of this role to sign in as. A user who is an agent comes first.
pub(super) fn user_to_be(
    directory: &Directory,
    role: Role,
    is_agent: impl Fn(&User) -> bool,
) -> Option<&User> {
    let users = || directory.users().filter(|user| user.role == role);
    users()
        .find(|user| is_agent(user))
        .or_else(|| users().next())
}

/// An API token to sign in with: the first by its text that is active.
pub(super) fn api_token(directory: &Directory) -> Option<&str> {
    let mut tokens = directory.api_tokens_by_text().iter();
    let active = tokens.find(|(_, token)| token.active);
    active.map(|(text, _)| text.as_str())
}

/// Whether an OAuth token is good for every call, and for ever.
pub(super) fn is_enough(token: &OauthToken) -> bool {
    let scopes = [OauthToken::READ, OauthToken::WRITE];
    scopes.iter().all(|scope| token.has_scope(scope)) && token.expires_at.is_none()
}
