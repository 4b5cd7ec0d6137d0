//! Whether an account has omnichannel routing.

use std::sync::atomic::{AtomicU8, Ordering};

/// Omnichannel routing, and whether the account ever had it: the early-access release still shows
/// its data then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routing {
    /// It is on now.
    pub on: bool,
    /// It is on or has been.
    pub ever_on: bool,
}

/// The same as two bits, to be read without a lock.
#[derive(Debug)]
pub(super) struct AtomicRouting(AtomicU8);

impl AtomicRouting {
    pub(super) fn new(routing: Routing) -> Self {
        Self(AtomicU8::new(bits(routing)))
    }

    pub(super) fn load(&self) -> Routing {
        let bits = self.0.load(Ordering::Acquire);
        Routing {
            on: bits & 1 != 0,
            ever_on: bits & 2 != 0,
        }
    }

    pub(super) fn store(&self, routing: Routing) {
        self.0.store(bits(routing), Ordering::Release);
    }
}

fn bits(routing: Routing) -> u8 {
    u8::from(routing.on) | u8::from(routing.ever_on) << 1
}
