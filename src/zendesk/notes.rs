//! What those who deal with a call note for the account's journal, each where it comes to know it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::account::Fate;

/// What is known of a call besides its request and its answer. Nothing of it decides anything.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The path of the operation, with its parameters in braces.
    pub(crate) template: OnceLock<&'static str>,
    /// What became of each parameter of the query, if there are any and somebody read them.
    pub(crate) fates: OnceLock<Box<[Fate]>>,
    /// Fields of the body that nothing read, as JSON pointers.
    pub(crate) unread_fields: OnceLock<Box<[Box<str>]>>,
    /// For a page of a list, whether there is more after it.
    pub(crate) has_more: OnceLock<bool>,
    wrong_role: AtomicBool,
}

impl Notes {
    /// That the call is refused for the caller's role.
    pub(super) fn wrong_role(&self) {
        self.wrong_role.store(true, Ordering::Relaxed);
    }

    /// Whether the call was refused for the caller's role.
    pub(crate) fn is_wrong_role(&self) -> bool {
        self.wrong_role.load(Ordering::Relaxed)
    }

    /// That the answer is a page of a list.
    pub(super) fn page(&self, has_more: bool) {
        let _ = self.has_more.set(has_more);
    }
}
