// The events, as webhooks carry them.
import { filter, follow, href, named } from "./address.js";
import { copyButton } from "./dialogs.js";
import { button, el, options, quiet, write } from "./dom.js";
import { agentOf, eventText, shortType, typeName, TYPES } from "./event_text.js";
import { Feed } from "./feed.js";
import { cell, row, timeCell } from "./list.js";

const COLUMNS = [
	["No.", "number"], ["Time", "time"], ["Type", "type"], ["Agent", "agent"], ["Version", "version"], ["What", "what"],
	["Source", "source"],
];

export class Events extends Feed {
	constructor(context) {
		super(context, {
			view: "events",
			noun: "event",
			columns: COLUMNS,
			searched: "agent",
			none: () => "No events yet. Change an agent, and what a webhook would carry appears here.",
		});
	}

	tools() {
		const choose = ({ target }) => filter("events", { type: target.value });
		this.type = el("select", { "aria-label": "Type", onchange: choose });
		return [this.type, this.count];
	}

	createRow(event) {
		const type = shortType(event);
		const agent = agentOf(event);
		const link = agent && el("a", { dir: "auto", href: inTeam(agent), onclick: follow }, agent);
		if (link) this.context.names.find(agent, (name) => name && write(link, name));
		return row(
			{},
			cell("number", event.sequence),
			timeCell(event),
			cell("type", button(typeName(type), () => this.open(event), { class: "open", tabindex: "-1", title: type })),
			cell("agent", link),
			cell("version", agent ? event.detail.version : ""),
			cell("what", eventText(event)),
			cell("source", event.source ?? ""),
		);
	}

	read(query) {
		return this.context.account.events(query).then(({ events }) => events);
	}

	fits(event, { type, agent }) {
		return (!type || shortType(event) === type) && (!agent || this.found.has(agentOf(event)));
	}

	clear() {
		super.clear();
		this.sought = null;
	}

	/** The server says which agents match the search. */
	async find(text) {
		Object.assign(this, { sought: text, found: new Set([text]) });
		const page = text && (await this.context.read((account) => account.agents({ text, limit: 1_000 })));
		if (!page || text !== this.sought) return;
		page.agents.forEach(({ id }) => this.found.add(String(id)));
		super.show();
	}

	show() {
		const { agent = "" } = this.chosen;
		if (agent !== this.sought) this.find(agent);
		options(this.type, [["", "Any type"], ...TYPES], this.chosen.type ?? "");
		super.show();
	}

	createDetails(wanted) {
		const event = this.all.find(({ sequence }) => String(sequence) === wanted);
		if (!event) return null;
		const { sequence, source, ...envelope } = event;
		const text = JSON.stringify(envelope, null, 2);
		const agent = agentOf(event);
		const links = agent && [
			el("a", { href: inTeam(agent), onclick: follow }, "In the team"),
			" · ",
			el("a", { href: href({ view: "controls", "controls.agent": agent }), onclick: follow }, "Controls"),
		];
		return [
			copyButton("Copy", () => text),
			source ? quiet(`Made by a control call with the source ${source}.`) : "",
			el("pre", { tabindex: "0" }, text),
			el("p", {}, links ?? "This event is about the account."),
		];
	}
}

function inTeam(agent) {
	const none = { status: "", channel: "", channel_status: "", group: "", after: "" };
	return href({ view: "team", ...named("team", { ...none, text: agent }) });
}
