//! Which requests a rule hits, and when.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::fault::{Fault, Outcome, Preset};
use crate::account::criteria::{differences, header_text};
use crate::account::{CallerIs, HeaderIs, Pattern};
use crate::names::named_enum;
use crate::world::{AgentId, UserId};

/// What is known of a request when it is to be decided whether a rule hits it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    /// None where no operation is at the path, or none with the method.
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: &'a str,
    /// As it is routed.
    pub(crate) path: &'a str,
    /// The agent in the path, or who calls where that is the agent.
    pub(crate) agent: Option<AgentId>,
    pub(crate) caller: Option<(UserId, &'a str)>,
    /// Whether the query holds a cursor.
    pub(crate) has_cursor: bool,
    pub(crate) headers: &'a HeaderMap,
    /// The whole body, unless it has not been received.
    pub(crate) body: Option<&'a [u8]>,
}

/// A rule as it was set.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// What hints and the journal call it: its own name, else its preset's, else its number.
    pub(crate) label: Arc<str>,
    pub(crate) name: Option<String>,
    pub(crate) matches: Matcher,
    pub(crate) when: When,
    /// The fault's name, if it was given by one.
    pub(crate) preset: Option<Preset>,
    pub(crate) fault: Fault,
}

/// Which requests a rule is about: those that are like everything that is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher {
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: Option<Verb>,
    pub(crate) path: Option<Pattern>,
    pub(crate) agent: Option<AgentId>,
    pub(crate) caller: Option<CallerIs>,
    pub(crate) headers: Vec<HeaderIs>,
    /// A part of what the body has to say.
    pub(crate) body: Option<Value>,
}

named_enum! {
    /// A method.
    pub(crate) enum Verb {
        /// It has the bodies that can be corruption.
        Get => "GET",
        /// Its answers have no body.
        Head => "HEAD",
        /// It changes something.
        Put => "PUT",
        /// No operation has it.
        Post => "POST",
        /// No operation has it.
        Patch => "PATCH",
        /// No operation has it.
        Delete => "DELETE",
        /// No operation has it.
        Options => "OPTIONS",
    }
}

/// Which of the requests that match are hit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct When {
    /// So many pass at first.
    pub(crate) after: Option<u32>,
    /// Only so many of those behind.
    pub(crate) first: Option<NonZeroU32>,
    /// Of those the first and every so manieth after it.
    pub(crate) every: Option<NonZeroU32>,
    /// How long the rule is in force.
    pub(crate) within: Option<Duration>,
}

impl Rule {
    /// Whether the request is one that the rule is about, whatever its body is.
    pub(super) fn matches_but_for_body(&self, subject: &Subject<'_>) -> bool {
        self.matches.matches(subject)
            && (subject.has_cursor || self.fault.outcome != Outcome::ExpiredCursor)
    }

    /// Whether what a body says is what the rule asks for, if it asks for anything.
    pub(super) fn matches_body<'a>(&self, said: impl FnOnce() -> Option<&'a Value>) -> bool {
        let Some(expected) = &self.matches.body else {
            return true;
        };
        let mut is_as_expected = true;
        differences("", expected, said(), &mut |_, _, _| is_as_expected = false);
        is_as_expected
    }
}

impl Matcher {
    fn matches(&self, subject: &Subject<'_>) -> bool {
        let (user, email) = subject.caller.unzip();
        self.operation
            .is_none_or(|operation| subject.operation == Some(operation))
            && self
                .method
                .is_none_or(|method| subject.method == method.as_str())
            && self
                .path
                .as_ref()
                .is_none_or(|pattern| pattern.matches(subject.path))
            && self.agent.is_none_or(|agent| subject.agent == Some(agent))
            && self
                .caller
                .as_ref()
                .is_none_or(|caller| caller.is(user, email))
            && self.headers.iter().all(|(name, expected)| {
                let values = subject.headers.get_all(name).iter();
                header_text(values.map(http::HeaderValue::as_bytes)) == *expected
            })
    }
}

impl When {
    /// Whether a rule that was set at that instant is still in force.
    pub(super) fn is_in_force(&self, since: Timestamp, now: Timestamp) -> bool {
        let Some(within) = self
            .within
            .and_then(|within| SignedDuration::try_from(within).ok())
        else {
            return true;
        };
        now.duration_since(since) < within
    }

    /// Whether the request is hit before which so many have matched.
    pub(super) fn hits(&self, before: u64) -> bool {
        let Some(place) = before.checked_sub(self.after.unwrap_or_default().into()) else {
            return false;
        };
        self.first.is_none_or(|first| place < first.get().into())
            && self
                .every
                .is_none_or(|every| place.is_multiple_of(every.get().into()))
    }
}
