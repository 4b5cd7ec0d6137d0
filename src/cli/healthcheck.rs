//! `healthcheck`: asks a running server whether it is ready. An image without other programs can
//! use it.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::Failure;
use super::args::ServeArgs;
use super::env::{client_host, port};

/// The time limit for the server.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn healthcheck(args: &ServeArgs) -> Result<(), Failure> {
    let port = port(args)?;
    let host = client_host(&args.host);
    let is_ready = ask(&host, port).unwrap_or(false);
    if is_ready {
        Ok(())
    } else {
        Err(Failure::Silent)
    }
}

fn ask(host: &str, port: u16) -> std::io::Result<bool> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = (bare, port).to_socket_addrs()?;
    // A name can have several addresses, and the server may listen on one of them only.
    let streams =
        addresses.filter_map(|address| TcpStream::connect_timeout(&address, PATIENCE).ok());
    let mut answers = streams.map(|stream| status_line(stream, host).unwrap_or_default());
    Ok(answers.any(|line| line.starts_with("HTTP/1.1 200 ")))
}

fn status_line(mut stream: TcpStream, host: &str) -> std::io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "HEAD /_emulator/readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut line = Vec::new();
    // The answer is small, and its status is in the first bytes.
    stream.take(4096).read_to_end(&mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}
