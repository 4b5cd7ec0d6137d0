//! How an account behaves. A tester may change it at any time, so whoever answers a call reads it once.

use std::sync::Arc;

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
    pub(crate) fn new(settings: Settings) -> Self {
        let limiter = settings.rate_limit.map(|limit| Arc::new(Limiter::new(limit)));
        Self { settings, limiter }
    }

    /// The rules with other settings. The window goes on unless the limit is another one.
    pub(super) fn patched(&self, patch: &SettingsPatch) -> Result<Self, InvalidSettings> {
        let mut settings = self.settings.clone();
        patch.apply_to(&mut settings)?;
        if settings.rate_limit == self.settings.rate_limit {
            return Ok(Self { settings, limiter: self.limiter.clone() });
        }
        Ok(Self::new(settings))
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
