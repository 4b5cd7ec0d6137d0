//! What documents refer to: that of the world that they change, or that of their own.

use crate::world::{
    ChannelStatus, Directory, GroupId, Role, SkillId, Status, StatusCatalog, StatusId, UserId,
};

/// What a document can refer to.
pub(crate) trait Known {
    fn has_group(&self, id: GroupId) -> bool;
    /// The skill with this id, in the text that all its agents share.
    fn skill(&self, id: &str) -> Option<SkillId>;
    fn role(&self, id: UserId) -> Option<Role>;
    fn has_status(&self, id: StatusId) -> bool;
    /// The standard status that agents are in of whom the document does not say it.
    fn offline(&self) -> StatusId;
}

/// What is in a world.
pub(crate) struct KnownToWorld<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) statuses: &'a StatusCatalog,
}

impl Known for KnownToWorld<'_> {
    fn has_group(&self, id: GroupId) -> bool {
        self.directory.groups.contains_key(&id)
    }

    fn skill(&self, id: &str) -> Option<SkillId> {
        self.directory
            .skills
            .get_key_value(&SkillId(id.into()))
            .map(|(id, _)| id.clone())
    }

    fn role(&self, id: UserId) -> Option<Role> {
        self.directory.user(id).map(|user| user.role)
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
