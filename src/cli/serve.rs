//! `serve`: runs until it is told to stop.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;

use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use zendesk_availability_emulator::seed::Credentials;
use zendesk_availability_emulator::{Emulator, StartError};

use super::args::ServeArgs;
use super::{Failure, seed};

pub(super) fn serve(args: &ServeArgs) -> Result<(), Failure> {
    start_log(args);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut builder = Emulator::builder()
        .host(&args.host)
        .port(args.port)
        .threads(threads)
        .subdomain(&args.subdomain)
        .seed(seed(args)?)
        .agents(args.agents)
        .settings(args.settings())
        .kept_lists(args.kept_lists)
        .trust_forwarded(args.trust_forwarded)
        .max_accounts(args.max_accounts)
        .journal_requests(args.journal_requests)
        .journal_bytes(args.journal_size)
        .allow_open_control(args.allow_open_control)
        .control_hosts(args.control_host.iter().cloned());
    if let Some(token) = &args.control_token {
        builder = builder.control_token(token);
    }
    if let Some(life) = args.account_idle {
        builder = builder.account_idle(life);
    }
    if let Some(url) = &args.public_url {
        builder = builder.public_url(url.clone());
    }
    let credentials = builder.credentials();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Thread)?;
    // The signals are caught before anybody can know that there is somebody to send them to.
    let stop = runtime.block_on(async { stop_signal() }).map_err(StartError::Thread)?;
    let emulator = builder.start()?;
    if let (Some(file), Some(address)) = (&args.port_file, emulator.local_addr()) {
        write_port(file, address)?;
    }
    announce(&emulator, credentials.as_ref());
    runtime.block_on(stop);
    emulator.stop();
    Ok(())
}

fn start_log(args: &ServeArgs) {
    let stderr = std::io::stderr;
    let log = tracing_subscriber::registry().with(args.log.clone());
    if args.log_format == "json" {
        log.with(fmt::layer().json().with_writer(stderr)).init();
    } else {
        log.with(fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal())).init();
    }
}

/// What ends when SIGINT or SIGTERM comes.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Writes the file under another name first, so that nobody reads half a port.
fn write_port(file: &Path, address: SocketAddr) -> Result<(), Failure> {
    let mut partial = file.as_os_str().to_owned();
    partial.push(format!(".{}", std::process::id()));
    let written = std::fs::write(&partial, format!("{}\n", address.port()));
    let written = written.and_then(|()| std::fs::rename(&partial, file));
    written.map_err(|error| {
        // It may never have been there.
        let _ = std::fs::remove_file(&partial);
        Failure::usage(format_args!("--port-file {}: {error}", file.display()))
    })
}

/// The ready line on stdout and, where a person looks on, how to begin. Nobody listening is no reason to stop.
fn announce(emulator: &Emulator, credentials: Option<&Credentials>) {
    let url = emulator.url();
    let mut stderr = std::io::stderr();
    if let Some(Credentials { email, api_token }) = credentials
        && stderr.is_terminal()
    {
        let _ = writeln!(stderr, "\n  admin      {email}\n  API token  {api_token}\n");
        let _ = writeln!(stderr, "  curl -u '{email}/token:{api_token}' {url}/api/v2/agent_availabilities\n");
    }
    let mut stdout = std::io::stdout();
    let _ = writeln!(stdout, "zendesk-availability-emulator ready at {url}").and_then(|()| stdout.flush());
}
