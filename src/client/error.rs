//! Errors of control calls.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::transport::CallAnswer;
use super::verify::Mismatch;
use crate::config::durations::TooFine;
pub use crate::wire::error::Refusal;

/// Why a control call failed. It has changed nothing, unless the answer was lost on its way.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The emulator refused the call.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// Not the address of an emulator.
    #[error("{0:?} is not an address such as http://127.0.0.1:8080")]
    Address(String),
    /// Not a token that fits into a header.
    #[error("the control token is not visible ASCII")]
    Token,
    /// A value cannot be sent, such as a duration that is not a whole number of milliseconds.
    /// Nothing was sent.
    #[error("it cannot be sent: {0}")]
    Unsendable(String),
    /// The emulator cannot be reached.
    #[error("the emulator cannot be reached: {0}")]
    Unreachable(#[from] std::io::Error),
    /// No answer came in time.
    #[error("no answer came in time")]
    Late,
    /// The answer is not one of an emulator of this version.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.error, self.description)?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n{problem}"))?;
        match self.problem_count.saturating_sub(self.problems.len()) {
            0 => {}
            more => write!(f, "\nand {more} more problems")?,
        }
        match Mismatch::read(&self.details) {
            Some(mismatch) => write!(f, "\n{mismatch}"),
            None => self
                .details
                .iter()
                .try_for_each(|(name, value)| write!(f, "\n{name}: {value}")),
        }
    }
}

impl ClientError {
    pub(super) fn unreadable(error: impl fmt::Display) -> Self {
        Self::Unreadable(error.to_string())
    }

    pub(super) fn unsendable(error: impl fmt::Display) -> Self {
        Self::Unsendable(error.to_string())
    }

    /// The error of an answer that is not a success.
    pub(super) fn refused(answer: &CallAnswer) -> Self {
        match serde_json::from_slice::<Refusal>(&answer.bytes) {
            Ok(refusal) => Self::Refused(Box::new(Refusal {
                status: answer.status.as_u16(),
                ..refusal
            })),
            Err(_) => Self::Unreadable(format!(
                "{} {}",
                answer.status,
                String::from_utf8_lossy(&answer.bytes)
            )),
        }
    }

    /// The refusal, if the emulator refused the call.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl From<TooFine> for ClientError {
    fn from(error: TooFine) -> Self {
        Self::unsendable(error)
    }
}

/// A value as a document.
pub(super) fn document(value: &impl Serialize) -> Result<Value, ClientError> {
    serde_json::to_value(value).map_err(ClientError::unsendable)
}
