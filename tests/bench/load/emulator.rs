//! The emulator under load: how it is started with many agents, who they are, and how it is called.

use std::num::NonZeroU32;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::seed::Seed;

use crate::Outcome;
use crate::exchange::{Call, split};
use crate::process::{Core, Server};
use crate::random::Random;

/// The program that is measured.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_zendesk-availability-emulator");
/// The path of the agent availabilities.
pub(crate) const AGENTS: &str = "/api/v2/agent_availabilities";
/// The path below which an agent's status is set.
pub(crate) const UPDATES: &str = "/api/v2/agent_availabilities/agent_statuses/agents";
/// The first id of the generated agents. They are consecutive.
const FIRST: u64 = 1_000_000_001;
/// A rate limit that counts every call and refuses none.
const LIMIT: NonZeroU32 = NonZeroU32::new(1_000_000_000).expect("not zero");

/// Starts the program with this number of agents beside the demo's.
pub(crate) fn start(agents: usize, core: Option<Core>, log: &str) -> Outcome<Server> {
    let (agents, limit) = (agents.to_string(), format!("{LIMIT}/1s"));
    let flags = [
        "--port",
        "0",
        "--log",
        log,
        "--rate-limit",
        &limit,
        "--agents",
        &agents,
    ];
    // The log is written, but to no disk.
    let log = if log == "error" {
        Stdio::inherit()
    } else {
        Stdio::null()
    };
    Server::start(Path::new(BINARY), &flags, core, log)
}

/// The same emulator in this process, without a socket.
pub(crate) fn build(agents: usize) -> Outcome<Emulator> {
    build_with(Seed::demo(), agents)
}

/// An emulator in this process with another seed than the demo's.
pub(crate) fn build_with(seed: Seed, agents: usize) -> Outcome<Emulator> {
    let limit = || {
        RateLimitPatch::new()
            .requests(Some(LIMIT))
            .window(Duration::from_secs(1))
    };
    let settings = SettingsPatch::new()
        .rate_limit(limit())
        .account_rate_limit(limit());
    // No list is kept, because building them is what is measured.
    Ok(Emulator::builder()
        .seed(seed)
        .agents(agents)
        .settings(settings)
        .response_cache_size(0)
        .build()?)
}

/// The id of a generated agent, counted from 0.
pub(crate) fn agent(number: usize) -> u64 {
    FIRST + number as u64
}

/// The id of a random agent among this number of generated ones.
pub(crate) fn any_agent(random: &mut Random, agents: usize) -> u64 {
    FIRST + random.below(agents as u64)
}

/// The demo's admin, as the value of `Authorization`.
pub(crate) fn authorization() -> String {
    format!(
        "Basic {}",
        BASE64_STANDARD.encode("admin@example.com/token:demo-api-token")
    )
}

/// An access token of the demo's client, which acts by itself. It is a JWT.
pub(crate) fn access_token(server: &Server) -> Outcome<String> {
    let mint = Call {
        method: "POST",
        path: "/oauth/tokens?grant_type=client_credentials&expires_in=172800".to_owned(),
        body: String::new(),
    };
    let client = BASE64_STANDARD.encode("demo-app:demo-app-secret");
    let answer = mint.answer(server.port, &format!("Basic {client}"))?;
    let (_, body) = split(&answer).ok_or("an answer without a body")?;
    let body: Value = serde_json::from_slice(body)?;
    let token = body["access_token"].as_str();
    Ok(token.ok_or("an answer without a token")?.to_owned())
}

/// A page of 100, with more parameters after it. Brackets are encoded, as most clients do.
pub(crate) fn page(parameters: &str) -> String {
    let separator = if parameters.is_empty() { "" } else { "&" };
    let query = format!("page[size]=100{separator}{parameters}");
    format!("{AGENTS}?{}", query.replace('[', "%5B").replace(']', "%5D"))
}

/// The filters of pages, as parameters.
pub(crate) const FILTERS: &[&str] = &[
    "",
    "filter[channel_status]=messaging:online",
    "filter[agent_status_id]=3",
    "filter[group_id]=42",
    "filter[agent_status_name]=%22online%22",
    "filter[skill]=1ae11c11-9993-49f8-9850-c2dc096badd1",
    "filter[remaining_capacity]=messaging:2",
    "filter[work_items_count]=messaging:2",
    "select_channel=messaging",
    "filter[agent_status_id]=3&filter[group_id]=42&select_channel=messaging",
];

/// The name of the parameters in a table.
pub(crate) fn label(parameters: &str) -> String {
    let short = parameters
        .replace("filter[", "")
        .replace(']', "")
        .replace("1ae11c11-9993-49f8-9850-c2dc096badd1", "1ae…");
    if short.is_empty() {
        "no filter".to_owned()
    } else {
        short
    }
}
