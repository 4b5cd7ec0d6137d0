//! Seeds as text and as files.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{Seed, SeedError};

/// The same as [`Seed::parse`].
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
    /// The problems of the seed, unless the file could not be read.
    pub fn seed_error(&self) -> Option<&SeedError> {
        match &self.why {
            Why::Unreadable(_) => None,
            Why::Wrong(error) => Some(error),
        }
    }
}

impl fmt::Display for SeedFileError {
    /// A line for each problem. The name of the file is at its beginning.
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

/// Reads a seed from a file.
pub(crate) fn read(path: &Path) -> Result<Seed, SeedFileError> {
    let failed = |why| SeedFileError {
        path: path.to_owned(),
        why,
    };
    let text = std::fs::read_to_string(path).map_err(|error| failed(Why::Unreadable(error)))?;
    Seed::parse(&text).map_err(|error| failed(Why::Wrong(error)))
}
