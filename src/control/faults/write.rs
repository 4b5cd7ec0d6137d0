//! Rules as documents: as they were set, with what they have seen.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::account::{
    Corruption, Counted, Delivery, Fault, Latency, Matcher, Outcome, Refusal, RefusalBody, Rule,
    Verb, When,
};
use crate::config::format_duration;
use crate::control::criteria::{caller_document, headers_document};

/// An object of which only what is there is written.
#[derive(Default)]
struct Document(Map<String, Value>);

impl Document {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    fn put_some<V: Into<Value>>(&mut self, key: &str, value: Option<V>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }
}

/// All rules.
pub(super) fn document(rules: &[Counted]) -> Value {
    let rules: Value = (1..)
        .zip(rules)
        .map(|(id, counted)| rule(id, counted))
        .collect();
    json!({ "faults": rules })
}

fn rule(id: u64, counted: &Counted) -> Value {
    let Counted {
        rule,
        matched,
        hits,
        ..
    } = counted;
    let Rule {
        name,
        matches,
        when,
        preset,
        fault,
        ..
    } = &**rule;
    let mut document = Document::default();
    document.put("id", id);
    document.put_some("name", name.as_deref());
    document.put("match", matcher(matches));
    document.put("when", self::when(when));
    match preset {
        Some(preset) => document.put("preset", preset.as_str()),
        None => document.put("fault", self::fault(fault)),
    }
    document.put("matched", *matched);
    document.put("hits", *hits);
    document.0.into()
}

fn matcher(matcher: &Matcher) -> Value {
    let mut document = Document::default();
    document.put_some("operation", matcher.operation);
    document.put_some("method", matcher.method.map(Verb::as_str));
    document.put_some(
        "path",
        matcher.path.as_ref().map(|pattern| pattern.0.as_str()),
    );
    document.put_some("agent", matcher.agent.map(|agent| agent.0));
    document.put_some("caller", matcher.caller.as_ref().map(caller_document));
    document.put_some(
        "headers",
        Some(headers_document(&matcher.headers)).filter(|headers| !headers.is_empty()),
    );
    document.put_some("body", matcher.body.clone());
    document.0.into()
}

fn when(when: &When) -> Value {
    let mut document = Document::default();
    document.put_some("after", when.after);
    document.put_some("first", when.first.map(u32::from));
    document.put_some("every", when.every.map(u32::from));
    document.put_some("for", when.within.map(format_duration));
    document.0.into()
}

fn fault(fault: &Fault) -> Value {
    let mut document = Document::default();
    document.put_some("latency", fault.latency.map(latency));
    match &fault.outcome {
        Outcome::Answered(delivery) => self::delivery(&mut document, delivery),
        Outcome::EmptyBody => document.put("empty", true),
        Outcome::Refused(
            Refusal {
                status,
                retry_after,
                body,
            },
            delivery,
        ) => {
            document.put("status", *status);
            document.put_some("retry_after", *retry_after);
            document.put_some(
                "body",
                (*body != RefusalBody::Vendor).then(|| body.as_str()),
            );
            self::delivery(&mut document, delivery);
        }
        // Only a preset asks for it.
        Outcome::ExpiredCursor => {}
        Outcome::Reset => document.put("reset", "before"),
        Outcome::Silence => document.put("silence", true),
    }
    document.0.into()
}

fn delivery(document: &mut Document, delivery: &Delivery) {
    document.put_some(
        "slow_first_byte",
        delivery.slow_first_byte.map(format_duration),
    );
    let dribble = delivery.dribble.map(
        |dribble| json!({ "bytes": dribble.bytes.get(), "every": format_duration(dribble.every) }),
    );
    document.put_some("dribble", dribble);
    match delivery.corruption {
        Some(Corruption::Truncated(bytes)) => document.put("truncate", bytes),
        Some(Corruption::Broken) => document.put("break_json", true),
        Some(Corruption::Reset) => document.put("reset", "mid_body"),
        None => {}
    }
}

fn latency(latency: Latency) -> Value {
    let text = |duration: Duration| format_duration(duration);
    match latency {
        Latency::Fixed(duration) => text(duration).into(),
        Latency::Uniform(least, most) => json!({ "uniform": [text(least), text(most)] }),
        Latency::LogNormal { median, sigma } => {
            json!({ "log_normal": { "median": text(median), "sigma": sigma } })
        }
    }
}
