//! How an account behaves. A tester may change it at any time, so whoever answers a call reads it
//! once.

use std::sync::Arc;

use jiff::Timestamp;

use super::Limiter;
use crate::config::{InvalidSettings, Release, Settings, SettingsPatch};
use crate::world::Routing;

/// What holds for a call from its beginning to its end.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) settings: Settings,
    limiter: Option<Arc<Limiter>>,
}

impl Rules {
    pub(crate) fn new(mut settings: Settings) -> Self {
        // What is left changes with every call, so the limiter knows it and the settings do not.
        let remaining = settings.rate_limit_remaining.take();
        let limiter = settings
            .rate_limit
            .map(|limit| Arc::new(Limiter::new(limit, remaining)));
        Self { settings, limiter }
    }

    /// The rules with some settings changed.
    pub(super) fn patched(
        &self,
        patch: &SettingsPatch,
        now: Timestamp,
    ) -> Result<Self, InvalidSettings> {
        let mut settings = self.settings.clone();
        patch.apply_to(&mut settings)?;
        Ok(self.with(settings, now))
    }

    /// The rules with other settings. The window goes on unless the limit is another one, perhaps
    /// with fewer calls left.
    pub(super) fn with(&self, mut settings: Settings, now: Timestamp) -> Self {
        if settings.rate_limit != self.settings.rate_limit {
            return Self::new(settings);
        }
        if let (Some(limiter), Some(remaining)) =
            (&self.limiter, settings.rate_limit_remaining.take())
        {
            limiter.leave(remaining, now);
        }
        Self {
            settings,
            limiter: self.limiter.clone(),
        }
    }

    /// The same rules with a window that has not been opened yet.
    pub(super) fn with_new_window(&self) -> Self {
        let remaining = self
            .limiter
            .as_ref()
            .and_then(|limiter| limiter.remaining_of_next());
        Self::new(Settings {
            rate_limit_remaining: remaining,
            ..self.settings.clone()
        })
    }

    /// The settings, and what is left of the limit now.
    pub(super) fn settings_at(&self, now: Timestamp) -> Settings {
        let rate_limit_remaining = self
            .limiter
            .as_ref()
            .map(|limiter| limiter.peek(now).remaining);
        Settings {
            rate_limit_remaining,
            ..self.settings.clone()
        }
    }

    /// The limiter, unless the limit is off.
    pub(crate) fn limiter(&self) -> Option<&Limiter> {
        self.limiter.as_deref()
    }

    /// Whether answers show what belongs to omnichannel routing.
    pub(crate) fn show_omnichannel(&self, routing: Routing) -> bool {
        match self.settings.release {
            Release::Ga => routing.on,
            Release::Eap => routing.ever_on,
        }
    }
}
