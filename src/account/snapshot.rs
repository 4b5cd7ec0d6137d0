//! An account as a whole: what a document of it is made from, and how another is put in its place.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Account, Rules};
use crate::config::{InvalidSettings, Settings};
use crate::document::json;
use crate::seed::Seed;
use crate::seed::snapshot::SnapshotView;
use crate::world::{PreparedWorld, WorldSnapshot};

/// How often a change is made beside the writes of others, before they have to wait for it.
const ATTEMPTS: usize = 3;

/// All of an account at one instant.
#[derive(Debug)]
pub(crate) struct Snapshot {
    settings: Settings,
    whole: WorldSnapshot,
}

impl Snapshot {
    fn of(rules: &Rules, whole: WorldSnapshot, now: Timestamp) -> Self {
        let settings = Settings {
            omnichannel_routing: whole.routing.on,
            ..rules.settings_at(now)
        };
        Self { settings, whole }
    }

    /// As a document that is to be edited. Calls that come meanwhile count, unless the edit says
    /// what is to be left.
    pub(crate) fn to_edit(&self) -> json::Document<'static> {
        let settings = Settings {
            rate_limit_remaining: None,
            ..self.settings.clone()
        };
        json::Document::of(&SnapshotView {
            settings: &settings,
            whole: &self.whole,
        })
    }

    /// As a document, to be written out.
    pub(crate) fn document(&self) -> SnapshotView<'_> {
        SnapshotView {
            settings: &self.settings,
            whole: &self.whole,
        }
    }
}

/// What an account is to be, with all that takes long done already.
struct PreparedAccount {
    settings: Settings,
    world: PreparedWorld,
}

impl PreparedAccount {
    fn new(seed: &Seed, now: Timestamp) -> Result<Self, InvalidSettings> {
        let mut settings = Settings::default();
        seed.settings().apply_to(&mut settings)?;
        let (contents, agents) = seed.contents(&settings, 0, now);
        Ok(Self {
            world: PreparedWorld::new(contents, agents),
            settings,
        })
    }
}

impl Account {
    /// All of it. No change of settings and no write to the world is half in it.
    pub(crate) fn snapshot(&self, now: Timestamp) -> Snapshot {
        let _changing = self.changing.lock();
        Snapshot::of(&self.rules(), self.world.snapshot(), now)
    }

    /// Puts what a seed says in the place of what is there, in one write. Settings that it does not
    /// give get their defaults.
    pub(crate) fn replace(&self, seed: &Seed, now: Timestamp) -> Result<(), InvalidSettings> {
        let PreparedAccount { settings, world } = PreparedAccount::new(seed, now)?;
        let _closed = self.close_gate(self.world.agent_count() + world.agent_count());
        let changing = self.changing.lock();
        self.world.replace(world, now);
        self.set_rules(self.rules().with(settings, now), &changing);
        Ok(())
    }

    /// Puts in the place of what is there what `edit` makes of it, and no change of somebody else
    /// is lost in between: when there was one, it is done again. `edit` notes what is wrong with a
    /// seed, or with settings.
    pub(crate) fn edit<E: From<InvalidSettings>>(
        &self,
        edit: impl Fn(&Snapshot) -> Result<Seed, E>,
        now: Timestamp,
    ) -> Result<(), E> {
        for _ in 0..ATTEMPTS {
            let (seen, snapshot) = {
                let _changing = self.changing.lock();
                let rules = self.rules();
                let snapshot = Snapshot::of(&rules, self.world.snapshot(), now);
                (rules, snapshot)
            };
            let PreparedAccount { settings, world } = PreparedAccount::new(&edit(&snapshot)?, now)?;
            let _closed = self.close_gate(self.world.agent_count() + world.agent_count());
            let changing = self.changing.lock();
            let stays = Arc::ptr_eq(&self.rules(), &seen);
            if stays
                && self
                    .world
                    .replace_since(snapshot.whole.revision, world, now)
            {
                self.set_rules(seen.with(settings, now), &changing);
                return Ok(());
            }
        }
        let _closed = self.close_gate(self.world.agent_count());
        let changing = self.changing.lock();
        let rules = self.rules();
        let mut settings = None;
        let make = |whole| {
            let replacement = PreparedAccount::new(&edit(&Snapshot::of(&rules, whole, now))?, now)?;
            settings = Some(replacement.settings);
            Ok::<_, E>(replacement.world)
        };
        self.world.replace_by(make, now)?;
        if let Some(settings) = settings {
            self.set_rules(rules.with(settings, now), &changing);
        }
        Ok(())
    }
}
