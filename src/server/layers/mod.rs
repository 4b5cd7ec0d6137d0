//! What happens to every request around its handler. `router.rs` says in which order.

pub(super) mod auth;
pub(super) mod base_url;
pub(super) mod exchange;
pub(super) mod normalize;
pub(super) mod rate_limit;
