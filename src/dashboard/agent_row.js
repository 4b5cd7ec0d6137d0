// An agent in the list of the team.
import { href, follow } from "./address.js";
import { el, flash, set, write } from "./dom.js";
import { ago, statusName, words } from "./format.js";
import { cell, row } from "./list.js";

export const CHANNELS = ["messaging", "chat", "support", "talk"];
const NAMED = 3;

/** The class of a unified status: each standard one has its colour. */
export const statusClass = ({ standard }) => standard ?? "custom";

export function createRow(agent, context) {
	const name = el("a", { class: "open", tabindex: "-1", onclick: follow });
	const parts = {
		name,
		details: el("small"),
		status: el("span", "status"),
		reason: el("small"),
		since: el("time"),
		channels: new Map(CHANNELS.map((channel) => [channel, createChannel(channel)])),
	};
	const element = row(
		{ "data-id": agent.id },
		cell("who", name, parts.details),
		cell("unified", parts.status, parts.reason),
		cell("since", parts.since),
		...[...parts.channels.values()].map(({ element }) => element),
	);
	element.parts = parts;
	updateRow(element, agent, context, true);
	return element;
}

export function updateRow(element, agent, context, isNew = false) {
	const { parts } = element;
	const user = context.names.get(agent.id);
	set(parts.name, { href: href({ view: "controls", "controls.agent": agent.id }), dir: "auto" });
	write(parts.name, user ?? `Agent ${agent.id}`);
	const groups = (agent.group_ids ?? []).map((id) => context.groupName(id));
	write(parts.details, [agent.id, ...groups].join(" · "));
	const { id, reason, updated_at: since } = agent.agent_status;
	const status = context.status(id);
	const isOther = write(parts.status, statusName(status));
	parts.status.className = `status ${statusClass(status)}`;
	write(parts.reason, words(reason));
	parts.reason.title = reason;
	set(parts.since, { datetime: since, title: since });
	showAge(element, context.clock.now());
	if (isOther && !isNew) flash(parts.status.parentElement);
	for (const [name, channel] of parts.channels) {
		const isChanged = updateChannel(channel, agent.channels[name]);
		if (isChanged && !isNew) flash(channel.element);
	}
}

export function showAge(element, now) {
	const { since } = element.parts;
	if (now !== null) write(since, ago(since.dateTime, now));
}

function createChannel(name) {
	const state = el("span", "status");
	const load = el("span", "load");
	const bar = el("span", { class: "bar", "aria-hidden": "true" }, el("span"));
	const items = el("small", "items");
	const element = cell("channel", el("span", "of", words(name)), el("div", {}, state, load), bar, items);
	return { element, state, load, bar, items };
}

/** Whether anything is other than before. */
function updateChannel({ element, state, load, bar, items }, channel) {
	element.classList.toggle("absent", !channel);
	const held = channel?.work_items ?? [];
	const most = channel?.max_capacity;
	const changes = [
		write(state, channel ? words(channel.status) : "–"),
		write(load, channel ? (most === undefined ? String(held.length) : `${held.length}/${most}`) : ""),
		write(items, summary(held)),
	];
	state.className = channel ? `status ${channel.status}` : "";
	bar.hidden = !channel || most === undefined;
	const part = most ? held.length / most : Number(held.length > 0);
	bar.classList.toggle("full", part >= 1);
	bar.classList.toggle("over", part > 1);
	bar.style.setProperty("--part", Math.min(part, 1));
	load.title = channel && most === undefined ? "The channel has no capacity." : "Work items and capacity";
	items.title = held.map(({ id, reason }) => `${id}: ${words(reason)}`).join("\n");
	return changes.includes(true);
}

function summary(held) {
	const named = held.slice(0, NAMED).map(({ id }) => `#${id}`);
	const more = held.length - named.length;
	return [...named, ...(more > 0 ? [`+${more}`] : [])].join(" ");
}
