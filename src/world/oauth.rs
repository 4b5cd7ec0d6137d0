//! The OAuth clients, codes and tokens of an account.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use super::page::select_entries;
use super::{
    AuthorizationCode, ClientId, OauthClient, OauthToken, Page, Position, TokenId, UserId,
    WriteError,
};

/// The most tokens of an account that have not expired. A seed may have more.
pub(crate) const MOST_TOKENS: usize = 10_000;
/// The most clients of an account. A seed may have more.
pub(crate) const MOST_CLIENTS: usize = 1_000;
/// The most authorization codes of an account that have not expired.
pub(crate) const MOST_CODES: usize = 1_000;
/// How many ended codes and tokens are remembered, so that a hint can say why one is refused.
const MOST_ENDED: usize = 1_000;

/// Why a code or token that was there cannot be used any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The code has been exchanged.
    Exchanged,
    /// The refresh token has been used.
    Spent,
    /// The access token has been replaced: its refresh token was used.
    Renewed,
    /// The token was revoked, or its client or user went.
    Revoked,
}

/// A code or token that cannot be used any more.
#[derive(Clone, Debug)]
struct EndedText {
    text: Arc<str>,
    how: Ended,
    at: Timestamp,
    /// The access token with this text, or that the refresh token with this text renewed.
    token: Option<TokenId>,
}

/// The clients, codes and tokens of an account. Cheap to copy: the directory is copied to change it.
#[derive(Clone, Debug, Default)]
pub struct Oauth {
    clients: BTreeMap<ClientId, Arc<OauthClient>>,
    by_identifier: BTreeMap<Arc<str>, ClientId>,
    tokens: BTreeMap<TokenId, Arc<OauthToken>>,
    by_access: BTreeMap<Arc<str>, Arc<OauthToken>>,
    by_refresh: BTreeMap<Arc<str>, TokenId>,
    codes: BTreeMap<Arc<str>, Arc<AuthorizationCode>>,
    ended: VecDeque<EndedText>,
    last_client: u64,
    last_token: u64,
}

impl Oauth {
    /// Every client, by id.
    pub fn clients(&self) -> impl Iterator<Item = &OauthClient> {
        self.clients.values().map(|client| &**client)
    }

    /// The client with this id.
    pub fn client(&self, id: ClientId) -> Option<&OauthClient> {
        self.clients.get(&id).map(|client| &**client)
    }

    /// The client that sends this as `client_id`.
    pub fn client_by_identifier(&self, identifier: &str) -> Option<&OauthClient> {
        self.client(*self.by_identifier.get(identifier)?)
    }

    /// Every token, by id. Expired ones are among them until there is no room for others.
    pub fn tokens(&self) -> impl Iterator<Item = &OauthToken> {
        self.tokens.values().map(|token| &**token)
    }

    /// The token with this id.
    pub fn token(&self, id: TokenId) -> Option<&OauthToken> {
        self.tokens.get(&id).map(|token| &**token)
    }

    /// A page of the clients for which `matches` returns true, by ascending id.
    pub(crate) fn page_of_clients(
        &self,
        matches: impl Fn(&OauthClient) -> bool,
        position: &Position<ClientId>,
        limit: usize,
    ) -> Page<ClientId> {
        select_entries(&self.clients, |client| matches(client), position, limit).map(|(id, _)| *id)
    }

    /// A page of the tokens for which `matches` returns true, by ascending id.
    pub(crate) fn page_of_tokens(
        &self,
        matches: impl Fn(&OauthToken) -> bool,
        position: &Position<TokenId>,
        limit: usize,
    ) -> Page<TokenId> {
        select_entries(&self.tokens, |token| matches(token), position, limit).map(|(id, _)| *id)
    }

    /// The token with this text, as each call with a token asks.
    pub fn by_access_token(&self, text: &str) -> Option<&OauthToken> {
        self.by_access.get(text).map(|token| &**token)
    }

    /// The token that this refresh token renews.
    pub fn by_refresh_token(&self, text: &str) -> Option<&OauthToken> {
        self.token(*self.by_refresh.get(text)?)
    }

