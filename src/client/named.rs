//! Words of closed sets in documents.

pub(super) use crate::names::deserialize as word;
