//! Groups, in a seed and as control calls spell them.

use super::agents::Identity;
use crate::document::reader::Node;
use crate::world::{Group, GroupId};

/// The members of a group's document.
pub(crate) const GROUP_KEYS: &[&str] = &["id", "name", "description", "is_public"];

/// Reads a group.
pub(crate) fn read_group(node: &Node<'_>, mut id: Identity<'_>) -> Option<Group> {
    let group = node.object(GROUP_KEYS)?;
    let id = id.read(&group);
    let name = group.read_required("name", Node::text);
    let description = group.read("description", Node::string);
    let is_public = group.read("is_public", Node::boolean);
    let group = Group::new(GroupId(id?), name?);
    Some(Group {
        description,
        is_public: is_public.unwrap_or(true),
        ..group
    })
}
