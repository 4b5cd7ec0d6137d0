//! Updates of many agents at once. A job is due a while after it was asked for; what it does happens at that instant.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::world::{AgentId, StatusId, StatusReason, World, WriteError};

/// How long a job can be asked about once it is done.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// An update of many agents.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// A ULID.
    pub(crate) id: String,
    /// Its place among the jobs of one instant.
    sequence: u64,
    pub(crate) created_at: Timestamp,
    pub(crate) due_at: Timestamp,
    pub(crate) status: StatusId,
    pub(crate) agents: Vec<AgentId>,
    /// What became of each agent, once the job is done.
    pub(crate) results: Option<Vec<JobResult>>,
}

/// What became of one agent of a job.
#[derive(Clone, Debug)]
pub(crate) struct JobResult {
    pub(crate) agent: AgentId,
    pub(crate) outcome: Result<(), WriteError>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobState {
    Queued,
    Working,
    Completed,
}

impl Job {
    pub(crate) fn new(
        id: String,
        created_at: Timestamp,
        delay: Duration,
        status: StatusId,
        agents: Vec<AgentId>,
    ) -> Self {
        let due_at = created_at.saturating_add(delay).unwrap_or(Timestamp::MAX);
        Self { id, sequence: 0, created_at, due_at, status, agents, results: None }
    }

    /// A job with a delay is queued for the first half of it and working for the second.
    pub(crate) fn state(&self, now: Timestamp) -> JobState {
        if self.results.is_some() {
            JobState::Completed
        } else if now.duration_since(self.created_at) <= self.due_at.duration_since(now) {
            JobState::Queued
        } else {
            JobState::Working
        }
    }

    fn run(&mut self, world: &World) {
        let update = |agent: &AgentId| {
            let outcome = world.set_status(*agent, self.status, StatusReason::PublicApi, self.due_at);
            JobResult { agent: *agent, outcome: outcome.map(drop) }
        };
        self.results = Some(self.agents.iter().map(update).collect());
    }
}

/// The jobs of an account.
#[derive(Debug)]
pub(crate) struct Jobs {
    by_id: Mutex<BTreeMap<String, Job>>,
    added: AtomicU64,
    /// When the next job is due, in microseconds: what every call looks at before it takes the lock.
    next_due: AtomicI64,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { by_id: Mutex::default(), added: AtomicU64::new(0), next_due: AtomicI64::new(i64::MAX) }
    }
}

impl Jobs {
    pub(crate) fn add(&self, mut job: Job) {
        let mut jobs = self.by_id.lock();
        job.sequence = self.added.fetch_add(1, Ordering::Relaxed);
        // Whoever adds pays for forgetting, so that jobs nobody asks about do not pile up.
        jobs.retain(|_, old| is_kept(old, job.created_at));
        self.next_due.fetch_min(job.due_at.as_microsecond(), Ordering::Release);
        jobs.insert(job.id.clone(), job);
    }

    /// The job with this id, unless it is too old.
    pub(crate) fn get(&self, id: &str, now: Timestamp) -> Option<Job> {
        self.by_id.lock().get(id).filter(|job| is_kept(job, now)).cloned()
    }

    /// Runs the jobs that are due by now, in the order in which they fell due.
    pub(super) fn run_due(&self, world: &World, now: Timestamp) {
        if now.as_microsecond() < self.next_due.load(Ordering::Acquire) {
            return;
        }
        let mut jobs = self.by_id.lock();
        let mut due: Vec<_> = jobs.values_mut().filter(|job| job.results.is_none() && job.due_at <= now).collect();
        due.sort_by_key(|job| (job.due_at, job.sequence));
        for job in due {
            job.run(world);
        }
        let next = jobs.values().filter(|job| job.results.is_none()).map(|job| job.due_at.as_microsecond()).min();
        self.next_due.store(next.unwrap_or(i64::MAX), Ordering::Release);
    }
}

fn is_kept(job: &Job, now: Timestamp) -> bool {
    job.results.is_none() || now.duration_since(job.due_at) < KEPT
}
