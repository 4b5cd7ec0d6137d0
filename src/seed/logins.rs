//! Who can sign in to an account, and with what.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::wire::account::{Login, Logins};
use crate::world::{ApiToken, Directory, OauthToken, Role, User};

impl Logins {
    /// `is_usable` says which API tokens can be used now.
    pub(crate) fn of(
        directory: &Directory,
        is_agent: impl Fn(&User) -> bool,
        is_usable: impl Fn(&ApiToken) -> bool,
    ) -> Self {
        let api_token = api_token(directory, is_usable);
        let login = |role| {
            let user = user_to_sign_in_as(directory, role, &is_agent)?;
            Some(Login::of(directory, user, api_token))
        };
        Self {
            admin: login(Role::Admin),
            agent: login(Role::Agent),
        }
    }
}

impl Login {
    fn of(directory: &Directory, user: &User, api_token: Option<&str>) -> Self {
        let User {
            id,
            email,
            password,
            ..
        } = user;
        let api_token = api_token.map(str::to_owned);
        let is_theirs = |token: &&OauthToken| token.user == *id && is_lasting(token);
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
pub(super) fn user_to_sign_in_as(
    directory: &Directory,
    role: Role,
    is_agent: impl Fn(&User) -> bool,
) -> Option<&User> {
    let users = || directory.users().filter(|user| user.role == role);
    users()
        .find(|user| is_agent(user))
        .or_else(|| users().next())
}

/// An API token to sign in with: of those that can be used, the one whose text sorts first.
pub(super) fn api_token(
    directory: &Directory,
    is_usable: impl Fn(&ApiToken) -> bool,
) -> Option<&str> {
    let mut tokens = directory.api_tokens_by_text().iter();
    let usable = tokens.find(|(_, token)| is_usable(token));
    usable.map(|(text, _)| text.as_str())
}

/// Whether an OAuth token is good for every call, and for ever.
pub(super) fn is_lasting(token: &OauthToken) -> bool {
    let scopes = [OauthToken::READ, OauthToken::WRITE];
    scopes.iter().all(|scope| token.has_scope(scope)) && token.expires_at.is_none()
}
