//! What is to go wrong, and when.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account::Account;
use super::criteria::{Criteria, criteria};
use super::durations;
use super::error::{ClientError, document};
use super::fault::Fault;

/// A rule: which requests, when, and what becomes of them. Begin with [`FaultRule::preset`] or
/// [`FaultRule::new`].
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
    /// What hints and the journal call it; without one, the preset, else its number.
    pub name: Option<String>,
    /// Which requests.
    #[serde(rename = "match")]
    pub matches: Criteria,
    /// Which of those.
    pub when: FaultWhen,
    /// What becomes of them, by name.
    pub preset: Option<String>,
    /// What becomes of them.
    pub fault: Option<Fault>,
}

/// Which of the requests that a rule matches are hit; without anything, all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FaultWhen {
    /// So many pass at first.
    pub after: Option<u32>,
    /// Of those behind, only so many can be hit.
    pub first: Option<u32>,
    /// Of those that can, the first one is hit, and then each that comes so many later.
    pub every: Option<u32>,
    /// How long the rule is in force, in time of the account's clock.
    #[serde(rename = "for", with = "durations::option")]
    pub lasting: Option<Duration>,
}

/// A rule that was set, and what it has seen.
#[derive(Clone, Debug, PartialEq, Deserialize)]
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

impl FaultRule {
    /// A rule for every request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }

    /// A rule for every request, with one of the presets of `openapi/control.yaml`, such as
    /// `truncated-json`.
    pub fn preset(name: impl Into<String>) -> Self {
        Self {
            preset: Some(name.into()),
            ..Self::default()
        }
    }

    /// Gives it a name, which hints and the journal show.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..self
        }
    }

    /// Only requests of this operation, such as `show_agent_availability`.
    #[must_use]
    pub fn operation(mut self, id: impl Into<String>) -> Self {
        self.matches.operation = Some(id.into());
        self
    }

    criteria!(matches);

    criteria!(content of matches);

    /// Lets so many pass at first.
    #[must_use]
    pub fn after(mut self, requests: u32) -> Self {
        self.when.after = Some(requests);
        self
    }

    /// Of those behind, only so many can be hit.
    #[must_use]
    pub fn first(mut self, requests: u32) -> Self {
        self.when.first = Some(requests);
        self
    }

    /// Of those that can be hit, the first one is, and then each that comes so many later.
    #[must_use]
    pub fn every(mut self, requests: u32) -> Self {
        self.when.every = Some(requests);
        self
    }

    /// Is in force for so long on the account's clock.
    #[must_use]
    pub fn lasting(mut self, duration: Duration) -> Self {
        self.when.lasting = Some(duration);
        self
    }
}

#[derive(Deserialize)]
struct Faults {
    faults: Vec<FaultRuleSeen>,
}

impl Account {
    /// Sets what is to go wrong, in place of what was set before. Without a rule nothing goes
    /// wrong.
    pub fn set_faults(&self, rules: &[FaultRule]) -> Result<Vec<FaultRuleSeen>, ClientError> {
        let set: Faults = self.put("/faults", &json!({ "faults": document(&rules)? }))?;
        Ok(set.faults)
    }

    /// The rules that are set, and how often each has hit.
    pub fn faults(&self) -> Result<Vec<FaultRuleSeen>, ClientError> {
        let faults: Faults = self.get("/faults")?;
        Ok(faults.faults)
    }
}
