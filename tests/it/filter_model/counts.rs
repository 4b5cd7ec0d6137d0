//! The availability of a group, counted by a look at every agent.

use serde_json::{Value, json};
use zendesk_availability_emulator::world::{Agent, ChannelName, GroupId};

/// The answer, except for its version and account. Documented, observed and assumed.
pub(super) fn availability<'a>(
    agents: impl Iterator<Item = &'a Agent>,
    group: GroupId,
    routing_is_on: bool,
) -> Value {
    let members: Vec<_> = agents.filter(|agent| agent.is_in(group)).collect();
    let mut answer = json!({ "group_id": group.0, "channel_group_statuses": {} });
    for name in ChannelName::ALL {
        let channels: Vec<_> = members
            .iter()
            .filter_map(|agent| agent.channel(*name))
            .collect();
        if channels.is_empty() {
            continue;
        }
        let mut status = json!({
            "state_counts": { "online": 0, "away": 0, "transfers_only": 0, "offline": 0 },
            "total_consumed_capacity": 0,
        });
        let mut maximum = 0;
        for channel in channels {
            add(&mut status["state_counts"][channel.status.as_str()], 1);
            let items = channel.work_items.len() as u64;
            add(&mut status["total_consumed_capacity"], items);
            maximum += channel.max_capacity.map_or(0, u64::from);
        }
        if routing_is_on {
            status["total_max_capacity"] = maximum.into();
        }
        answer["channel_group_statuses"][name.as_str()] = status;
    }
    if routing_is_on {
        let mut states = json!({});
        for agent in members {
            add(&mut states[&*agent.status.status.name], 1);
        }
        answer["unified_states"] = states;
    }
    answer
}

fn add(count: &mut Value, more: u64) {
    *count = (count.as_u64().unwrap_or(0) + more).into();
}
