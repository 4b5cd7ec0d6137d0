//! An account at run time: its world together with the settings, clock, limiter, jobs, faults and
//! journal that belong to it alone.
//!
//! Whoever holds a lock takes only those behind it in this order: `changing`, the jobs, the world's
//! state, and then any one of the rules, the limiter's windows, the world's agents, its directory
//! and those who wait for its events. The locks of the clock, of the faults and of the journal's
//! ring are held by themselves. Under a lock nobody waits for anything but the next one, so no
//! future is suspended with any.

mod criteria;
mod due;
mod faults;
mod gate;
mod jobs;
mod journal;
mod limiter;
mod masking;
mod registry;
mod request_matcher;
mod rules;
mod snapshot;

use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard, RwLock};

pub(crate) use criteria::{CallerPattern, MOST_OF_A_BODY, PathPattern, agent_in, differences};
pub(crate) use faults::{
    Corruption, Counted, Delivery, FaultEffect, FaultMatch, Faults, IncomingRequest, InjectedError,
    LONGEST, Outcome, Preset, Rule, When,
};
pub(crate) use jobs::{Job, JobResult, JobState, MOST_OPEN, TooManyJobs};
pub(crate) use journal::{
    CallerThen, Entry, Head, Journal, JournalLimits, ON_BEHALF_OF, Parameter, ParameterUsage,
    Reading, kept_body,
};
pub(crate) use limiter::{Admission, Limiter, RateReading};
pub(crate) use masking::{ACCESS_TOKEN, MASK, is_secret, masked, masked_name};
pub(crate) use registry::{Registry, RegistryError};
pub(crate) use request_matcher::{NamedText, RequestFacts, RequestMatcher};
pub(crate) use rules::Rules;
pub(crate) use snapshot::Snapshot;

use crate::clock::{Clock, ClockMode};
use crate::config::{InvalidSettings, Settings, SettingsPatch};
use crate::events::envelope::Sender;
use crate::ids::Ids;
use crate::seed::{Credentials, Logins, Seed};
use crate::world::{User, World};
use gate::Gate;
use jobs::Jobs;

/// What the server was started with: accounts have it unless the call that makes them says
/// otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Defaults {
    pub(crate) seed: Arc<Seed>,
    /// How many generated agents the default account has beside those of the seed.
    pub(crate) generated: usize,
    /// The settings of the command line, or of the builder.
    pub(crate) settings: SettingsPatch,
}

impl Defaults {
    /// The settings of an account with this seed: those of the seed, over them the server's, over
    /// them the call's.
    pub(crate) fn settings(
        &self,
        seed: &Seed,
        of_call: &SettingsPatch,
    ) -> Result<Settings, InvalidSettings> {
        let mut settings = Settings::default();
        for patch in [seed.settings(), &self.settings, of_call] {
            patch.apply_to(&mut settings)?;
        }
        Ok(settings)
    }
}

/// What an account starts with, and starts with again when it is reset.
#[derive(Clone, Debug)]
pub(crate) struct InitialConfig {
    pub(crate) seed: Arc<Seed>,
    /// How many generated agents there are beside those of the seed.
    pub(crate) generated: usize,
    /// The settings of the account, in which the seed's own have their place already.
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    /// How the clock went at first.
    pub(crate) clock_mode: ClockMode,
    pub(crate) ids: Ids,
    pub(crate) journal: JournalLimits,
}

/// An account.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) subdomain: String,
    pub(crate) clock: Clock,
    pub(crate) world: World,
    pub(crate) ids: Ids,
    /// What was asked of it lately.
    pub(crate) journal: Journal,
    /// Its number among the accounts of the server, which it gets when it is added to them and
    /// keeps through resets.
    number: OnceLock<u64>,
    /// What its events are sent as.
    salt: OnceLock<u128>,
    /// When it was last called, by the registry's time. Nobody writes it unless accounts end when
    /// nobody calls them.
    called_at: AtomicU64,
    /// How many calls wait for something to happen here, however long that takes.
    waiting: AtomicUsize,
    initial: InitialConfig,
    /// Written by [`Self::set_rules`] only.
    rules: RwLock<Arc<Rules>>,
    /// Held while the rules change, with or without the world, and while the two are looked at
    /// together. That can take a while, for which calls do not wait: they read the rules on their
    /// own.
    changing: Mutex<()>,
    gate: Gate,
    /// Updates of many agents at once.
    pub(crate) jobs: Jobs,
    /// Faults on purpose.
    pub(crate) faults: Faults,
}

