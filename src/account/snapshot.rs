//! All of an account at one instant: to write as a document, to replace and to edit.

use jiff::Timestamp;

use super::{Account, EffectiveSettings};
use crate::config::{InvalidSettings, Settings};
use crate::document::json;
use crate::seed::Seed;
use crate::seed::snapshot::SnapshotView;
use crate::world::{PreparedWorld, Stamp, WorldSnapshot};

/// All of an account at one instant.
#[derive(Debug)]
pub(crate) struct AccountSnapshot {
    settings: Settings,
    whole: WorldSnapshot,
}

impl AccountSnapshot {
    fn of(effective: &EffectiveSettings, whole: WorldSnapshot, now: Timestamp) -> Self {
        Self {
            settings: effective.settings_at(now, whole.routing),
            whole,
        }
    }

    /// As a document to edit. It does not say how many calls are left, so an edit changes that only
    /// if it gives a number.
    pub(crate) fn to_edit(&self) -> json::Document<'static> {
        let settings = Settings {
            rate_limit_remaining: None,
            account_rate_limit_remaining: None,
            ..self.settings.clone()
        };
        json::Document::of(&SnapshotView {
            settings: &settings,
            whole: &self.whole,
        })
    }

    /// As a document.
    pub(crate) fn document(&self) -> SnapshotView<'_> {
        SnapshotView {
            settings: &self.settings,
            whole: &self.whole,
        }
    }
}

/// The new contents of an account. The work that takes long has been done.
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
    /// All of it. Each change of settings and each write is in it as a whole, or not at all.
    pub(crate) fn snapshot(&self, now: Timestamp) -> AccountSnapshot {
        let _changing = self.changing.lock();
        AccountSnapshot::of(&self.effective_settings(), self.world.snapshot(), now)
    }

    /// Replaces all of it by what a seed says, in one write. Settings that the seed does not give
    /// get their defaults.
    pub(crate) fn replace(&self, seed: &Seed, stamp: Stamp) -> Result<(), InvalidSettings> {
        let now = stamp.time;
        let PreparedAccount { settings, world } = PreparedAccount::new(seed, now)?;
        let _closed = self.close_gate(self.world.agent_count() + world.agent_count());
        let changing = self.changing.lock();
        self.world.replace(world, stamp);
        self.set_settings(settings, now, &changing);
        Ok(())
    }

    /// Replaces all of it by what `edit` makes of it. `edit` runs under the locks, so that no other
    /// change is lost, and can refuse: then nothing changes.
    pub(crate) fn edit<E: From<InvalidSettings>>(
        &self,
        edit: impl FnOnce(&AccountSnapshot) -> Result<Seed, E>,
        stamp: Stamp,
    ) -> Result<(), E> {
        let now = stamp.time;
        let _closed = self.close_gate(self.world.agent_count());
        let changing = self.changing.lock();
        let mut edited = Settings::default();
        let prepare = |whole| {
            let seed = edit(&AccountSnapshot::of(&self.effective_settings(), whole, now))?;
            let PreparedAccount { settings, world } = PreparedAccount::new(&seed, now)?;
            edited = settings;
            Ok::<_, E>(world)
        };
        self.world.replace_by(prepare, stamp)?;
        self.set_settings(edited, now, &changing);
        Ok(())
    }
}
