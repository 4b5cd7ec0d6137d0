//! `healthcheck`: asks a running server whether it is ready. An image without other programs can
//! use it.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::Failure;
use super::args::ServeArgs;
use super::env::{client_host, port};

/// How long connecting, and each read and write, may take.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn healthcheck(args: &ServeArgs) -> Result<(), Failure> {
    match is_ready(&client_host(&args.host), port(args)?) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(Failure::Silent),
    }
}

fn is_ready(host: &str, port: u16) -> std::io::Result<bool> {
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
