//! Updates of many agents. A job is due a while after it was created, and updates its agents at
//! that instant of the account's clock.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::world::{AgentId, StatusId, StatusReason, World, WriteError};

/// How long a finished job is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// The most jobs that may be queued or running.
pub(crate) const MOST_OPEN: usize = 30;
/// The most finished jobs that are kept.
const MOST_FINISHED: usize = 10_000;
/// How many agents are updated before other tasks have their turn. It takes less than a
/// millisecond.
const PORTION: usize = 16;

/// An update of many agents.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// A ULID.
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    pub(crate) due_at: Timestamp,
    pub(crate) status: StatusId,
    pub(crate) agents: Vec<AgentId>,
    /// The results so far, in the order of the agents.
    done: Vec<JobResult>,
}

/// The result for one agent of a job.
#[derive(Clone, Debug)]
pub(crate) struct JobResult {
    pub(crate) agent: AgentId,
    pub(crate) outcome: Result<(), WriteError>,
}

/// The progress of a job.
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
        Self {
            id,
            created_at,
            due_at,
            status,
            agents,
            done: Vec::new(),
        }
    }

    /// A job is queued for the first half of its delay and working for the second.
    pub(crate) fn state(&self, now: Timestamp) -> JobState {
        if self.results().is_some() {
            JobState::Completed
        } else if now.duration_since(self.created_at) <= self.due_at.duration_since(now) {
            JobState::Queued
        } else {
            JobState::Working
        }
    }

    /// The result for each agent, once the job is done.
    pub(crate) fn results(&self) -> Option<&[JobResult]> {
        (self.done.len() == self.agents.len()).then_some(&self.done)
    }

    /// Updates at most `most` of the agents that are left, and returns how many.
    fn run(&mut self, world: &World, most: usize) -> usize {
        let update = |agent: &AgentId| {
            let outcome =
                world.set_status(*agent, self.status, StatusReason::PublicApi, self.due_at);
            JobResult {
                agent: *agent,
                outcome: outcome.map(drop),
            }
        };
        let before = self.done.len();
        self.done
            .extend(self.agents[before..].iter().take(most).map(update));
        self.done.len() - before
    }
}

/// The jobs of an account.
#[derive(Debug)]
pub(crate) struct Jobs {
    held: Mutex<Held>,
    /// When the next job is due, in microseconds. Every call reads this without the lock.
    next_due: AtomicI64,
    /// Wakes tasks that wait for the next job.
    added: Notify,
}

#[derive(Debug, Default)]
struct Held {
    /// Queued or running, in the order of creation.
    open: Vec<Job>,
    finished: BTreeMap<String, Job>,
    /// The ids of finished jobs, the oldest first.
    order: VecDeque<String>,
}

/// The account has the most jobs that may be queued or running.
#[derive(Clone, Debug)]
pub(crate) struct TooManyJobs {
    /// Their ids, in the order of creation.
    pub(crate) current: Vec<String>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            held: Mutex::default(),
            next_due: AtomicI64::new(i64::MAX),
            added: Notify::new(),
        }
    }
}

impl Jobs {
    /// Adds a job, unless [`MOST_OPEN`] are queued or running at that instant.
    pub(crate) fn add(&self, job: Job) -> Result<(), TooManyJobs> {
        let mut held = self.held.lock();
        // A job without a delay counts as finished, even before the call that created it has run
        // it.
        let current = held.open.iter().filter(|open| open.due_at > job.created_at);
        if current.clone().count() >= MOST_OPEN {
            return Err(TooManyJobs {
                current: current.map(|open| open.id.clone()).collect(),
            });
        }
        self.next_due
            .fetch_min(job.due_at.as_microsecond(), Ordering::Release);
        held.open.push(job);
        drop(held);
        self.added.notify_waiters();
        Ok(())
    }

    /// The job with this id, unless it is too old.
    pub(crate) fn get(&self, id: &str, now: Timestamp) -> Option<Job> {
        let held = self.held.lock();
        let finished = || held.finished.get(id).filter(|job| is_kept(job, now));
        held.open
            .iter()
            .find(|job| job.id == id)
            .or_else(finished)
            .cloned()
    }

    /// When the next job is due, if there is one.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        // The instants of jobs are finer than microseconds, so this rounds up.
        let micros = self.next_due.load(Ordering::Acquire).checked_add(1)?;
        Some(Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX))
    }

    /// Ends when a job is added after this was called.
    pub(super) fn added(&self) -> Notified<'_> {
        self.added.notified()
    }

    /// Whether a job may be due by now.
    pub(super) fn may_be_due(&self, now: Timestamp) -> bool {
        now.as_microsecond() >= self.next_due.load(Ordering::Acquire)
    }

    /// Updates the next few agents of the jobs that are due by now, in the order in which the jobs
    /// fell due. Returns whether there are more. It holds the lock for a few agents only.
    pub(super) fn run_some(&self, world: &World, now: Timestamp) -> bool {
        if !self.may_be_due(now) {
            return false;
        }
        let mut held = self.held.lock();
        let mut left = PORTION;
        let more = loop {
            let Some(place) = held.due(now) else {
                break false;
            };
            if left == 0 {
                break true;
            }
            let job = &mut held.open[place];
            left -= job.run(world, left);
            if job.results().is_some() {
                let job = held.open.remove(place);
                held.finish(job, now);
            }
        };
        let next = held
            .open
            .iter()
            .map(|job| job.due_at.as_microsecond())
            .min();
        self.next_due
            .store(next.unwrap_or(i64::MAX), Ordering::Release);
        more
    }
}

