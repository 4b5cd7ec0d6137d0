//! An account at run time: its world together with the settings, clock, limiter, jobs, faults and
//! journal that belong to it alone. `lib.rs` says in which order its locks are taken.

mod criteria;
mod due;
mod effective_settings;
mod faults;
mod gate;
mod jobs;
mod journal;
mod limiter;
mod masking;
mod registry;
mod request_matcher;
mod snapshot;
mod token_text;

use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, OnceLock};

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard, RwLock};

pub(crate) use criteria::{CallerPattern, MOST_OF_A_BODY, PathPattern, agent_in, differences};
pub(crate) use effective_settings::EffectiveSettings;
pub(crate) use faults::{
    AnswerContent, Corruption, CountedRule, Delivery, Effect, FaultEffect, FaultInjector,
    FaultMatch, HeaderChanges, IncomingRequest, InjectedError, LONGEST_WAIT, Outcome, Preset, Rule,
    RuleAnswer, TOKEN_OPERATION, When, page_with, patched,
};
pub(crate) use jobs::{Job, JobResult, JobState, MOST_OPEN, TooManyJobs};
pub(crate) use journal::{
    CallerThen, CredentialThen, Entry, GrantThen, Head, IssuedToken, JournalLimits, NewestRequests,
    ON_BEHALF_OF, Parameter, ParameterUsage, Reading, RefusalThen, RenewedToken, RequestJournal,
    kept_body,
};
pub(crate) use limiter::{Admission, Limiter, RateReading};
pub(crate) use masking::{ACCESS_TOKEN, MASK, is_secret, masked, masked_name};
pub(crate) use registry::{Registry, RegistryError};
pub(crate) use request_matcher::{NamedText, RequestFacts, RequestMatcher};
pub(crate) use snapshot::AccountSnapshot;

use crate::clock::{Clock, ClockMode};
use crate::config::{InvalidSettings, Settings, SettingsPatch};
use crate::events::Sender;
use crate::ids::Ids;
use crate::seed::{Credentials, Logins, Seed};
use crate::world::{ApiToken, Stamp, User, World};
use gate::Gate;
use jobs::Jobs;

/// What the server was started with. New accounts have it unless the call that creates them says
/// otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Defaults {
    pub(crate) seed: Arc<Seed>,
    /// How many generated agents the default account has besides those of the seed.
    pub(crate) generated: usize,
    /// The settings of the command line, or of the builder.
    pub(crate) settings: SettingsPatch,
}

impl Defaults {
    /// The settings of a new account. Those of the call come first, then the server's, then the
    /// seed's.
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
    /// How many generated agents there are besides those of the seed.
    pub(crate) generated: usize,
    /// All settings of the account. The seed's are among them.
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    /// The mode in which the clock starts.
    pub(crate) clock_mode: ClockMode,
    pub(crate) ids: Ids,
    pub(crate) journal: JournalLimits,
}

/// An account, as the server holds it. [`client::Account`](crate::client::Account) is the handle by
/// which a test reaches one.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) subdomain: String,
    pub(crate) clock: Clock,
    pub(crate) world: World,
    pub(crate) ids: Ids,
    /// The latest requests to it.
    pub(crate) journal: RequestJournal,
    /// Its id, which the registry gives it and which a reset does not change.
    id: OnceLock<u64>,
    /// Signs its access tokens. Drawn when the first is made.
    signing_key: OnceLock<SigningKey>,
    /// What the ids of its events are counted from.
    first_event_id: OnceLock<u128>,
    /// When it was last called, by the registry's time. It is written only if idle accounts are
    /// deleted.
    called_at: AtomicU64,
    /// How many calls wait for an event here.
    waiting: AtomicUsize,
    initial: InitialConfig,
    /// Written by [`Self::set_effective_settings`] only.
    effective_settings: RwLock<Arc<EffectiveSettings>>,
    /// Held while the settings change, with or without the world, and while both are read together.
    /// That can take long. Calls read the settings without it, so they do not wait.
    changing: Mutex<()>,
    gate: Gate,
    /// Updates of many agents at once.
    pub(crate) jobs: Jobs,
    /// Faults on purpose.
    pub(crate) faults: FaultInjector,
}

