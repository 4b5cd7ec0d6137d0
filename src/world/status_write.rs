//! Creating, editing and deleting custom statuses, as Zendesk's admin centre does.

use std::sync::Arc;

use super::{
    AwayChannels, ChannelStatus, Stamp, Status, StatusId, StatusKind, StatusReason, World,
    WriteError,
};

impl World {
    /// Creates or replaces a custom status. `make` gets its id, which is the next free one if `id` is
    /// `None`, and the status as it is, if it exists. It returns the new status, or refuses. Agents in
    /// the status, and the name that they show, stay as they are until their status is set again.
    pub(crate) fn save_status<E: From<WriteError>>(
        &self,
        id: Option<StatusId>,
        make: impl FnOnce(StatusId, Option<&Arc<Status>>) -> Result<Status, E>,
    ) -> Result<Arc<Status>, E> {
        let mut state = self.write();
        let id = id.unwrap_or_else(|| state.statuses.free_id());
        let held = state.statuses.get(id);
        if let Some(StatusKind::Standard(_)) = held.map(|status| status.kind) {
            return Err(WriteError::StandardStatus(id).into());
        }
        let status = Arc::new(make(id, held)?);
        if state
            .statuses
            .named(&status.name)
            .is_some_and(|other| other.id != id)
        {
            return Err(WriteError::DuplicateStatusName(status.name.to_string()).into());
        }
        self.check_groups(&status.group_ids)?;
        state.statuses.insert(Arc::clone(&status));
        Ok(status)
    }

    /// Sets the channel statuses of "away". Agents that are away stay as they are until their status
    /// is set again.
    pub fn set_away_channels(&self, away: AwayChannels) {
        let channels = Status::standard_channels(ChannelStatus::Away, away);
        let mut state = self.write();
        let current = state
            .statuses
            .standard(ChannelStatus::Away)
            .filter(|status| status.channels != channels);
        if let Some(status) = current {
            let status = Status {
                channels,
                ..Status::clone(status)
            };
            state.statuses.insert(Arc::new(status));
        }
    }

    /// Deletes a custom status and returns it. Its agents go offline, whether or not omnichannel
    /// routing is on.
    pub fn delete_custom_status(
        &self,
        id: StatusId,
        stamp: impl Into<Stamp>,
    ) -> Result<Arc<Status>, WriteError> {
        let mut state = self.write();
        let status = state
            .statuses
            .get(id)
            .cloned()
            .ok_or(WriteError::UnknownStatus(id))?;
        if let StatusKind::Standard(_) = status.kind {
            return Err(WriteError::StandardStatus(id));
        }
        state.statuses.remove(id);
        self.set_all_offline(
            &mut state,
            StatusReason::AgentStatusDeleted,
            &stamp.into(),
            |record| record.status().id == id,
        );
        Ok(status)
    }
}
