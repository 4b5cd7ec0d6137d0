//! Agents, one by one, as whole documents.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::account_path::AccountPath;
use super::error::{ControlError, ControlResult};
use super::references::References;
use super::{blocking, body, many_agents, refusal, saved_status};
use crate::account::Account;
use crate::document::json::{Document, RawJson};
use crate::document::unique::Unique;
use crate::incoming;
use crate::seed::{Identity, SeededAgent, check_agent_removals, read_agent, write};
use crate::wire::agent::{AgentDocument, CreatedAgents};
use crate::world::{Agent, AgentId, ChannelName, Saved, Stamp, WriteError};

/// `GET /_emulator/accounts/{subdomain}/agents/{agent_id}`
pub(crate) async fn show_agent(path: AccountPath) -> ControlResult {
    let id = path.agent()?;
    path.run_due().await;
    blocking::answer(path.has_many_items(), move || {
        Ok(document(&held(&path.account, id)?))
    })
    .await
}

/// `POST /_emulator/accounts/{subdomain}/agents`
pub(crate) async fn create_agents(path: AccountPath, request: Request) -> ControlResult {
    if incoming::is_of_type(request.headers(), many_agents::TYPE) {
        let created = many_agents::create(path, request).await?;
        return Ok((StatusCode::CREATED, Json(CreatedAgents { created })).into_response());
    }
    let create = |account: &Account, document: &Document<'_>, stamp: Stamp| {
        let now = stamp.time;
        let seeded = read(
            account,
            document,
            Identity::Unique(&mut Unique::new("agent")),
        )?;
        let saved = account
            .world
            .save_agent(seeded.id(), stamp, |held, statuses| match held {
                Some(_) => Err(WriteError::DuplicateAgent(seeded.id())),
                None => seeded
                    .onto(None, statuses, now)
                    .ok_or(WriteError::UnknownStatus(seeded.status())),
            });
        Ok(answer(
            &saved.map_err(|error| refusal::of_agent(&error, STATUS))?,
        ))
    };
    path.work(request, create).await
}

/// `PUT /_emulator/accounts/{subdomain}/agents/{agent_id}`
pub(crate) async fn replace_agent(path: AccountPath, request: Request) -> ControlResult {
    let id = path.agent()?;
    let replace = move |account: &Account, document: &Document<'_>, stamp: Stamp| {
        let now = stamp.time;
        let seeded = read(account, document, Identity::Given(id.0))?;
        let saved = account.world.save_agent(id, stamp, |held, statuses| {
            check_version(&seeded, held)?;
            Ok(seeded
                .onto(held, statuses, now)
                .ok_or(WriteError::UnknownStatus(seeded.status()))?)
        });
        Ok(answer(&saved.map_err(AgentNotSaved::into_refusal)?))
    };
    path.work(request, replace).await
}

/// `PATCH /_emulator/accounts/{subdomain}/agents/{agent_id}`
pub(crate) async fn update_agent(path: AccountPath, request: Request) -> ControlResult {
    let id = path.agent()?;
    let update = move |account: &Account, patch: &Document<'_>, stamp: Stamp| {
        loop {
            let before = held(account, id)?;
            match patch_agent(account, &before, patch.value(), &stamp)? {
                Ok(saved) => return Ok(document(&saved.agent)),
                // Another call was faster: merge with the agent as it is now.
                Err(AgentNotSaved::Changed) => {}
                Err(why) => return Err(why.into_refusal()),
            }
        }
    };
    path.work(request, update).await
}

/// `DELETE /_emulator/accounts/{subdomain}/agents/{agent_id}`
pub(crate) async fn delete_agent(path: AccountPath) -> ControlResult {
    let id = path.agent()?;
    path.run_due().await;
    let has_many_items = path.has_many_items();
    let delete = move || {
        let deleted = path.account.world.remove_agent(id);
        Ok(document(
            &deleted.map_err(|error| refusal::of_agent(&error, STATUS))?,
        ))
    };
    blocking::answer(has_many_items, delete).await
}

/// The path of the unified status in an agent's document.
pub(super) const STATUS: &str = "agent_status.id";

/// Why an agent was not saved.
enum AgentNotSaved {
    Write(WriteError),
    /// The document has another version than the agent, which has this one.
    Version(u64),
    /// Another call has changed the agent.
    Changed,
}

impl From<WriteError> for AgentNotSaved {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl AgentNotSaved {
    fn into_refusal(self) -> ControlError {
        match self {
            Self::Write(error) => refusal::of_agent(&error, STATUS),
            Self::Version(version) => refusal::at(
                "version",
                &format_args!("the agent has version {version} now"),
            ),
            Self::Changed => {
                ControlError::Conflict("the agent was changed at the same time".to_owned())
            }
        }
    }
}

/// A document cannot change the version of an agent, but it may repeat it.
fn check_version(seeded: &SeededAgent, held: Option<&Agent>) -> Result<(), AgentNotSaved> {
    match held {
        Some(held)
            if seeded
                .version()
                .is_some_and(|version| version != held.version) =>
        {
            Err(AgentNotSaved::Version(held.version))
        }
        _ => Ok(()),
    }
}

/// Saves the agent with a patch applied, if it is still the same as `before`. An agent can hold many
/// items, so the patch is applied before the lock is taken.
fn patch_agent(
    account: &Account,
    before: &Agent,
    patch: RawJson<'_>,
    stamp: &Stamp,
) -> Result<Result<Saved, AgentNotSaved>, ControlError> {
    let references = References::of(account);
    let mut seeded =
        body::read_patched(&write::agent(before), patch, check_agent_removals, |node| {
            read_agent(node, Identity::Given(before.id.0), &references.known())
        })?;
    if seeded.status() != before.status.status.id {
        seeded.map_channels_unless(|channel| says_status(patch, channel));
    }
    Ok(account
        .world
        .save_agent(before.id, stamp.clone(), |held, statuses| {
            if held != Some(before) {
                return Err(AgentNotSaved::Changed);
            }
            check_version(&seeded, held)?;
            Ok(seeded
                .onto(held, statuses, stamp.time)
                .ok_or(WriteError::UnknownStatus(seeded.status()))?)
        }))
}

/// Whether a patch gives the status of a channel.
fn says_status(patch: RawJson<'_>, channel: ChannelName) -> bool {
    let channel = patch
        .get("channels")
        .and_then(|channels| channels.get(channel.as_str()));
    channel
        .and_then(|channel| channel.get("status"))
        .is_some_and(|status| !status.is_null())
}

fn read(
    account: &Account,
    document: &Document<'_>,
    id: Identity<'_>,
) -> Result<SeededAgent, ControlError> {
    let references = References::of(account);
    body::read(document, |node| read_agent(node, id, &references.known()))
}

fn held(account: &Account, id: AgentId) -> Result<Agent, ControlError> {
    let unknown = || refusal::of_agent(&WriteError::UnknownAgent(id), STATUS);
    account.world.agent(id).ok_or_else(unknown)
}

fn answer(saved: &Saved) -> Response {
    (saved_status(saved.is_new), document(&saved.agent)).into_response()
}

pub(super) fn document(agent: &Agent) -> Json<AgentDocument> {
    Json(write::agent(agent))
}
