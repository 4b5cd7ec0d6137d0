//! Lists of users. An agent without a user is listed as one, so that each agent is.

use std::borrow::Cow;
use std::ops::Bound;
use std::sync::Arc;

use super::{Directory, Page, Position, Role, User, UserId, World};

/// Which users a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Those of any of these roles; all, if there are none.
    pub roles: Vec<Role>,
    /// Those with this external id.
    pub external_id: Option<String>,
}

impl UserFilter {
    /// Whether the list has users of this role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.is_empty() || self.roles.contains(&role)
    }

    fn roles(&self) -> impl Iterator<Item = Role> {
        let all = Role::ALL.iter().copied();
        all.filter(|role| self.has(*role))
    }
}

impl World {
    /// A user of this directory, or an agent without one.
    pub fn user_in<'a>(&self, directory: &'a Directory, id: UserId) -> Option<Cow<'a, User>> {
        let agent = || self.agents.contains_key(&id.as_agent());
        match directory.user(id) {
            Some(user) => Some(Cow::Borrowed(user)),
            None => agent().then(|| Cow::Owned(User::of_agent(id.as_agent()))),
        }
    }

    /// A page of the users that match, by ascending id.
    pub fn user_ids(
        &self,
        directory: &Directory,
        filter: &UserFilter,
        position: &Position<UserId>,
        limit: usize,
    ) -> Page<UserId> {
        let wanted = limit + 1;
        let mut items = match position {
            Position::First => self.ids_after(directory, filter, None, wanted),
            Position::After(id) => self.ids_after(directory, filter, Some(*id), wanted),
            Position::Before(id) => self.ids_before(directory, filter, *id, wanted),
        };
        let has_more = items.len() > limit;
        items.truncate(limit);
        let is_backward = matches!(position, Position::Before(_));
        if is_backward {
            items.reverse();
        }
        let (first, last) = (items.first().copied(), items.last().copied());
        let before = |id| !self.ids_before(directory, filter, id, 1).is_empty();
        let after = |id| !self.ids_after(directory, filter, Some(id), 1).is_empty();
        let is_first = matches!(position, Position::First);
        Page {
            has_previous: if is_backward {
                has_more
            } else {
                !is_first && first.is_some_and(before)
            },
            has_next: if is_backward {
                last.is_some_and(after)
            } else {
                has_more
            },
            items,
        }
    }

    /// How many users match.
    pub fn user_count(&self, directory: &Arc<Directory>, filter: &UserFilter) -> usize {
        if let Some(external_id) = &filter.external_id {
            let users = directory.with_external_id(external_id);
            return users.filter(|user| filter.has(user.role)).count();
        }
        let listed: usize = filter
            .roles()
            .map(|role| directory.in_role(role).len())
            .sum();
        if !filter.has(Role::Agent) {
            return listed;
        }
        let state = self.read();
        listed + state.index.len() - state.index.with_user(directory)
    }

    /// The first `limit` users after this one.
    fn ids_after(
        &self,
        directory: &Directory,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: usize,
    ) -> Vec<UserId> {
        let from = (
            after.map_or(Bound::Unbounded, Bound::Excluded),
            Bound::Unbounded,
        );
        if let Some(external_id) = &filter.external_id {
            let users = directory.with_external_id(external_id);
            let users = users.filter(|user| filter.has(user.role) && Some(user.id) > after);
            return users.map(|user| user.id).take(limit).collect();
        }
        let mut ids: Vec<_> = filter
            .roles()
            .flat_map(|role| directory.in_role(role).range(from).take(limit))
            .copied()
            .collect();
        ids.sort_unstable();
        ids.truncate(limit);
        if filter.has(Role::Agent) {
            let last = ids.get(limit - 1).copied();
            let state = self.read();
            let agents = state.index.ids_after(after.map(UserId::as_agent));
            let within = agents.take_while(|id| last.is_none_or(|last| id.0 < last.0));
            let users = within.map(|id| UserId(id.0));
            ids.extend(users.filter(|id| directory.user(*id).is_none()).take(limit));
            drop(state);
            ids.sort_unstable();
            ids.truncate(limit);
        }
        ids
    }

    /// The last `limit` users before this one, nearest first.
    fn ids_before(
        &self,
        directory: &Directory,
        filter: &UserFilter,
        before: UserId,
        limit: usize,
    ) -> Vec<UserId> {
        let nearest_first = |ids: &mut Vec<UserId>| {
            ids.sort_unstable_by(|one, other| other.cmp(one));
            ids.truncate(limit);
        };
        if let Some(external_id) = &filter.external_id {
            let users = directory.with_external_id(external_id);
            let users = users.filter(|user| filter.has(user.role) && user.id < before);
            let mut ids: Vec<_> = users.map(|user| user.id).collect();
            nearest_first(&mut ids);
            return ids;
        }
        let mut ids: Vec<_> = filter
            .roles()
            .flat_map(|role| directory.in_role(role).range(..before).rev().take(limit))
            .copied()
            .collect();
        nearest_first(&mut ids);
        if filter.has(Role::Agent) {
            let last = ids.get(limit - 1).copied();
            let state = self.read();
            let agents = state.index.ids_before(before.as_agent());
            let within = agents.take_while(|id| last.is_none_or(|last| id.0 > last.0));
            let users = within.map(|id| UserId(id.0));
            ids.extend(users.filter(|id| directory.user(*id).is_none()).take(limit));
            drop(state);
            nearest_first(&mut ids);
        }
        ids
    }
}
