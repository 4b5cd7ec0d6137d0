//! The commands, and the flags of the server. `settings_args.rs` has those of accounts.
#![expect(clippy::doc_markdown, reason = "help is plain text")]

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::Resettable;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use zendesk_availability_emulator::Builder;
use zendesk_availability_emulator::config::{PublicUrl, SettingsPatch};

use super::settings_args::SettingsArgs;
use super::values::{
    header_timeout, host, life, log_filter, number, on_off, public_url, size, subdomain, token,
};

/// A local stand-in for Zendesk's Agent Availability and Unified Agent Status APIs.
///
/// A flag beats its variable, which beats the settings of the seed, which beat the default.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) serve: ServeArgs,
}

impl Arguments {
    /// Reads the command line and its variables. A variable without a value counts as absent.
    pub(super) fn read() -> Result<Self, clap::Error> {
        let matches = without_empty_variables(Self::command()).try_get_matches()?;
        Self::from_arg_matches(&matches)
    }
}

fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &clap::Arg| {
        arg.get_env()
            .and_then(std::env::var_os)
            .is_some_and(|value| value.is_empty())
    };
    let command = command.mut_args(|arg| {
        if is_empty(&arg) {
            arg.env(Resettable::Reset)
        } else {
            arg
        }
    });
    command.mut_subcommands(without_empty_variables)
}

/// A warning for each unknown variable that begins with `EMULATOR_`: it is misspelt, or of an older
/// version.
pub(super) fn unknown_variables() -> Vec<String> {
    let command = Arguments::command();
    let known: Vec<_> = command
        .get_arguments()
        .filter_map(clap::Arg::get_env)
        .collect();
    let given = std::env::vars_os().map(|(name, _)| name);
    let unknown = given
        .filter(|name| !known.contains(&name.as_os_str()))
        .map(|name| name.display().to_string());
    let mut unknown: Vec<_> = unknown
        .filter(|name| name.starts_with("EMULATOR_"))
        .collect();
    unknown.sort();
    unknown
        .iter()
        .map(|name| format!("{name} is not a variable of this program: see --help"))
        .collect()
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve an account. This is the default.
    Serve(Box<ServeArgs>),
    /// Ask a running server whether it is ready: exit code 0 or 1. The same flags say where it is.
    Healthcheck(Box<ServeArgs>),
    /// Print shell exports for clients, from the same flags as `serve`. Needs no running server.
    Env(Box<ServeArgs>),
    /// Print the demo seed.
    Seed {
        #[command(subcommand)]
        command: Option<SeedCommand>,
    },
    /// Print the contract: OpenAPI 3.1, in YAML.
    Openapi,
}

