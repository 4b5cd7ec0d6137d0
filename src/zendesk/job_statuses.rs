//! The progress of an update of many agents.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>

use axum::response::Response;
use serde::Serialize;

use super::agent_status_updates::code;
use super::error::{ApiError, sentence};
use super::request::api_request::ApiRequest;
use super::response;
use super::response::time::Seconds;
use crate::account::{Job, JobResult, JobState};

const NO_SUCH_JOB: &str =
    "There is no such job. The newest 10,000 finished jobs are kept for one day.";

/// `GET /api/v2/agent_availabilities/agent_statuses/job_statuses/{job_id}`
pub(crate) async fn show_job_status(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let now = request.context.now;
    let job = request.account.jobs.get(&request.param("job_id"), now);
    let job = job.ok_or_else(|| ApiError::not_found(NO_SUCH_JOB))?;
    Ok(response::ok(&JobStatus::new(&job, &request)?))
}

/// A job, as answers show it.
#[derive(Serialize)]
pub(super) struct JobStatus<'a> {
    id: &'a str,
    url: String,
    status: &'static str,
    progress: usize,
    total: usize,
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<JobResultObject>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JobResultObject {
    Updated {
        id: u64,
        success: bool,
        status: &'static str,
    },
    Failed {
        id: u64,
        success: bool,
        error: &'static str,
        details: String,
    },
}

impl<'a> JobStatus<'a> {
    pub(super) fn new(job: &'a Job, request: &ApiRequest) -> Result<Self, ApiError> {
        let results = job.results();
        Ok(Self {
            id: &job.id,
            url: request.url(&format!("/agent_statuses/job_statuses/{}", job.id))?,
            status: match job.state(request.context.now) {
                JobState::Queued => "queued",
                JobState::Working => "working",
                JobState::Completed => "completed",
            },
            progress: results.map_or(0, <[_]>::len),
            total: job.agents.len(),
            message: results.map(|_| format!("Completed at {}", Seconds(job.due_at))),
            results: results.map(|results| results.iter().map(JobResultObject::from).collect()),
        })
    }
}

impl From<&JobResult> for JobResultObject {
    fn from(result: &JobResult) -> Self {
        let id = result.agent.0;
        match &result.outcome {
            Ok(()) => Self::Updated {
                id,
                success: true,
                status: "Updated",
            },
            Err(error) => Self::Failed {
                id,
                success: false,
                error: code(error).as_str(),
                details: sentence(error),
            },
        }
    }
}
