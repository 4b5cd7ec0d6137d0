//! How to use the emulator, a page for each subject. The same pages are in the repository, in
//! `src/guide`.

#[doc = include_str!("configuration.md")]
pub mod configuration {}

#[doc = include_str!("zendesk_api.md")]
pub mod zendesk_api {}

#[doc = include_str!("calls.md")]
pub mod calls {}

#[doc = include_str!("control_api.md")]
pub mod control_api {}

#[doc = include_str!("dashboard.md")]
pub mod dashboard {}

#[doc = include_str!("seeds.md")]
pub mod seeds {}

#[doc = include_str!("clocks.md")]
pub mod clocks {}

#[doc = include_str!("faults.md")]
pub mod faults {}

#[doc = include_str!("answers.md")]
pub mod answers {}

#[doc = include_str!("journal.md")]
pub mod journal {}

#[doc = include_str!("oauth.md")]
pub mod oauth {}

#[doc = include_str!("oauth_tests.md")]
pub mod oauth_tests {}

#[doc = include_str!("oauth_recipes.md")]
pub mod oauth_recipes {}

#[doc = include_str!("rust.md")]
pub mod rust {}

#[doc = include_str!("container.md")]
pub mod container {}

#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("performance.md")]
pub mod performance {}
