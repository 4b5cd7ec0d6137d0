//! What is wrong with a document.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many problems are named. A body can have millions of them.
const NAMED: usize = 100;

/// A problem of a seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SeedProblem {
    /// Where, such as `agents[3].channels.messaging`; empty for the document as a whole.
    pub path: String,
    /// What.
    pub message: String,
}

/// Everything that is wrong with a document: the first hundred problems, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeedProblems {
    named: Vec<SeedProblem>,
    count: usize,
}

impl SeedProblems {
    /// The first hundred.
    pub fn named(&self) -> &[SeedProblem] {
        &self.named
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds a problem. Its text is made only if it is named.
    pub(crate) fn add(&mut self, problem: impl FnOnce() -> SeedProblem) {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(problem());
        }
    }

    /// Adds the problems of another document.
    pub(crate) fn extend(&mut self, others: Self) {
        let room = NAMED - self.named.len();
        self.count += others.count;
        self.named.extend(others.named.into_iter().take(room));
    }

    /// The same problems, with paths in a larger document.
    pub(crate) fn below(mut self, place: &str) -> Self {
        for SeedProblem { path, .. } in &mut self.named {
            *path = if path.is_empty() {
                place.to_owned()
            } else {
                format!("{place}: {path}")
            };
        }
        self
    }

    /// `right`, unless there is a problem.
    pub(crate) fn or<T>(self, right: T) -> Result<T, Self> {
        if self.count == 0 {
            Ok(right)
        } else {
            Err(self)
        }
    }
}

impl From<SeedProblem> for SeedProblems {
    fn from(problem: SeedProblem) -> Self {
        Self {
            named: vec![problem],
            count: 1,
        }
    }
}

impl fmt::Display for SeedProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

/// A line for each named problem, and one with the number of the others.
impl fmt::Display for SeedProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.named.iter().enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(f, "{line_break}{problem}")?;
        }
        match self.count - self.named.len() {
            0 => Ok(()),
            more => write!(f, "\nand {more} more problems, {} in all", self.count),
        }
    }
}
