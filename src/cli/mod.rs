//! The command line: arguments and environment, and the subcommands that they lead to.

mod args;
mod env;
mod healthcheck;
mod log;
mod serve;
mod stderr;

use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use zendesk_availability_emulator::seed::{DEMO, Seed};
use zendesk_availability_emulator::{OPENAPI, StartError};

use args::{Arguments, Command, SeedCommand, ServeArgs};

/// What a bad flag, a bad file or a port in use ends with.
const USAGE: u8 = 2;

/// Why a subcommand ends.
enum Failure {
    /// What to change, a line each.
    Usage(Vec<String>),
    /// Nothing more to say.
    Silent,
}

impl Failure {
    fn usage(message: impl Display) -> Self {
        Self::Usage(vec![message.to_string()])
    }

    /// Says why, and how the process ends.
    fn report(self, stderr: &mut impl Write) -> ExitCode {
        let Self::Usage(lines) = self else { return ExitCode::FAILURE };
        for line in lines {
            // A line in one write. When stderr is closed, there is nowhere to say it.
            let _ = stderr.write_all(format!("error: {line}\n").as_bytes());
        }
        ExitCode::from(USAGE)
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
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return Failure::usage(one_line(&error)).report(&mut std::io::stderr()),
        Err(help_or_version) => {
            // A closed pipe is no reason to complain.
            let _ = help_or_version.print();
            return ExitCode::SUCCESS;
        }
    };
    let done = match arguments.command {
        None => return serve::serve(arguments.serve),
        Some(Command::Serve(args)) => return serve::serve(*args),
        Some(Command::Healthcheck(args)) => healthcheck::healthcheck(&args),
        Some(Command::Env(args)) => env::env(&args),
        Some(Command::Seed { command: None }) => print(DEMO),
        Some(Command::Seed { command: Some(SeedCommand::Check { file }) }) => check_seed(&file),
        Some(Command::Openapi) => print(OPENAPI),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&mut std::io::stderr()),
    }
}

/// clap spreads an error over several lines, with advice after the first paragraph.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let paragraph: Vec<_> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ").trim_start_matches("error: ").to_owned()
}

fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|_| Failure::Silent)
}

/// Reads a seed. What is wrong with it is a line each, behind `what`, which names the file.
fn read_seed(what: &str, file: &Path) -> Result<Seed, Vec<String>> {
    let text = std::fs::read_to_string(file).map_err(|error| vec![format!("{what}: {error}")])?;
    Seed::parse(&text).map_err(|error| error.to_string().lines().map(|line| format!("{what}: {line}")).collect())
}

fn check_seed(file: &Path) -> Result<(), Failure> {
    let name = file.display().to_string();
    read_seed(&name, file).map_err(Failure::Usage)?;
    print(&format!("{name} is a valid seed\n"))
}

/// The seed to serve: the one that was named, else the demo. A server that does not start says why in one line.
fn seed(args: &ServeArgs) -> Result<Seed, Failure> {
    let Some(file) = &args.seed else { return Ok(Seed::demo()) };
    let name = file.display();
    read_seed(&format!("--seed {name}"), file).map_err(|problems| match problems.as_slice() {
        [first, _, ..] => {
            let more = problems.len() - 1;
            Failure::usage(format_args!("{first} (and {more} more: see `seed check {name}`)"))
        }
        _ => Failure::Usage(problems),
    })
}
