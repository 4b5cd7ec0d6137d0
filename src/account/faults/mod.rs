//! Faults and answers on purpose, by count and time: rules that say which requests are hit, when,
//! and what happens to them.

mod answer;
mod fault;
mod preset;
mod rule;

use std::cell::LazyCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;

pub(crate) use answer::{AnswerContent, HeaderChanges, RuleAnswer, page_with, patched};
pub(crate) use fault::{Corruption, Delivery, FaultEffect, InjectedError, LONGEST_WAIT, Outcome};
pub(crate) use preset::{Preset, TOKEN_OPERATION};
pub(crate) use rule::{Effect, IncomingRequest, Rule, When};

use super::criteria::body_value;
use crate::prng::Prng;

/// The rules of an account, in the order in which they are asked.
#[derive(Debug, Default)]
pub(crate) struct FaultInjector {
    /// Whether there are any rules. A call to an account without rules looks at nothing else.
    has_rules: AtomicBool,
    rules: Mutex<Vec<CountedRule>>,
}

/// A rule and what it has seen.
#[derive(Clone, Debug)]
pub(crate) struct CountedRule {
    pub(crate) rule: Arc<Rule>,
    since: Timestamp,
    /// How many requests it matched while it was in force.
    pub(crate) matched: u64,
    /// How many of those were hit.
    pub(crate) hits: u64,
}

/// A request is hit.
#[derive(Clone, Debug)]
pub(crate) struct FaultMatch {
    pub(crate) rule: Arc<Rule>,
    /// How many requests the rule has hit, with this one.
    pub(crate) hit: u64,
    /// How long the answer takes before it begins.
    pub(crate) latency: Duration,
}

impl FaultInjector {
    /// Replaces all rules. The counts of the new ones are 0.
    pub(crate) fn set_rules(&self, rules: Vec<Rule>, now: Timestamp) {
        let mut counted = self.rules.lock();
        let uncounted = |rule| CountedRule {
            rule: Arc::new(rule),
            since: now,
            matched: 0,
            hits: 0,
        };
        *counted = rules.into_iter().map(uncounted).collect();
        self.has_rules.store(!counted.is_empty(), Ordering::Relaxed);
    }

    /// Whether there are any rules.
    pub(crate) fn has_rules(&self) -> bool {
        self.has_rules.load(Ordering::Relaxed)
    }

    /// Every rule, and what it has seen.
    pub(crate) fn rules(&self) -> Vec<CountedRule> {
        self.rules.lock().clone()
    }

    /// Whether the body decides which rule hits a request.
    pub(crate) fn needs_body(&self, request: &IncomingRequest<'_>, now: Timestamp) -> bool {
        let rules = self.rules.lock();
        rules.iter().any(|CountedRule { rule, since, .. }| {
            rule.matches.body.is_some()
                && rule.when.is_in_force(*since, now)
                && rule.matches_head(request)
        })
    }

    /// Asks the rules in turn until one hits the request. The rules up to that one count the request
    /// if they match it.
    pub(crate) fn hit(&self, request: &IncomingRequest<'_>, now: Timestamp) -> Option<FaultMatch> {
        let json = LazyCell::new(|| request.body.and_then(body_value));
        let mut rules = self.rules.lock();
        for (index, counted) in rules.iter_mut().enumerate() {
            let CountedRule {
                rule,
                since,
                matched,
                hits,
            } = counted;
            let is_match =
                rule.matches_head(request) && rule.matches.matches_body(|| json.as_ref());
            if !is_match || !rule.when.is_in_force(*since, now) {
                continue;
            }
            let is_hit = rule.when.hits(*matched);
            *matched += 1;
            if is_hit {
                *hits += 1;
                // The same numbers in every run: they follow from the rule and the hit alone.
                let mut draw = Prng::from((index as u64).rotate_left(32) ^ *hits);
                let latency = match &rule.effect {
                    Effect::Fault(fault) => fault.latency,
                    Effect::Answer(_) => None,
                };
                return Some(FaultMatch {
                    rule: Arc::clone(rule),
                    hit: *hits,
                    latency: latency.map_or(Duration::ZERO, |latency| latency.sample(&mut draw)),
                });
            }
        }
        None
    }
}
