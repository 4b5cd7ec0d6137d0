//! Seeds as text and as files.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{Seed, SeedError};

/// As [`Seed::parse`] reads it.
impl FromStr for Seed {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, SeedError> {
        Self::parse(text)
    }
}

/// Why a file is not a seed.
#[derive(Debug)]
pub struct SeedFileError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Unreadable(std::io::Error),
    Wrong(SeedError),
}

impl SeedFileError {
    /// What is wrong with the seed, unless the file could not be read at all.
    pub fn seed_error(&self) -> Option<&SeedError> {
        match &self.why {
            Why::Unreadable(_) => None,
            Why::Wrong(error) => Some(error),
        }
    }
}

impl fmt::Display for SeedFileError {
    /// A line for each problem, with the name of the file before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match &self.why {
            Why::Unreadable(error) => error.to_string(),
            Why::Wrong(error) => error.to_string(),
        };
        for (index, line) in why.lines().enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(f, "{line_break}{}: {line}", self.path.display())?;
        }
        Ok(())
    }
}

impl std::error::Error for SeedFileError {}

/// Reads a file that is a seed.
pub(crate) fn read(path: &Path) -> Result<Seed, SeedFileError> {
    let failed = |why| SeedFileError {
        path: path.to_owned(),
        why,
    };
    let text = std::fs::read_to_string(path).map_err(|error| failed(Why::Unreadable(error)))?;
    Seed::parse(&text).map_err(|error| failed(Why::Wrong(error)))
}
