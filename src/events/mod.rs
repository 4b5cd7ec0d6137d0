//! What leaves an account when something happens in it.

pub(crate) mod envelope;
