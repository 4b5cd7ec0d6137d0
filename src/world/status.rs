//! Unified statuses: the four standard ones and the custom ones of an account, each with the
//! channel statuses that it maps to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::page;
use super::{ChannelName, ChannelStatus, GroupId, Page, Position, UnknownCursor};
use crate::names::named_enum;

/// The id of a unified status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusId(pub u64);

impl fmt::Display for StatusId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

named_enum! {
    /// Why an agent is in its unified status.
    #[non_exhaustive]
    pub enum StatusReason {
        /// Not known.
        Unknown => "UNKNOWN",
        /// The agent chose it.
        AgentStatusSwitcher => "AGENT_STATUS_SWITCHER",
        /// The agent signed out.
        AgentLogout => "AGENT_LOGOUT",
        /// The agent's status was deleted.
        AgentStatusDeleted => "AGENT_STATUS_DELETED",
        /// The agent's connection was lost.
        AgentDisconnected => "AGENT_DISCONNECTED",
        /// The agent was idle for too long.
        AgentIdleTimeout => "AGENT_IDLE_TIMEOUT",
        /// The agent's browser came back.
        SwitcherAutoReconnect => "SWITCHER_AUTO_RECONNECT",
        /// Omnichannel routing was switched on.
        OmnichannelRoutingEnabled => "OMNICHANNEL_ROUTING_ENABLED",
        /// Set through the API.
        PublicApi => "PUBLIC_API",
        /// Zendesk's own tests.
        InternalTest => "INTERNAL_TEST",
        /// Set from a report in Explore.
        ExploreTakeAnAction => "EXPLORE_TAKE_AN_ACTION",
        /// Set by workforce management.
        WfmStatusUpdate => "WFM_STATUS_UPDATE",
        /// Set by the monitoring assistant.
        MonitoringAssistantUpdate => "MONITORING_ASSISTANT_UPDATE",
    }
}

named_enum! {
    /// The channel statuses that the standard status "away" maps to. Zendesk's documents differ.
    #[non_exhaustive]
    pub enum AwayChannels {
        /// Support goes online, every other channel away: the help centre's articles on what
        /// receives only email.
        EmailOnly => "email_only",
        /// Every channel goes away: the help centre's articles on routing and on idle time-outs.
        AllAway => "all_away",
        /// Every channel goes offline: the table of the API reference.
        AllOffline => "all_offline",
    }
}

/// A unified status.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// Its id.
    pub id: StatusId,
    /// Its name, unique within the account.
    pub name: Arc<str>,
    /// What it means.
    pub description: Option<String>,
    /// The groups whose agents may use it; every agent may if this is empty.
    pub group_ids: Vec<GroupId>,
    /// Standard or custom.
    pub kind: StatusKind,
    /// The status that each channel of an agent gets. Other channels keep their status.
    pub channels: BTreeMap<ChannelName, ChannelStatus>,
}

/// Where a unified status comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusKind {
    /// One of the four that every account has.
    Standard(ChannelStatus),
    /// One of the account.
    Custom {
        /// When it was last edited.
        updated_at: Timestamp,
    },
}

impl Status {
    /// Whether it is a custom status.
    pub const fn is_custom(&self) -> bool {
        matches!(self.kind, StatusKind::Custom { .. })
    }

    /// The id that a standard status has unless the account says otherwise.
    pub const fn standard_id(standard: ChannelStatus) -> StatusId {
        StatusId(match standard {
            ChannelStatus::Offline => 2,
            ChannelStatus::Online => 3,
            ChannelStatus::Away => 4,
            ChannelStatus::TransfersOnly => 5,
        })
    }

