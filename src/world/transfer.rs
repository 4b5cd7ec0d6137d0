//! Moving work items from one channel to another.

use super::{
    Agent, AgentId, ChannelName, Stamp, WorkItem, WorkItemId, WorkItemReason, World, WriteError,
};

impl World {
    /// Moves a work item to another channel, of the same agent or of another, where it gets the
    /// present time and this reason. One write with both events. Returns both agents.
    pub fn move_work_item(
        &self,
        (from, from_channel): (AgentId, ChannelName),
        item: WorkItemId,
        (to, to_channel): (AgentId, ChannelName),
        reason: WorkItemReason,
        stamp: impl Into<Stamp>,
    ) -> Result<(Agent, Agent), WriteError> {
        let stamp = stamp.into();
        let mut state = self.write();
        let held = |id: AgentId, channel| {
            let agent = self.agent(id).ok_or(WriteError::UnknownAgent(id))?;
            let found = agent
                .channel(channel)
                .ok_or(WriteError::UnknownChannel { agent: id, channel })?;
            Ok(found.work_items.iter().any(|held| held.id == item))
        };
        // All of it is checked before any of it is done.
        if !held(from, from_channel)? {
            return Err(WriteError::UnknownWorkItem {
                agent: from,
                channel: from_channel,
                item,
            });
        }
        if held(to, to_channel)? {
            return Err(WriteError::DuplicateWorkItem {
                agent: to,
                channel: to_channel,
                item,
            });
        }
        let moved = WorkItem {
            id: item,
            added_at: stamp.time,
            reason,
        };
        if from == to {
            let agent = self.change_in(&mut state, from, &stamp, |change| {
                change.remove_work_item(from_channel, item)?;
                change.add_work_item(to_channel, moved)
            })?;
            return Ok((agent.clone(), agent));
        }
        let from = self.change_in(&mut state, from, &stamp, |change| {
            change.remove_work_item(from_channel, item)
        })?;
        let to = self.change_in(&mut state, to, &stamp, |change| {
            change.add_work_item(to_channel, moved)
        })?;
        Ok((from, to))
    }
}
