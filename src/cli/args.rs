//! Every flag, with its variable and its default.
#![expect(clippy::doc_markdown, reason = "help is plain text")]

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::Resettable;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use zendesk_availability_emulator::Builder;
use zendesk_availability_emulator::config::{
    AuthMode, AwayChannels, ErrorsForm, InvalidSettings, PublicUrl, RateLimitBody, RateLimitPatch,
    Release, Settings, SettingsPatch, SkillsForm, StatusesShape, Validation, host_name,
    is_header_timeout, is_host, is_subdomain, parse_duration, parse_size,
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
    #[arg(long, env = "EMULATOR_AGENTS", value_name = "N", default_value_t = 0, value_parser = number::<0, { Builder::MOST_AGENTS }>, allow_negative_numbers = true)]
    pub(super) agents: usize,

    /// Omnichannel routing: on or off [default: on].
    #[arg(long, env = "EMULATOR_OMNICHANNEL", value_name = "ON_OFF", value_parser = on_off)]
    omnichannel: Option<bool>,

    /// What answers show while omnichannel routing is off: ga, no omnichannel fields; eap, their last
    /// values [default: ga].
    #[arg(long, env = "EMULATOR_RELEASE", value_parser = word(Release::parse, Release::NAMES))]
    release: Option<Release>,

    /// Requests in a window, such as 200 or 300/60s; off, no limit and no rate headers [default:
    /// 200/60s].
    #[arg(long, env = "EMULATOR_RATE_LIMIT", value_name = "N[/DURATION]|off", value_parser = rate_limit, allow_negative_numbers = true)]
    rate_limit: Option<RateLimitPatch>,

    /// The same for the other APIs, from users to capacity rules, which that limit does not count
    /// [default: 700/60s].
    #[arg(long, env = "EMULATOR_ACCOUNT_RATE_LIMIT", value_name = "N[/DURATION]|off", value_parser = rate_limit, allow_negative_numbers = true)]
    account_rate_limit: Option<RateLimitPatch>,

    /// Which credentials are accepted: strict, those of the account's users; any, every well-formed
    /// credential, as the user it names or else as an admin [default: strict].
    #[arg(long, env = "EMULATOR_AUTH", value_parser = word(AuthMode::parse, AuthMode::NAMES))]
    auth: Option<AuthMode>,

    /// What happens to unknown parameters and fields: strict, they are refused; warn, a hint names
    /// them; off, nothing [default: warn].
    #[arg(long, env = "EMULATOR_VALIDATION", value_parser = word(Validation::parse, Validation::NAMES))]
    validation: Option<Validation>,

    /// Form of errors that list problems: jsonapi or classic [default: jsonapi].
    #[arg(long, env = "EMULATOR_ERRORS", value_parser = word(ErrorsForm::parse, ErrorsForm::NAMES))]
    errors: Option<ErrorsForm>,

    /// Form of an agent's skills: objects, ids or omit [default: objects].
    #[arg(long, env = "EMULATOR_SKILLS", value_parser = word(SkillsForm::parse, SkillsForm::NAMES))]
    skills: Option<SkillsForm>,

    /// Form of the list of agent statuses: documented or flat [default: documented].
    #[arg(long, env = "EMULATOR_STATUSES_SHAPE", value_parser = word(StatusesShape::parse, StatusesShape::NAMES))]
    statuses_shape: Option<StatusesShape>,

    /// What "away" does to channels: email_only, all_away or all_offline [default: email_only].
    #[arg(long, env = "EMULATOR_AWAY_CHANNELS", value_parser = word(AwayChannels::parse, AwayChannels::NAMES))]
    away_channels: Option<AwayChannels>,

    /// Body of the rate limit's 429: text or json [default: text].
    #[arg(long, env = "EMULATOR_RATE_LIMIT_BODY", value_parser = word(RateLimitBody::parse, RateLimitBody::NAMES))]
    rate_limit_body: Option<RateLimitBody>,

    /// Size of a page if the request does not give one: 1 to 100 [default: 20].
    #[arg(long, env = "EMULATOR_PAGE_SIZE_DEFAULT", value_name = "N", value_parser = number::<1, 100>, allow_negative_numbers = true)]
    page_size_default: Option<usize>,

    /// How many work items of a channel an agent includes: 0 to 100 [default: 3].
    #[arg(long, env = "EMULATOR_WORK_ITEMS_PER_PAGE", value_name = "N", value_parser = number::<0, 100>, allow_negative_numbers = true)]
    work_items_per_page: Option<usize>,

    /// Whether Talk availabilities have the members of the older API, available and status: on or off
    /// [default: off].
    #[arg(long, env = "EMULATOR_TALK_LEGACY", value_name = "ON_OFF", value_parser = on_off)]
    talk_legacy: Option<bool>,

    /// How long an agent is in wrap-up after a call, such as 30s [default: 0s].
    #[arg(long, env = "EMULATOR_TALK_WRAP_UP", value_name = "DURATION", value_parser = duration)]
    talk_wrap_up: Option<Duration>,

    /// How long an update of many agents takes, such as 5s [default: 0s].
    #[arg(long, env = "EMULATOR_JOB_DELAY", value_name = "DURATION", value_parser = duration)]
    job_delay: Option<Duration>,

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
    #[arg(long, env = "EMULATOR_MAX_ACCOUNTS", value_name = "N", default_value_t = 10_000, value_parser = number::<1, 1_000_000>, allow_negative_numbers = true)]
    pub(super) max_accounts: usize,

    /// How long an account is kept without a call, such as 10m. The default account is always kept
    /// [default: for ever].
    #[arg(long, env = "EMULATOR_ACCOUNT_IDLE", value_name = "DURATION", value_parser = life)]
    pub(super) account_idle: Option<Duration>,
    /// The highest number of requests in an account's journal; 0 keeps none.
    #[arg(long, env = "EMULATOR_JOURNAL_REQUESTS", value_name = "N", default_value_t = 1_000, value_parser = number::<0, 10_000_000>, allow_negative_numbers = true)]
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
        SettingsPatch::new()
            .omnichannel_routing(self.omnichannel)
            .release(self.release)
            .rate_limit(self.rate_limit.unwrap_or_default())
            .account_rate_limit(self.account_rate_limit.unwrap_or_default())
            .auth(self.auth)
            .validation(self.validation)
            .errors(self.errors)
            .skills(self.skills)
            .statuses_shape(self.statuses_shape)
            .away_channels(self.away_channels)
            .rate_limit_body(self.rate_limit_body)
            .page_size_default(self.page_size_default)
            .work_items_per_page(self.work_items_per_page)
            .talk_legacy(self.talk_legacy)
            .talk_wrap_up(self.talk_wrap_up)
            .job_delay(self.job_delay)
    }
}

