//! Capacity rules in a seed.

use super::root::{Part, PartConsumer, each};
use crate::document::reader::{Node, Object};
use crate::document::unique::{Digest, Unique};
use crate::world::{AgentId, Capacities, CapacityRule};

const RULE_KEYS: &[&str] = &[
    "id",
    "name",
    "description",
    "default",
    "capacities",
    "agent_ids",
    "created_at",
    "last_updated_at",
];
const CAPACITY_KEYS: [&str; 3] = ["email", "messaging", "voice"];
const ID_LENGTH: usize = 26;

/// Reads the capacity rules of a seed.
pub(super) fn read_capacity_rules(root: &Object<'_>, parts: &mut dyn PartConsumer) {
    let mut agents = Unique::new("agent");
    let (mut rules, mut default_rules, mut unreadable) = (0, 0, 0);
    each(root, "capacity_rules", "id", |node, ids| {
        rules += 1;
        match read_rule(node, ids, &mut agents) {
            Some(rule) => {
                default_rules += usize::from(rule.is_default);
                parts.take(Part::CapacityRule(rule));
            }
            // Perhaps this was to be the default.
            None => unreadable += 1,
        }
    });
    if let Some(node) = root.optional("capacity_rules")
        && rules > 0
        && (default_rules > 1 || default_rules + unreadable == 0)
    {
        node.problem(format_args!(
            "expected one rule with `default: true`, not {default_rules}"
        ));
    }
}

/// Reads a rule. No other rule may have its agents.
fn read_rule(
    node: &Node<'_>,
    ids: &mut Unique<Digest>,
    agents: &mut Unique<u64>,
) -> Option<CapacityRule> {
    let rule = node.object(RULE_KEYS)?;
    let id = rule.read_required("id", |node| {
        let id = node.text()?;
        if id.len() != ID_LENGTH || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            node.problem(format_args!(
                "expected {ID_LENGTH} letters and digits, as a ULID has"
            ));
        }
        ids.check_text(&id, node);
        Some(id)
    });
    let name = rule.read_required("name", Node::text);
    let description = rule.read("description", Node::string);
    let is_default = rule.read("default", Node::boolean);
    let is_default = is_default.unwrap_or_default();
    let capacities = rule.read_required("capacities", read_capacities);
    let named = rule.read("agent_ids", |node| {
        // Not the length of the list, which leaves out ids with a problem.
        let mut count = 0;
        let named = node.list(|node| {
            count += 1;
            let id = node.number()?;
            agents.check(id, node);
            Some(AgentId(id))
        })?;
        if is_default && count > 0 {
            node.problem("the default rule has the agents that no other rule names");
        }
        Some(named)
    });
    let time = |key| rule.read(key, Node::time);
    let created_at = time("created_at").unwrap_or(CapacityRule::CREATED_AT);
    let last_updated_at = time("last_updated_at").unwrap_or(created_at);
    Some(CapacityRule {
        description,
        is_default,
        agents: named.unwrap_or_default(),
        created_at,
        last_updated_at,
        ..CapacityRule::new(id?, name?, capacities?)
    })
}

fn read_capacities(node: &Node<'_>) -> Option<Capacities> {
    let capacities = node.object(&CAPACITY_KEYS)?;
    let [email, messaging, voice] = CAPACITY_KEYS
        .map(|key| capacities.read_required(key, |node| node.number_in(0, u32::MAX.into())));
    Some(Capacities::new(email?, messaging?, voice?))
}
