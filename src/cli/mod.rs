//! The command line: arguments, environment variables and subcommands.

mod args;
mod env;
mod healthcheck;
mod log;
mod serve;
mod settings_args;
mod short_lines;
mod stderr;
mod values;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use zendesk_availability_emulator::clock::Clock;
use zendesk_availability_emulator::config::AuthMode;
use zendesk_availability_emulator::seed::{DEMO, Seed};
use zendesk_availability_emulator::{OPENAPI, StartError};

use args::{Arguments, Command, SeedCommand, ServeArgs, unknown_variables};

/// The exit code for a bad flag, a bad file or a port in use.
const USAGE: u8 = 2;

/// Why a subcommand failed.
enum Failure {
    /// One line for each thing to change.
    Usage(Vec<String>),
    /// Standard output could not be written.
    Output(io::Error),
    /// There is nothing to add: a closed pipe, a server that is not ready, or a reason that is in the
    /// log.
    Silent,
}

impl Failure {
    fn usage(message: impl Display) -> Self {
        Self::Usage(vec![message.to_string()])
    }

    /// Prints why, and returns the exit code.
    fn report(self, stderr: &mut impl Write) -> ExitCode {
        let (code, lines) = match self {
            Self::Usage(lines) => (ExitCode::from(USAGE), lines),
            Self::Output(error) => (ExitCode::FAILURE, vec![format!("standard output: {error}")]),
            Self::Silent => (ExitCode::FAILURE, Vec::new()),
        };
        for line in lines {
            // One write for each line. If stderr is closed, nothing can be said.
            let _ = stderr.write_all(format!("error: {line}\n").as_bytes());
        }
        code
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match &error {
            StartError::Bind { .. } => Self::usage(format_args!("--host, --port: {error}")),
            _ => Self::usage(error),
        }
    }
}

/// Runs what the command line asks for.
pub(crate) fn run() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            return Failure::usage(one_line(&error)).report(&mut io::stderr());
        }
        Err(help_or_version) => {
            // A closed pipe is not an error.
            let _ = help_or_version.print();
            return ExitCode::SUCCESS;
        }
    };
    // `serve` logs these warnings. The other subcommands read no variables.
    if let Some(Command::Healthcheck(_) | Command::Env(_)) = arguments.command {
        unknown_variables().iter().for_each(warn);
    }
    let done = match arguments.command {
        None => return serve::serve(arguments.serve),
        Some(Command::Serve(args)) => return serve::serve(*args),
        Some(Command::Healthcheck(args)) => healthcheck::healthcheck(&args),
        Some(Command::Env(args)) => env::env(&args),
        Some(Command::Seed { command: None }) => print(DEMO),
        Some(Command::Seed {
            command: Some(SeedCommand::Check { file }),
        }) => check_seed(&file),
        Some(Command::Openapi) => print(OPENAPI),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&mut io::stderr()),
    }
}

/// The first paragraph of clap's error in one line. The advice that follows it is left out.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let paragraph: Vec<_> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.join(" ").trim_start_matches("error: ").to_owned()
}

fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        // The reader wanted no more.
        ErrorKind::BrokenPipe => Failure::Silent,
        _ => Failure::Output(error),
    })
}

/// A warning of a subcommand other than `serve`.
fn warn(message: impl Display) {
    // A closed stderr is not an error.
    let _ = writeln!(io::stderr(), "warning: {message}");
}

/// Reads a seed. The error is a line for each problem, which begins with the source of the seed.
fn read_seed(source: &str, text: io::Result<String>) -> Result<Seed, Vec<String>> {
    let text = text.map_err(|error| vec![format!("{source}: {error}")])?;
    Seed::parse(&text).map_err(|error| {
        error
            .to_string()
            .lines()
            .map(|line| format!("{source}: {line}"))
            .collect()
    })
}

fn check_seed(file: &Path) -> Result<(), Failure> {
    let (name, text) = if file == Path::new("-") {
        ("standard input".to_owned(), io::read_to_string(io::stdin()))
    } else {
        (file.display().to_string(), std::fs::read_to_string(file))
    };
    let seed = read_seed(&name, text).map_err(Failure::Usage)?;
    if let Some(warning) = login_warning(&seed, None) {
        warn(format_args!("{name}: {warning}"));
    }
    print(&format!("{name} is a valid seed\n"))
}

/// A warning for a seed with which every call is refused with 401, unless a flag accepts any
/// credentials.
fn login_warning(seed: &Seed, auth: Option<AuthMode>) -> Option<&'static str> {
    let accepts_any = auth.or(seed.settings().auth) == Some(AuthMode::Any);
    (!accepts_any && !seed.allows_sign_in(Clock::real().now())).then_some(
        "no admin or agent can sign in, so every call will be refused: the seed needs a user with a password, a user \
         and an API token, an OAuth client, or an OAuth token that has not expired",
    )
}

/// The seed to serve: that of the flag, else the demo seed. A server that does not start says why
/// in one line.
fn seed(args: &ServeArgs) -> Result<Seed, Failure> {
    let Some(file) = &args.seed else {
        return Ok(Seed::demo());
    };
    let name = file.display();
    read_seed(&format!("--seed {name}"), std::fs::read_to_string(file)).map_err(|problems| {
        match problems.as_slice() {
            [first, _, ..] => {
                let more = problems.len() - 1;
                Failure::usage(format_args!(
                    "{first} (and {more} more: see `seed check {name}`)"
                ))
            }
            _ => Failure::Usage(problems),
        }
    })
}
