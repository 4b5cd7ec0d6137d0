//! Updates of many agents at once. A job is due a while after it was asked for; what it does happens at that instant.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::world::{AgentId, StatusId, StatusReason, World, WriteError};

/// How long a job can be asked about once it is done.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// The most jobs that may be queued or running.
pub(crate) const MOST_OPEN: usize = 30;
/// The most finished jobs that are kept.
const MOST_FINISHED: usize = 10_000;

/// An update of many agents.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// A ULID.
    pub(crate) id: String,
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
        Self { id, created_at, due_at, status, agents, results: None }
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
    held: Mutex<Held>,
    /// When the next job is due, in microseconds: what every call looks at before it takes the lock.
    next_due: AtomicI64,
}

#[derive(Debug, Default)]
struct Held {
    /// Queued or running, in the order in which they were asked for.
    open: Vec<Job>,
    finished: BTreeMap<String, Job>,
    /// The ids of the finished ones, the oldest first.
    order: VecDeque<String>,
}

/// The account has as many jobs queued or running as it may.
#[derive(Clone, Debug)]
pub(crate) struct TooManyJobs {
    /// The ids of those, in the order in which they were asked for.
    pub(crate) current: Vec<String>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { held: Mutex::default(), next_due: AtomicI64::new(i64::MAX) }
    }
}

impl Jobs {
    /// Adds a job, unless as many as there may be are queued or running at the instant at which it is made.
    pub(crate) fn add(&self, job: Job) -> Result<(), TooManyJobs> {
        let mut held = self.held.lock();
        // One without a delay is as good as finished, even if the call that made it has not come to run it.
        let current = held.open.iter().filter(|open| open.due_at > job.created_at);
        if current.clone().count() >= MOST_OPEN {
            return Err(TooManyJobs { current: current.map(|open| open.id.clone()).collect() });
        }
        self.next_due.fetch_min(job.due_at.as_microsecond(), Ordering::Release);
        held.open.push(job);
        Ok(())
    }

    /// The job with this id, unless it is too old.
    pub(crate) fn get(&self, id: &str, now: Timestamp) -> Option<Job> {
        let held = self.held.lock();
        let finished = || held.finished.get(id).filter(|job| is_kept(job, now));
        held.open.iter().find(|job| job.id == id).or_else(finished).cloned()
    }

    /// Runs the jobs that are due by now, in the order in which they fell due.
    pub(super) fn run_due(&self, world: &World, now: Timestamp) {
        if now.as_microsecond() < self.next_due.load(Ordering::Acquire) {
            return;
        }
        let mut held = self.held.lock();
        let mut due: Vec<_> = held.open.extract_if(.., |job| job.due_at <= now).collect();
        // Those of one instant stay in the order in which they were asked for.
        due.sort_by_key(|job| job.due_at);
        for mut job in due {
            job.run(world);
            held.finish(job, now);
        }
        let next = held.open.iter().map(|job| job.due_at.as_microsecond()).min();
        self.next_due.store(next.unwrap_or(i64::MAX), Ordering::Release);
    }
}

impl Held {
    fn finish(&mut self, job: Job, now: Timestamp) {
        self.order.push_back(job.id.clone());
        self.finished.insert(job.id.clone(), job);
        while let Some(oldest) = self.order.pop_front() {
            let has_room = self.order.len() < MOST_FINISHED;
            if has_room && self.finished.get(&oldest).is_some_and(|job| is_kept(job, now)) {
                self.order.push_front(oldest);
                break;
            }
            self.finished.remove(&oldest);
        }
    }
}

fn is_kept(job: &Job, now: Timestamp) -> bool {
    now.duration_since(job.due_at) < KEPT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::seed::Seed;

    fn job(number: usize, created_at: Timestamp, delay: u64) -> Job {
        Job::new(number.to_string(), created_at, Duration::from_secs(delay), StatusId(4), Vec::new())
    }

    fn world(now: Timestamp) -> World {
        let (seed, settings) = (Seed::empty(), Settings::default());
        let (contents, agents) = seed.contents(&settings, 0, now);
        World::new(contents, agents)
    }

    /// Assumed: contract, section 3, however many ask at once, exactly thirty are let in.
    #[test]
    fn two_callers_are_never_both_the_thirtieth() {
        let (jobs, now) = (Jobs::default(), Timestamp::UNIX_EPOCH);
        let add = |caller: usize| (0..10).filter(|n| jobs.add(job(caller * 10 + n, now, 1)).is_ok()).count();
        let added: usize = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..8).map(|caller| scope.spawn(move || add(caller))).collect();
            callers.into_iter().map(|caller| caller.join().unwrap_or_default()).sum()
        });
        assert_eq!(added, MOST_OPEN);
    }

    /// Assumed: contract, section 3, a job without a delay does not count, even before the call that made it has run it.
    #[test]
    fn a_job_that_is_due_does_not_count() {
        let (jobs, now) = (Jobs::default(), Timestamp::UNIX_EPOCH);
        assert!((0..100).all(|number| jobs.add(job(number, now, 0)).is_ok()));
        assert!((100..130).all(|number| jobs.add(job(number, now, 1)).is_ok()));
        let refused = jobs.add(job(130, now, 0));
        assert_eq!(refused.map_err(|error| error.current.len()).err(), Some(MOST_OPEN));
        jobs.run_due(&world(now), now);
        assert!(jobs.get("0", now).is_some_and(|job| job.results.is_some()));
        assert!(jobs.get("100", now).is_some_and(|job| job.results.is_none()));
    }

    /// Assumed: contract, section 3, the newest 10,000 finished jobs are kept.
    #[test]
    fn the_newest_finished_jobs_are_kept() {
        let (jobs, now) = (Jobs::default(), Timestamp::UNIX_EPOCH);
        let world = world(now);
        assert!(jobs.add(job(usize::MAX, now, 1)).is_ok());
        for number in 0..MOST_FINISHED {
            assert!(jobs.add(job(number, now, 0)).is_ok());
            jobs.run_due(&world, now);
        }
        assert!(jobs.get("0", now).is_some(), "there is room for exactly so many");
        assert!(jobs.add(job(MOST_FINISHED, now, 0)).is_ok());
        jobs.run_due(&world, now);
        let is_held = |number: usize| jobs.get(&number.to_string(), now).is_some();
        assert_eq!([0, 1, MOST_FINISHED, usize::MAX].map(is_held), [false, true, true, true]);
        let held = jobs.held.lock();
        assert_eq!((held.order.len(), held.finished.len()), (MOST_FINISHED, MOST_FINISHED));
    }
}
