//! Refusals of control calls.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::document::SeedProblem;

/// The emulator's answer to a call that it refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refusal {
    /// The status of the answer, which is not part of its body.
    #[serde(skip)]
    pub status: u16,
    /// What kind of refusal it is, such as `Conflict`.
    pub error: String,
    /// Why.
    pub description: String,
    /// What is wrong with the request: the first hundred problems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<SeedProblem>,
    /// How many problems there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub problem_count: usize,
    /// Other members: what was expected of requests, and what there is instead.
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a field like this"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}
