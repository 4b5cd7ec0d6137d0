//! Reading rules. What cannot work is refused when a rule is set.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::{answer, combinations};
use crate::account::{
    Corruption, Delivery, Effect, FaultEffect, InjectedError, LONGEST_WAIT, Outcome, Preset, Rule,
    When,
};
use crate::control::criteria::{Operations, word};
use crate::control::matcher::{self, Purpose};
use crate::document::reader::{Node, Object};
use crate::wire::faults::{Dribble, FaultBody, Latency, Reset};

const MOST_RULES: usize = 1000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
const SIGMAS: std::ops::RangeInclusive<f64> = 0.0..=10.0;
const MOST: u64 = u32::MAX as u64;

/// The rules of an account.
pub(super) fn rules(node: &Node<'_>, operations: &Operations) -> Option<Vec<Rule>> {
    let faults = node.object(&["faults"])?.required("faults")?;
    let mut elements = faults.value().elements().into_iter().flatten();
    if elements.nth(MOST_RULES).is_some() {
        faults.problem(format_args!("there are more than {MOST_RULES} rules"));
        return None;
    }
    let mut id = 0;
    faults.list(|node| {
        id += 1;
        rule(node, id, operations)
    })
}

fn rule(node: &Node<'_>, id: u64, operations: &Operations) -> Option<Rule> {
    let rule = node.object(&["name", "match", "when", "preset", "fault", "answer"])?;
    let name = rule.optional("name").and_then(|node| name(&node));
    let matches = rule
        .optional("match")
        .and_then(|node| {
            let object = node.object(Purpose::FaultRule.keys())?;
            Some(matcher::read(&object, Purpose::FaultRule, operations))
        })
        .unwrap_or_default();
    let when = rule
        .optional("when")
        .and_then(|node| when(&node))
        .unwrap_or_default();
    let given = ["preset", "fault", "answer"].map(|key| rule.optional(key));
    if given.iter().flatten().count() != 1 {
        node.problem("expected one of \"preset\", \"fault\" and \"answer\"");
    }
    let [preset, fault, answer] = given;
    let preset = preset.and_then(|node| word::<Preset>(&node, "preset"));
    let fault = fault.and_then(|node| self::fault(&node));
    let answer = answer.and_then(|node| answer::read(&node));
    let effect = fault
        .map(Effect::Fault)
        .or(answer.map(Effect::Answer))
        .or_else(|| preset.map(Preset::effect))?;
    let label = name
        .clone()
        .or_else(|| preset.map(|preset| preset.to_string()))
        .unwrap_or_else(|| id.to_string());
    Some(Rule {
        label: Arc::from(label),
        name,
        matches,
        when,
        preset,
        effect,
    })
}

fn name(node: &Node<'_>) -> Option<String> {
    let name = node.text()?;
    if name.chars().count() > LONGEST_NAME {
        node.problem(format_args!("expected at most {LONGEST_NAME} characters"));
    }
    Some(name.into_owned())
}

fn when(node: &Node<'_>) -> Option<When> {
    let when = node.object(&["after", "first", "every", "for"])?;
    let count = |key| {
        when.optional(key)
            .and_then(|node| node.number_in(1, MOST))
            .and_then(NonZeroU32::new)
    };
    Some(When {
        after: when
            .optional("after")
            .and_then(|node| node.number_in(0, MOST)),
        first: count("first"),
        every: count("every"),
        within: when.optional("for").and_then(|node| node.duration()),
    })
}

fn fault(node: &Node<'_>) -> Option<FaultEffect> {
    let fault = node.object(combinations::KEYS)?;
    let latency = fault.optional("latency").and_then(|node| latency(&node));
    let outcome = outcome(&fault);
    combinations::check(node, &fault);
    Some(FaultEffect {
        latency,
        outcome: outcome?,
    })
}

fn outcome(fault: &Object<'_>) -> Option<Outcome> {
    let is = |key| {
        fault
            .optional(key)
            .and_then(|node| node.boolean())
            .unwrap_or_default()
    };
    let [silence, empty, break_json] = ["silence", "empty", "break_json"].map(is);
    let truncate = fault
        .optional("truncate")
        .and_then(|node| node.number_in(0, MOST));
    let reset = fault
        .optional("reset")
        .and_then(|node| word(&node, "reset"));
    let delivery = Delivery {
        slow_first_byte: fault
            .optional("slow_first_byte")
            .and_then(|node| wait(&node)),
        dribble: fault.optional("dribble").and_then(|node| dribble(&node)),
        corruption: match (truncate, reset) {
            (Some(bytes), _) => Some(Corruption::Truncated(bytes)),
            (None, Some(Reset::MidBody)) => Some(Corruption::Reset),
            _ => break_json.then_some(Corruption::Broken),
        },
    };
    let retry_after = fault
        .optional("retry_after")
        .and_then(|node| node.number_in(0, MOST));
    let body = fault.optional("body").and_then(|node| word(&node, "body"));
    let status = fault
        .optional("status")
        .map(|node| node.number_in(400, 599));
    Some(match status {
        Some(status) => Outcome::Refused(
            InjectedError {
                status: status?,
                retry_after,
                body: body.unwrap_or(FaultBody::Vendor),
            },
            delivery,
        ),
        None if silence => Outcome::Silence,
        None if reset == Some(Reset::Before) => Outcome::Reset,
        None if reset == Some(Reset::After) => Outcome::LostAnswer,
        None if empty => Outcome::EmptyBody,
        None => Outcome::Answered(delivery),
    })
}

fn latency(node: &Node<'_>) -> Option<Latency> {
    if node.value().is_text() {
        return wait(node).map(Latency::Fixed);
    }
    let latency = node.object(&["uniform", "log_normal"])?;
    match (latency.optional("uniform"), latency.optional("log_normal")) {
        (Some(uniform), None) => {
            let bounds = uniform.list(wait)?;
            match *bounds {
                [least, most] if least <= most => Some(Latency::Uniform(least, most)),
                _ => {
                    uniform.problem(
                        "expected two durations, the first of which is not longer than the second",
                    );
                    None
                }
            }
        }
        (None, Some(log_normal)) => {
            let log_normal = log_normal.object(&["median", "sigma"])?;
            let median = log_normal.required("median").and_then(|node| wait(&node));
            let sigma = log_normal.required("sigma").and_then(|node| {
                let sigma = node.value().float().filter(|sigma| SIGMAS.contains(sigma));
                if sigma.is_none() {
                    node.problem("expected a number from 0 to 10");
                }
                sigma
            });
            Some(Latency::LogNormal {
                median: median?,
                sigma: sigma?,
            })
        }
        _ => {
            node.problem(
                "expected a duration, or an object with either \"uniform\" or \"log_normal\"",
            );
            None
        }
    }
}

/// A time that a client has to wait.
fn wait(node: &Node<'_>) -> Option<Duration> {
    let wait = node.duration()?;
    if wait > LONGEST_WAIT {
        node.problem("expected at most 10m");
    }
    Some(wait)
}

fn dribble(node: &Node<'_>) -> Option<Dribble> {
    let dribble = node.object(&["bytes", "every"])?;
    let bytes = dribble
        .required("bytes")
        .and_then(|node| node.number_in(1, MOST));
    let every = dribble.required("every").and_then(|node| wait(&node));
    Some(Dribble {
        bytes: bytes?,
        every: every?,
    })
}
