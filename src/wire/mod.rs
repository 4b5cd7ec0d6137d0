//! The documents of the control API, one file for each kind. The server writes them, and the Rust
//! client reads them. What a caller sends is read by `document::reader` instead, which names every
//! problem.
//!
//! They hold no logic beside constructors. Two documents are not here. A unified status leaves
//! members out depending on its kind (`seed::write`), and the envelope of an event is Zendesk's
//! (`events`).

pub(crate) mod account;
pub(crate) mod agent;
pub(crate) mod clock;
pub(crate) mod criteria;
pub(crate) mod error;
pub(crate) mod faults;
pub(crate) mod group;
pub(crate) mod journal;
pub(crate) mod rate_limit;
pub(crate) mod report;
pub(crate) mod talk;
mod times;
pub(crate) mod token;
pub(crate) mod user;

/// The default of a member that is usually true, and so is left out then.
fn yes() -> bool {
    true
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a field like this"
)]
fn is_true(value: &bool) -> bool {
    *value
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a field like this"
)]
fn is_false(value: &bool) -> bool {
    !*value
}
