//! What a document can refer to: what is in the world that it changes, or in the document itself.

use crate::world::{
    ChannelStatus, ClientId, Directory, GroupId, Role, SkillId, Status, StatusCatalog, StatusId,
    UserId,
};

/// What a document can refer to.
pub(crate) trait Known {
    fn has_group(&self, id: GroupId) -> bool;
    /// The skill with this id, as the text that all agents share.
    fn skill(&self, id: &str) -> Option<SkillId>;
    fn role(&self, id: UserId) -> Option<Role>;
    fn has_client(&self, id: ClientId) -> bool;
    fn has_status(&self, id: StatusId) -> bool;
    /// The status of agents for which the document does not give one.
    fn offline(&self) -> StatusId;
}

/// The contents of a world.
pub(crate) struct KnownToWorld<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) statuses: &'a StatusCatalog,
}

impl Known for KnownToWorld<'_> {
    fn has_group(&self, id: GroupId) -> bool {
        self.directory.groups.contains_key(&id)
    }

    fn skill(&self, id: &str) -> Option<SkillId> {
        self.directory.skill_id(id)
    }

    fn role(&self, id: UserId) -> Option<Role> {
        self.directory.user(id).map(|user| user.role)
    }

    fn has_client(&self, id: ClientId) -> bool {
        self.directory.oauth().client(id).is_some()
    }

    fn has_status(&self, id: StatusId) -> bool {
        self.statuses.get(id).is_some()
    }

    fn offline(&self) -> StatusId {
        let offline = self
            .statuses
            .standard(ChannelStatus::Offline)
            .map(|status| status.id);
        offline.unwrap_or(Status::standard_id(ChannelStatus::Offline))
    }
}
