//! `env`: the settings of clients as shell exports.

use super::args::ServeArgs;
use super::{Failure, print, seed};

pub(super) fn env(args: &ServeArgs) -> Result<(), Failure> {
    let url = match &args.public_url {
        Some(url) => url.to_string(),
        None => format!("http://{}:{}", client_host(&args.host), port(args)?),
    };
    let seed = seed(args)?;
    let credentials = seed.credentials();
    let client = seed.client_credentials();
    if credentials.is_none() && client.is_none() {
        return Err(Failure::usage(
            "--seed: the seed has no OAuth client with a secret, and no admin or no API token",
        ));
    }
    let email = credentials.as_ref().map(|it| it.email.as_str());
    let api_token = credentials.as_ref().map(|it| it.api_token.as_str());
    let client_id = client.as_ref().map(|it| it.client_id.as_str());
    let client_secret = client.as_ref().map(|it| it.client_secret.as_str());
    // Clients have different names for the address and the API token.
    let exports = [
        ("ZENDESK_URL", Some(url.as_str())),
        ("ZENDESK_BASE_URL", Some(&url)),
        ("ZENDESK_SUBDOMAIN", Some(&args.subdomain)),
        ("ZENDESK_EMAIL", email),
        ("ZENDESK_TOKEN", api_token),
        ("ZENDESK_API_TOKEN", api_token),
        ("ZENDESK_ACCESS_TOKEN", seed.access_token()),
        ("ZENDESK_CLIENT_ID", client_id),
        ("ZENDESK_CLIENT_SECRET", client_secret),
    ];
    let lines = exports.map(|(name, value)| {
        value
            .map(|value| format!("export {name}={}\n", quoted(value)))
            .unwrap_or_default()
    });
    print(&lines.concat())
}

/// The port of the server.
pub(super) fn port(args: &ServeArgs) -> Result<u16, Failure> {
    if args.port != 0 {
        return Ok(args.port);
    }
    let Some(file) = &args.port_file else {
        return Err(Failure::usage(
            "--port 0: only the running server knows its port; name its --port-file as well",
        ));
    };
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string());
    let port = text.and_then(|text| text.trim().parse().map_err(|_| "not a port".to_owned()));
    port.map_err(|error| Failure::usage(format_args!("--port-file {}: {error}", file.display())))
}

/// The host of the server for a client on this machine. A server that listens on all addresses also
/// listens on loopback.
pub(super) fn client_host(host: &str) -> String {
    match host.trim_start_matches('[').trim_end_matches(']') {
        "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" => "[::1]".to_owned(),
        address if address.contains(':') => format!("[{address}]"),
        name => name.to_owned(),
    }
}

/// In single quotes if it has characters with a meaning for the shell. It is too little for a
/// crate.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@%+=:,./_-".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