impl Account {
    /// An account in its initial state.
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
        let effective_settings = RwLock::new(Arc::new(EffectiveSettings::new(settings)));
        let (journal, changing) = (RequestJournal::new(journal), Mutex::new(()));
        Self {
            subdomain,
            clock,
            world,
            ids,
            journal,
            id: OnceLock::new(),
            signing_key: OnceLock::new(),
            first_event_id: OnceLock::new(),
            called_at: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            initial,
            effective_settings,
            changing,
            gate: Gate::default(),
            jobs: Jobs::default(),
            faults: FaultInjector::default(),
        }
    }

    /// The account in its initial state, with the same clock. The clock is set to what it would show
    /// if it had never been moved.
    fn restart(&self) -> Self {
        self.initial.clock.set(self.initial.clock_mode);
        Self {
            id: self.id.clone(),
            ..Self::new(self.subdomain.clone(), self.initial.clone())
        }
    }

    /// Its id, by which events name it. 0 until it has one.
    pub(crate) fn id(&self) -> u64 {
        self.id.get().copied().unwrap_or_default()
    }

    /// The sender of its events. A reset account sends other events, with other ids.
    pub(crate) fn sender(&self) -> Sender {
        let first_id = || self.ids.uuid().as_u128();
        Sender {
            account_id: self.id(),
            first_id: *self.first_event_id.get_or_init(first_id),
        }
    }

    /// The settings that are in effect, with their limiters.
    pub(crate) fn effective_settings(&self) -> Arc<EffectiveSettings> {
        Arc::clone(&self.effective_settings.read())
    }

    /// The settings as documents show them: with what is left of the limits.
    pub(crate) fn settings(&self, now: Timestamp) -> Settings {
        self.effective_settings()
            .settings_at(now, self.world.routing())
    }

    /// Changes settings. If omnichannel routing is switched on, `agents_offline` makes all agents
    /// offline, as Zendesk does.
    pub(crate) fn change_settings(
        &self,
        patch: &SettingsPatch,
        agents_offline: bool,
        stamp: &Stamp,
    ) -> Result<(), InvalidSettings> {
        // Only a write to all agents takes long.
        let _closed = self.close_gate(if agents_offline {
            self.world.agent_count()
        } else {
            0
        });
        let changing = self.changing.lock();
        let mut settings = self.effective_settings().settings.clone();
        patch.apply_to(&mut settings)?;
        if let Some(on) = patch.omnichannel_routing {
            self.world
                .set_omnichannel_routing(on, agents_offline, stamp.clone());
        }
        if let Some(away) = patch.away_channels {
            self.world.set_away_channels(away);
        }
        self.set_settings(settings, stamp.time, &changing);
        Ok(())
    }

    /// Replaces the settings while `changing` is held.
    fn set_settings(&self, settings: Settings, now: Timestamp, changing: &MutexGuard<'_, ()>) {
        self.set_effective_settings(self.effective_settings().change_to(settings, now), changing);
    }

    /// Replaces the settings that were read while `changing` is held.
    fn set_effective_settings(&self, settings: EffectiveSettings, _changing: &MutexGuard<'_, ()>) {
        *self.effective_settings.write() = Arc::new(settings);
    }

    /// An admin to sign in as, if there is one with an API token.
    pub(crate) fn credentials(&self, now: Timestamp) -> Option<Credentials> {
        let directory = self.world.directory();
        let is_agent = |user: &User| self.is_agent(user);
        Credentials::of(&directory, is_agent, self.usable_api_tokens(now))
    }

    /// An admin and a plain agent to sign in as.
    pub(crate) fn logins(&self, now: Timestamp) -> Logins {
        let directory = self.world.directory();
        let is_agent = |user: &User| self.is_agent(user);
        Logins::of(&directory, is_agent, self.usable_api_tokens(now))
    }

    /// Whether an API token can be used at this time.
    fn usable_api_tokens(&self, now: Timestamp) -> impl Fn(&ApiToken) -> bool + use<> {
        let api_tokens = self.effective_settings().settings.api_tokens;
        move |token| api_tokens.end_of(token, now).is_none()
    }

    fn is_agent(&self, user: &User) -> bool {
        self.world.record(user.id.as_agent()).is_some()
    }
}
