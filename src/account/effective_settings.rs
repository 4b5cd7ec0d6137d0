//! The settings that are in effect for an account, with their rate limiters. They can change at any
//! time, so a call reads them once.

use std::sync::Arc;

use jiff::Timestamp;

use super::Limiter;
use crate::config::{RateLimit, Release, Settings};
use crate::world::Routing;

/// What is in effect for a call from its beginning to its end.
#[derive(Debug, Default)]
pub(crate) struct EffectiveSettings {
    pub(crate) settings: Settings,
    limiter: Option<Arc<Limiter>>,
    /// Counts the calls to the Ticketing API.
    ticketing_limiter: Option<Arc<Limiter>>,
}

impl EffectiveSettings {
    pub(crate) fn new(mut settings: Settings) -> Self {
        // Every call changes what is left, so only the limiters have it.
        let remaining = settings.rate_limit_remaining.take();
        let account_remaining = settings.account_rate_limit_remaining.take();
        Self {
            limiter: new_limiter(settings.rate_limit, remaining),
            ticketing_limiter: new_limiter(settings.account_rate_limit, account_remaining),
            settings,
        }
    }

    /// Changes to other settings. A limit that stays keeps its limiter, whose window goes on. If the
    /// settings say how many calls are left of it, that limiter gets exactly as many.
    pub(super) fn change_to(&self, mut settings: Settings, now: Timestamp) -> Self {
        let left = settings.rate_limit_remaining.take();
        let account_left = settings.account_rate_limit_remaining.take();
        let before = &self.settings;
        let keep = |limiter: &Option<Arc<Limiter>>, is_same: bool, limit, remaining| {
            if !is_same {
                return new_limiter(limit, remaining);
            }
            if let (Some(limiter), Some(remaining)) = (limiter, remaining) {
                limiter.set_remaining(remaining, now);
            }
            limiter.clone()
        };
        Self {
            limiter: keep(
                &self.limiter,
                settings.rate_limit == before.rate_limit,
                settings.rate_limit,
                left,
            ),
            ticketing_limiter: keep(
                &self.ticketing_limiter,
                settings.account_rate_limit == before.account_rate_limit,
                settings.account_rate_limit,
                account_left,
            ),
            settings,
        }
    }

    /// The same settings with new limiters, which open a window with the next call.
    pub(super) fn with_new_limiters(&self) -> Self {
        let next = |limiter: Option<&Limiter>| limiter.and_then(Limiter::remaining_of_next);
        Self::new(Settings {
            rate_limit_remaining: next(self.limiter()),
            account_rate_limit_remaining: next(self.ticketing_limiter()),
            ..self.settings.clone()
        })
    }

    /// The settings as they are now: with the present routing, and how many calls are left.
    pub(super) fn settings_at(&self, now: Timestamp, routing: Routing) -> Settings {
        let left = |limiter: Option<&Limiter>| limiter.map(|limiter| limiter.peek(now).remaining);
        Settings {
            omnichannel_routing: routing.on,
            rate_limit_remaining: left(self.limiter()),
            account_rate_limit_remaining: left(self.ticketing_limiter()),
            ..self.settings.clone()
        }
    }

    /// The limiter of agent availabilities and statuses, unless the limit is off.
    pub(crate) fn limiter(&self) -> Option<&Limiter> {
        self.limiter.as_deref()
    }

    /// The limiter of the Ticketing API, unless the limit is off.
    pub(crate) fn ticketing_limiter(&self) -> Option<&Limiter> {
        self.ticketing_limiter.as_deref()
    }

    /// Whether answers show what belongs to omnichannel routing.
    pub(crate) fn shows_omnichannel(&self, routing: Routing) -> bool {
        match self.settings.release {
            Release::Ga => routing.on,
            Release::Eap => routing.ever_on,
        }
    }
}

fn new_limiter(limit: Option<RateLimit>, remaining: Option<u32>) -> Option<Arc<Limiter>> {
    limit.map(|limit| Arc::new(Limiter::new(limit, remaining)))
}
