//! What those who deal with a call note for the account's journal, each where it comes to know it.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use crate::account::ParameterUsage;

const PAGE: u8 = 1;
const HAS_MORE: u8 = 2;
const WRONG_ROLE: u8 = 4;
const TOO_MANY_JOBS: u8 = 8;

/// What is known of a call besides its request and its answer. Nothing of it decides anything.
#[derive(Debug, Default)]
pub(crate) struct JournalMetadata {
    /// What became of each parameter of the query, if there are any and somebody read them.
    pub(crate) parameters: OnceLock<Arc<[ParameterUsage]>>,
    /// Fields of the body that nothing read, as JSON pointers.
    pub(crate) unread_fields: OnceLock<Arc<[Box<str>]>>,
    flags: AtomicU8,
}

impl JournalMetadata {
    /// That the call is refused for the caller's role.
    pub(crate) fn wrong_role(&self) {
        self.flag(WRONG_ROLE);
    }

    /// That the call is refused for the jobs that are queued or running.
    pub(crate) fn too_many_jobs(&self) {
        self.flag(TOO_MANY_JOBS);
    }

    /// That the answer is a page of a list, and whether there is more after it.
    pub(crate) fn page(&self, has_more: bool) {
        self.flag(if has_more { PAGE | HAS_MORE } else { PAGE });
    }

    fn flag(&self, flags: u8) {
        self.flags.fetch_or(flags, Ordering::Relaxed);
    }

    /// Whether the call was refused for the caller's role.
    pub(crate) fn is_wrong_role(&self) -> bool {
        self.has(WRONG_ROLE)
    }

    /// Whether the call was refused for the jobs that are queued or running, which is not the rate
    /// limit's doing.
    pub(crate) fn is_too_many_jobs(&self) -> bool {
        self.has(TOO_MANY_JOBS)
    }

    fn has(&self, flag: u8) -> bool {
        self.flags.load(Ordering::Relaxed) & flag != 0
    }

    /// For a page of a list, whether there is more after it.
    pub(crate) fn has_more(&self) -> Option<bool> {
        let flags = self.flags.load(Ordering::Relaxed);
        (flags & PAGE != 0).then_some(flags & HAS_MORE != 0)
    }
}
