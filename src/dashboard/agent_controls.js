// What an agent does: sets a status, signs in and out, loses the connection, gets and gives work.
import { AgentPicker } from "./agent_picker.js";
import { statusClass } from "./agent_row.js";
import { filters } from "./address.js";
import { button, el, field, options, quiet, refresher, write } from "./dom.js";
import { statusName, words } from "./format.js";
import { WorkControls } from "./work_controls.js";

const HELP = "Find an agent here, or choose one in the team.";
const PRESENCE = ["sign-in", "sign-out", "disconnect", "reconnect", "idle"];

export class AgentControls {
	constructor(context, log) {
		Object.assign(this, { context, log });
		this.picker = new AgentPicker(context);
		this.name = el("h3", { dir: "auto" });
		this.state = el("p", "quiet agent-state");
		this.status = el("select", { "aria-label": "Status" });
		this.work = new WorkControls(context, (...call) => this.make(...call));
		const set = button("Set status", () => this.setStatus(), { class: "main" });
		const presence = PRESENCE.map((name) => button(words(name.replace("-", " ")), () => this.make("POST", `/${name}`, {})));
		this.chosen = el(
			"div",
			{ class: "chosen", hidden: true },
			this.name,
			this.state,
			el("div", "row", field("Unified status", this.status), set),
			el("div", { class: "row", role: "group", "aria-label": "Presence" }, presence),
			this.work.element,
		);
		this.none = quiet(HELP);
		this.element = el("section", "card", el("h2", {}, "Agent"), this.picker.element, this.none, this.chosen);
		this.refresh = refresher(250, () => this.read());
	}

	get id() {
		return filters("controls").agent;
	}

	async read() {
		const { account } = this.context;
		const { id } = this;
		if (!account) return;
		this.chosen.hidden = !id;
		this.none.hidden = Boolean(id);
		if (!id) return;
		const agent = await account.agent(id).catch((problem) => problem);
		if (account !== this.context.account || id !== this.id) return;
		if (agent instanceof Error) {
			this.chosen.hidden = true;
			this.none.hidden = false;
			write(this.none, agent.status === 404 ? `This account has no agent ${id}.` : agent.message);
			return;
		}
		this.show(agent);
	}

	show(agent) {
		const { context } = this;
		write(this.none, HELP);
		context.names.find(agent.id, (name) => write(this.name, name ?? `Agent ${agent.id}`));
		const { id, reason } = agent.agent_status;
		const status = context.status(id);
		const badge = el("span", { class: `status ${statusClass(status)}`, dir: "auto" }, statusName(status));
		const parts = [badge, ` ${words(reason)} · id ${agent.id} · version ${agent.version}`];
		const key = JSON.stringify([agent.id, agent.version, badge.textContent]);
		if (key === this.shown) return;
		this.shown = key;
		this.state.replaceChildren(...parts);
		options(this.status, context.statuses.map((it) => [it.id, statusName(it)]), id);
		this.work.show(agent);
	}

	setStatus() {
		const { value } = this.status;
		// An id beyond JavaScript's numbers stays as it is.
		return this.make("PATCH", "", `{"agent_status":{"id":${value}}}`);
	}

	async make(method, rest, document) {
		const answer = await this.log.make(method, this.context.account.path(`/agents/${this.id}${rest}`), document);
		this.refresh();
		return answer;
	}
}
