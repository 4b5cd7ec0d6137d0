//! Refusals of the world, as refusals of control calls.

use super::error::ControlError;
use crate::seed::SeedProblem;
use crate::world::WriteError;

/// The refusal of a call whose path names an agent. The body names a unified status, at
/// `status_at`.
pub(super) fn of_agent(error: &WriteError, status_at: &str) -> ControlError {
    match error {
        WriteError::UnknownStatus(_) | WriteError::NotInGroups { .. } => at(status_at, error),
        _ => of(error),
    }
}

/// The refusal of a call whose path names a unified status.
pub(super) fn of_status(error: &WriteError) -> ControlError {
    match error {
        WriteError::UnknownStatus(_) => ControlError::NoRecord(error.to_string()),
        _ => of(error),
    }
}

/// The refusal of a call that is not about unified statuses.
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

/// The path of a group or skill that does not exist any more, if that is the error.
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
