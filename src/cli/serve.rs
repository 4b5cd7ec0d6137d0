//! `serve`: runs until a signal stops it.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use zendesk_availability_emulator::seed::Credentials;
use zendesk_availability_emulator::{Emulator, StartError};

use super::args::{ServeArgs, unknown_variables};
use super::stderr::Stderr;
use super::{Failure, log, login_warning, seed};

/// The time limit for stopping: longer than the time that the server gives to open requests.
const STOP_LIMIT: Duration = Duration::from_millis(1_400);
/// The time limit for the last lines of the log after that.
const LOG_LIMIT: Duration = Duration::from_millis(400);

pub(super) fn serve(args: ServeArgs) -> ExitCode {
    let stderr = match Stderr::start() {
        Ok(stderr) => stderr,
        Err(error) => {
            return Failure::from(StartError::Thread(error)).report(&mut std::io::stderr());
        }
    };
    log::start(&args, &stderr);
    let code = match run(args, &stderr) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&mut &*stderr),
    };
    stderr.finish(LOG_LIMIT);
    code
}

fn run(args: ServeArgs, stderr: &Stderr) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(StartError::Thread)?;
    // Signals are caught before anything takes time, and before anything is told the port.
    let stop = runtime
        .block_on(async { stop_signal() })
        .map_err(StartError::Thread)?;
    let mut stop = pin!(stop);
    let started = in_background("start", move || start(&args))?;
    let started = runtime.block_on(async {
        tokio::select! {
            () = &mut stop => None,
            started = started => Some(started),
        }
    });
    // Unfinished work ends with the process.
    let Some(started) = started else {
        return Ok(());
    };
    // If the thread panicked, that is in the log.
    let (emulator, credentials) = started.map_err(|_| Failure::Silent)??;
    announce(&emulator, credentials.as_ref(), stderr);
    runtime.block_on(stop);
    let stopped = in_background("stop", || emulator.stop())?;
    // What is not finished by then ends with the process.
    let _ = runtime.block_on(async { tokio::time::timeout(STOP_LIMIT, stopped).await });
    Ok(())
}

/// Does what can take long on its own thread, so that the process can end without it.
fn in_background<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<oneshot::Receiver<T>, StartError> {
    let (sender, receiver) = oneshot::channel();
    let work = move || {
        // Nothing receives it when the process is about to end.
        let _ = sender.send(work());
    };
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(StartError::Thread)?;
    Ok(receiver)
}

/// Starts the server, and returns when it is ready.
fn start(args: &ServeArgs) -> Result<(Emulator, Option<Credentials>), Failure> {
    for warning in unknown_variables() {
        tracing::warn!("{warning}");
    }
    let seed = seed(args)?;
    if let Some(warning) = login_warning(&seed, args.settings().auth) {
        tracing::warn!("{warning}");
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut builder = Emulator::builder()
        .host(&args.host)
        .port(args.port)
        .threads(threads)
        .subdomain(&args.subdomain)
        .seed(seed)
        .agents(args.agents)
        .settings(args.settings())
        .response_cache_size(args.response_cache_size)
        .trust_forwarded(args.trust_forwarded)
        .header_timeout(args.header_timeout)
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
    let emulator = builder.start()?;
    if let (Some(file), Some(address)) = (&args.port_file, emulator.local_addr()) {
        write_port(file, address)?;
    }
    Ok((emulator, credentials))
}

/// Ends with SIGINT or SIGTERM.
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

/// Writes the file under another name first, so that no reader sees half a port.
fn write_port(file: &Path, address: SocketAddr) -> Result<(), Failure> {
    let mut partial = file.as_os_str().to_owned();
    partial.push(format!(".{}", std::process::id()));
    let written = std::fs::write(&partial, format!("{}\n", address.port()));
    let written = written.and_then(|()| std::fs::rename(&partial, file));
    written.map_err(|error| {
        // It may not exist.
        let _ = std::fs::remove_file(&partial);
        Failure::usage(format_args!("--port-file {}: {error}", file.display()))
    })
}

/// Prints the ready line on stdout and, on a terminal, how to begin. A closed stdout or stderr is
/// not an error.
fn announce(emulator: &Emulator, credentials: Option<&Credentials>, stderr: &Stderr) {
    let url = emulator.url();
    if std::io::stderr().is_terminal() {
        stderr.add_line(first_steps(&url, credentials).as_bytes());
    }
    let mut stdout = std::io::stdout();
    let _ = writeln!(stdout, "zendesk-availability-emulator ready at {url}")
        .and_then(|()| stdout.flush());
}

/// The live page and, if there is a login, a first call.
fn first_steps(url: &str, credentials: Option<&Credentials>) -> String {
    let login = credentials.map(
        |Credentials {
             email, api_token, ..
         }| {
            let names = format!("  admin      {email}\n  API token  {api_token}\n");
            let call = format!(
                "  curl -u '{email}/token:{api_token}' {url}/api/v2/agent_availabilities\n"
            );
            format!("{names}\n{call}")
        },
    );
    let login = login.unwrap_or_default();
    format!("\n  live page  {url}/\n{login}\n")
}