    /// The newest token of a client without a refresh token, as client credentials get them.
    pub(crate) fn newest_token_of(&self, client: ClientId) -> Option<&OauthToken> {
        let is_its_own =
            |token: &&Arc<OauthToken>| token.client == Some(client) && token.refresh.is_none();
        let mut newest = self.tokens.values().rev();
        newest.find(is_its_own).map(|token| &**token)
    }

    /// This authorization code, which may have expired.
    pub fn code(&self, code: &str) -> Option<&AuthorizationCode> {
        self.codes.get(code).map(|code| &**code)
    }

    /// Why a code or token that was there is not there any more, and when it ended.
    pub(crate) fn ended(&self, text: &str) -> Option<(Ended, Timestamp)> {
        let ended = self.latest_ended(text)?;
        Some((ended.how, ended.at))
    }

    /// The id of the access token that was replaced and had this text.
    pub(crate) fn replaced_token(&self, text: &str) -> Option<TokenId> {
        self.token_that(Ended::Renewed, text)
    }

    /// The id of the access token that was replaced by this refresh token.
    pub(crate) fn spent_token(&self, text: &str) -> Option<TokenId> {
        self.token_that(Ended::Spent, text)
    }

    fn token_that(&self, ended: Ended, text: &str) -> Option<TokenId> {
        let latest = self.latest_ended(text)?;
        latest.token.filter(|_| latest.how == ended)
    }

    fn latest_ended(&self, text: &str) -> Option<&EndedText> {
        let mut latest = self.ended.iter().rev();
        latest.find(|ended| &*ended.text == text)
    }

    /// Whether a token, of either kind, has this text.
    pub(super) fn has_text(&self, text: &str) -> bool {
        self.by_access.contains_key(text) || self.by_refresh.contains_key(text)
    }

    /// An id for another client.
    pub(crate) fn next_client_id(&self) -> ClientId {
        let is_free = |id: &u64| !self.clients.contains_key(&ClientId(*id));
        ClientId(next_id(self.last_client, is_free))
    }

    /// An id for another token. No earlier token had it, unless one had the largest id.
    pub(crate) fn next_token_id(&self) -> TokenId {
        let is_free = |id: &u64| !self.tokens.contains_key(&TokenId(*id));
        TokenId(next_id(self.last_token, is_free))
    }

    /// Whether there is room for another client.
    pub(crate) fn has_room_for_client(&self) -> bool {
        self.clients.len() < MOST_CLIENTS
    }

    /// Makes room for another token by forgetting those that cannot be used or renewed any more.
    pub(crate) fn make_room_for_token(&mut self, now: Timestamp) -> bool {
        if self.tokens.len() >= MOST_TOKENS {
            let dead = self.tokens().filter(|token| token.is_dead(now));
            for id in dead.map(|token| token.id).collect::<Vec<_>>() {
                self.take_token(id);
            }
        }
        self.tokens.len() < MOST_TOKENS
    }

    /// Adds a client, or replaces the one with this id.
    ///
    /// # Errors
    ///
    /// Another client has the identifier.
    pub(super) fn save_client(&mut self, client: OauthClient) -> Result<(), WriteError> {
        let identifier: Arc<str> = client.identifier.as_str().into();
        let other = self.by_identifier.get(&identifier);
        if other.is_some_and(|other| *other != client.id) {
            return Err(WriteError::DuplicateClient(client.identifier));
        }
        if let Some(replaced) = self.clients.get(&client.id) {
            self.by_identifier.remove(&*replaced.identifier);
        }
        self.by_identifier.insert(identifier, client.id);
        self.last_client = self.last_client.max(client.id.0);
        self.clients.insert(client.id, Arc::new(client));
        Ok(())
    }

    /// Removes a client, with its codes and tokens.
    pub(super) fn remove_client(&mut self, id: ClientId, now: Timestamp) {
        if let Some(removed) = self.clients.remove(&id) {
            self.by_identifier.remove(&*removed.identifier);
            self.codes.retain(|_, code| code.client != id);
            self.remove_tokens(now, |token| token.client == Some(id));
        }
    }

