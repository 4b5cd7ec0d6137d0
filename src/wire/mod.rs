//! The documents of the control API, one file for each kind. The server writes them, and the Rust
//! client reads them. What a caller sends is read by `document::reader` instead, which names every
//! problem.
//!
//! They hold no logic. A member that is not there is left out, unless its field says otherwise.

pub(crate) mod criteria;
pub(crate) mod faults;
pub(crate) mod journal;
pub(crate) mod report;
mod times;
