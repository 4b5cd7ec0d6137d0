//! Documents that a tester sends: read in place, checked piece by piece, every problem named with
//! its path. [`crate::seed`] and `control` know what the documents mean.

pub(crate) mod json;
pub(crate) mod merge;
mod problems;
pub(crate) mod reader;
pub(crate) mod syntax;
pub(crate) mod unique;
pub(crate) mod yaml;

pub use problems::{SeedProblem, SeedProblems};
