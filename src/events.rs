//! The events of an account, in Zendesk's envelope.

use jiff::Timestamp;
use serde_json::{Value, json};
use ulid::Ulid;

use crate::names::named_enum;
use crate::world::{Event, EventKind, GroupId, StatusSnapshot, Subject};

/// The beginning of every type.
const PREFIX: &str = "zen:event-type:";
const VERSION: &str = "2022-11-06";

named_enum! {
    /// The types of events. Their names are without the prefix that all of them have.
    #[non_exhaustive]
    pub enum EventType {
        /// The status of an agent's channel changed.
        StateChanged => "agent.state_changed",
        /// An agent's unified status was set.
        UnifiedStateChanged => "agent.unified_state_changed",
        /// An agent got a work item.
        WorkItemAdded => "agent.work_item_added",
        /// The reason of an agent's work item changed.
        WorkItemUpdated => "agent.work_item_updated",
        /// An agent no longer has a work item.
        WorkItemRemoved => "agent.work_item_removed",
        /// The capacity of an agent's channel changed.
        MaxCapacityChanged => "agent.max_capacity_changed",
        /// An agent got a channel.
        ChannelCreated => "agent.channel_created",
        /// An agent lost a channel.
        ChannelDeleted => "agent.channel_deleted",
        /// The groups of an agent changed.
        GroupsUpdated => "agent.groups_updated",
        /// Omnichannel routing was switched on or off.
        OmnichannelRoutingFeatureChanged => "omnichannel_config.omnichannel_routing_feature_changed",
    }
}

impl EventType {
    /// The type of an event.
    pub(crate) fn of(event: &Event) -> Self {
        match event.kind {
            EventKind::StateChanged { .. } => Self::StateChanged,
            EventKind::UnifiedStateChanged { .. } => Self::UnifiedStateChanged,
            EventKind::WorkItemAdded { .. } => Self::WorkItemAdded,
            EventKind::WorkItemUpdated { .. } => Self::WorkItemUpdated,
            EventKind::WorkItemRemoved { .. } => Self::WorkItemRemoved,
            EventKind::MaxCapacityChanged { .. } => Self::MaxCapacityChanged,
            EventKind::ChannelCreated { .. } => Self::ChannelCreated,
            EventKind::ChannelDeleted { .. } => Self::ChannelDeleted,
            EventKind::GroupsUpdated { .. } => Self::GroupsUpdated,
            EventKind::OmnichannelRoutingFeatureChanged { .. } => {
                Self::OmnichannelRoutingFeatureChanged
            }
        }
    }

    /// The type with this name, whole or short.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::parse(name.strip_prefix(PREFIX).unwrap_or(name))
    }
}

/// The account that sends events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender {
    pub(crate) account_id: u64,
    /// The ids of events count from here: a random number, so that no two accounts have the same.
    pub(crate) first_id: u128,
}

impl Sender {
    /// The id of an event, which is always the same. Of two events of an account, the later one has
    /// the greater id, unless the clock was put back between them.
    pub(crate) fn id_of(&self, event: &Event) -> Ulid {
        // A ULID takes 80 bits of this. The highest is 0, so that adding a sequence number does not
        // overflow.
        let first = self.first_id & ((1 << 79) - 1);
        Ulid::from_parts(
            event.time.as_millisecond().unsigned_abs(),
            first + u128::from(event.sequence),
        )
    }

    /// The event as it is sent.
    pub(crate) fn envelope(&self, event: &Event) -> Value {
        let account_id = self.account_id;
        let (subject, detail) = match event.subject {
            Subject::Agent { id, version } => (
                format!("zen:agent:{id}"),
                json!({
                    "account_id": account_id.to_string(),
                    "agent_id": id.to_string(),
                    "version": version.to_string(),
                }),
            ),
            Subject::Account => (
                format!("zen:account:{account_id}"),
                json!({ "account_id": account_id }),
            ),
        };
        json!({
            "type": format!("{PREFIX}{}", EventType::of(event)),
            "id": self.id_of(event).to_string(),
            "account_id": account_id,
            "time": nanos(event.time),
            "zendesk_event_version": VERSION,
            "subject": subject,
            "detail": detail,
            "event": body(event),
        })
    }
}

fn body(event: &Event) -> Value {
    let updated_at = nanos(event.time);
    match &event.kind {
        EventKind::StateChanged {
            channel,
            previous,
            new,
        } => json!({
            "channel": channel.as_str(),
            "previous_state": previous.as_str(),
            "new_state": new.as_str(),
            "updated_at": updated_at,
        }),
        EventKind::UnifiedStateChanged { previous, new } => json!({
            "previous_unified_state": status(previous),
            "new_unified_state": status(new),
            "updated_at": updated_at,
        }),
        EventKind::WorkItemAdded { channel, item }
        | EventKind::WorkItemRemoved { channel, item } => json!({
            "work_item_id": item.id.0.to_string(),
            "channel": channel.as_str(),
            "reason": item.reason.as_str(),
            "updated_at": updated_at,
        }),
        EventKind::WorkItemUpdated {
            channel,
            item,
            previous_reason,
        } => json!({
            "work_item_id": item.id.0.to_string(),
            "channel": channel.as_str(),
            "previous_reason": previous_reason.as_str(),
            "reason": item.reason.as_str(),
            "updated_at": updated_at,
        }),
        EventKind::MaxCapacityChanged {
            channel,
            previous,
            new,
        } => json!({
            "channel": channel.as_str(),
            "previous_max_capacity": previous,
            "new_max_capacity": new,
            "updated_at": updated_at,
        }),
        EventKind::ChannelCreated { channel } | EventKind::ChannelDeleted { channel } => {
            json!({ "channel": channel.as_str(), "updated_at": updated_at })
        }
        EventKind::GroupsUpdated { previous, new } => json!({
            "previous_group_ids": groups(previous),
            "new_group_ids": groups(new),
            "updated_at": updated_at,
        }),
        EventKind::OmnichannelRoutingFeatureChanged { previous, current } => {
            json!({ "previous_value": previous, "current_value": current })
        }
    }
}

fn status(status: &StatusSnapshot) -> Value {
    json!({ "id": status.id.to_string(), "name": &*status.name, "reason": status.reason.as_str() })
}

fn groups(ids: &[GroupId]) -> Value {
    ids.iter().map(GroupId::to_string).collect()
}

fn nanos(time: Timestamp) -> String {
    format!("{time:.9}")
}