    /// Adds a token, or replaces the one with this id. The caller has checked that its texts are
    /// not those of another.
    pub(super) fn put_token(&mut self, token: OauthToken) {
        self.take_token(token.id);
        let token = Arc::new(token);
        self.last_token = self.last_token.max(token.id.0);
        self.by_access
            .insert(Arc::clone(&token.token), Arc::clone(&token));
        if let Some(refresh) = &token.refresh {
            self.by_refresh.insert(Arc::clone(&refresh.token), token.id);
        }
        self.tokens.insert(token.id, token);
    }

    fn take_token(&mut self, id: TokenId) -> Option<Arc<OauthToken>> {
        let token = self.tokens.remove(&id)?;
        self.by_access.remove(&token.token);
        if let Some(refresh) = &token.refresh {
            self.by_refresh.remove(&refresh.token);
        }
        Some(token)
    }

    /// Removes a token, for this reason.
    fn end_token(&mut self, id: TokenId, how: Ended, now: Timestamp) {
        let Some(token) = self.take_token(id) else {
            return;
        };
        self.note_end(Arc::clone(&token.token), how, now, Some(id));
        if let Some(refresh) = &token.refresh {
            let how = if how == Ended::Renewed {
                Ended::Spent
            } else {
                how
            };
            self.note_end(Arc::clone(&refresh.token), how, now, Some(id));
        }
    }

    fn note_end(&mut self, text: Arc<str>, how: Ended, at: Timestamp, token: Option<TokenId>) {
        if self.ended.len() >= MOST_ENDED {
            self.ended.pop_front();
        }
        self.ended.push_back(EndedText {
            text,
            how,
            at,
            token,
        });
    }

    /// Revokes the tokens for which `concerned` returns true.
    pub(super) fn remove_tokens(
        &mut self,
        now: Timestamp,
        concerned: impl Fn(&OauthToken) -> bool,
    ) {
        let concerned = self.tokens().filter(|token| concerned(token));
        for id in concerned.map(|token| token.id).collect::<Vec<_>>() {
            self.end_token(id, Ended::Revoked, now);
        }
    }

    /// Ends all that a user has allowed.
    pub(super) fn end_grants_of(&mut self, user: UserId, now: Timestamp) {
        self.codes.retain(|_, code| code.user != user);
        self.remove_tokens(now, |token| token.user == user);
    }

    /// Ends all that a user has allowed, and removes the clients that it created.
    pub(super) fn remove_user(&mut self, user: UserId, now: Timestamp) {
        self.end_grants_of(user, now);
        let created = self.clients().filter(|client| client.user == user);
        for id in created.map(|client| client.id).collect::<Vec<_>>() {
            self.remove_client(id, now);
        }
    }

    /// Ends a token whose refresh token is used.
    pub(crate) fn renew(&mut self, id: TokenId, now: Timestamp) {
        self.end_token(id, Ended::Renewed, now);
    }

    /// Revokes a token.
    pub(crate) fn revoke(&mut self, id: TokenId, now: Timestamp) {
        self.end_token(id, Ended::Revoked, now);
    }

    /// Ends a code that is exchanged.
    pub(crate) fn exchange(&mut self, code: &str, now: Timestamp) {
        if let Some((code, _)) = self.codes.remove_entry(code) {
            self.note_end(code, Ended::Exchanged, now, None);
        }
    }

    /// Adds an authorization code, and forgets expired ones. Whether there was room for it.
    pub(crate) fn add_code(&mut self, code: AuthorizationCode, now: Timestamp) -> bool {
        self.codes.retain(|_, code| code.expires_at > now);
        if self.codes.len() >= MOST_CODES {
            return false;
        }
        self.codes.insert(Arc::clone(&code.code), Arc::new(code));
        true
    }
}

/// The id after the last one. After the largest, the lowest that is free.
fn next_id(last: u64, is_free: impl Fn(&u64) -> bool) -> u64 {
    let lowest = || (1..u64::MAX).find(is_free).unwrap_or_default();
    last.checked_add(1).unwrap_or_else(lowest)
}
