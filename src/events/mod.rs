//! Events as an account sends them.

pub(crate) mod envelope;
