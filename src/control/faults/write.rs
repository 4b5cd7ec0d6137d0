//! Rules as documents: as they were set, with what they have seen.

use super::answer;
use crate::account::{
    Corruption, CountedRule, Delivery, Effect, FaultEffect, InjectedError, Outcome, Rule, When,
};
use crate::control::matcher;
use crate::wire::faults::{
    Fault, FaultBody, FaultRule, FaultRuleSeen, FaultRules, FaultWhen, Reset,
};

/// All rules.
pub(super) fn document(rules: &[CountedRule]) -> FaultRules {
    let rules = (1..).zip(rules).map(|(id, counted)| FaultRuleSeen {
        id,
        rule: rule(&counted.rule),
        matched: counted.matched,
        hits: counted.hits,
    });
    FaultRules {
        faults: rules.collect(),
    }
}

fn rule(rule: &Rule) -> FaultRule {
    let Rule {
        label: _,
        name,
        matches,
        when,
        preset,
        effect,
    } = rule;
    let (fault, answer) = match effect {
        _ if preset.is_some() => (None, None),
        Effect::Fault(fault) => (Some(self::fault(fault)), None),
        Effect::Answer(answer) => (None, Some(answer::document(answer))),
    };
    FaultRule {
        name: name.clone(),
        matches: matcher::document(matches),
        when: self::when(when),
        preset: preset.map(|preset| preset.to_string()),
        fault,
        answer,
    }
}

fn when(when: &When) -> FaultWhen {
    let When {
        after,
        first,
        every,
        within,
    } = when;
    FaultWhen {
        after: *after,
        first: first.map(u32::from),
        every: every.map(u32::from),
        lasting: *within,
    }
}

fn fault(fault: &FaultEffect) -> Fault {
    let FaultEffect { latency, outcome } = fault;
    let document = match outcome {
        Outcome::Answered(delivery) => self::delivery(delivery),
        Outcome::EmptyBody => Fault::new().empty(),
        Outcome::Refused(error, delivery) => {
            let InjectedError {
                status,
                retry_after,
                body,
            } = *error;
            Fault {
                status: Some(status),
                retry_after,
                body: (body != FaultBody::Vendor).then_some(body),
                ..self::delivery(delivery)
            }
        }
        // Only a preset asks for it.
        Outcome::ExpiredCursor => Fault::new(),
        Outcome::Reset => Fault::new().reset(Reset::Before),
        Outcome::LostAnswer => Fault::new().reset(Reset::After),
        Outcome::Silence => Fault::new().silence(),
    };
    Fault {
        latency: *latency,
        ..document
    }
}

fn delivery(delivery: &Delivery) -> Fault {
    let Delivery {
        slow_first_byte,
        dribble,
        corruption,
    } = delivery;
    let document = match corruption {
        Some(Corruption::Truncated(bytes)) => Fault::new().truncate(*bytes),
        Some(Corruption::Broken) => Fault::new().break_json(),
        Some(Corruption::Reset) => Fault::new().reset(Reset::MidBody),
        None => Fault::new(),
    };
    Fault {
        slow_first_byte: *slow_first_byte,
        dribble: *dribble,
        ..document
    }
}
