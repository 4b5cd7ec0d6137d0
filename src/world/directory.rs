//! Who may call, with what, and what agents refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{
    ApiToken, CapacityRules, ClientId, Group, GroupId, Oauth, OauthClient, OauthToken, Role, Skill,
    SkillId, TokenId, User, UserId, World, WriteError,
};

/// The users, clients and tokens of an account, and the groups and skills that its agents refer to.
///
/// It is copied to change it. The copy shares each part that does not change, so that renewing a
/// token does not copy all users.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    users: Arc<Users>,
    api_tokens: Arc<BTreeMap<String, ApiToken>>,
    oauth: Arc<Oauth>,
    /// Groups by id.
    pub groups: Arc<BTreeMap<GroupId, Group>>,
    /// Skills by id.
    pub skills: Arc<BTreeMap<SkillId, Skill>>,
    /// Capacity rules.
    pub capacity_rules: Arc<CapacityRules>,
}

#[derive(Clone, Debug, Default)]
struct Users {
    all: BTreeMap<UserId, User>,
    by_email: BTreeMap<String, UserId>,
    by_role: [BTreeSet<UserId>; Role::ALL.len()],
    by_external_id: BTreeSet<(String, UserId)>,
}

impl Users {
    fn save(&mut self, user: User) {
        let id = user.id;
        self.remove(id);
        self.by_email.insert(user.email.to_lowercase(), id);
        self.by_role[user.role as usize].insert(id);
        if let Some(external_id) = &user.external_id {
            self.by_external_id.insert((external_id.to_lowercase(), id));
        }
        self.all.insert(id, user);
    }

    fn remove(&mut self, id: UserId) -> Option<User> {
        let user = self.all.remove(&id)?;
        self.by_email.remove(&user.email.to_lowercase());
        self.by_role[user.role as usize].remove(&id);
        if let Some(external_id) = &user.external_id {
            self.by_external_id
                .remove(&(external_id.to_lowercase(), id));
        }
        Some(user)
    }
}

impl Directory {
    /// Adds a user, or replaces the one with this id. Its OAuth tokens and codes end if it is
    /// suspended, is not active any more, or gets a lower role.
    ///
    /// # Errors
    ///
    /// Another user has the e-mail address.
    pub fn save_user(&mut self, user: User, now: Timestamp) -> Result<(), WriteError> {
        let other = self.users.by_email.get(&user.email.to_lowercase());
        if other.is_some_and(|other| *other != user.id) {
            return Err(WriteError::DuplicateEmail(user.email));
        }
        let loses_access = self.user(user.id).is_some_and(|before| {
            user.suspended && !before.suspended
                || before.active && !user.active
                || user.role as usize > before.role as usize
        });
        if loses_access {
            self.oauth_mut().end_grants_of(user.id, now);
        }
        Arc::make_mut(&mut self.users).save(user);
        Ok(())
    }

    /// Removes a user with its OAuth tokens, its codes, and the clients that it created.
    pub(crate) fn remove_user(&mut self, id: UserId, now: Timestamp) -> Option<User> {
        let removed = Arc::make_mut(&mut self.users).remove(id)?;
        self.oauth_mut().remove_user(id, now);
        Some(removed)
    }

