// The work items of an agent: added, moved and removed.
import { CHANNELS } from "./agent_row.js";
import { ask } from "./dialogs.js";
import { button, el, field, form, options } from "./dom.js";
import { words } from "./format.js";

const REASONS = ["ASSIGNED", "OFFERED", "ACCEPTED", "MANUAL_ASSIGNED", "REOPENED", "ASSIGNED_TRANSFER"];
/** More are only counted. */
const SHOWN = 50;
const named = (all) => all.map((name) => [name, words(name)]);

export class WorkControls {
	/** `make(method, path below the agent, document)` makes a call. */
	constructor(context, make) {
		Object.assign(this, { context, make });
		this.channel = el("select");
		this.reason = options(el("select"), named(REASONS));
		this.item = el("input", { type: "text", inputmode: "numeric", required: true });
		this.form = form("row",
			() => this.add(),
			field("Channel", this.channel),
			field("Work item", this.item),
			field("Reason", this.reason),
			el("button", { type: "submit" }, "Add"),
		);
		this.list = el("ul", "items");
		this.element = el("div", "work", el("h4", {}, "Work"), this.form, this.list);
	}

	show(agent) {
		const present = CHANNELS.filter((name) => agent.channels[name]);
		options(this.channel, named(present));
		this.form.hidden = present.length === 0;
		const items = present.flatMap((channel) => agent.channels[channel].work_items.map((item) => ({ channel, ...item })));
		const rows = items.slice(0, SHOWN).map((item) => this.row(agent, item));
		if (items.length > SHOWN) rows.push(el("li", "quiet", `and ${items.length - SHOWN} more`));
		if (!items.length) rows.push(el("li", "quiet", present.length ? "No work." : "The agent has no channels."));
		this.list.replaceChildren(...rows);
		// Any number that is free will do.
		const ids = items.map(({ id }) => Number(id));
		if (document.activeElement !== this.item) this.item.value = String(Math.max(900, ...ids) + 1);
	}

	row(agent, { channel, id, reason }) {
		const path = `/channels/${channel}/work_items/${id}`;
		return el("li", {},
			el("span", {}, `${words(channel)} `, el("b", {}, `#${id}`), ` ${words(reason)}`),
			button("Move", () => this.move(agent, channel, id), { class: "plain", "aria-label": `Move item ${id}` }),
			button("Remove", () => this.make("DELETE", path), { class: "plain", "aria-label": `Remove item ${id}` }),
		);
	}

	async add() {
		const id = number(this.item.value);
		const answer = await this.make(
			"POST",
			`/channels/${this.channel.value}/work_items`,
			`{"id":${id},"reason":${JSON.stringify(this.reason.value)}}`,
		);
		if (answer) this.item.value = String(Number(this.item.value) + 1);
	}

	async move(agent, channel, id) {
		const to = el("input", { type: "text", inputmode: "numeric", required: true, value: String(agent.id) });
		const on = options(el("select"), named(CHANNELS), channel);
		const fields = [["agent", "To the agent with the id", to], ["channel", "On the channel", on]];
		const answer = await ask({ title: `Move item ${id}`, fields, yes: "Move" });
		if (!answer) return;
		const path = `/channels/${channel}/work_items/${id}/move`;
		this.make("POST", path, `{"agent_id":${number(answer.agent)},"channel":${JSON.stringify(answer.channel)}}`);
	}
}

/** A number as JSON, with all of its digits; other text as text, which the server refuses. */
const number = (text) => (/^\d+$/.test(text.trim()) ? BigInt(text.trim()).toString() : JSON.stringify(text));
