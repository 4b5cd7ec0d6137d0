//! Rules for faults and answers.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::criteria::Criteria;
use super::{is_true, yes};
use crate::config::durations;
use crate::names::named_enum;

/// All rules of an account.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FaultRules {
    pub(crate) faults: Vec<FaultRuleSeen>,
}

/// A rule: which requests, when, and what happens to them. Begin with [`FaultRule::preset`],
/// [`FaultRule::new`] or [`FaultRule::answer`].
///
/// ```
/// use std::time::Duration;
/// use zendesk_availability_emulator::Emulator;
/// use zendesk_availability_emulator::client::{Fault, FaultRule, Latency};
///
/// let emulator = Emulator::start();
/// let slow = Latency::Uniform(Duration::from_millis(100), Duration::from_millis(300));
/// let account = emulator.default_account();
/// account.set_faults(&[
///     // The first two lists are refused, after a while.
///     FaultRule::new(Fault::new().status(503).retry_after(2).latency(slow))
///         .operation("list_agent_availabilities")
///         .first(2),
///     // Of all else, each third answer is cut off, for half a minute of the account's clock.
///     FaultRule::preset("truncated-json").every(3).lasting(Duration::from_secs(30)),
/// ])?;
/// assert_eq!(account.faults()?[0].hits, 0);
/// # Ok::<(), zendesk_availability_emulator::client::ClientError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FaultRule {
    /// What hints and the journal call it. Without one they show the preset, else its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which requests.
    #[serde(rename = "match")]
    pub matches: Criteria,
    /// Which of those.
    pub when: FaultWhen,
    /// What happens to them: a preset, by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// What happens to them: a fault of these parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// What they get in place of Zendesk's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// Which of the matching requests are hit. Without anything, all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FaultWhen {
    /// This many requests pass first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// Of the requests after those, at most this many are hit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
    /// Of those, the first is hit, and then every request that comes this many later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
    /// How long the rule is in force, by the account's clock.
    #[serde(
        rename = "for",
        skip_serializing_if = "Option::is_none",
        with = "durations::option"
    )]
    pub lasting: Option<Duration>,
}

/// A rule that was set, and what it has seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FaultRuleSeen {
    /// Its place among the rules, from 1.
    pub id: u64,
    /// The rule as it was set.
    #[serde(flatten)]
    pub rule: FaultRule,
    /// How many requests it matched while it was in force.
    pub matched: u64,
    /// How many of those it has hit.
    pub hits: u64,
}

/// What happens to a request that is hit. The parts can be combined where that makes sense. Other
/// combinations are refused when the rule is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Fault {
    /// How long it takes before the answer begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Latency>,
    /// An error of this status, 400 to 599, replaces the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whole seconds in `Retry-After`, with 429 and 503.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The body of the error; [`FaultBody::Vendor`] unless it says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<FaultBody>,
    /// How long it takes from the head of the answer to the first byte of its body.
    #[serde(skip_serializing_if = "Option::is_none", with = "durations::option")]
    pub slow_first_byte: Option<Duration>,
    /// The body comes in pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dribble: Option<Dribble>,
    /// The connection ends after this many bytes of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncate: Option<u32>,
    /// The body has the right length and is not JSON.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub break_json: bool,
    /// The call happens, and its answer is a 200 without a body.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub empty: bool,
    /// The connection is reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
    /// The request is read and never answered. After 10 minutes the connection ends.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub silence: bool,
}

/// What requests get in place of Zendesk's answer. It has at most one of `body`, `text`, `patch` and
/// `echo`, and at least one of them or a status.
///
/// ```
/// use serde_json::json;
/// use zendesk_availability_emulator::Emulator;
/// use zendesk_availability_emulator::client::{Answer, FaultRule};
///
/// let emulator = Emulator::start();
/// let created = Answer::new().status(201).echo(json!({ "ticket": { "id": 35_436 } }));
/// let changed = Answer::new().patch(json!({ "data": { "attributes": { "new_field": 1 } } }));
/// emulator.default_account().set_faults(&[
///     FaultRule::answer(created).method("POST").path("/api/v2/tickets"),
///     FaultRule::answer(changed).operation("show_agent_availability"),
/// ])?;
/// # Ok::<(), zendesk_availability_emulator::client::ClientError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Answer {
    /// 200 to 599. Without it, 200 or that of the answer that `patch` changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers, in place of those that the answer has.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Headers that the answer does not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_headers: Vec<String>,
    /// A body of JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// A body of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The call happens, and this JSON merge patch changes its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<Value>,
    /// The body of the request, with this JSON merge patch over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo: Option<Value>,
    /// Whether calls are checked first, so that one without credentials is refused.
    #[serde(skip_serializing_if = "is_true", default = "yes")]
    pub authenticate: bool,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            status: None,
            headers: BTreeMap::new(),
            without_headers: Vec::new(),
            body: None,
            text: None,
            patch: None,
            echo: None,
            authenticate: true,
        }
    }
}

named_enum! {
    /// The body of an error that replaces a call.
    #[non_exhaustive]
    pub enum FaultBody {
        /// Zendesk's own for that status.
        Vendor => "vendor",
        /// JSON with `error` and `description`.
        Json => "json",
        /// A line of text.
        Text => "text",
        /// The page of a proxy.
        Html => "html",
        /// None.
        Empty => "empty",
    }
}

/// How long it takes before an answer begins: ten minutes at most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Latency {
    /// Anything between the two, the shorter one first.
    Uniform(
        #[serde(with = "durations")] Duration,
        #[serde(with = "durations")] Duration,
    ),
    /// Log-normal.
    LogNormal {
        /// Half of the answers take longer.
        #[serde(with = "durations")]
        median: Duration,
        /// The standard deviation of the logarithm, 0 to 10.
        sigma: f64,
    },
    /// Always the same.
    #[serde(untagged, with = "durations")]
    Fixed(Duration),
}

/// A body that comes in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Dribble {
    /// The bytes of a piece.
    pub bytes: u32,
    /// The time from one piece to the next.
    #[serde(with = "durations")]
    pub every: Duration,
}

named_enum! {
    /// When a connection is reset.
    #[non_exhaustive]
    pub enum Reset {
        /// After the request is read, instead of the call.
        Before => "before",
        /// After a call that succeeds, in place of its answer. An answer that refuses the call
        /// arrives.
        After => "after",
        /// After half of the body.
        MidBody => "mid_body",
    }
}
