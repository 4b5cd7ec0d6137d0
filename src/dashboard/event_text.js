// What an event says, in a few words.
import { statusName, words } from "./format.js";

const PREFIX = "zen:event-type:";

/** The type without what all types begin with. */
export const shortType = ({ type }) => type.slice(PREFIX.length);

export const agentOf = ({ detail }) => detail.agent_id ?? null;

const capacity = (value) => (value === null ? "none" : String(value));
const list = (ids) => (ids.length ? ids.join(", ") : "none");

const workItem = (it) => `${words(it.channel)}: #${it.work_item_id} (${words(it.reason)})`;

const TEXTS = {
	"agent.state_changed": (it) => `${words(it.channel)}: ${words(it.previous_state)} → ${words(it.new_state)}`,
	"agent.unified_state_changed": ({ previous_unified_state: from, new_unified_state: to }) =>
		`${statusName(from)} → ${statusName(to)} (${words(to.reason)})`,
	"agent.work_item_added": workItem,
	"agent.work_item_removed": workItem,
	"agent.work_item_updated": (it) =>
		`${words(it.channel)}: #${it.work_item_id} ${words(it.previous_reason)} → ${words(it.reason)}`,
	"agent.max_capacity_changed": (it) =>
		`${words(it.channel)}: ${capacity(it.previous_max_capacity)} → ${capacity(it.new_max_capacity)}`,
	"agent.channel_created": (it) => words(it.channel),
	"agent.channel_deleted": (it) => words(it.channel),
	"agent.groups_updated": (it) => `${list(it.previous_group_ids)} → ${list(it.new_group_ids)}`,
	"omnichannel_config.omnichannel_routing_feature_changed": (it) => `${it.previous_value} → ${it.current_value}`,
};

export function eventText(event) {
	return TEXTS[shortType(event)]?.(event.event) ?? JSON.stringify(event.event);
}

export const typeName = (type) => words(type.slice(type.indexOf(".") + 1));

export const TYPES = Object.keys(TEXTS).map((type) => [type, typeName(type)]);