/// Parses a word of a closed set.
fn word<T: Clone + Send + Sync + 'static>(
    parse: fn(&str) -> Option<T>,
    names: &'static [&'static str],
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| parse(text).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

fn on_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected on or off".to_owned()),
    }
}

fn number<const MIN: usize, const MAX: usize>(text: &str) -> Result<usize, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (MIN..=MAX).contains(number));
    number.ok_or_else(|| format!("expected a number from {MIN} to {MAX}"))
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text)
        .ok_or_else(|| "expected a whole number and one of ms, s, m, h, such as 5s".to_owned())
}

fn life(text: &str) -> Result<Duration, String> {
    let life = duration(text)?;
    if life < Duration::from_secs(1) {
        Err("expected at least 1s".to_owned())
    } else {
        Ok(life)
    }
}

fn header_timeout(text: &str) -> Result<Duration, String> {
    let timeout = duration(text)?;
    if is_header_timeout(timeout) {
        Ok(timeout)
    } else {
        Err(InvalidSettings::HeaderTimeout.to_string())
    }
}

fn size(text: &str) -> Result<usize, String> {
    parse_size(text)
        .ok_or_else(|| "expected a number of bytes, such as 65536, 64KiB, 64MiB or 1GiB".to_owned())
}

fn rate_limit(text: &str) -> Result<RateLimitPatch, String> {
    let rate_limit = RateLimitPatch::parse(text)
        .ok_or("expected a number of requests, such as 200 or 300/60s, or off")?;
    SettingsPatch::new()
        .rate_limit(rate_limit)
        .apply_to(&mut Settings::default())
        .map_err(|error| error.to_string())?;
    Ok(rate_limit)
}

fn public_url(text: &str) -> Result<PublicUrl, String> {
    PublicUrl::parse(text).map_err(|error| error.to_string())
}

/// A subdomain is the first label of a host name.
fn subdomain(text: &str) -> Result<String, String> {
    if is_subdomain(text) {
        Ok(text.to_owned())
    } else {
        Err(InvalidSettings::Subdomain.to_string())
    }
}

/// A value for a header.
fn token(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(text.to_owned())
    } else {
        Err("expected visible ASCII without spaces".to_owned())
    }
}

fn host(text: &str) -> Result<String, String> {
    let name = host_name(text);
    let fits = is_host(text) && text.strip_suffix('.').unwrap_or(text) == name;
    if fits {
        Ok(name.to_ascii_lowercase())
    } else {
        Err("expected a host without a port".to_owned())
    }
}

/// A level, or `target=level` with commas between them. The filter itself takes any other word for
/// a target and logs all of it.
fn log_filter(text: &str) -> Result<tracing_subscriber::filter::Targets, String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let level = |part: &str| {
        part.rsplit_once('=')
            .map_or(part, |(_, level)| level)
            .to_owned()
    };
    let is_filter = text
        .split(',')
        .all(|part| levels.contains(&level(part).as_str()));
    let filter = text.parse().ok().filter(|_| is_filter);
    filter.ok_or_else(|| format!("expected one of {}", levels.join(", ")))
}