impl Account {
    /// Sows the seed.
    pub(crate) fn new(subdomain: String, initial: InitialConfig) -> Self {
        let InitialConfig {
            seed,
            generated,
            settings,
            clock,
            ids,
            journal,
            ..
        } = initial.clone();
        let (contents, agents) = seed.contents(&settings, generated, clock.now());
        let world = World::new(contents, agents);
        let rules = RwLock::new(Arc::new(Rules::new(settings)));
        let (journal, changing) = (Journal::new(journal), Mutex::new(()));
        Self {
            subdomain,
            clock,
            world,
            ids,
            journal,
            number: OnceLock::new(),
            salt: OnceLock::new(),
            called_at: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            initial,
            rules,
            changing,
            gate: Gate::default(),
            jobs: Jobs::default(),
            faults: Faults::default(),
        }
    }

    /// The account as it was at first, at the instant at which its clock would be by now if nobody
    /// had moved it.
    pub(crate) fn anew(&self) -> Self {
        self.initial.clock.set(self.initial.clock_mode);
        let anew = Self::new(self.subdomain.clone(), self.initial.clone());
        Self {
            number: self.number.clone(),
            ..anew
        }
    }

    /// Its number, which events name it by. 0 until it has one.
    pub(crate) fn number(&self) -> u64 {
        self.number.get().copied().unwrap_or_default()
    }

    /// As whom it sends its events. Their ids are its own until a reset, after which there are
    /// other events.
    pub(crate) fn sender(&self) -> Sender {
        Sender {
            account_id: self.number(),
            salt: *self.salt.get_or_init(|| self.ids.salt()),
        }
    }

    /// Ends what waits for something to happen here: another account has taken the place of this
    /// one, or none has.
    fn retire(&self) {
        self.world.end_watches();
    }

    /// How the account behaves now.
    pub(crate) fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read())
    }

    /// The settings as they are now.
    pub(crate) fn settings(&self, now: Timestamp) -> Settings {
        Settings {
            omnichannel_routing: self.world.routing().on,
            ..self.rules().settings_at(now)
        }
    }

    /// Changes settings. Switching omnichannel routing on makes agents offline if asked to, as the
    /// product does.
    pub(crate) fn change_settings(
        &self,
        patch: &SettingsPatch,
        agents_offline: bool,
        now: Timestamp,
    ) -> Result<(), InvalidSettings> {
        // Only what is done to all agents takes long.
        let _closed = self.close_gate(if agents_offline {
            self.world.agent_count()
        } else {
            0
        });
        let changing = self.changing.lock();
        let patched = self.rules().patched(patch, now)?;
        if let Some(on) = patch.omnichannel_routing {
            self.world.set_omnichannel_routing(on, agents_offline, now);
        }
        if let Some(away) = patch.away_channels {
            self.world.set_away_channels(away);
        }
        self.set_rules(patched, &changing);
        Ok(())
    }

    /// Puts other rules in the place of those that have been read since `changing` is held.
    fn set_rules(&self, rules: Rules, _changing: &MutexGuard<'_, ()>) {
        *self.rules.write() = Arc::new(rules);
    }

    /// An admin to sign in as, if there is one with an API token.
    pub(crate) fn credentials(&self) -> Option<Credentials> {
        Credentials::of(&self.world.directory(), |user| self.is_agent(user))
    }

    /// An admin and a plain agent to sign in as.
    pub(crate) fn logins(&self) -> Logins {
        Logins::of(&self.world.directory(), |user| self.is_agent(user))
    }

    fn is_agent(&self, user: &User) -> bool {
        self.world.record(user.id.as_agent()).is_some()
    }
}