impl Held {
    /// The place of the job to go on with. Jobs of one instant come in the order of creation.
    fn due(&self, now: Timestamp) -> Option<usize> {
        let due = self
            .open
            .iter()
            .enumerate()
            .filter(|(_, job)| job.due_at <= now);
        due.min_by_key(|(_, job)| (job.done.is_empty(), job.due_at))
            .map(|(place, _)| place)
    }

    /// Keeps a finished job, and drops at most two that are too old or too many. Ten thousand can get
    /// too old at once: the jobs that finish next drop the rest.
    fn finish(&mut self, job: Job, now: Timestamp) {
        self.order.push_back(job.id.clone());
        self.finished.insert(job.id.clone(), job);
        for _ in 0..2 {
            let Some(oldest) = self.order.front() else {
                break;
            };
            let has_room = self.order.len() <= MOST_FINISHED;
            if has_room
                && self
                    .finished
                    .get(oldest)
                    .is_some_and(|job| is_kept(job, now))
            {
                break;
            }
            self.finished.remove(oldest);
            self.order.pop_front();
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
        Job::new(
            number.to_string(),
            created_at,
            Duration::from_secs(delay),
            StatusId(4),
            vec![AgentId(1)],
        )
    }

    fn world(now: Timestamp) -> World {
        let (seed, settings) = (Seed::empty(), Settings::default());
        let (contents, agents) = seed.contents(&settings, 0, now);
        World::new(contents, agents)
    }

    /// Assumed: of any number of calls at once, exactly thirty create a job.
    #[test]
    fn two_callers_are_never_both_the_thirtieth() {
        let (jobs, now) = (Jobs::default(), Timestamp::UNIX_EPOCH);
        let add = |caller: usize| {
            (0..10)
                .filter(|n| jobs.add(job(caller * 10 + n, now, 1)).is_ok())
                .count()
        };
        let added: usize = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..8)
                .map(|caller| scope.spawn(move || add(caller)))
                .collect();
            callers
                .into_iter()
                .map(|caller| caller.join().unwrap_or_default())
                .sum()
        });
        assert_eq!(added, MOST_OPEN);
    }

    /// Assumed: a job without a delay does not count, even before the call that made it has run it.
    #[test]
    fn a_job_that_is_due_does_not_count() {
        let (jobs, now) = (Jobs::default(), Timestamp::UNIX_EPOCH);
        assert!((0..100).all(|number| jobs.add(job(number, now, 0)).is_ok()));
        assert!((100..130).all(|number| jobs.add(job(number, now, 1)).is_ok()));
        let refused = jobs.add(job(130, now, 0));
        assert_eq!(
            refused.map_err(|error| error.current.len()).err(),
            Some(MOST_OPEN)
        );
        while jobs.run_some(&world(now), now) {}
        assert!(
            jobs.get("0", now)
                .is_some_and(|job| job.results().is_some())
        );
        assert!(
            jobs.get("100", now)
                .is_some_and(|job| job.results().is_none())
        );
    }

    /// By design: the lock is held for a few agents only. A job that has begun is finished before
    /// the next.
    #[test]
    fn jobs_are_run_in_portions() {
        let (jobs, now) = (Jobs::default(), Timestamp::UNIX_EPOCH);
        let world = world(now);
        let agents = |count: u64| (0..count).map(AgentId).collect();
        for (id, delay, count) in [("a", 2, 20), ("b", 1, 20), ("c", 3, 1)] {
            let job = Job::new(
                id.to_owned(),
                now,
                Duration::from_secs(delay),
                StatusId(4),
                agents(count),
            );
            assert!(jobs.add(job).is_ok());
        }
        let finished = |now| {
            ["a", "b", "c"].map(|id| jobs.get(id, now).is_some_and(|job| job.results().is_some()))
        };
        let at = |second| Timestamp::from_second(second).unwrap_or_default();
        assert!(!jobs.run_some(&world, at(0)));
        assert!(jobs.run_some(&world, at(1)));
        assert_eq!(finished(at(1)), [false; 3], "16 of 20");
        assert!(jobs.run_some(&world, at(2)));
        assert_eq!(finished(at(2)), [false, true, false], "4 and 12");
        assert!(!jobs.run_some(&world, at(2)));
        assert_eq!(finished(at(2)), [true, true, false]);
        assert_eq!(jobs.next_due(), Some(at(3) + Duration::from_micros(1)));
        assert!(!jobs.run_some(&world, at(3)));
        assert_eq!((finished(at(3)), jobs.next_due()), ([true; 3], None));
    }

    /// Assumed: the newest 10,000 finished jobs are kept.
    #[test]
    fn the_newest_finished_jobs_are_kept() {
        let (jobs, now) = (Jobs::default(), Timestamp::UNIX_EPOCH);
        let world = world(now);
        assert!(jobs.add(job(usize::MAX, now, 1)).is_ok());
        for number in 0..MOST_FINISHED {
            assert!(jobs.add(job(number, now, 0)).is_ok());
            while jobs.run_some(&world, now) {}
        }
        assert!(
            jobs.get("0", now).is_some(),
            "the limit itself is not too many"
        );
        assert!(jobs.add(job(MOST_FINISHED, now, 0)).is_ok());
        while jobs.run_some(&world, now) {}
        let is_held = |number: usize| jobs.get(&number.to_string(), now).is_some();
        assert_eq!(
            [0, 1, MOST_FINISHED, usize::MAX].map(is_held),
            [false, true, true, true]
        );
        let held = jobs.held.lock();
        assert_eq!(
            (held.order.len(), held.finished.len()),
            (MOST_FINISHED, MOST_FINISHED)
        );
    }
}
