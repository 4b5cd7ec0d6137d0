//! The options of an emulator, and how it starts.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::Emulator;
use crate::account::{Account, Defaults, InitialConfig, JournalLimits, Registry};
use crate::app::App;
use crate::client::Client;
use crate::client::transport::Transport;
use crate::clock::Clock;
use crate::config::{
    InvalidSettings, PublicUrl, ServerConfig, Settings, SettingsPatch, host_name,
    is_header_timeout, is_subdomain,
};
use crate::ids::Ids;
use crate::seed::{Credentials, Seed, SeedFileError, file};
use crate::server::NormalizePath;
use crate::server::{self, listen};

/// The options of an emulator.
#[derive(Debug)]
#[must_use = "nothing runs before `start` or `build`"]
pub struct Builder {
    host: String,
    port: u16,
    threads: usize,
    subdomain: String,
    seed: Arc<Seed>,
    agents: usize,
    settings: SettingsPatch,
    clock: Clock,
    ids: Ids,
    config: ServerConfig,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            threads: 1,
            subdomain: "example".to_owned(),
            seed: Arc::new(Seed::demo()),
            agents: 0,
            settings: SettingsPatch::default(),
            clock: Clock::real(),
            ids: Ids::random(),
            config: ServerConfig::default(),
        }
    }
}

impl Builder {
    /// How many agents can be generated.
    pub const MOST_AGENTS: usize = 10_000_000;

    /// The name or address to listen on. `localhost` is both addresses of loopback, with one port.
    /// Default: `127.0.0.1`.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// The port to listen on. Default: 0, which picks a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// How many threads serve. Default: 1.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// The subdomain of the default account. Default: `example`.
    pub fn subdomain(mut self, subdomain: impl Into<String>) -> Self {
        self.subdomain = subdomain.into().to_ascii_lowercase();
        self
    }

