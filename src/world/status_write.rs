//! Making, editing and deleting custom statuses. Zendesk has no public endpoint for it; its admin centre does.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{
    AwayChannels, ChannelName, ChannelStatus, GroupId, Status, StatusId, StatusKind, StatusReason, World, WriteError,
};

/// What an admin says about a custom status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomStatus {
    /// Its id. One that is there already is edited.
    pub id: StatusId,
    /// Its name, unique within the account.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// Who may use it; empty means everybody.
    pub group_ids: Vec<GroupId>,
    /// What each channel of an agent in it becomes.
    pub channels: BTreeMap<ChannelName, ChannelStatus>,
}

impl World {
    /// Makes a custom status, or edits the one with this id. Agents that are in it stay as they are until their status
    /// is set again, the name that they show included.
    pub fn save_custom_status(&self, custom: CustomStatus, now: Timestamp) -> Result<Arc<Status>, WriteError> {
        let mut ledger = self.write();
        if let Some(StatusKind::Standard(_)) = ledger.statuses.get(custom.id).map(|status| status.kind) {
            return Err(WriteError::StandardStatus(custom.id));
        }
        if ledger.statuses.named(&custom.name).is_some_and(|other| other.id != custom.id) {
            return Err(WriteError::DuplicateStatusName(custom.name));
        }
        self.check_groups(&custom.group_ids)?;
        let status = Arc::new(Status {
            id: custom.id,
            name: custom.name.into(),
            description: custom.description,
            group_ids: custom.group_ids,
            kind: StatusKind::Custom { updated_at: now },
            channels: custom.channels,
        });
        ledger.statuses.insert(Arc::clone(&status));
        Ok(status)
    }

    /// Sets what "away" does to channels. Agents that are away stay as they are until their status is set again.
    pub fn set_away_channels(&self, away: AwayChannels) {
        let channels = Status::standard_channels(ChannelStatus::Away, away);
        let mut ledger = self.write();
        let current = ledger.statuses.standard(ChannelStatus::Away).filter(|status| status.channels != channels);
        if let Some(status) = current {
            let status = Status { channels, ..Status::clone(status) };
            ledger.statuses.insert(Arc::new(status));
        }
    }

    /// Deletes a custom status. Agents that are in it go offline, whether or not omnichannel routing is on.
    pub fn delete_custom_status(&self, id: StatusId, now: Timestamp) -> Result<(), WriteError> {
        let mut ledger = self.write();
        let status = ledger.statuses.get(id).ok_or(WriteError::UnknownStatus(id))?;
        if let StatusKind::Standard(_) = status.kind {
            return Err(WriteError::StandardStatus(id));
        }
        ledger.statuses.remove(id);
        self.set_all_offline(&mut ledger, StatusReason::AgentStatusDeleted, now, |record| record.status().id == id);
        Ok(())
    }
}