    /// The documented description of a standard status.
    pub const fn standard_description(standard: ChannelStatus) -> &'static str {
        match standard {
            ChannelStatus::Offline => "Can't receive work",
            ChannelStatus::Online => "Can receive work",
            ChannelStatus::Away => "Can only receive email tickets",
            ChannelStatus::TransfersOnly => "Can only receive work from other agents",
        }
    }

    /// The channel statuses that a standard status maps to.
    pub fn standard_channels(
        standard: ChannelStatus,
        away: AwayChannels,
    ) -> BTreeMap<ChannelName, ChannelStatus> {
        let status = |name| match (standard, away) {
            (ChannelStatus::Away, AwayChannels::AllOffline) => ChannelStatus::Offline,
            (ChannelStatus::Away, AwayChannels::EmailOnly) if name == ChannelName::Support => {
                ChannelStatus::Online
            }
            _ => standard,
        };
        ChannelName::ALL
            .iter()
            .map(|name| (*name, status(*name)))
            .collect()
    }
}

/// The place of a status in lists: by name, then by id.
type StatusKey = (Arc<str>, StatusId);

/// A page of the custom statuses, and the standard ones where it shows them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StatusPage {
    /// All standard statuses on the first page, none on others.
    pub standard: Vec<Arc<Status>>,
    /// The custom statuses on the page.
    pub custom: Page<Arc<Status>>,
}

/// The unified statuses of an account.
#[derive(Clone, Debug, Default)]
pub struct StatusCatalog {
    by_id: BTreeMap<StatusId, Arc<Status>>,
    by_name: BTreeMap<StatusKey, Arc<Status>>,
}

impl FromIterator<Arc<Status>> for StatusCatalog {
    fn from_iter<I: IntoIterator<Item = Arc<Status>>>(statuses: I) -> Self {
        let mut catalog = Self::default();
        for status in statuses {
            catalog.insert(status);
        }
        catalog
    }
}

impl StatusCatalog {
    /// The status with this id.
    pub fn get(&self, id: StatusId) -> Option<&Arc<Status>> {
        self.by_id.get(&id)
    }

    /// Every status, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Status>> {
        self.by_id.values()
    }

    pub(super) fn page(
        &self,
        available: impl Fn(&Status) -> bool,
        position: &Position<StatusId>,
        limit: usize,
    ) -> Result<StatusPage, UnknownCursor> {
        let key = |id: &StatusId| {
            let status = self
                .by_id
                .get(id)
                .filter(|status| status.is_custom())
                .ok_or(UnknownCursor::Status)?;
            Ok((Arc::clone(&status.name), status.id))
        };
        let position = position.try_map(key)?;
        let custom = page::select_entries(
            &self.by_name,
            |status| status.is_custom() && available(status),
            &position,
            limit,
        )
        .map(|(_, status)| Arc::clone(status));
        // An empty page after a cursor is not the first.
        let is_first =
            position == Position::First || !(custom.has_previous || custom.items.is_empty());
        let standard = self
            .by_name
            .values()
            .filter(|status| is_first && !status.is_custom() && available(status));
        Ok(StatusPage {
            standard: standard.cloned().collect(),
            custom,
        })
    }

    /// The status with this name.
    pub fn named(&self, name: &str) -> Option<&Arc<Status>> {
        self.by_id.values().find(|status| *status.name == *name)
    }

    pub(super) fn insert(&mut self, status: Arc<Status>) {
        self.remove(status.id);
        self.by_name
            .insert((Arc::clone(&status.name), status.id), Arc::clone(&status));
        self.by_id.insert(status.id, status);
    }

    pub(super) fn remove(&mut self, id: StatusId) {
        if let Some(status) = self.by_id.remove(&id) {
            self.by_name.remove(&(Arc::clone(&status.name), id));
        }
    }

    /// An id that no status has: one above the highest, if there is one.
    pub(super) fn free_id(&self) -> StatusId {
        let next = self
            .by_id
            .last_key_value()
            .map_or(Some(1), |(id, _)| id.0.checked_add(1));
        // There are fewer statuses than numbers, so this finds one.
        let unused = || (1..=u64::MAX).find(|id| !self.by_id.contains_key(&StatusId(*id)));
        StatusId(next.or_else(unused).unwrap_or_default())
    }

    /// The standard status of this kind.
    pub fn standard(&self, standard: ChannelStatus) -> Option<&Arc<Status>> {
        self.by_id
            .values()
            .find(|status| status.kind == StatusKind::Standard(standard))
    }
}