    /// The seed of the default account, and of others that are created without one. Default: the
    /// demo seed.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = Arc::new(seed);
        self
    }

    /// A seed from a file, in JSON or YAML.
    ///
    /// # Errors
    ///
    /// [`SeedFileError`] when the file cannot be read or is not a seed.
    pub fn seed_file(self, path: impl AsRef<Path>) -> Result<Self, SeedFileError> {
        Ok(self.seed(file::read(path.as_ref())?))
    }

    /// Generated agents of the default account beside those of the seed, for load tests: 0 to
    /// [`Self::MOST_AGENTS`]. Default: none.
    ///
    /// Their ids count from 1,000,000,001, leaving out those of the seed's agents and users. The
    /// rest of each follows from its id, the seed and the clock. They are not users, so a client
    /// cannot sign in as one.
    pub fn agents(mut self, count: usize) -> Self {
        self.agents = count;
        self
    }

    /// The settings of accounts. They override those of a seed. The settings of a new account
    /// override these.
    pub fn settings(mut self, settings: SettingsPatch) -> Self {
        self.settings = settings;
        self
    }

    /// The account's clock. Default: the machine's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Gives requests and jobs the ids 1, 2, 3, …, so that whole answers can be compared.
    pub fn sequential_ids(mut self) -> Self {
        self.ids = Ids::sequential();
        self
    }

    /// The beginning of links. Default: the host of the request.
    pub fn public_url(mut self, url: PublicUrl) -> Self {
        self.config.public_url = Some(url);
        self
    }

    /// Whether `X-Forwarded-Host` and `X-Forwarded-Proto` decide what links begin with. Default:
    /// no.
    pub fn trust_forwarded(mut self, trust: bool) -> Self {
        self.config.trust_forwarded = trust;
        self
    }

    /// How many bytes of lists of agents are kept as they were sent, for clients that ask for the
    /// same again; 0 keeps none. Default: 64 MiB.
    pub fn response_cache_size(mut self, bytes: usize) -> Self {
        self.config.response_cache_size = bytes;
        self
    }

    /// How long the headers of a request may take, a connection may be idle, and a client may take
    /// nothing of an answer: 1 second to 10 minutes. Then the connection closes. Default: 75
    /// seconds.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.config.header_timeout = timeout;
        self
    }

    /// How many accounts there may be, the default one included. Default: 10,000.
    pub fn max_accounts(mut self, most: usize) -> Self {
        self.config.max_accounts = most;
        self
    }

    /// How many requests an account's journal holds; 0 holds none. Default: 1,000.
    pub fn journal_requests(mut self, most: usize) -> Self {
        self.config.journal_requests = most;
        self
    }

    /// How many bytes of requests an account's journal holds; 0 holds none. Default: 8 MiB.
    pub fn journal_bytes(mut self, most: usize) -> Self {
        self.config.journal_bytes = most;
        self
    }

    /// How long an account is kept without a call to either API, by the machine's time. The
    /// default account is always kept. Default: all are.
    pub fn account_idle(mut self, life: Duration) -> Self {
        self.config.account_idle = Some(life);
        self
    }

    /// The token that control calls need in `Authorization: Bearer …`. Default: none, and the
    /// header is ignored.
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.config.control_token = Some(token.into());
        self
    }

    /// Whether control calls need no token although other machines can reach the server. Default:
    /// no.
    pub fn allow_open_control(mut self, allow: bool) -> Self {
        self.config.allow_open_control = allow;
        self
    }

    /// Hosts that control calls may name, besides IP addresses, `localhost` and names below it,
    /// names without a dot, and the host of the public URL.
    pub fn control_hosts(mut self, hosts: impl IntoIterator<Item = String>) -> Self {
        self.config.control_hosts = hosts
            .into_iter()
            .map(|host| host_name(&host).to_ascii_lowercase())
            .collect();
        self
    }

    /// An emulator without a socket: call its [`Emulator::router`].
    ///
    /// # Errors
    ///
    /// [`StartError::Settings`] and [`StartError::DefaultAccount`].
    pub fn build(self) -> Result<Emulator, StartError> {
        let defaults = self.defaults();
        let settings = self.effective_settings(&defaults)?;
        let app = self.app(defaults);
        let client = client(server::service(&app), &self.subdomain);
        self.add_default_account(&app, settings)?;
        Ok(Emulator {
            client,
            app,
            serving: None,
        })
    }

    /// Listens, and serves on new threads: a server on the runtime of a test would end with that
    /// test.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub fn start(mut self) -> Result<Emulator, StartError> {
        let defaults = self.defaults();
        let settings = self.effective_settings(&defaults)?;
        let (host, port) = (self.host.clone(), self.port);
        let listeners =
            listen::bind(&host, port).map_err(|source| StartError::Bind { host, port, source })?;
        let local_addr = listeners
            .first()
            .map(std::net::TcpListener::local_addr)
            .transpose();
        self.config.local_addr = local_addr.map_err(StartError::Thread)?;
        let app = self.app(defaults);
        let service = server::service(&app);
        let serving = serve(listeners, app.clone(), service.clone(), self.threads)
            .map_err(StartError::Thread)?;
        // From here on the port answers that it is not ready. If the account cannot be set up,
        // dropping the emulator stops it.
        let emulator = Emulator {
            client: client(service, &self.subdomain),
            app,
            serving: Some(serving),
        };
        self.add_default_account(&emulator.app, settings)?;
        Ok(emulator)
    }

    fn defaults(&self) -> Defaults {
        Defaults {
            seed: Arc::clone(&self.seed),
            generated: self.agents,
            settings: self.settings.clone(),
        }
    }

    fn app(&self, defaults: Defaults) -> App {
        let registry = Arc::new(Registry::new(
            self.subdomain.clone(),
            self.config.account_idle,
        ));
        App::new(
            registry,
            defaults,
            self.config.clone(),
            self.ids.clone(),
            self.clock.clone(),
        )
    }

    /// Adds the default account.
    fn add_default_account(self, app: &App, settings: Settings) -> Result<(), StartError> {
        let Self {
            subdomain,
            seed,
            agents: generated,
            clock,
            ids,
            ..
        } = self;
        let initial = InitialConfig {
            seed,
            generated,
            settings,
            clock_mode: clock.mode(),
            clock,
            ids,
            journal: JournalLimits::of(&app.config),
        };
        let added = app
            .registry
            .add(Arc::new(Account::new(subdomain, initial)), 1);
        added.map_err(|error| StartError::DefaultAccount(error.to_string()))
    }

    fn effective_settings(&self, defaults: &Defaults) -> Result<Settings, StartError> {
        if self.agents > Self::MOST_AGENTS {
            return Err(StartError::Settings(InvalidSettings::Agents));
        }
        if !is_header_timeout(self.config.header_timeout) {
            return Err(StartError::Settings(InvalidSettings::HeaderTimeout));
        }
        if !is_subdomain(&self.subdomain) {
            return Err(StartError::Settings(InvalidSettings::Subdomain));
        }
        defaults
            .settings(&self.seed, &SettingsPatch::default())
            .map_err(StartError::Settings)
    }

    /// The admin that a client can sign in as, if the seed has an admin and an API token.
    pub fn credentials(&self) -> Option<Credentials> {
        self.seed.credentials()
    }
}

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {host}:{port}: {source}")]
    #[expect(missing_docs, reason = "the fields are what the names say")]
    Bind {
        host: String,
        port: u16,
        source: std::io::Error,
    },
    /// A setting is out of its range.
    #[error(transparent)]
    Settings(InvalidSettings),
    /// The default account cannot be added.
    #[error("cannot set up the default account: {0}")]
    DefaultAccount(String),
    /// The machine refused a thread, or something else that serving takes.
    #[error("cannot start serving: {0}")]
    Thread(std::io::Error),
}

