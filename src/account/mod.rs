//! An account at run time: its world together with the settings, clock, limiter and jobs that belong to it alone.

mod jobs;
mod limiter;
mod registry;

use jiff::Timestamp;

pub(crate) use jobs::{Job, JobResult, JobState};
pub(crate) use limiter::{Admission, Limiter, RateReading};
pub(crate) use registry::Registry;

use crate::clock::Clock;
use crate::config::{Release, Settings};
use crate::ids::Ids;
use crate::seed::Seed;
use crate::world::World;
use jobs::Jobs;

/// An account.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) subdomain: String,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) world: World,
    pub(crate) ids: Ids,
    limiter: Option<Limiter>,
    jobs: Jobs,
}

impl Account {
    /// Sows the seed, and so many generated agents beside it. `settings` are those of the account, in which the seed's
    /// own have their place already.
    pub(crate) fn new(
        subdomain: String,
        seed: &Seed,
        generated: usize,
        settings: Settings,
        clock: Clock,
        ids: Ids,
    ) -> Self {
        let (contents, agents) = seed.contents(&settings, generated, clock.now());
        let world = World::new(contents, agents);
        let limiter = settings.rate_limit.map(Limiter::new);
        Self { subdomain, settings, clock, world, ids, limiter, jobs: Jobs::default() }
    }

    /// The limiter, unless the limit is off.
    pub(crate) fn limiter(&self) -> Option<&Limiter> {
        self.limiter.as_ref()
    }

    /// Does what fell due by now, each thing at its own instant. Every call starts with this.
    pub(crate) fn settle(&self, now: Timestamp) {
        self.jobs.run_due(&self.world, now);
    }

    /// Whether answers show what belongs to omnichannel routing.
    pub(crate) fn shows_omnichannel(&self) -> bool {
        let routing = self.world.routing();
        match self.settings.release {
            Release::Ga => routing.on,
            Release::Eap => routing.ever_on,
        }
    }

    /// Updates of many agents at once.
    pub(crate) fn jobs(&self) -> &Jobs {
        &self.jobs
    }
}
