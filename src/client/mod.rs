//! The control API from Rust: everything that a test can do to an emulator, as methods with typed
//! answers.
//!
//! Calls to an [`Emulator`](crate::Emulator) of this process go straight to its router. Calls to an
//! emulator that runs elsewhere go over HTTP: see [`Emulator::connect`](crate::Emulator::connect).
//! Methods block, and may be called in `async` tests as well.
//!
//! Methods have the names of the operations in `openapi/control.yaml`, or shorter ones: `show_agent` is
//! [`agent`](Account::agent), `list_agents` is [`agents`](Account::agents), and `reset_account` is
//! [`reset`](Account::reset).

mod account;
mod agents;
mod answer;
mod channels;
mod clock;
mod criteria;
mod error;
mod events;
mod fault;
mod faults;
mod groups;
mod new_agent;
mod patch;
mod rate_limit;
mod report;
mod requests;
mod snapshot;
mod statuses;
mod talk;
mod tokens;
pub(crate) mod transport;
mod users;
mod verify;

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};

pub use account::{Account, TemporaryAccount};
pub use agents::AgentFilter;
pub use channels::{ChannelChange, WorkItemMove};
pub use clock::SetClock;
pub use error::{ClientError, Refusal};
pub use events::{EventDetail, EventDocument, EventFilter, EventType, Events};
pub use groups::GroupPatch;
pub use new_agent::{AgentPatch, NewAgent, NewAgentStatus, NewChannel, NewWorkItem};
pub use requests::RequestFilter;
pub use snapshot::SnapshotDocument;
pub use statuses::{NewStatus, StatusDocument, StatusPatch};
pub use talk::{TalkChange, TalkQueuePatch};
pub use tokens::{ApiTokenPatch, OauthTokenPatch};
pub use users::UserPatch;

use crate::config::SettingsPatch;
use crate::wire::account::AccountList;
pub use crate::wire::account::{
    AccountDocument, AccountUrls, ClientCredentials, Credentials, Login, Logins,
};
pub use crate::wire::agent::{
    AgentCounts, AgentDocument, AgentPage, AgentStatusDocument, ChannelDocument, Moved,
    StatusCount, WorkItemDocument,
};
pub use crate::wire::clock::{ClockMode, ClockState};
pub use crate::wire::criteria::{Criteria, StatusPattern};
pub use crate::wire::faults::{
    Answer, Dribble, Fault, FaultBody, FaultRule, FaultRuleSeen, FaultWhen, Latency, Reset,
};
pub use crate::wire::group::GroupDocument;
pub use crate::wire::journal::{Caller, Expectation, Journal, JournalEntry};
pub use crate::wire::rate_limit::RateLimitDocument;
pub use crate::wire::report::{Finding, Report, ReportRule, Verdict};
pub use crate::wire::talk::TalkDocument;
pub use crate::wire::token::{ApiTokenDocument, OauthTokenDocument};
pub use crate::wire::user::UserDocument;
use transport::{Call, Transport};

/// An emulator, from outside: its accounts.
#[derive(Clone, Debug)]
pub struct Client {
    default_account: Account,
}

/// An account to create. By default it gets a free subdomain, the server's seed and the server's
/// settings.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    subdomain: Option<String>,
    seed: NewAccountSeed,
    settings: SettingsPatch,
}

/// The seed of a new account.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum NewAccountSeed {
    /// The seed that the server was started with.
    #[default]
    Server,
    /// The server's seed, and the generated agents of the default account.
    Default,
    /// The demo seed.
    Demo,
    /// The four standard statuses and nothing else.
    Empty,
    /// A seed as `openapi/seed.schema.json` describes it, or a snapshot.
    Document(Value),
}

impl NewAccount {
    /// An account with a free subdomain, and with the seed and the settings of the server.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its subdomain.
    #[must_use]
    pub fn subdomain(mut self, subdomain: impl Into<String>) -> Self {
        self.subdomain = Some(subdomain.into());
        self
    }

    /// Its seed.
    #[must_use]
    pub fn seed(mut self, seed: NewAccountSeed) -> Self {
        self.seed = seed;
        self
    }

    /// Its settings. They override the server's, which override those of the seed.
    #[must_use]
    pub fn settings(mut self, settings: SettingsPatch) -> Self {
        self.settings = settings;
        self
    }
}

impl Client {
    /// A client of an emulator whose default account has this subdomain.
    pub(crate) fn new(transport: Transport, default_subdomain: &str) -> Self {
        Self {
            default_account: Account::new(Arc::new(transport), default_subdomain),
        }
    }

    /// Connects to the emulator at this address, and asks for its default account.
    pub(crate) fn connect(url: &str, token: Option<&str>) -> Result<Self, ClientError> {
        let client = Self::new(Transport::http(url, token)?, "");
        let default = client
            .accounts()?
            .into_iter()
            .find(|account| account.default);
        let default =
            default.ok_or_else(|| ClientError::unreadable("it has no default account"))?;
        Ok(Self {
            default_account: client.account(&default.subdomain),
        })
    }

    /// Every account, by subdomain.
    pub fn accounts(&self) -> Result<Vec<AccountDocument>, ClientError> {
        let accounts: AccountList = self
            .default_account
            .ask(Call::new(Method::GET, account::ACCOUNTS.to_owned()))?;
        Ok(accounts.accounts)
    }

    /// The default account.
    pub fn default_account(&self) -> &Account {
        &self.default_account
    }

    /// The account with this subdomain. If there is none, its first call says so.
    pub fn account(&self, subdomain: &str) -> Account {
        self.default_account.sibling(subdomain)
    }

    /// Creates an account, which is deleted when it is dropped.
    pub fn create_account(&self, new: &NewAccount) -> Result<TemporaryAccount, ClientError> {
        let seed = match &new.seed {
            NewAccountSeed::Server => Value::Null,
            NewAccountSeed::Default => json!("default"),
            NewAccountSeed::Demo => json!("demo"),
            NewAccountSeed::Empty => json!("empty"),
            NewAccountSeed::Document(document) => document.clone(),
        };
        let body = json!({
            "subdomain": new.subdomain,
            "seed": seed,
            "settings": account::settings_document(&new.settings)?,
        });
        let call = Call::new(Method::POST, account::ACCOUNTS.to_owned()).json(&body)?;
        let made: AccountDocument = self.default_account.ask(call)?;
        Ok(TemporaryAccount::new(self.account(&made.subdomain), made))
    }
}
