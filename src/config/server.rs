//! Settings of the server as a whole.

use std::net::SocketAddr;
use std::time::Duration;

use super::PublicUrl;

/// Whether a header time-out is in its range.
pub fn is_header_timeout(timeout: Duration) -> bool {
    (Duration::from_secs(1)..=Duration::from_mins(10)).contains(&timeout)
}

/// How the server as a whole behaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerConfig {
    /// The base of every link, if not the request's own host.
    pub public_url: Option<PublicUrl>,
    /// Whether `X-Forwarded-Host` and `X-Forwarded-Proto` decide the base of links. Default: no.
    pub trust_forwarded: bool,
    /// Where the server listens, if it has a socket.
    pub local_addr: Option<SocketAddr>,
    /// The size in bytes of the response cache, which keeps lists of agents for clients that ask
    /// for the same again; 0 keeps none. Default: 64 MiB.
    pub response_cache_size: usize,
    /// The time limit for the headers of a request, for an idle connection, and for a client that
    /// stops reading an answer: 1 second to 10 minutes. Then the connection closes. Default: 75
    /// seconds.
    pub header_timeout: Duration,
    /// How many accounts there may be. Default: 10,000.
    pub max_accounts: usize,
    /// How long an account is kept without a call to either API, by the machine's time. The default
    /// account is always kept. Default: all are.
    pub account_idle: Option<Duration>,
    /// How many requests an account's journal holds; 0 holds none. Default: 1,000.
    pub journal_requests: usize,
    /// How many bytes of requests an account's journal holds; 0 holds none. Default: 8 MiB.
    pub journal_bytes: usize,
    /// The token that control calls have to send as `Authorization: Bearer …`, if any.
    pub control_token: Option<String>,
    /// Whether control calls need no token although other machines can reach the server. Default:
    /// no.
    pub allow_open_control: bool,
    /// Further host names that control calls may use. Names that can only be this machine or a
    /// neighbour are always allowed.
    pub control_hosts: Vec<String>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            public_url: None,
            trust_forwarded: false,
            local_addr: None,
            response_cache_size: 64 << 20,
            header_timeout: Duration::from_secs(75),
            max_accounts: 10_000,
            account_idle: None,
            journal_requests: 1_000,
            journal_bytes: 8 << 20,
            control_token: None,
            allow_open_control: false,
            control_hosts: Vec::new(),
        }
    }
}

impl ServerConfig {
    /// The server's own address: the base of links in answers to requests without a host. Without a
    /// socket it is `http://localhost`.
    pub fn own_url(&self) -> String {
        self.local_addr.map_or_else(
            || "http://localhost".to_owned(),
            |address| format!("http://{address}"),
        )
    }
}

/// Reads a number of bytes: a whole number, and `KiB`, `MiB` or `GiB` unless it is bytes. A crate
/// for sizes would read many more spellings, all of which the documentation would have to list.
pub fn parse_size(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let shift = match unit {
        "" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(1 << shift)
}