/// The client of an emulator in this process.
fn client(service: NormalizePath, default_subdomain: &str) -> Client {
    Client::new(Transport::Router(service.into_router()), default_subdomain)
}

fn serve(
    listeners: Vec<std::net::TcpListener>,
    app: App,
    service: NormalizePath,
    threads: usize,
) -> std::io::Result<JoinHandle<()>> {
    let runtime = runtime(threads)?;
    let listeners = {
        let _context = runtime.enter();
        listeners
            .into_iter()
            .map(tokio::net::TcpListener::from_std)
            .collect::<std::io::Result<Vec<_>>>()?
    };
    std::thread::Builder::new()
        .name("emulator".to_owned())
        .spawn(move || {
            runtime.block_on(listen::serve(listeners, app, service));
            // Connections that outlived their grace end here.
            runtime.shutdown_background();
        })
}

fn runtime(threads: usize) -> std::io::Result<Runtime> {
    let mut builder = if threads > 1 {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(threads);
        builder
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    builder.enable_all().build()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: a server without its default account would never be ready, so it does not start.
    #[test]
    fn a_default_account_that_cannot_be_added_is_an_error() {
        for other in ["example", "another"] {
            let builder = Emulator::builder();
            let app = builder.app(builder.defaults());
            let found = |builder: Builder| builder.add_default_account(&app, Settings::default());
            assert!(found(builder.subdomain(other)).is_ok());
            let error = found(Emulator::builder()).map_err(|error| error.to_string());
            assert!(error.is_err_and(|error| {
                error.starts_with("cannot set up the default account: there already")
            }));
        }
    }

    /// By design: a header time-out is from one second to ten minutes.
    #[test]
    fn a_header_timeout_has_bounds() {
        for (millis, is_good) in [
            (0, false),
            (999, false),
            (1_000, true),
            (600_000, true),
            (600_001, false),
        ] {
            let built = Emulator::builder()
                .header_timeout(Duration::from_millis(millis))
                .build();
            assert_eq!(built.is_ok(), is_good, "{millis}");
        }
    }
}
