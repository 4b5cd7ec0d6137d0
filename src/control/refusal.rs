//! How the tester's face words why the world refused.

use super::error::ControlError;
use crate::seed::SeedProblem;
use crate::world::WriteError;

/// A refusal of a call whose path names agents and what they have. A unified status is what its body names, there.
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
        WriteError::UnknownAgent(_) | WriteError::UnknownChannel { .. } | WriteError::UnknownWorkItem { .. } => {
            ControlError::NoRecord(error.to_string())
        }
        WriteError::UnknownGroup(_) => at("group_ids", error),
        WriteError::UnknownSkill(_) => at("skill_ids", error),
        _ => ControlError::Conflict(error.to_string()),
    }
}

/// A problem at a place of the body.
pub(super) fn at(path: &str, message: &impl ToString) -> ControlError {
    ControlError::Problems(vec![SeedProblem { path: path.to_owned(), message: message.to_string() }])
}
