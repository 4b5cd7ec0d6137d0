//! Which requests a rule hits, and when.

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use jiff::{SignedDuration, Timestamp};

use super::answer::RuleAnswer;
use super::fault::FaultEffect;
use super::preset::Preset;
use crate::account::criteria::header_text;
use crate::account::{NamedText, RequestFacts, RequestMatcher};
use crate::world::{AgentId, UserId};

/// A request before it is answered. Fault rules are asked then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IncomingRequest<'a> {
    /// `None` if no operation has this path and method.
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: &'a str,
    /// As the router sees it: without `/_account/…`, `.json` and a slash at the end.
    pub(crate) path: &'a str,
    /// The agent in the path, or the caller where the caller is the agent.
    pub(crate) agent: Option<AgentId>,
    pub(crate) caller: Option<(UserId, &'a str)>,
    /// Whether the query holds a cursor.
    pub(crate) has_cursor: bool,
    pub(crate) headers: &'a HeaderMap,
    /// The whole body, unless it has not been received.
    pub(crate) body: Option<&'a [u8]>,
}

impl RequestFacts for IncomingRequest<'_> {
    fn operation(&self) -> Option<&'static str> {
        self.operation
    }

    fn method(&self) -> &str {
        self.method
    }

    fn path(&self) -> Cow<'_, str> {
        self.path.into()
    }

    fn status(&self) -> Option<u16> {
        None
    }

    fn agent(&self) -> Option<AgentId> {
        self.agent
    }

    fn user(&self) -> Option<UserId> {
        self.caller.map(|(user, _)| user)
    }

    fn email(&self) -> Option<&str> {
        self.caller.map(|(_, email)| email)
    }

    /// Rules have no criterion for the query.
    fn query(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn headers(&self, expected: &[NamedText]) -> Vec<(String, String)> {
        let header = |(name, _): &NamedText| {
            let values = self.headers.get_all(name).iter();
            Some((
                name.clone(),
                header_text(values.map(HeaderValue::as_bytes))?,
            ))
        };
        expected.iter().filter_map(header).collect()
    }
}

/// A rule as it was set.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// What hints and the journal call it: its name, else its preset, else its number.
    pub(crate) label: Arc<str>,
    pub(crate) name: Option<String>,
    pub(crate) matches: RequestMatcher,
    pub(crate) when: When,
    /// The name of the effect, if the rule was set with one.
    pub(crate) preset: Option<Preset>,
    pub(crate) effect: Effect,
}

/// What happens to a request that is hit.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    Fault(FaultEffect),
    Answer(RuleAnswer),
}

/// Which of the requests that match are hit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct When {
    /// This many requests pass first.
    pub(crate) after: Option<u32>,
    /// Of the requests after those, at most this many are hit.
    pub(crate) first: Option<NonZeroU32>,
    /// Of those, every n-th is hit, beginning with the first.
    pub(crate) every: Option<NonZeroU32>,
    /// How long the rule is in force.
    pub(crate) within: Option<Duration>,
}

impl Rule {
    /// What the rule answers, if it is not a fault.
    pub(crate) fn answer(&self) -> Option<&RuleAnswer> {
        match &self.effect {
            Effect::Answer(answer) => Some(answer),
            Effect::Fault(_) => None,
        }
    }

    /// Whether the rule is about a request, whatever its body says.
    pub(super) fn matches_head(&self, request: &IncomingRequest<'_>) -> bool {
        self.preset.is_none_or(|preset| preset.is_about(request))
            && self.matches.matches_head(request)
    }
}

impl Effect {
    /// How many bytes of an answer it holds.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Fault(_) => 0,
            Self::Answer(answer) => answer.content.size(),
        }
    }
}

impl When {
    /// Whether a rule that was set at `since` is still in force.
    pub(super) fn is_in_force(&self, since: Timestamp, now: Timestamp) -> bool {
        let Some(within) = self
            .within
            .and_then(|within| SignedDuration::try_from(within).ok())
        else {
            return true;
        };
        now.duration_since(since) < within
    }

    /// Whether a request is hit before which this many have matched.
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
