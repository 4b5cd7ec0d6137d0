//! How an account behaves. It can change at any time, so a call reads it once.

use std::sync::Arc;

use jiff::Timestamp;

use super::Limiter;
use crate::config::{Release, Settings};
use crate::world::Routing;

/// The rules for a call from its beginning to its end.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) settings: Settings,
    limiter: Option<Arc<Limiter>>,
}

impl Rules {
    pub(crate) fn new(mut settings: Settings) -> Self {
        // Every call changes what is left, so only the limiter has it.
        let remaining = settings.rate_limit_remaining.take();
        let limiter = settings
            .rate_limit
            .map(|limit| Arc::new(Limiter::new(limit, remaining)));
        Self { settings, limiter }
    }

    /// Other settings with the same limiter, whose window goes on.
    pub(super) fn with_same_limiter(&self, mut settings: Settings) -> Self {
        settings.rate_limit_remaining = None;
        Self {
            settings,
            limiter: self.limiter.clone(),
        }
    }

    /// The same settings with a new limiter, which opens a window with the next call.
    pub(super) fn with_new_limiter(&self) -> Self {
        let remaining = self
            .limiter
            .as_ref()
            .and_then(|limiter| limiter.remaining_of_next());
        Self::new(Settings {
            rate_limit_remaining: remaining,
            ..self.settings.clone()
        })
    }

    /// The settings, with the number of calls that are left now.
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