#[derive(Debug, Subcommand)]
pub(super) enum SeedCommand {
    /// Check a seed and list everything that is wrong with it.
    Check {
        /// The seed, in JSON or YAML; - reads standard input.
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Name or address to listen on. `localhost` is two addresses, 127.0.0.1 and ::1, with one
    /// port.
    #[arg(long, env = "EMULATOR_HOST", default_value = "127.0.0.1")]
    pub(super) host: String,

    /// Port to listen on; 0 picks a free one.
    #[arg(
        long,
        env = "EMULATOR_PORT",
        default_value_t = 8080,
        allow_negative_numbers = true
    )]
    pub(super) port: u16,

    /// File to write the chosen port to, once the server listens.
    #[arg(long, env = "EMULATOR_PORT_FILE", value_name = "PATH")]
    pub(super) port_file: Option<PathBuf>,

    /// The address that links begin with [default: the host of the request].
    #[arg(long, env = "EMULATOR_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub(super) public_url: Option<PublicUrl>,

    /// Subdomain of the account.
    #[arg(long, env = "EMULATOR_SUBDOMAIN", default_value = "example", value_parser = subdomain)]
    pub(super) subdomain: String,

    /// The seed of accounts, in JSON or YAML [default: the demo seed].
    #[arg(long, env = "EMULATOR_SEED", value_name = "FILE")]
    pub(super) seed: Option<PathBuf>,

    /// How many agents to generate for load tests: 0 to 10000000. They are added to those of the
    /// seed, in the default account.
    #[arg(long, env = "EMULATOR_AGENTS", value_name = "N", default_value_t = 0, value_parser = number::<0, { Builder::MOST_AGENTS }, usize>, allow_negative_numbers = true)]
    pub(super) agents: usize,

    #[command(flatten)]
    settings: SettingsArgs,

    /// Take the beginning of links from X-Forwarded-Host and X-Forwarded-Proto: on or off.
    #[arg(
        long,
        env = "EMULATOR_TRUST_FORWARDED",
        value_name = "ON_OFF",
        value_parser = on_off,
        default_value = "off",
        num_args = 0..=1,
        default_missing_value = "on"
    )]
    pub(super) trust_forwarded: bool,

    /// Memory for the response cache, which keeps lists of agents for clients that ask again: such
    /// as 64MiB, or 0.
    #[arg(long, alias = "kept-lists", env = "EMULATOR_RESPONSE_CACHE_SIZE", value_name = "SIZE", default_value = "64MiB", value_parser = size, allow_negative_numbers = true)]
    pub(super) response_cache_size: usize,

    /// Time limit for receiving headers, for an idle connection, and for a client that stops
    /// reading an answer: 1s to 10m.
    #[arg(long, env = "EMULATOR_HEADER_TIMEOUT", value_name = "DURATION", default_value = "75s", value_parser = header_timeout)]
    pub(super) header_timeout: Duration,

    /// The highest number of accounts.
    #[arg(long, env = "EMULATOR_MAX_ACCOUNTS", value_name = "N", default_value_t = 10_000, value_parser = number::<1, 1_000_000, usize>, allow_negative_numbers = true)]
    pub(super) max_accounts: usize,

    /// How long an account is kept without a call, such as 10m. The default account is always kept
    /// [default: for ever].
    #[arg(long, env = "EMULATOR_ACCOUNT_IDLE", value_name = "DURATION", value_parser = life)]
    pub(super) account_idle: Option<Duration>,

    /// The highest number of requests in an account's journal; 0 keeps none.
    #[arg(long, env = "EMULATOR_JOURNAL_REQUESTS", value_name = "N", default_value_t = 1_000, value_parser = number::<0, 10_000_000, usize>, allow_negative_numbers = true)]
    pub(super) journal_requests: usize,

    /// Memory for an account's journal: such as 8MiB, or 0.
    #[arg(long, env = "EMULATOR_JOURNAL_SIZE", value_name = "SIZE", default_value = "8MiB", value_parser = size, allow_negative_numbers = true)]
    pub(super) journal_size: usize,

    /// Token that control calls have to send as `Authorization: Bearer ...` [default: none].
    #[arg(long, env = "EMULATOR_CONTROL_TOKEN", value_name = "TOKEN", hide_env_values = true, value_parser = token)]
    pub(super) control_token: Option<String>,

    /// Answer control calls without a token although other machines can reach the server: on or
    /// off.
    #[arg(
        long,
        env = "EMULATOR_ALLOW_OPEN_CONTROL",
        value_name = "ON_OFF",
        value_parser = on_off,
        default_value = "off",
        num_args = 0..=1,
        default_missing_value = "on"
    )]
    pub(super) allow_open_control: bool,

    /// Another host name that control calls may use; several with commas between them.
    #[arg(long, env = "EMULATOR_CONTROL_HOST", value_name = "HOST", value_delimiter = ',', value_parser = host)]
    pub(super) control_host: Vec<String>,

    /// What to log to stderr: off, error, warn, info (on a terminal, a short line for each request
    /// too), debug (a line for each request) or trace. For one target: hyper=debug.
    #[arg(long, env = "EMULATOR_LOG", value_name = "LEVEL", default_value = "info", value_parser = log_filter)]
    pub(super) log: tracing_subscriber::filter::Targets,

    /// How to log it: text or json.
    #[arg(long, env = "EMULATOR_LOG_FORMAT", value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub(super) log_format: String,
}

impl ServeArgs {
    /// The settings that the command line gives.
    pub(super) fn settings(&self) -> SettingsPatch {
        self.settings.patch()
    }
}