    /// The user with this id.
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.all.get(&id)
    }

    /// The user with this e-mail address.
    pub fn user_by_email(&self, email: &str) -> Option<&User> {
        let is_lowercase = email
            .bytes()
            .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let id = if is_lowercase {
            self.users.by_email.get(email)
        } else {
            self.users.by_email.get(&email.to_lowercase())
        };
        id.and_then(|id| self.user(*id))
    }

    /// The users of a role, by id.
    pub(super) fn in_role(&self, role: Role) -> &BTreeSet<UserId> {
        &self.users.by_role[role as usize]
    }

    /// The users with this external id, case-insensitively, by id.
    pub(super) fn with_external_id(&self, external_id: &str) -> impl Iterator<Item = &User> {
        let external_id = external_id.to_lowercase();
        let from = self
            .users
            .by_external_id
            .range((external_id.clone(), UserId(0))..);
        from.take_while(move |(other, _)| *other == external_id)
            .filter_map(|(_, id)| self.user(*id))
    }

    /// Every user, by id.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.all.values()
    }

    /// The id of the skill with this id, as the text that all agents share.
    pub(crate) fn skill_id(&self, id: &str) -> Option<SkillId> {
        let (id, _) = self.skills.get_key_value(&SkillId(id.into()))?;
        Some(id.clone())
    }

    /// Whether a token of any kind has this text.
    pub(crate) fn has_token(&self, text: &str) -> bool {
        self.api_tokens.contains_key(text) || self.oauth.has_text(text)
    }

    /// Every API token, by its text.
    pub fn api_tokens_by_text(&self) -> &BTreeMap<String, ApiToken> {
        &self.api_tokens
    }

    /// Every API token, by id.
    pub fn api_tokens(&self) -> Vec<&ApiToken> {
        let mut tokens: Vec<_> = self.api_tokens.values().collect();
        tokens.sort_unstable_by_key(|token| token.id);
        tokens
    }

    /// The API token with this text.
    pub fn api_token(&self, text: &str) -> Option<&ApiToken> {
        self.api_tokens.get(text)
    }

    /// Adds an API token, or replaces the one with this id.
    ///
    /// # Errors
    ///
    /// Another token has the same text.
    pub fn save_api_token(&mut self, token: ApiToken) -> Result<(), WriteError> {
        let other = self.api_tokens.get(&token.token);
        if self.oauth.has_text(&token.token) || other.is_some_and(|other| other.id != token.id) {
            return Err(WriteError::DuplicateToken);
        }
        let tokens = Arc::make_mut(&mut self.api_tokens);
        tokens.retain(|_, other| other.id != token.id);
        tokens.insert(token.token.clone(), token);
        Ok(())
    }

    /// Removes an API token.
    pub(crate) fn remove_api_token(&mut self, id: TokenId) {
        Arc::make_mut(&mut self.api_tokens).retain(|_, token| token.id != id);
    }

    /// The OAuth clients and tokens.
    pub fn oauth(&self) -> &Oauth {
        &self.oauth
    }

    /// The same to change. What adds tokens and removes clients is a method of the directory.
    pub(crate) fn oauth_mut(&mut self) -> &mut Oauth {
        Arc::make_mut(&mut self.oauth)
    }

    /// Adds an OAuth client, or replaces the one with this id.
    ///
    /// # Errors
    ///
    /// Another client has the same identifier.
    pub fn save_oauth_client(&mut self, client: OauthClient) -> Result<(), WriteError> {
        self.oauth_mut().save_client(client)
    }

    /// Removes an OAuth client, with its codes and tokens.
    pub(crate) fn remove_oauth_client(&mut self, id: ClientId, now: Timestamp) {
        self.oauth_mut().remove_client(id, now);
    }

    /// Adds an OAuth token, or replaces the one with this id.
    ///
    /// # Errors
    ///
    /// Another token has one of its texts.
    pub fn save_oauth_token(&mut self, token: OauthToken) -> Result<(), WriteError> {
        let refresh = token.refresh.as_ref().map(|refresh| &*refresh.token);
        let is_taken = |text: &str| {
            let by_access = self.oauth.by_access_token(text);
            let mut owners = by_access
                .into_iter()
                .chain(self.oauth.by_refresh_token(text));
            self.api_tokens.contains_key(text) || owners.any(|owner| owner.id != token.id)
        };
        if is_taken(&token.token)
            || refresh.is_some_and(|refresh| is_taken(refresh) || *refresh == *token.token)
        {
            return Err(WriteError::DuplicateToken);
        }
        self.oauth_mut().put_token(token);
        Ok(())
    }
}

impl World {
    /// Changes the directory. `user` is the user whose role may change. `change` runs again if
    /// another change came first.
    ///
    /// # Errors
    ///
    /// The refusal of `change`, or [`WriteError::RoleWithoutAvailability`]. Nothing has changed
    /// then.
    pub(crate) fn update_directory<T, E: From<WriteError>>(
        &self,
        user: Option<UserId>,
        change: impl Fn(&mut Directory) -> Result<T, E>,
    ) -> Result<T, E> {
        loop {
            let before = self.directory();
            let mut directory = Directory::clone(&before);
            let changed = change(&mut directory)?;
            let _writing = self.write();
            if !Arc::ptr_eq(&before, &self.directory.read()) {
                continue;
            }
            if let Some(user) = user.and_then(|id| directory.user(id))
                && !user.role.has_availability()
                && self.agents.contains_key(&user.id.as_agent())
            {
                return Err(WriteError::RoleWithoutAvailability {
                    user: user.id,
                    role: user.role,
                }
                .into());
            }
            *self.directory.write() = Arc::new(directory);
            return Ok(changed);
        }
    }
}
