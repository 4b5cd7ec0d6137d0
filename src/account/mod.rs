//! An account at run time: its world together with the settings, clock, limiter, jobs and faults that belong to it alone.

mod faults;
mod jobs;
mod limiter;
mod registry;
mod rules;

use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::RwLock;

pub(crate) use faults::{
    CallerIs, Counted, Delivery, Dribble, Fault, Faults, LONGEST, Latency, Matcher, Outcome, Pattern, Preset, Refusal,
    RefusalBody, Rule, Spoiled, Strike, Subject, Verb, When,
};
pub(crate) use jobs::{Job, JobResult, JobState};
pub(crate) use limiter::{Admission, Limiter, RateReading};
pub(crate) use registry::{Registry, RegistryError};
pub(crate) use rules::Rules;

use crate::clock::{Clock, Pace};
use crate::config::{InvalidSettings, Settings, SettingsPatch};
use crate::ids::Ids;
use crate::seed::{Credentials, Seed};
use crate::world::World;
use jobs::Jobs;

/// What an account starts with, and starts with again when it is reset.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) seed: Arc<Seed>,
    /// How many generated agents there are beside those of the seed.
    pub(crate) generated: usize,
    /// The settings of the account, in which the seed's own have their place already.
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    /// How the clock went at first.
    pub(crate) pace: Pace,
    pub(crate) ids: Ids,
}

/// An account.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) subdomain: String,
    pub(crate) clock: Clock,
    pub(crate) world: World,
    pub(crate) ids: Ids,
    origin: Origin,
    rules: RwLock<Arc<Rules>>,
    jobs: Jobs,
    faults: Faults,
}

impl Account {
    /// Sows the seed.
    pub(crate) fn new(subdomain: String, origin: Origin) -> Self {
        let Origin { seed, generated, settings, clock, ids, .. } = origin.clone();
        let (contents, agents) = seed.contents(&settings, generated, clock.now());
        let world = World::new(contents, agents);
        let rules = RwLock::new(Arc::new(Rules::new(settings)));
        Self { subdomain, clock, world, ids, origin, rules, jobs: Jobs::default(), faults: Faults::default() }
    }

    /// The account as it was at first, at the instant at which its clock would be by now if nobody had moved it.
    pub(crate) fn anew(&self) -> Self {
        self.origin.clock.set(self.origin.pace);
        Self::new(self.subdomain.clone(), self.origin.clone())
    }

    /// How the account behaves now.
    pub(crate) fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read())
    }

    /// The settings as they are now.
    pub(crate) fn settings(&self) -> Settings {
        Settings { omnichannel_routing: self.world.routing().on, ..self.rules().settings.clone() }
    }

    /// Changes settings. Switching omnichannel routing on makes agents offline if asked to, as the product does.
    pub(crate) fn change_settings(
        &self,
        patch: &SettingsPatch,
        agents_offline: bool,
        now: Timestamp,
    ) -> Result<(), InvalidSettings> {
        let mut rules = self.rules.write();
        let patched = rules.patched(patch)?;
        if let Some(on) = patch.omnichannel_routing {
            self.world.set_omnichannel_routing(on, agents_offline, now);
        }
        if let Some(away) = patch.away_channels {
            self.world.set_away_channels(away);
        }
        *rules = Arc::new(patched);
        Ok(())
    }

    /// Moves the clock. What fell due on the way has happened when this returns, each thing at its own instant. If time
    /// went back, the rate window begins anew.
    pub(crate) fn move_clock(&self, change: impl FnOnce(&Clock)) {
        let before = self.clock.now();
        self.settle(before);
        change(&self.clock);
        let now = self.clock.now();
        if now < before {
            let mut rules = self.rules.write();
            *rules = Arc::new(Rules::new(rules.settings.clone()));
        }
        self.settle(now);
    }

    /// An admin to sign in as, if there is one with an API token.
    pub(crate) fn credentials(&self) -> Option<Credentials> {
        self.origin.seed.credentials()
    }

    /// Does what fell due by now, each thing at its own instant. Every call starts with this.
    pub(crate) fn settle(&self, now: Timestamp) {
        self.jobs.run_due(&self.world, now);
    }

    /// Updates of many agents at once.
    pub(crate) fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Faults on purpose.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }
}
