//! The emulator as a value: for tests that embed it, and for the binary.

mod builder;

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::thread::JoinHandle;

use axum::Router;

pub use builder::{Builder, StartError};

use crate::account::Account;
use crate::app::App;
use crate::client::{self, Client, ClientError, NewAccount, TemporaryAccount};
use crate::world::World;

/// A running emulator. It stops when it is dropped.
///
/// ```
/// use std::io::{Read, Write};
/// use zendesk_availability_emulator::Emulator;
///
/// let emulator = Emulator::start();
/// let mut connection = std::net::TcpStream::connect(emulator.url().trim_start_matches("http://"))?;
/// let request = "GET /api/v2/agent_availabilities/10011 HTTP/1.0\r\nAuthorization: Bearer demo-oauth-admin\r\n\r\n";
/// connection.write_all(request.as_bytes())?;
/// let mut response = String::new();
/// connection.read_to_string(&mut response)?;
/// assert!(response.contains(r#""agent_id":10011"#));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// [`Self::default_account`] has everything that the control API can do to an account, and
/// [`Self::create_account`] makes another one.
#[derive(Debug)]
#[must_use = "an emulator stops when it is dropped: bind it to a name that lives as long as the test"]
pub struct Emulator {
    app: App,
    client: Client,
    serving: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts an emulator of the demo account on a free port of this machine.
    ///
    /// # Panics
    ///
    /// When the machine gives no port or no thread. [`Builder::start`] returns that as an error.
    #[expect(
        clippy::expect_used,
        reason = "a test that cannot start its server has nothing better to do"
    )]
    pub fn start() -> Self {
        Self::builder()
            .start()
            .expect("a port of the loopback interface and a thread")
    }

    /// A client of an emulator that runs elsewhere, such as `http://127.0.0.1:8080`. The token is
    /// that of its `--control-token`, if it has one.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub fn connect(url: &str, control_token: Option<&str>) -> Result<Client, ClientError> {
        Client::connect(url, control_token)
    }

    /// A builder, to start an emulator with other options.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The address to point a client at, such as `http://127.0.0.1:34567`.
    pub fn url(&self) -> String {
        self.app.config.own_url()
    }

    /// The address that it listens on; none without a socket.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.app.config.local_addr
    }

    /// The emulator as a service, for calls without a socket. It serves the same accounts as the
    /// socket.
    pub fn router(&self) -> Router {
        crate::server::service(&self.app).into_router()
    }

    /// The control API of this emulator.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The default account: [`Client::default_account`].
    pub fn default_account(&self) -> &client::Account {
        self.client.default_account()
    }

    /// Makes an account, which is deleted when it is dropped: [`Client::create_account`].
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub fn create_account(&self, new: &NewAccount) -> Result<TemporaryAccount, ClientError> {
        self.client.create_account(new)
    }

    /// The agents of the default account, to look at and to change. What fell due by now has
    /// happened. A reset replaces this world by another.
    pub fn world(&self) -> impl Deref<Target = World> + use<> {
        let account = self.account();
        account.run_due_blocking(account.clock.now());
        AccountWorld(account)
    }

    #[expect(
        clippy::expect_used,
        reason = "it is there from the start and cannot be deleted"
    )]
    fn account(&self) -> Arc<Account> {
        self.app
            .registry
            .default_account()
            .expect("the default account")
    }

    /// Stops, after the requests that are under way. Dropping does the same.
    pub fn stop(self) {
        drop(self);
    }
}

/// The world of an account, which lives as long as this.
struct AccountWorld(Arc<Account>);

impl Deref for AccountWorld {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0.world
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.app.stop.cancel();
        if let Some(thread) = self.serving.take()
            && thread.join().is_err()
        {
            tracing::error!("the server's thread panicked");
        }
    }
}
