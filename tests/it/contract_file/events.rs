//! That the document of the control API grades every event.

use serde_json::Value;

use super::evidence::problem;
use super::{expect_none, object};
use crate::harness::{control_document, elements};

/// The types, the members of `event`, and their grades.
const TABLE: &[(&str, &str, &str)] = &[
    (
        "agent.state_changed",
        "channel new_state previous_state updated_at",
        "documented",
    ),
    (
        "agent.unified_state_changed",
        "new_unified_state previous_unified_state updated_at",
        "observed",
    ),
    (
        "agent.work_item_added",
        "channel reason updated_at work_item_id",
        "observed",
    ),
    (
        "agent.work_item_updated",
        "channel previous_reason reason updated_at work_item_id",
        "observed",
    ),
    (
        "agent.work_item_removed",
        "channel reason updated_at work_item_id",
        "observed",
    ),
    (
        "agent.max_capacity_changed",
        "channel new_max_capacity previous_max_capacity updated_at",
        "assumed",
    ),
    ("agent.channel_created", "channel updated_at", "assumed"),
    ("agent.channel_deleted", "channel updated_at", "assumed"),
    (
        "agent.groups_updated",
        "new_group_ids previous_group_ids updated_at",
        "assumed",
    ),
    (
        "omnichannel_config.omnichannel_routing_feature_changed",
        "current_value previous_value",
        "documented",
    ),
];

/// Documented: the envelope, and that the `id` in `detail` is text for an agent and a number for an
/// account.
#[test]
fn the_envelope_of_events_is_documented() {
    let schemas = &control_document()["components"]["schemas"];
    let parts = [
        "Event",
        "AgentEventDetail",
        "AccountEventDetail",
        "EventTime",
    ];
    let members = object(&schemas["Event"]["properties"]);
    let parts = parts
        .map(|name| (name, &schemas[name]))
        .into_iter()
        .chain(members);
    for (name, part) in parts {
        assert_eq!(problem(part), None, "{name}");
        let grade = if ["sequence", "source"].contains(&name) {
            "assumed"
        } else {
            "documented"
        };
        assert_eq!(part["x-evidence"], grade, "{name}");
    }
}

/// Documented, observed and assumed, each as in the table. That every event matches its schema is
/// tested where events are read.
#[test]
fn every_type_of_event_has_its_own_grade() {
    let event = &control_document()["components"]["schemas"]["Event"];
    let mut problems = Vec::new();
    for (name, members, grade) in TABLE {
        let whole = Value::from(format!("zen:event-type:{name}"));
        let is_of_it = |branch: &&Value| {
            let kind = &branch["properties"]["type"];
            kind["const"] == whole
                || kind["enum"]
                    .as_array()
                    .is_some_and(|kinds| kinds.contains(&whole))
        };
        let branches: Vec<_> = event["oneOf"]
            .as_array()
            .expect("types")
            .iter()
            .filter(is_of_it)
            .collect();
        let [branch] = branches[..] else {
            panic!("{name} is in {} places", branches.len())
        };
        problems.extend(problem(branch).map(|problem| format!("{name}: {problem}")));
        assert_eq!(branch["x-evidence"], *grade, "{name}");
        let body = &branch["properties"]["event"];
        let mut named: Vec<_> = object(&body["properties"])
            .map(|(member, _)| member)
            .collect();
        named.sort_unstable();
        assert_eq!(named.join(" "), *members, "{name}");
        assert_eq!(elements(&body["required"]).len(), named.len(), "{name}");
    }
    assert_eq!(
        elements(&event["properties"]["type"]["enum"]).len(),
        TABLE.len()
    );
    expect_none(&problems);
}
