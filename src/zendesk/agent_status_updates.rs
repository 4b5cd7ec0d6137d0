//! Updates of unified statuses: of one agent, of the caller, or of many agents in a job.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>

use std::collections::BTreeSet;

use axum::response::Response;
use serde::Serialize;

use super::error::{ApiError, Code, Problem, Source, sentence};
use super::hint::quoted;
use super::job_statuses::JobStatus;
use super::request::api_request::ApiRequest;
use super::request::body;
use super::request::query::number;
use super::response;
use super::response::json::Json;
use crate::account::Job;
use crate::world::{Agent, AgentId, StatusReason, WriteError};

/// The most agents that one call may name.
const MAX_AGENTS: usize = 100;

/// `PUT /api/v2/agent_availabilities/agent_statuses/agents/{agent_id}`
pub(crate) async fn update_agent_status(mut request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.read_agent_id();
    update(request, id).await
}

/// `PUT /api/v2/agent_availabilities/agent_statuses/agents/me`
pub(crate) async fn update_my_agent_status(request: ApiRequest) -> Result<Response, ApiError> {
    let id = request.caller_as_agent();
    update(request, id).await
}

async fn update(
    mut request: ApiRequest,
    id: Result<AgentId, ApiError>,
) -> Result<Response, ApiError> {
    request.finish_query()?;
    let status = request.read_body(body::status_id).await?;
    refuse_while_routing_is_off(&request)?;
    let agent = request
        .world()
        .set_status(id?, status, StatusReason::PublicApi, request.context.now)
        .map_err(|error| refusal(&error))?;
    Ok(response::written(document(&agent)))
}

fn document(agent: &Agent) -> Vec<u8> {
    let (id, status) = (agent.id.0, &agent.status.status);
    let mut json = Json::with_capacity(256);
    json.raw(r#"{"data":{"type":"agent_availabilities","id":"agent_availabilities|"#)
        .number(id);
    json.raw(r#"","attributes":{"agent_id":"#).number(id);
    json.raw(r#","agent_status":{"id":"#).number(status.id.0);
    json.raw(r#","name":"#).text(&status.name).raw("}}}}");
    json.into_bytes()
}

/// `PUT /api/v2/agent_availabilities/agent_statuses/agents/update_many`
pub(crate) async fn update_many_agent_statuses(
    mut request: ApiRequest,
) -> Result<Response, ApiError> {
    let agents = read_agents(&mut request);
    request.finish_query()?;
    let status = request.read_body(body::status_id).await?;
    refuse_while_routing_is_off(&request)?;
    if request.world().status(status).is_none() {
        return Err(refusal(&WriteError::UnknownStatus(status)));
    }
    let now = request.context.now;
    let id = request.account.ids.ulid(now).to_string();
    let delay = request.context.settings().job_delay;
    let job = Job::new(id, now, delay, status, agents);
    let job_status = JobStatus::new(&job, &request)?;
    let answer = response::ok(&JobDocument { job_status });
    request.account.jobs.add(job).map_err(|error| {
        request.context.metadata.set_too_many_jobs();
        ApiError::TooManyJobs(error)
    })?;
    // Without a delay the job is due at once. The answer was written before it runs: it says
    // "queued", as Zendesk's does.
    request.account.run_due(now).await;
    Ok(answer)
}

/// The agents of an update of many, each once.
fn read_agents(request: &mut ApiRequest) -> Vec<AgentId> {
    // A filter ignores a number that is too large for an id. An update refuses it.
    let id = |text: &str| {
        number(text)
            .map(AgentId)
            .ok_or_else(|| format!("{} is not an agent id", quoted(text)))
    };
    let Some(ids) = request.query.read_list(&["ids"], id) else {
        if request.query.is_sound() {
            let detail = "it is missing; expected 1 to 100 agent ids with commas between them";
            request
                .query
                .add_parameter_problem("ids", Code::InvalidParameter, detail);
        }
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let given = ids.len();
    let once: Vec<_> = ids.into_iter().filter(|id| seen.insert(*id)).collect();
    if once.len() < given {
        let note = "an agent that `ids` names more than once is updated once";
        request.query.note(note.to_owned());
    }
    if once.len() > MAX_AGENTS {
        let detail = format!("it names {} agents, of {MAX_AGENTS} at most", once.len());
        request
            .query
            .add_parameter_problem("ids", Code::InvalidParameter, detail);
    }
    once
}

/// This comes before anything is looked up: while routing is off, all updates get the same answer.
fn refuse_while_routing_is_off(request: &ApiRequest) -> Result<(), ApiError> {
    if request.world().routing().on {
        Ok(())
    } else {
        Err(refusal(&WriteError::RoutingOff))
    }
}

/// The error of Zendesk's API for a refusal of the world.
fn refusal(error: &WriteError) -> ApiError {
    let problem = Problem::new(code(error), sentence(error));
    match error {
        WriteError::UnknownStatus(_) | WriteError::NotInGroups { .. } => {
            problem.at(Source::Pointer("/id".to_owned())).into()
        }
        _ => problem.into(),
    }
}

/// The code of a refusal. Answers and the results of jobs have it.
pub(super) fn code(error: &WriteError) -> Code {
    match error {
        WriteError::RoutingOff => Code::OmnichannelRoutingDisabled,
        WriteError::UnknownAgent(_) => Code::RecordNotFound,
        _ => Code::RecordInvalid,
    }
}

#[derive(Serialize)]
struct JobDocument<'a> {
    job_status: JobStatus<'a>,
}
