//! How the control API words why the world refused.

use super::error::ControlError;
use crate::seed::SeedProblem;
use crate::world::WriteError;

/// A refusal of a call whose path names agents and what they have. A unified status is what its
/// body names, there.
pub(super) fn of_agent(error: &WriteError, status_at: &str) -> ControlError {
    match error {
        WriteError::UnknownStatus(_) | WriteError::NotInGroups { .. } => at(status_at, error),
        _ => of(error),
    }
}

/// A refusal of a call whose path names a unified status.
pub(super) fn of_status(error: &WriteError) -> ControlError {
    match error {
        WriteError::UnknownStatus(_) => ControlError::NoRecord(error.to_string()),
        _ => of(error),
    }
}

/// A refusal of a call that is not about unified statuses.
pub(super) fn of(error: &WriteError) -> ControlError {
    match error {
        WriteError::UnknownAgent(_)
        | WriteError::UnknownChannel { .. }
        | WriteError::UnknownWorkItem { .. } => ControlError::NoRecord(error.to_string()),
        _ => match reference(error) {
            Some(path) => at(path, error),
            None => ControlError::Conflict(error.to_string()),
        },
    }
}

impl From<WriteError> for ControlError {
    fn from(error: WriteError) -> Self {
        of(&error)
    }
}

/// Where a document names what is not there any more, if that is what is wrong.
pub(super) fn reference(error: &WriteError) -> Option<&'static str> {
    match error {
        WriteError::UnknownGroup(_) => Some("group_ids"),
        WriteError::UnknownSkill(_) => Some("skill_ids"),
        _ => None,
    }
}

/// A problem at a place of the body.
pub(super) fn at(path: &str, message: &impl ToString) -> ControlError {
    ControlError::Problems(
        SeedProblem {
            path: path.to_owned(),
            message: message.to_string(),
        }
        .into(),
    )
}
