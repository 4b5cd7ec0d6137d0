//! Seeds: documents, in JSON or YAML, that say what an account starts with.
//!
//! `openapi/seed.schema.json` describes them. They are checked here and not against that schema, so
//! that every problem is named at once, with its path, and references are checked too. A test
//! compares the two.
//!
//! `generator.rs` makes agents for load tests.

mod agents;
mod capacity_rules;
mod contents;
pub(crate) mod file;
mod generator;
pub(crate) mod groups;
mod known;
mod logins;
pub(crate) mod oauth;
mod root;
pub(crate) mod settings;
pub(crate) mod snapshot;
mod statuses;
pub(crate) mod talk;
pub(crate) mod users;
pub(crate) mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use crate::document::reader::{self, Node};
use crate::document::syntax;
pub use crate::document::{SeedProblem, SeedProblems};
pub use crate::wire::account::{ClientCredentials, Credentials, Login, Logins};
pub(crate) use agents::{
    Identity, SeededAgent, check_agent_removals, read_agent, read_status_and_capacity,
};
pub use file::SeedFileError;
use jiff::Timestamp;
pub(crate) use known::{Known, KnownToWorld};
use logins::{is_lasting, user_to_sign_in_as};
pub(crate) use oauth::SeededLifetimes;
pub(crate) use statuses::{SeededStatus, check_status_removals, read_custom_status};

use crate::config::SettingsPatch;
use crate::world::{
    ApiToken, ChannelStatus, Directory, OauthClient, OauthToken, Role, StatusId, TalkQueue,
    TokenId, User,
};

/// What an account starts with. Its ids are unique, and its references exist.
#[derive(Clone, Debug)]
pub struct Seed {
    settings: SettingsPatch,
    directory: Directory,
    standard: Vec<StandardStatus>,
    custom: Vec<CustomStatus>,
    agents: Vec<SeededAgent>,
    talk_queue: TalkQueue,
    /// How long the OAuth tokens live.
    lifetimes: BTreeMap<TokenId, SeededLifetimes>,
}

/// The demo seed, as `seed` prints it.
pub const DEMO: &str = include_str!("demo.yaml");

#[derive(Clone, Debug)]
struct StandardStatus {
    id: StatusId,
    standard: ChannelStatus,
    description: String,
}

#[derive(Clone, Debug)]
struct CustomStatus {
    id: StatusId,
    status: SeededStatus,
}

impl Seed {
    /// Reads a seed. Text that begins with `{` is JSON, anything else YAML.
    ///
    /// # Errors
    ///
    /// [`SeedError`] with the problems of the document.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let document = syntax::parse(text).map_err(SeedError::Syntax)?;
        reader::read(document.value(), root::read_root).map_err(SeedError::Problems)
    }

    /// Reads a seed that is a part of a larger document. `None` if it has problems, which are
    /// noted.
    pub(crate) fn read(node: &Node<'_>) -> Option<Self> {
        root::read_root(node)
    }

    /// A small support team that shows every feature.
    pub fn demo() -> Self {
        // Read once: it is the default of every emulator.
        #[expect(clippy::expect_used, reason = "a test reads the demo seed")]
        static SEED: LazyLock<Seed> =
            LazyLock::new(|| Seed::parse(DEMO).expect("the demo seed is valid"));
        SEED.clone()
    }

    /// An account with the four standard statuses and nothing else.
    pub fn empty() -> Self {
        root::empty()
    }

    /// The settings that the seed gives.
    pub fn settings(&self) -> &SettingsPatch {
        &self.settings
    }

    /// An admin to sign in as with an API token. An admin who is an agent comes first, so that the
    /// `/me` forms answer.
    pub fn credentials(&self) -> Option<Credentials> {
        let is_agent = |user: &User| {
            let id = user.id.as_agent();
            self.agents.iter().any(|agent| agent.id() == id)
        };
        Credentials::of(&self.directory, is_agent, |token| token.active)
    }

    /// Whether an admin or agent can sign in at all: with a password, an API token, an OAuth token
    /// that can be used or renewed, or an OAuth client.
    #[doc(hidden)]
    pub fn allows_sign_in(&self, now: Timestamp) -> bool {
        let may_call = |user: &User| matches!(user.role, Role::Admin | Role::Agent);
        let has_api_token = self.directory.api_tokens().iter().any(|token| token.active);
        let by_name = |user: &User| may_call(user) && (has_api_token || user.password.is_some());
        let may = |id| self.directory.user(id).is_some_and(may_call);
        let by_token = |token: &OauthToken| !token.is_dead(now) && may(token.user);
        let asks_users = |client: &OauthClient| !client.redirect_uris.is_empty();
        let by_client = |client: &OauthClient| {
            client.own_secret().is_some() && may(client.user)
                || asks_users(client) && self.directory.users().any(may_call)
        };
        let oauth = self.directory.oauth();
        self.directory.users().any(by_name)
            || oauth.tokens().any(by_token)
            || oauth.clients().any(by_client)
    }

    /// An OAuth token of an admin that may read and write and does not expire, if there is one. The
    /// admin of [`Self::credentials`] comes first.
    #[doc(hidden)]
    pub fn access_token(&self) -> Option<&str> {
        let email = self.credentials().map(|credentials| credentials.email);
        let fits = |token: &OauthToken| {
            let user = self
                .directory
                .user(token.user)
                .filter(|user| user.role == Role::Admin)?;
            let ends = self.lifetimes.get(&token.id).is_some_and(|it| it.ends());
            (is_lasting(token) && !ends).then(|| Some(&user.email) == email.as_ref())
        };
        let tokens = self.directory.oauth().tokens();
        let tokens = tokens.filter_map(|token| Some((fits(token)?, &*token.token)));
        tokens
            .max_by_key(|(is_of_that_admin, text)| (*is_of_that_admin, std::cmp::Reverse(*text)))
            .map(|(_, text)| text)
    }

    /// What the first OAuth client that can keep a secret asks for tokens with, if there is one.
    pub fn client_credentials(&self) -> Option<ClientCredentials> {
        ClientCredentials::of(&self.directory)
    }
}

impl Credentials {
    /// `is_usable` says which API tokens can be used.
    pub(crate) fn of(
        directory: &Directory,
        is_agent: impl Fn(&User) -> bool,
        is_usable: impl Fn(&ApiToken) -> bool,
    ) -> Option<Self> {
        let admin = user_to_sign_in_as(directory, Role::Admin, is_agent)?;
        let token = logins::api_token(directory, is_usable)?;
        Some(Self {
            email: admin.email.clone(),
            api_token: token.to_owned(),
        })
    }
}

impl ClientCredentials {
    pub(crate) fn of(directory: &Directory) -> Option<Self> {
        let mut clients = directory.oauth().clients();
        clients.find_map(|client| {
            Some(Self {
                client_id: client.identifier.clone(),
                client_secret: client.own_secret()?.to_owned(),
            })
        })
    }
}

/// Why a seed is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeedError {
    /// The text is neither JSON nor YAML.
    Syntax(String),
    /// At least one problem, in the order of the document's parts.
    Problems(SeedProblems),
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) => f.write_str(message),
            Self::Problems(problems) => problems.fmt(f),
        }
    }
}

impl std::error::Error for SeedError {}
