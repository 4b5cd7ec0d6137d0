//! Rules for faults and answers.

use std::time::Duration;

use serde_json::json;

use super::account::Account;
use super::criteria::criteria;
use super::error::{ClientError, document};
use crate::wire::faults::{Answer, Fault, FaultRule, FaultRuleSeen, FaultRules};

impl FaultRule {
    /// A rule for every request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }

    /// A rule for every request, which gets this answer in place of Zendesk's. Choose some by
    /// [`method`](Self::method) and [`path`](Self::path).
    pub fn answer(answer: Answer) -> Self {
        Self {
            answer: Some(answer),
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
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Only requests of this operation, such as `show_agent_availability`.
    #[must_use]
    pub fn operation(mut self, id: impl Into<String>) -> Self {
        self.matches.operation = Some(id.into());
        self
    }

    criteria!(matches);

    criteria!(content of matches);

    /// This many requests pass first.
    #[must_use]
    pub fn after(mut self, requests: u32) -> Self {
        self.when.after = Some(requests);
        self
    }

    /// Of those after them, at most this many are hit.
    #[must_use]
    pub fn first(mut self, requests: u32) -> Self {
        self.when.first = Some(requests);
        self
    }

    /// Of those, the first is hit, and then every request that comes this many later.
    #[must_use]
    pub fn every(mut self, requests: u32) -> Self {
        self.when.every = Some(requests);
        self
    }

    /// The rule is in force for this long, by the account's clock.
    #[must_use]
    pub fn lasting(mut self, duration: Duration) -> Self {
        self.when.lasting = Some(duration);
        self
    }
}

impl Account {
    /// Replaces the rules for faults and answers. Without rules there are none.
    pub fn set_faults(&self, rules: &[FaultRule]) -> Result<Vec<FaultRuleSeen>, ClientError> {
        let set: FaultRules = self.put("/faults", &json!({ "faults": document(&rules)? }))?;
        Ok(set.faults)
    }

    /// The rules, and how often each has hit.
    pub fn faults(&self) -> Result<Vec<FaultRuleSeen>, ClientError> {
        let faults: FaultRules = self.get("/faults")?;
        Ok(faults.faults)
    }
}
